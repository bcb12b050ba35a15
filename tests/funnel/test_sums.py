"""Adding to the sums: everything or nothing, and no more sources than a day may have."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import OperationalError

from advisor.delivery.retention import apply
from advisor.funnel.models import Count, SourceTotal, Total
from advisor.funnel.sources import OTHER_SOURCES, DailySources, source_of
from advisor.funnel.spans import Span
from advisor.funnel.steps import CountKey
from advisor.funnel.sums import BATCH_SIZE, forget_sources, write
from tests.conftest import database_down

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 27)


def key(
    source: str = "", *, step: str = "landing", about: str = "", entrance: str = "own", day: date = DAY
) -> CountKey:
    return CountKey("guide", step, day, 1, about, "", source, entrance)


def by_source(day: date = DAY) -> dict[str, int]:
    return {count.source: count.number for count in Count.objects.filter(day=day)}


def by_span(model: type[Total | SourceTotal]) -> dict[tuple[str, date], int]:
    found = Counter[tuple[str, date]]()
    for row in model.objects.all():
        found[row.span, row.day] += row.number
    return found


def rows(model: type[Total | SourceTotal]) -> set[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return set(model.objects.values_list(*names))


def test_what_comes_later_is_added() -> None:
    write({key("a"): 2, key("b"): 1})
    write({key("b"): 3, key("a", entrance="embedded"): 5})

    found = {(count.source, count.entrance): count.number for count in Count.objects.all()}
    assert found == {("a", "own"): 2, ("b", "own"): 4, ("a", "embedded"): 5}
    for span in Span:
        totals, of_sources = Total.objects.filter(span=span), SourceTotal.objects.filter(span=span)
        assert {total.entrance: total.number for total in totals} == {"own": 6, "embedded": 5}
        assert {total.source: total.number for total in of_sources} == {"a": 7, "b": 4}


def test_days_are_summed_up_by_week_and_by_month() -> None:
    monday, sunday, first = date(2026, 11, 30), date(2026, 12, 6), date(2026, 12, 1)

    write({key("a", day=monday): 1, key("b", day=sunday): 2, key("a", day=first): 4})

    assert by_span(Total) == {
        ("day", monday): 1,
        ("day", first): 4,
        ("day", sunday): 2,
        ("week", monday): 7,
        ("month", date(2026, 11, 1)): 1,
        ("month", first): 6,
    }
    assert by_span(SourceTotal) == by_span(Total)


def test_more_rows_than_one_statement_takes_are_written() -> None:
    write({key(step="shown", about=f"question-{number}"): 1 for number in range(BATCH_SIZE * 2 + 1)})

    assert Count.objects.count() == Total.objects.filter(span=Span.DAY).count() == BATCH_SIZE * 2 + 1


def test_all_of_a_batch_is_written_or_nothing() -> None:
    with database_down(only="funnel_total"), pytest.raises(OperationalError):
        write({key("a"): 1})

    assert not Count.objects.exists()


def test_no_more_sources_than_so_many_a_day_are_counted_apart() -> None:
    sources = DailySources(most=3)
    for number in range(6):
        write(sources.limit({key(f"invented-{number}"): 1, key(): 1}))

    assert by_source() == {"invented-0": 1, "invented-1": 1, "invented-2": 1, OTHER_SOURCES: 3, "": 6}


def test_what_is_let_in_stays_so_for_other_processes_and_other_days_have_room() -> None:
    for number in range(4):
        write(DailySources(most=3).limit({key(f"invented-{number}"): 1}))
    later = DAY + timedelta(days=1)

    write(DailySources(most=3).limit({key("invented-0"): 1, key("invented-9"): 1, key("invented-9", day=later): 1}))

    assert by_source() == {"invented-0": 2, "invented-1": 1, "invented-2": 1, OTHER_SOURCES: 2}
    assert by_source(later) == {"invented-9": 1}


def test_one_batch_full_of_inventions_is_bounded_as_well() -> None:
    write(DailySources(most=3).limit(Counter(key(f"invented-{number:02}") for number in range(50))))

    assert by_source() == {"invented-00": 1, "invented-01": 1, "invented-02": 1, OTHER_SOURCES: 47}


@pytest.mark.parametrize("name", ["utm_source", "ref"])
def test_a_source_that_may_be_a_person_is_not_kept(name: str) -> None:
    assert source_of({name: "Someone@example.com"}) == OTHER_SOURCES
    assert source_of({name: "Newsletter"}) == "newsletter"


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("Spring  Newsletter 20261128", "spring newsletter 20261128"),
        ("News.Example.com:8080/a_b+c", "news.example.com:8080/a_b+c"),
        ("Новости", "новости"),
        ("jane doe from acme told me so", OTHER_SOURCES),
        ("Jane Doe <jane>", OTHER_SOURCES),
        ("call +371 2000 0000", OTHER_SOURCES),
        ("x" * 60, "x" * 60),
        ("x" * 61, OTHER_SOURCES),
        ("a\u2028b; drop", OTHER_SOURCES),
        ("  ", ""),
    ],
)
def test_a_source_is_a_short_name_and_nothing_else(named: str, kept: str) -> None:
    assert source_of({"utm_source": named}) == kept


def sums(model: type[Total | SourceTotal], *left_out: str) -> Counter[tuple[Any, ...]]:
    """What all rows add up to without some of their columns."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [field.attname for field in fields if field.attname not in {"number", *left_out}]
    found = Counter[tuple[Any, ...]]()
    for *key, number in model.objects.values_list(*names, "number"):
        found[tuple(key)] += number
    return found


def sums_of_counts() -> Counter[tuple[Any, ...]]:
    """What ``SourceTotal`` has to hold, added up anew."""
    found = Counter[tuple[Any, ...]]()
    for count in Count.objects.all():
        for span in Span:
            row = (count.guide, count.step, span.first(count.day), count.edition, span.value, count.source)
            found[row] += count.number
    return found


def test_sources_are_forgotten_and_every_sum_stays_what_it_was() -> None:
    days = [DAY - timedelta(days=7 * number // 2) for number in range(12)]
    ways = product(days, ("", "a", "jane-doe-from-acme", OTHER_SOURCES), ("own", "embedded"), ("landing", "result"))
    write({key(source, step=step, entrance=way, day=day): 1 + len(source) for day, source, way, step in ways})
    totals, of_sources, cut = rows(Total), sums(SourceTotal, "source"), DAY - timedelta(days=14)
    old = Count.objects.filter(day__lt=cut, source__in=["a", "jane-doe-from-acme"])
    number = old.count()

    # Some at a time, as retention does it.
    told = 0
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:5]):
        told += forget_sources(Count.objects.filter(pk__in=keys))
        assert sums(SourceTotal) == sums_of_counts()

    assert told == number
    assert rows(Total) == totals
    assert sums(SourceTotal, "source") == of_sources
    assert {count.source for count in Count.objects.filter(day__lt=cut)} == {"", OTHER_SOURCES}
    assert {count.source for count in Count.objects.filter(day__gte=cut)} == {
        "",
        OTHER_SOURCES,
        "a",
        "jane-doe-from-acme",
    }
    assert not SourceTotal.objects.filter(source="a", span="month", day__lt=cut.replace(day=1)).exists()


def test_retention_forgets_sources_after_their_time_and_not_before() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    days = {ago: (now - timedelta(days=ago)).date() for ago in (399, 400, 401)}
    write({key("jane-doe-from-acme", day=day): 1 for day in days.values()})
    # By which the clock is trusted.
    write({key(day=now.date()): 1})

    list(apply(now=now))

    left = {count.day for count in Count.objects.filter(source="jane-doe-from-acme")}
    assert left == {days[399], days[400]}
    assert by_source(days[401]) == {OTHER_SOURCES: 1}
    assert not SourceTotal.objects.filter(source="jane-doe-from-acme", span="day", day=days[401]).exists()


def test_what_is_counted_late_for_an_old_day_is_forgotten_with_it() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    old = (now - timedelta(days=500)).date()
    later = now + timedelta(days=1)
    write({key("jane-doe-from-acme", day=old): 1})
    # By which the clock is trusted, each time.
    write({key(day=now.date()): 1})
    list(apply(now=now))

    write({key("jane-doe-from-acme", step="response", day=old): 2})
    write({key(day=later.date()): 1})
    list(apply(now=later))

    assert {(count.step, count.source, count.number) for count in Count.objects.filter(day=old)} == {
        ("landing", OTHER_SOURCES, 1),
        ("response", OTHER_SOURCES, 2),
    }
