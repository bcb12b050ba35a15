"""What a page showed when it was opened, so that two editors at the same time are warned instead of overwritten.

A page with many fields carries a digest of each text that it showed. When it is sent, a text in the database with
another digest was changed meanwhile, and one that was sent with another digest was typed here.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format


def digest(text: str) -> str:
    """Stands for a text; long enough that two texts on one page have different ones."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def write_shown(digests: Mapping[str, str]) -> str:
    """What a page carries along: name to digest."""
    return msgspec.json.encode(digests).decode()


def read_shown(carried: str) -> dict[str, str]:
    """Name to digest, in the order shown; empty when it cannot be read, so that everything counts as changed."""
    try:
        return msgspec.json.decode(carried.encode(errors="replace"), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def last_change(model: type[Model], **which: Any) -> str:
    """Who changed an object last and when: "by editors on 24 November 2026, 15:31 UTC"; it may be deleted by now."""
    history = model.history.filter(**which).select_related("history_user")  # type: ignore[attr-defined]
    if not (record := history.first()):
        return "before changes were recorded"
    who = record.history_user.get_username() if record.history_user else "someone outside the admin"
    return f"by {who} on {date_format(timezone.localtime(record.history_date), 'j F Y, H:i')} UTC"
