"""What is read from the database, once for each period: sums, never rows of persons."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count as CountRows
from django.db.models import Manager, QuerySet, Sum

from advisor.booking.models import Call
from advisor.funnel.models import SourceTotal, Step, Total
from advisor.funnel.sources import NAMES, source_of
from advisor.insights.periods import Period

OF_SOURCES = (Step.LANDING, Step.RESULT, Step.LEAD, Step.CALL)
"""The steps that are shown by source."""


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
    held = Call.objects.exclude(agreed="").filter(
        lead__edition__guide__key=period.guide, lead__requested_at__gte=since, lead__requested_at__lt=until
    )
    if period.edition is not None:
        held = held.filter(lead__edition__number=period.edition)
    touches = [f"lead__first_touch__{name}" for name in NAMES]
    rows = held.values_list(*touches, "lead__outcome", "agreed").annotate(CountRows("pk")).order_by()
    found: Counter[Agreed] = Counter()
    for *named, recommended, agreed, number in rows:
        touch = {name: value for name, value in zip(NAMES, named, strict=True) if isinstance(value, str)}
        found[Agreed(source_of(touch), recommended, agreed)] += number
    return found


def _within(manager: Manager[Any], period: Period, steps: Iterable[Step]) -> QuerySet[Any]:
    rows = manager.filter(guide=period.guide, step__in=list(steps), day__gte=period.since, day__lte=period.until)
    return rows if period.edition is None else rows.filter(edition=period.edition)
