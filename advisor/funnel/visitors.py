"""Whose steps are counted, told by one request alone. ``definitions`` says it in words for staff."""

from functools import lru_cache

from crawleruseragents import is_crawler
from django.conf import settings
from django.http import HttpRequest

FETCHED_AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
"""Headers by which browsers say that nobody has asked for the page yet."""

RELOADS = ("max-age=0", "no-cache")
"""What a browser asks of caches when a page is loaded anew."""

LONGEST_NAME = 500
"""Characters of a User-Agent that are looked at."""


def is_counted(request: HttpRequest) -> bool:
    """Whether this request is a step of a visitor: not of a robot or of staff, and not the same page once more."""
    meta = request.META
    return (
        request.method == "GET"
        and not any(meta.get(header, "").startswith("prefetch") for header in FETCHED_AHEAD)
        and not any(sign in meta.get("HTTP_CACHE_CONTROL", "") for sign in RELOADS)
        and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in meta
        # Only staff have a session. Who they are would cost a query.
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not is_robot(meta.get("HTTP_USER_AGENT", "")[:LONGEST_NAME])
    )


@lru_cache(maxsize=4096)
def is_robot(user_agent: str) -> bool:
    """Whether a program calls itself by a name of a known robot, or by none at all, as no browser does."""
    return not user_agent or bool(is_crawler(user_agent))
