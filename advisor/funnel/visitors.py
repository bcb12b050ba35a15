"""Decides from one request alone whether it is counted. ``definitions`` explains that to staff."""

import re
from functools import lru_cache

from crawleruseragents import is_crawler
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from advisor.http import Middleware

PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
"""Headers by which a browser says that it loads a page ahead."""

RELOADS = ("max-age=0", "no-cache")
"""The Cache-Control of a browser that reloads a page."""

MAX_USER_AGENT_LENGTH = 500
"""Characters of a User-Agent that are read."""

LINK_PREVIEW_PROGRAMS = re.compile(
    # Office programs fetch a link themselves before they open it in the browser, which is counted then.
    r"ms-office|MSOffice|Microsoft Office|Microsoft-WebDAV|Microsoft Data Access|MacOutlook|^Outlook-|LibreOffice"
    # Mail gateways follow the links of a mail before anyone reads it, and mail programs fetch what it shows.
    r"|SafeLinks|Microsoft Defender|Proofpoint|Mimecast|Barracuda|MailProxy|ImageProxy|ImgProxy"
    # Programs for chats, messages and documents show what a link leads to, for whoever sent it and whoever gets it.
    r"|Link-?Preview|Ur[il]-?Preview|Microsoft Teams|Cisco Webex|Zoombot|Zoom-Preview|RocketChat|mattermost-"
    r"|Signal-|Threema|WeChatShareExtension|CFNetwork/|com\.apple\.messages|LarkUrl|LarkBot|FeishuBot|GoogleMessages"
    r"|Google-(Chat|PageRenderer|Docs)|Cardyb|Pinterest/0|Snoobot|NotionEmbedder|NotionBot|AtlassianBot"
    r"|Nextcloud Server|XING-contenttabreceiver|TryGhost|^Trello/",
    re.IGNORECASE,
)
"""Programs that fetch a link because someone sent or received it. No person has opened the page.

The list adds to crawler-user-agents: version 1.67 has Slack, Skype, WhatsApp, Telegram, LinkedIn, Discord, iMessage and
Facebook. If such a program opens a browser, a person has come, and the browser's name has none of these words.
"""


class NoPrefetchMiddleware(Middleware):
    """Refuses to serve pages that a browser loads ahead. The browser drops the error, and asks again for a person.

    Otherwise nobody might look at a page that was counted, or a person might look at one without a further request.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(request.META.get(header, "").startswith("prefetch") for header in PREFETCH_HEADERS):
            return HttpResponse(
                "Pages are not handed out ahead.\n",
                content_type="text/plain",
                status=503,
                headers={"Cache-Control": "no-store"},
            )
        return self.get_response(request)


def is_counted(request: HttpRequest) -> bool:
    """Whether a request is a step of a visitor, and not of a robot, of staff, or of a reload."""
    meta = request.META
    return (
        request.method == "GET"
        and not any(sign in meta.get("HTTP_CACHE_CONTROL", "") for sign in RELOADS)
        and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in meta
        and is_visitor(request)
    )


def is_visitor(request: HttpRequest) -> bool:
    """Whether a request comes from neither a robot nor staff."""
    return not has_session(request) and not is_robot(request.META.get("HTTP_USER_AGENT", "")[:MAX_USER_AGENT_LENGTH])


def has_session(request: HttpRequest) -> bool:
    """Whether a request comes from staff: only they have a session. To read who they are would cost a query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


@lru_cache(maxsize=4096)
def is_robot(user_agent: str) -> bool:
    """Whether a program gives the name of a known robot, or no name, as no browser does."""
    return not user_agent or bool(is_crawler(user_agent)) or bool(LINK_PREVIEW_PROGRAMS.search(user_agent))
