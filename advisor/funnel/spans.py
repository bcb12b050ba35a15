"""Days, weeks and months that have sums of their own, so that a year is read as a dozen sums."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import models

ONE_DAY = timedelta(days=1)


class Span(models.TextChoices):
    """The days that one sum covers."""

    DAY = "day", "Day"
    WEEK = "week", "Week from Monday on"
    MONTH = "month", "Calendar month"

    def first(self, day: date) -> date:
        """The first day of the span that contains a day."""
        match self:
            case Span.WEEK:
                return day - timedelta(days=day.weekday())
            case Span.MONTH:
                return day.replace(day=1)
            case _:
                return day

    def last(self, day: date) -> date:
        """The last day of the span that contains a day: the day before the next span."""
        return self.first(self.first(day) + MAX_DAYS[self]) - ONE_DAY


MAX_DAYS = {Span.DAY: ONE_DAY, Span.WEEK: timedelta(days=7), Span.MONTH: timedelta(days=31)}
"""So long after its first day a span is over, and the next one is not."""


def cover(since: date, until: date) -> dict[Span, list[date]]:
    """The fewest spans that cover the days from one to another, both included: the first day of each, by length.

    Whole months come first, then whole weeks before and after them, then single days at the edges.
    """
    found: dict[Span, list[date]] = {}
    for span, first in _split(since, until, (Span.MONTH, Span.WEEK, Span.DAY)):
        found.setdefault(span, []).append(first)
    return found


def _split(since: date, until: date, spans: Sequence[Span]) -> Iterator[tuple[Span, date]]:
    """Split the days by the longest span that fits, and the days before and after it by the shorter ones."""
    span, *shorter = spans
    whole = list(_whole_spans(span, since, until))
    if whole:
        yield from _split(since, whole[0] - ONE_DAY, shorter) if since < whole[0] else ()
        yield from ((span, first) for first in whole)
        since = span.last(whole[-1]) + ONE_DAY
    if since <= until:
        yield from _split(since, until, shorter)


def _whole_spans(span: Span, since: date, until: date) -> Iterator[date]:
    """The first days of the spans that lie completely within these days."""
    first = since if span.first(since) == since else span.last(since) + ONE_DAY
    while (last := span.last(first)) <= until:
        yield first
        first = last + ONE_DAY
