"""What comes of one attempt, by whichever channel."""

from unicodedata import category

import msgspec

NOT_IN_HEADERS = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories: control characters, halves of characters, and what ends a line or a paragraph."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt: accepted when there is no error; ``is_final`` when another attempt would end alike.

    ``request`` and ``answer`` are what went over the line, as far as it is kept, and ``status`` that of the answer: 0
    where there was none, and for mail.
    """

    error: str = ""
    is_final: bool = False
    milliseconds: int = 0
    request: str = ""
    status: int = 0
    answer: str = ""


def one_line(error: str) -> str:
    """As the ledger keeps it: a server may say anything, at any length."""
    return " ".join("".join(" " if category(sign) in NOT_IN_HEADERS else sign for sign in error).split())[:500]
