"""The result of one attempt, for mail and webhooks."""

from unicodedata import category

import msgspec

NOT_IN_HEADERS = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories: control characters, surrogates, and separators of lines and paragraphs."""


class AttemptResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one attempt. Without an ``error`` it was accepted; if ``is_final``, another attempt is useless.

    ``request`` and ``answer`` are stored in part. ``status`` is the HTTP status; 0 without an answer, and for mail.
    """

    error: str = ""
    is_final: bool = False
    milliseconds: int = 0
    request: str = ""
    status: int = 0
    answer: str = ""


def short_line(error: str) -> str:
    """An error on one line of at most 500 characters, as servers may send any text."""
    return " ".join(
        "".join(" " if category(character) in NOT_IN_HEADERS else character for character in error).split()
    )[:500]
