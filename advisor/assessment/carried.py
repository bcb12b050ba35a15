"""What rides along through the walk to the lead: ``utm_*``, ``ref`` and, from outside, the referrer.

It stays in the address like the answers do, so that nothing has to be stored for a visitor who asks for nothing. A
link that is forwarded and tagged again holds both tags: the first value is the first touch, the last the last.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from advisor.text import clean_line

Pair = tuple[str, str]

REFERRER = "utm_referrer"
"""The host the visitor came from, noted on the first page they see."""

ENTRANCE = "utm_entrance"
"""Noted there as well when that page is embedded in another site: what htmx fetches in it does not say so any more."""

_NAME = re.compile(r"utm_[a-z_]{1,30}|ref")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MOST_NAMES = 12
_LONGEST = 200


def carried_pairs(pairs: Iterable[Pair], *, came_from: str, entrance: str = "") -> tuple[Pair, ...]:
    """The first and last value of each parameter that rides along, in the order they came.

    ``came_from`` is the host of another site, or ""; ``entrance`` is "embedded" or "". What is too long or could not
    have been typed is left out rather than cut, as half a value would be a wrong one.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if not _NAME.fullmatch(name) or len(value) > _LONGEST:
            continue
        kept = value if value.isascii() else clean_line(value)
        if kept and not _CONTROL.search(value):
            values.setdefault(name, []).append(kept)
    if came_from and came_from not in values.get(REFERRER, ()):
        values.setdefault(REFERRER, []).append(came_from)
    if entrance:
        values.setdefault(ENTRANCE, [entrance])
    return tuple(
        (name, value)
        for name, found in list(values.items())[:_MOST_NAMES]
        for value in (found[:1] if found[0] == found[-1] else [found[0], found[-1]])
    )


def outside_host(referrer: str, host: str) -> str:
    """The host of a Referer header, or "" when it is this site, missing or malformed."""
    try:
        parts = urlsplit(referrer)
        name = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or parts.netloc == host or len(name) > _LONGEST or not name.isprintable():
        return ""
    return name


def touches(pairs: Iterable[Pair]) -> tuple[dict[str, str], dict[str, str]]:
    """First and last touch: each parameter with its first and with its last value."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name, value)
        last[name] = value
    return first, last
