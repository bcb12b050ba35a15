"""Figures of any days are the sums of what was counted on these days, however they are put together."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db.models import Sum

from advisor.decision.recommendation import Certainty
from advisor.funnel.models import Count, Entrance, Step
from advisor.funnel.steps import CountKey
from advisor.funnel.sums import write
from advisor.insights import figures
from advisor.insights.periods import Period, buckets

pytestmark = pytest.mark.django_db

GUIDE = "guide"
BEGIN = date(2027, 11, 24)
DAYS = 240
PERIODS = [
    pytest.param(BEGIN + timedelta(days=since), days, edition, id=f"{days} days from {since}, edition {edition}")
    for since, days in [(0, 1), (3, 7), (5, 30), (12, 31), (1, 61), (0, 190), (9, 191), (0, DAYS), (-40, 2 * DAYS)]
    for edition in (None, 2)
]


def counted() -> dict[CountKey, int]:
    """Steps of most of the days, with all that tells them apart."""
    random = Random(3)
    found: dict[CountKey, int] = {}
    for _ in range(4000):
        step = random.choice([Step.LANDING, Step.RESULT, Step.CALL])
        key = CountKey(
            random.choice([GUIDE, GUIDE, "another"]),
            step.value,
            BEGIN + timedelta(days=random.randrange(DAYS)),
            random.choice([1, 2]),
            random.choice(["cto", "both"]) if step == Step.RESULT else "",
            random.choice(list(Certainty)).value if step == Step.RESULT else "",
            random.choice(["", "club", "newsletter"]),
            random.choice(Entrance.values),
        )
        found[key] = found.get(key, 0) + random.randrange(1, 9)
    return found


@pytest.mark.parametrize(("since", "days", "edition"), PERIODS)
def test_they_are_what_was_counted_on_these_days(since: date, days: int, edition: int | None) -> None:
    write(counted())
    period = Period(GUIDE, since, since + timedelta(days=days - 1), edition)
    counts = Count.objects.filter(guide=GUIDE, day__range=(period.since, period.until))
    if edition:
        counts = counts.filter(edition=edition)

    def by(*columns: str) -> dict[tuple[str, ...], int]:
        return {tuple(row): number for *row, number in counts.values_list(*columns).annotate(Sum("number"))}

    assert figures.steps(period) == by("step", "about", "certainty", "entrance")
    assert figures.sources(period) == by("source", "step")
    cut = buckets(period)
    for piece, found in zip(cut, figures.outcomes_over_time(period, cut), strict=True):
        wanted = Counter[str]()
        for count in counts.filter(step=Step.RESULT, day__range=piece):
            wanted[count.about] += count.number
        assert found == wanted
