"""The result code: (guide, edition, answers) in some ten symbols, to be read out over the telephone.

Of letters and digits that are confused when spoken (3 and B C D E G P T V Z, K and A J, 8 and H, M and N, F and S,
Y and I, 9 and 5, Q and U) or when read (0 and O, L and 1 I) one each is a symbol, seventeen in all; a typed O, 1 or I
is taken for the symbol it looks like. Seventeen is a prime, so the weighted sum that makes the check symbol notices
every single wrong symbol and every two that changed places (the reasoning of ISBN-10, which has eleven for ten digits).

A code is the guide's number, the edition's number, the answers as one number in mixed radix (for each question its
choices and "not answered"; below it every set of its signals and "none of these"), and the check symbol.
"""

from collections.abc import Iterator
from unicodedata import normalize

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide

SYMBOLS = "02346789FKMQRWXYL"
BASE = len(SYMBOLS)
_READ_AS = str.maketrans("O1I", "0LL")
MIN_SYMBOLS = 4
"""Symbols of a code: the guide, the edition, the answers and the check are one each at least."""

_MAX_WEIGHTED = BASE - 1
"""Up to this length every position has a weight of its own in the check sum: the check symbol minus one, which is
sixteen, and the others one to fifteen."""


class MistypedCodeError(ValueError):
    """The code was never given out: a symbol is wrong, missing or too many."""


def write(guide: Guide, edition: int, answers: Answers) -> str:
    """The code for these answers, in groups of three: ``222-Q9Q-03X``."""
    value = 0
    for radix, digit in _digits(guide, answers):
        value = value * radix + digit
    body = [*_number(guide.number), *_number(edition), *_fixed(value, _length(guide))]
    return _grouped("".join(SYMBOLS[digit] for digit in [*body, _check(body)]))


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + 3] for start in range(0, len(symbols), 3))


def symbols(code: str) -> str:
    """The symbols of a typed code alone. What stands between and around them does not matter: dashes of any kind,
    spaces, quotes, the full stop of the sentence it was copied from; and neither does lower case.
    """
    return "".join(filter(str.isalnum, normalize("NFKC", code).upper())).translate(_READ_AS)


def canonical(code: str) -> str:
    """A typed code as ``write`` writes it. Raises ``MistypedCodeError``."""
    read_header(code)
    return _grouped(symbols(code))


def read_header(code: str) -> tuple[int, int, list[int]]:
    """A typed code's guide number, edition number and the digits that ``read_answers`` reads with that guide.

    It may be typed in any way that ``symbols`` reads. Raises ``MistypedCodeError``.
    """
    found = symbols(code)
    if not MIN_SYMBOLS <= len(found) <= 3 * _MAX_WEIGHTED or not set(found) <= set(SYMBOLS):
        raise MistypedCodeError
    *body, check = (SYMBOLS.index(symbol) for symbol in found)
    if check != _check(body):
        raise MistypedCodeError
    digits = iter(body)
    return _read_number(digits), _read_number(digits), list(digits)


def read_answers(guide: Guide, digits: list[int]) -> Answers:
    """The answers in a code of this guide. Raises ``MistypedCodeError`` if they are none."""
    value = 0
    for digit in digits:
        value = value * BASE + digit
    if len(digits) != _length(guide) or value >= _size(guide):
        raise MistypedCodeError
    choices: dict[str, str] = {}
    signals: set[str] = set()
    none_of: set[str] = set()
    for question in reversed(guide.questions):
        if question.role:
            asked = guide.signals_of[question.role]
            value, ticked = divmod(value, 2 ** len(asked) + 1)
            if ticked == 2 ** len(asked):
                none_of.add(question.key)
            else:
                signals |= {signal.key for place, signal in enumerate(asked) if ticked >> place & 1}
        value, choice = divmod(value, len(question.choices) + 1)
        if choice:
            choices[question.key] = question.choices[choice - 1].key
    return Answers(dict(reversed(choices.items())), frozenset(signals), frozenset(none_of))


def _digits(guide: Guide, answers: Answers) -> Iterator[tuple[int, int]]:
    """(radix, digit) for each question and for the signals below it."""
    for question in guide.questions:
        chosen = answers.choices.get(question.key)
        keys = [choice.key for choice in question.choices]
        yield len(keys) + 1, keys.index(chosen) + 1 if chosen else 0
        if question.role:
            asked = guide.signals_of[question.role]
            if question.key in answers.none_of:
                ticked = 2 ** len(asked)
            else:
                ticked = sum(1 << place for place, signal in enumerate(asked) if signal.key in answers.signals)
            yield 2 ** len(asked) + 1, ticked


def _size(guide: Guide) -> int:
    """How many different answers the guide can tell apart."""
    size = 1
    for radix, _ in _digits(guide, Answers()):
        size *= radix
    return size


def _length(guide: Guide) -> int:
    """How many symbols the answers of this guide take."""
    size, length = _size(guide), 1
    while BASE**length < size:
        length += 1
    return length


def _number(value: int) -> list[int]:
    """A number of any size in base 8, every digit but the last marked by adding 8."""
    digits = [value % 8]
    while value := value // 8:
        digits.insert(0, value % 8 + 8)
    return digits


def _read_number(digits: Iterator[int]) -> int:
    value = 0
    for digit in digits:
        # A zero in front, and the one symbol base 8 does not need, were never written.
        if digit == BASE - 1 or (digit == 8 and not value):
            break
        value = value * 8 + digit % 8
        if digit < 8:
            return value
    raise MistypedCodeError


def _fixed(value: int, length: int) -> list[int]:
    """A number in base 17, filled up with zeros to a length."""
    digits: list[int] = []
    for _ in range(length):
        value, digit = divmod(value, BASE)
        digits.insert(0, digit)
    return digits


def _check(digits: list[int]) -> int:
    """The weighted sum of the digits, modulo 17."""
    return sum((place % (_MAX_WEIGHTED - 1) + 1) * digit for place, digit in enumerate(digits)) % BASE
