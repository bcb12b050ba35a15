"""The queries behind the figures, once for each period: sums, and no data about people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.db.models import Manager, QuerySet, Sum

from advisor.booking.models import Call
from advisor.funnel.models import SourceTotal, Step, Total
from advisor.funnel.sources import OTHER_SOURCES, SOURCE_PARAMETERS, source_of
from advisor.funnel.spans import Span, cover
from advisor.insights.periods import Period
from advisor.leads.models import Lead

STEPS_BY_SOURCE = (Step.LANDING, Step.RESULT, Step.LEAD, Step.CALL)
"""The steps that are shown by source."""

QUERY_BATCH_SIZE = 10_000
"""Keys in one query. SQLite accepts 32,766 at most."""


class StepCount(NamedTuple):
    """A step with its details; ``advisor.funnel.models`` explains them."""

    step: str
    about: str
    certainty: str
    entrance: str


class Agreement(NamedTuple):
    """A source, the recommendation to the visitor, and what was agreed in the call."""

    source: str
    recommended: str
    agreed: str


def steps(period: Period) -> Counter[StepCount]:
    """How often each step was taken."""
    counts = Counter[StepCount]()
    # The query names every step, so that the index finds the days of each.
    for rows in _sums_by_span(Total.objects, period, Step):
        for *step, number in _totals(rows, "step", "about", "certainty", "entrance"):
            counts[StepCount(*step)] += number
    return counts


def outcomes_over_time(period: Period, days: Iterable[tuple[date, date]]) -> list[Counter[str]]:
    """How often each outcome was shown in each part of the period. A part is given by its first and last day."""
    counts = []
    by_day: defaultdict[Span, dict[date, Counter[str]]] = defaultdict(dict)
    for since, until in days:
        counts.append(Counter[str]())
        for span, first_days in cover(since, until).items():
            by_day[span] |= dict.fromkeys(first_days, counts[-1])
    results = _sums(Total.objects, period, [Step.RESULT])
    for span, counters in by_day.items():
        for day, about, number in _totals(results.filter(span=span, day__in=counters), "day", "about"):
            counters[day][about] += number
    return counts


def sources(period: Period) -> Counter[tuple[str, str]]:
    """How often the steps of ``STEPS_BY_SOURCE`` were taken, by source."""
    counts = Counter[tuple[str, str]]()
    for rows in _sums_by_span(SourceTotal.objects, period, STEPS_BY_SOURCE):
        for source, step, number in _totals(rows, "source", "step"):
            counts[source, step] += number
    return counts


def agreements(period: Period, *, named_since: date = date.min) -> Counter[Agreement]:
    """The agreements in calls that were held, for requests of the period.

    Requests before ``named_since`` count for ``OTHER_SOURCES``, as the steps of those days do.
    """
    since, until = (datetime.combine(day, time(), UTC) for day in (period.since, period.until + timedelta(days=1)))
    # The calls come first because they are fewer; SQLite would otherwise read all requests of the period. No call is
    # earlier than its request.
    agreed = dict(Call.objects.exclude(agreed="").filter(begins_at__gte=since).values_list("lead", "agreed"))
    requests = Lead.objects.filter(
        edition__guide__key=period.guide, requested_at__gte=since, requested_at__lt=until
    ).order_by()
    if period.edition is not None:
        requests = requests.filter(edition__number=period.edition)
    touches = [f"first_touch__{name}" for name in SOURCE_PARAMETERS]
    counts: Counter[Agreement] = Counter()
    for keys in batched(agreed, QUERY_BATCH_SIZE, strict=False):
        for requested_at, key, recommended, *values in requests.filter(pk__in=keys).values_list(
            "requested_at", "pk", "outcome", *touches
        ):
            touch = zip(SOURCE_PARAMETERS, values, strict=True)
            source = source_of({name: value for name, value in touch if isinstance(value, str)})
            if source and requested_at.date() < named_since:
                source = OTHER_SOURCES
            counts[Agreement(source, recommended, agreed[key])] += 1
    return counts


def _sums_by_span(manager: Manager[Any], period: Period, steps: Iterable[Step]) -> Iterator[QuerySet[Any]]:
    """The stored sums that cover the period, as a query for each span."""
    for span, first_days in cover(period.since, period.until).items():
        yield _sums(manager, period, steps).filter(span=span, day__in=first_days)


def _sums(manager: Manager[Any], period: Period, steps: Iterable[Step]) -> QuerySet[Any]:
    rows = manager.filter(guide=period.guide, step__in=list(steps))
    return rows if period.edition is None else rows.filter(edition=period.edition)


def _totals(rows: QuerySet[Any], *columns: str) -> Iterable[tuple[Any, ...]]:
    """The values of these columns, each with its sum."""
    yield from rows.values_list(*columns).annotate(Sum("number")).order_by()
