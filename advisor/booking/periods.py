"""Periods of time, and when a host is busy by their own calendars. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter

Period = tuple[datetime, datetime]
"""The first instant, and the one after the last. Two readings of a clock have no zone."""


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods share some time."""
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True)
class Busy:
    """When a host is busy by their own calendars.

    ``spans`` are in order, and none overlaps another. From ``known_until`` on nothing is known; None if all is.
    """

    spans: tuple[Period, ...] = ()
    known_until: datetime | None = None

    def overlaps(self, period: Period) -> bool:
        """Whether the host is busy at some time of a period."""
        before_its_end = bisect_right(self.spans, period[1], key=itemgetter(0))
        return any(overlap(span, period) for span in self.spans[max(0, before_its_end - 2) : before_its_end])

    def without(self, period: Period) -> "Busy":
        """The same, but not busy during a period."""
        parts = chain.from_iterable(
            ((begins, min(ends, period[0])), (max(begins, period[1]), ends)) for begins, ends in self.spans
        )
        return Busy(merged(part for part in parts if part[0] < part[1]), self.known_until)

    def __or__(self, other: "Busy") -> "Busy":
        """When the host is busy by one or the other."""
        ends = [one.known_until for one in (self, other) if one.known_until]
        return Busy(merged([*self.spans, *other.spans]), min(ends, default=None))


NEVER_BUSY = Busy()


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same times in order, where none overlaps or touches another."""
    found: list[Period] = []
    for begins, ends in sorted(periods):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return tuple(found)
