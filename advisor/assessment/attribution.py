"""Where a visitor comes from: ``utm_*``, ``ref`` and, from another site, the referring host.

These parameters stay in the address like the answers do, so that nothing is stored for a visitor who asks for nothing.
What the browser alone says, the host and whether the page is embedded, is written into the address before the first
page is shown: a page depends on its address and on nothing else, and whoever keeps a copy of it hands no visitor's
source to another.
A link that is forwarded and tagged again holds both tags: the first value is the first touch, the last the last touch.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from advisor.funnel.models import Entrance
from advisor.http import HtmxHttpRequest, wants_fragment
from advisor.text import clean_line

Pair = tuple[str, str]

REFERRER = "utm_referrer"
"""The host the visitor came from, added before the first page they see."""

ENTRANCE = "utm_entrance"
"""Added before the first page if it is embedded in another site: later requests by htmx do not say so."""

NAME = re.compile(r"utm_[a-z_]{1,30}|ref")
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")
MAX_NAMES = 12
MAX_VALUE_LENGTH = 200


def attribution(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The attribution among the parameters of an address: the first and last value of each, in the order they came.

    A value that is too long or could not have been typed is left out rather than cut, as half a value would be wrong.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if not NAME.fullmatch(name) or len(value) > MAX_VALUE_LENGTH:
            continue
        cleaned = value if value.isascii() else clean_line(value)
        if cleaned and not CONTROL_CHARACTER.search(value):
            values.setdefault(name, []).append(cleaned)
    return tuple(
        (name, value)
        for name, found in list(values.items())[:MAX_NAMES]
        for value in (found[:1] if found[0] == found[-1] else [found[0], found[-1]])
    )


def said_by_the_browser(request: HttpRequest) -> list[Pair]:
    """What a browser says of where its visitor comes from, and the address does not say yet."""
    found = []
    host = referring_host(request)
    if host and host not in request.GET.getlist(REFERRER):
        found.append((REFERRER, host))
    if request.META.get("HTTP_SEC_FETCH_DEST") == "iframe" and ENTRANCE not in request.GET:
        found.append((ENTRANCE, Entrance.EMBEDDED.value))
    return found


def with_source_in_address[**P](
    view: Callable[Concatenate[HtmxHttpRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page that is shown once its address says where the visitor comes from; until then a redirect there."""

    @wraps(view)
    def noted(request: HtmxHttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" or wants_fragment(request) or not (found := said_by_the_browser(request)):
            return view(request, *args, **kwargs)
        address = request.get_full_path()
        return for_this_visitor(redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(found)}"))

    return noted


def for_this_visitor(redirection: HttpResponse) -> HttpResponse:
    """The same redirect, which depends on what the browser said: nobody may keep it for others."""
    redirection["Cache-Control"] = "private, no-store"
    return redirection


def referring_host(request: HttpRequest) -> str:
    """The host of another site whose link led to this page; "" for this site, and if it is missing or malformed."""
    referrer = request.META.get("HTTP_REFERER")
    if not referrer:
        return ""
    try:
        parts = urlsplit(referrer)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or parts.netloc == request.get_host():
        return ""
    return host if len(host) <= MAX_VALUE_LENGTH and host.isprintable() else ""


def first_and_last_touch(pairs: Iterable[Pair]) -> tuple[dict[str, str], dict[str, str]]:
    """Each parameter with its first and with its last value."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name, value)
        last[name] = value
    return first, last
