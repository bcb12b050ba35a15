"""The result codes of others, whose answers a visitor's own are going to be compared with.

Like the attribution they ride along in the address, untouched by answers, as ``compare=222-Q9Q-03X.222-QMW-3QF``. What
a link that was passed on leads to has ``from=CODE`` instead, beside the answers that the code stands for.
"""

from collections.abc import Iterable

from advisor.decision.answers import Pair
from advisor.decision.guide import Guide
from advisor.decision.result_code import MistypedCodeError, canonical, read_header

OTHERS = "compare"
SENT = "from"

MAX_PEOPLE = 4
"""People whose answers stand side by side, the visitor among them."""

MAX_OTHERS = MAX_PEOPLE - 1

MAX_TYPED = 20
"""Codes in an address that are looked at."""


def others_of(guide: Guide, pairs: Iterable[Pair]) -> tuple[str, ...]:
    """The codes that a request carries, as they are written, the one that was passed on last. What is no code of this
    guide is left out, and so are more than can be compared.
    """
    given = [(name, value) for name, value in pairs if name in (OTHERS, SENT)]
    typed = [text for wanted in (OTHERS, SENT) for name, value in given if name == wanted for text in value.split(".")]
    return tuple(code for text in typed[-MAX_TYPED:] if (code := _code_of(guide, text)))[-MAX_OTHERS:]


def carried(codes: Iterable[str]) -> tuple[Pair, ...]:
    """The parameter in which codes ride along; none where there are none."""
    value = ".".join(codes)
    return ((OTHERS, value),) if value else ()


def _code_of(guide: Guide, text: str) -> str:
    try:
        number, _, _ = read_header(text)
    except MistypedCodeError:
        return ""
    return canonical(text) if number == guide.number else ""
