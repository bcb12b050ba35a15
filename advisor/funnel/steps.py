"""What is counted, as values: where a visitor is in, and what happened there."""

from datetime import date
from typing import NamedTuple

from advisor.funnel.models import Step


class Where(NamedTuple):
    """The edition that is walked, and by which way its visitor came in."""

    guide: str
    edition: int
    source: str
    entrance: str


class What(NamedTuple):
    """One step: see ``Sum`` for what ``about`` and ``certainty`` are."""

    step: Step
    about: str = ""
    certainty: str = ""


class Key(NamedTuple):
    """What is counted in one row, in the order in which rows are written."""

    guide: str
    step: str
    day: date
    edition: int
    about: str
    certainty: str
    source: str
    entrance: str


def key_of(where: Where, what: What, day: date) -> Key:
    """The row that counts this on this day."""
    return Key(
        where.guide, what.step.value, day, where.edition, what.about, what.certainty, where.source, where.entrance
    )
