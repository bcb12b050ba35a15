"""Days, and the whole weeks and months that are summed up along with them: a year is read as a dozen sums."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import models

ONE = timedelta(days=1)


class Span(models.TextChoices):
    """How many days one sum is of."""

    DAY = "day", "Day"
    WEEK = "week", "Week from Monday on"
    MONTH = "month", "Calendar month"

    def first(self, day: date) -> date:
        """The first day of the one that a day is in."""
        match self:
            case Span.WEEK:
                return day - timedelta(days=day.weekday())
            case Span.MONTH:
                return day.replace(day=1)
            case _:
                return day

    def last(self, day: date) -> date:
        """The last day of the one that a day is in."""
        match self:
            case Span.WEEK:
                return self.first(day) + timedelta(days=6)
            case Span.MONTH:
                # 31 days on is always in the next month.
                return (self.first(day) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            case _:
                return day


def parts(since: date, until: date) -> dict[Span, list[date]]:
    """The days from one to another, both included, as few sums: the first day of each, by span.

    Whole months first, whole weeks before and after them, and days for what is left at the edges.
    """
    found: dict[Span, list[date]] = {}
    for span, first in _cut(since, until, (Span.MONTH, Span.WEEK, Span.DAY)):
        found.setdefault(span, []).append(first)
    return found


def _cut(since: date, until: date, spans: Sequence[Span]) -> Iterator[tuple[Span, date]]:
    """By the longest span that fits, and what is before and after it by the shorter ones."""
    span, *shorter = spans
    whole = list(_whole(span, since, until))
    if whole:
        yield from _cut(since, whole[0] - ONE, shorter) if since < whole[0] else ()
        yield from ((span, first) for first in whole)
        since = span.last(whole[-1]) + ONE
    if since <= until:
        yield from _cut(since, until, shorter)


def _whole(span: Span, since: date, until: date) -> Iterator[date]:
    """The first days of those that begin and end in these days."""
    first = since if span.first(since) == since else span.last(since) + ONE
    while (last := span.last(first)) <= until:
        yield first
        first = last + ONE
