"""What is read from the database, once for each period: sums, never rows of persons."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.db.models import Manager, QuerySet, Sum

from advisor.booking.models import Call
from advisor.funnel.models import SourceTotal, Step, Total
from advisor.funnel.sources import NAMES, source_of
from advisor.insights.periods import Period
from advisor.leads.models import Lead

OF_SOURCES = (Step.LANDING, Step.RESULT, Step.LEAD, Step.CALL)
"""The steps that are shown by source."""


LEADS_AT_ONCE = 10_000
"""Keys of one query: SQLite takes no more than 32,766."""


class Taken(NamedTuple):
    """A step: see ``advisor.funnel.models`` for what the rest is."""

    step: str
    about: str
    certainty: str
    entrance: str


class Agreed(NamedTuple):
    """What was recommended and what was agreed on in a call that was held, by source."""

    source: str
    recommended: str
    agreed: str


def steps(period: Period) -> Counter[Taken]:
    """How often each step was taken."""
    # Every step is named, so that the index finds the days of each, whatever else was counted.
    rows = _within(Total.objects, period, Step).values_list("step", "about", "certainty", "entrance")
    return Counter({Taken(*taken): number for *taken, number in rows.annotate(Sum("number")).order_by()})


def outcomes_by_day(period: Period) -> Counter[tuple[date, str]]:
    """How often each outcome was shown, day by day."""
    rows = _within(Total.objects, period, [Step.RESULT]).values_list("day", "about")
    return Counter({(day, about): number for day, about, number in rows.annotate(Sum("number")).order_by()})


def sources(period: Period) -> Counter[tuple[str, str]]:
    """How often the steps of ``OF_SOURCES`` were taken, by source."""
    rows = _within(SourceTotal.objects, period, OF_SOURCES).values_list("source", "step")
    return Counter({(source, step): number for source, step, number in rows.annotate(Sum("number")).order_by()})


def agreements(period: Period) -> Counter[Agreed]:
    """What came of the requests of the period in calls that were held and in which something was agreed on."""
    since, until = (datetime.combine(day, time(), UTC) for day in (period.since, period.until + timedelta(days=1)))
    # From the calls, which are fewer: left to itself SQLite goes through all requests of the period. No call is before
    # its request.
    held = dict(Call.objects.exclude(agreed="").filter(begins_at__gte=since).values_list("lead", "agreed"))
    asked = Lead.objects.filter(
        edition__guide__key=period.guide, requested_at__gte=since, requested_at__lt=until
    ).order_by()
    if period.edition is not None:
        asked = asked.filter(edition__number=period.edition)
    touches = [f"first_touch__{name}" for name in NAMES]
    found: Counter[Agreed] = Counter()
    for keys in batched(held, LEADS_AT_ONCE, strict=False):
        for key, recommended, *named in asked.filter(pk__in=keys).values_list("pk", "outcome", *touches):
            touch = {name: value for name, value in zip(NAMES, named, strict=True) if isinstance(value, str)}
            found[Agreed(source_of(touch), recommended, held[key])] += 1
    return found


def _within(manager: Manager[Any], period: Period, steps: Iterable[Step]) -> QuerySet[Any]:
    rows = manager.filter(guide=period.guide, step__in=list(steps), day__gte=period.since, day__lte=period.until)
    return rows if period.edition is None else rows.filter(edition=period.edition)
