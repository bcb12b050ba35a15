"""Whose steps are counted, told by one request alone. ``definitions`` says it in words for staff."""

import re
from collections.abc import Callable
from functools import lru_cache

from crawleruseragents import is_crawler
from django.conf import settings
from django.http import HttpRequest, HttpResponse

FETCHED_AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
"""Headers by which browsers say that nobody has asked for the page yet."""

RELOADS = ("max-age=0", "no-cache")
"""What a browser asks of caches when a page is loaded anew."""

LONGEST_NAME = 500
"""Characters of a User-Agent that are looked at."""

PREVIEWS = re.compile(
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
"""Programs that fetch a link which someone only sent or received: nobody has come. The list is what crawler-user-agents
does not have; version 1.67 has Slack, Skype, WhatsApp, Telegram, LinkedIn, Discord, iMessage and Facebook. A browser
inside of such a program is a person, and its name has none of these words.
"""


class NotAheadMiddleware:
    """Hands no page out ahead, be it to be kept or to be rendered: nobody may ever look at it, and one who does would
    not ask again and not be counted. A browser drops an answer that is an error, and asks when the page is wanted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(request.META.get(header, "").startswith("prefetch") for header in FETCHED_AHEAD):
            return HttpResponse(
                "Pages are not handed out ahead.\n",
                content_type="text/plain",
                status=503,
                headers={"Cache-Control": "no-store"},
            )
        return self.get_response(request)


def is_counted(request: HttpRequest) -> bool:
    """Whether this request is a step of a visitor: not of a robot or of staff, and not the same page once more."""
    meta = request.META
    return (
        request.method == "GET"
        and not any(sign in meta.get("HTTP_CACHE_CONTROL", "") for sign in RELOADS)
        and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in meta
        # Only staff have a session. Who they are would cost a query.
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not is_robot(meta.get("HTTP_USER_AGENT", "")[:LONGEST_NAME])
    )


@lru_cache(maxsize=4096)
def is_robot(user_agent: str) -> bool:
    """Whether a program calls itself by a name of a known robot, or by none at all, as no browser does."""
    return not user_agent or bool(is_crawler(user_agent)) or bool(PREVIEWS.search(user_agent))
