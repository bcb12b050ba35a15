"""What is read from the database, once for each period: sums, never rows of persons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.db.models import Manager, QuerySet, Sum

from advisor.booking.models import Call
from advisor.funnel.models import SourceTotal, Step, Total
from advisor.funnel.sources import NAMES, OTHER, source_of
from advisor.funnel.spans import Span, parts
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
    found = Counter[Taken]()
    # Every step is named, so that the index finds the days of each, whatever else was counted.
    for rows in _within(Total.objects, period, Step):
        for *taken, number in _summed(rows, "step", "about", "certainty", "entrance"):
            found[Taken(*taken)] += number
    return found


def outcomes_over_time(period: Period, cut: Iterable[tuple[date, date]]) -> list[Counter[str]]:
    """How often each outcome was shown in each piece that the period was cut into, first and last day included."""
    found = []
    pieces: defaultdict[Span, dict[date, Counter[str]]] = defaultdict(dict)
    for since, until in cut:
        found.append(Counter[str]())
        for span, firsts in parts(since, until).items():
            pieces[span] |= dict.fromkeys(firsts, found[-1])
    results = _of(Total.objects, period, [Step.RESULT])
    for span, of_piece in pieces.items():
        for day, about, number in _summed(results.filter(span=span, day__in=of_piece), "day", "about"):
            of_piece[day][about] += number
    return found


def sources(period: Period) -> Counter[tuple[str, str]]:
    """How often the steps of ``OF_SOURCES`` were taken, by source."""
    found = Counter[tuple[str, str]]()
    for rows in _within(SourceTotal.objects, period, OF_SOURCES):
        for source, step, number in _summed(rows, "source", "step"):
            found[source, step] += number
    return found


def agreements(period: Period, *, named_since: date = date.min) -> Counter[Agreed]:
    """What came of the requests of the period in calls that were held and in which something was agreed on.

    Requests before ``named_since`` came from ``OTHER``, as the counts of these days say.
    """
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
        for asked_at, key, recommended, *named in asked.filter(pk__in=keys).values_list(
            "requested_at", "pk", "outcome", *touches
        ):
            touch = {name: value for name, value in zip(NAMES, named, strict=True) if isinstance(value, str)}
            source = source_of(touch)
            if source and asked_at.date() < named_since:
                source = OTHER
            found[Agreed(source, recommended, held[key])] += 1
    return found


def _within(manager: Manager[Any], period: Period, steps: Iterable[Step]) -> Iterator[QuerySet[Any]]:
    """The few sums that the days of the period are made of: a query for each span."""
    for span, firsts in parts(period.since, period.until).items():
        yield _of(manager, period, steps).filter(span=span, day__in=firsts)


def _of(manager: Manager[Any], period: Period, steps: Iterable[Step]) -> QuerySet[Any]:
    rows = manager.filter(guide=period.guide, step__in=list(steps))
    return rows if period.edition is None else rows.filter(edition=period.edition)


def _summed(rows: QuerySet[Any], *columns: str) -> Iterable[tuple[Any, ...]]:
    """These columns, and the number of each."""
    yield from rows.values_list(*columns).annotate(Sum("number")).order_by()
