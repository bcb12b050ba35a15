"""Addresses that are keys: whoever knows one can cancel a call, read a draft or see what was asked for.

They are for those they were sent to. Logs, pages of staff and files for staff show where such an address leads, without
the part that nobody can guess.
"""

import re
from typing import Any

KEYS = re.compile(r"(/(?:calls|calls/feed|preview|call/thanks|r/mail|r/mail/stop)/)[\w:-]{16,}")
"""The part of an address that nobody can guess."""


FOLD = re.compile(r"\r?\n[ \t]")
"""Where a line of a calendar file goes on; it may be in the middle of an address."""


def masked(text: str) -> str:
    """A text without the keys in its addresses. Of a calendar file the lines are as long as they mean to be."""
    return KEYS.sub(r"\1…", FOLD.sub("", text) if "BEGIN:VCALENDAR" in text else text)


def masked_within(value: Any) -> Any:
    """The same for all texts of a list or of a mapping, however deep."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [masked_within(one) for one in value]
    if isinstance(value, dict):
        return {name: masked_within(one) for name, one in value.items()}
    return value
