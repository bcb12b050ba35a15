"""What is looked at: some days of a guide, of one edition or of all."""

from dataclasses import dataclass, replace
from datetime import date, timedelta


def in_words(day: date) -> str:
    """A day as staff read it."""
    return f"{day:%-d %B %Y}"


@dataclass(frozen=True)
class Period:
    """From one day to another, both included, in UTC. ``edition`` is None for all of them."""

    guide: str
    since: date
    until: date
    edition: int | None = None

    def __str__(self) -> str:
        days = in_words(self.since)
        if self.since != self.until:
            days += f" to {in_words(self.until)}"
        return days if self.edition is None else f"{days}, edition {self.edition}"

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1

    def before(self) -> "Period":
        """As many days, up to the day before this begins."""
        return replace(self, since=self.since - timedelta(days=self.days), until=self.since - timedelta(days=1))

    def last(self, days: int) -> "Period":
        """So many days with the same end."""
        return replace(self, since=self.until - timedelta(days=days - 1))


def buckets(period: Period) -> list[tuple[date, date]]:
    """The period cut into days, weeks or months, whichever makes a picture that can be read; first and last day each.

    What is cut off at the ends is as short as the period leaves it.
    """
    firsts = [period.since + timedelta(days=number) for number in range(period.days)]
    if period.days > 190:
        firsts = [day for day in firsts if day.day == 1 or day == period.since]
    elif period.days > 31:
        firsts = [day for day in firsts if day.weekday() == 0 or day == period.since]
    ends = [first - timedelta(days=1) for first in firsts[1:]] + [period.until]
    return list(zip(firsts, ends, strict=True))
