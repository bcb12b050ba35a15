"""Steps of visitors as values: the edition, where a visitor came from, what was done, and how soon staff answered."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from advisor.funnel.models import Step

RESPONSE_TIMES = {
    "1h": ("an hour", timedelta(hours=1)),
    "4h": ("four hours", timedelta(hours=4)),
    "1d": ("a day", timedelta(days=1)),
    "2d": ("two days", timedelta(days=2)),
    "7d": ("a week", timedelta(days=7)),
}
"""Key to words and duration, the shortest first. Their counts stay when nobody knows the people any more."""

LATER = "later"


class Origin(NamedTuple):
    """The edition that a visitor walks, and where the visitor came from."""

    guide: str
    edition: int
    source: str
    entrance: str


class StepTaken(NamedTuple):
    """One step. ``StepSum`` explains ``about`` and ``certainty``."""

    step: Step
    about: str = ""
    certainty: str = ""


class CountKey(NamedTuple):
    """The columns of ``Count`` without the number. Rows are written in the order of these values."""

    guide: str
    step: str
    day: date
    edition: int
    about: str
    certainty: str
    source: str
    entrance: str


def count_key(origin: Origin, what: StepTaken, at: datetime) -> CountKey:
    """The key of the row that counts a step, on its day in UTC."""
    guide, edition, source, entrance = origin
    day = at.astimezone(UTC).date()
    return CountKey(guide, what.step.value, day, edition, what.about, what.certainty, source, entrance)


def response_time(duration: timedelta) -> str:
    """The key of the shortest response time that is not exceeded, or ``LATER``."""
    return next((key for key, (_, longest) in RESPONSE_TIMES.items() if duration <= longest), LATER)
