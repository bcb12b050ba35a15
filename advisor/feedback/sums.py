"""Reads what was said, with what so few or so many votes allow to conclude."""

from collections.abc import Mapping
from datetime import date
from math import sqrt
from statistics import NormalDist

import msgspec
from django.db.models import QuerySet, Sum

from advisor.feedback.models import WHOLE_RESULT, Tally

MIN_VOTES = 10
"""Votes below which nothing is concluded, and no number is shown that somebody might conclude from."""

CONFIDENCE = 0.95


class ReasonSum(msgspec.Struct, frozen=True):
    """What was said of one reason of one outcome. ``low`` and ``high`` bound the share, from 0 to 1, of all those who
    could have been asked that would say it fits.
    """

    reason: str
    fits: int
    votes: int
    not_counted: int
    low: float
    high: float

    @property
    def is_enough(self) -> bool:
        return self.votes >= MIN_VOTES

    @property
    def share(self) -> float:
        return self.fits / self.votes

    @property
    def conclusion(self) -> str:
        """What can be said, in a few words."""
        if not self.is_enough:
            return "too few to say"
        if self.low > 0.5:
            return "most say it fits"
        return "most say it does not" if self.high < 0.5 else "could be either"


def likely_share(part: int, whole: int) -> tuple[float, float]:
    """The Wilson score interval: between which shares the true one lies, ``CONFIDENCE`` sure, when ``part`` of
    ``whole`` said so. It holds for few votes as well, and never leaves 0 to 1. ``whole`` is 1 or more.
    """
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, scale = part / whole, 1 + z * z / whole
    centre = (share + z * z / (2 * whole)) / scale
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / scale
    return max(0.0, centre - half), min(1.0, centre + half)


def sums(*, guide: str, edition: int, since: date | None) -> Mapping[str, list[ReasonSum]]:
    """What was said of each reason, by outcome, in weeks that begin on a day or later: what most say does not fit comes
    first, and last what too few have said something of.
    """
    found: dict[str, list[ReasonSum]] = {}
    tallies: QuerySet[Tally] = Tally.objects.filter(guide=guide, edition=edition).exclude(reason=WHOLE_RESULT)
    if since:
        tallies = tallies.filter(week__gte=since)
    rows = tallies.values_list("outcome", "reason").order_by("outcome", "reason")
    for outcome, reason, fits, does_not, not_counted in rows.annotate(Sum("fits"), Sum("does_not"), Sum("not_counted")):
        votes = fits + does_not
        low, high = likely_share(fits, votes) if votes else (0.0, 1.0)
        found.setdefault(outcome, []).append(ReasonSum(reason, fits, votes, not_counted, low, high))
    for of_outcome in found.values():
        of_outcome.sort(key=lambda one: (not one.is_enough, one.high, -one.votes))
    return found


def editions(guide: str) -> list[int]:
    """The editions of a guide of which something was said, the newest first."""
    numbers = Tally.objects.filter(guide=guide).values_list("edition", flat=True)
    return list(numbers.distinct().order_by("-edition"))
