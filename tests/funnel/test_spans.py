"""Days as few sums: none left out, none twice, and as few as there can be."""

from datetime import date, timedelta
from itertools import product

import pytest

from advisor.funnel.spans import Span, cover

BEGIN = date(2027, 12, 20)


def days_of(span: Span, first: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((span.last(first) - first).days + 1)]


@pytest.mark.parametrize("length", [1, 2, 6, 7, 8, 13, 14, 27, 28, 29, 30, 31, 32, 59, 60, 61, 62, 90, 365, 366, 800])
def test_every_day_is_in_one_part(length: int) -> None:
    # Over a turn of the year and the end of a leap year's February.
    for shift in range(75):
        since = BEGIN + timedelta(days=shift)
        until = since + timedelta(days=length - 1)

        found = [(span, first) for span, firsts in cover(since, until).items() for first in firsts]

        assert all(span.first(first) == first for span, first in found)
        days = sorted(day for span, first in found for day in days_of(span, first))
        assert days == [since + timedelta(days=number) for number in range(length)]


def test_whole_months_come_first_then_weeks_then_days() -> None:
    # From a Wednesday on; November ends on a Monday.
    assert cover(date(2026, 9, 23), date(2026, 11, 29)) == {
        Span.DAY: [date(2026, 9, day) for day in (23, 24, 25, 26, 27, 28, 29, 30)] + [date(2026, 11, 1)],
        Span.MONTH: [date(2026, 10, 1)],
        Span.WEEK: [date(2026, 11, day) for day in (2, 9, 16, 23)],
    }


def test_a_year_is_never_more_than_so_many_sums() -> None:
    # Two edges of less than a month: at worst six days, three weeks and six days each.
    most = max(
        sum(map(len, cover(BEGIN + timedelta(days=shift), BEGIN + timedelta(days=shift + length)).values()))
        for shift, length in product(range(400), (364, 365))
    )

    assert most <= 11 + 2 * 15


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.DAY, date(2028, 2, 29), date(2028, 2, 29)),
        (Span.WEEK, date(2028, 2, 28), date(2028, 3, 5)),
        (Span.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_the_span_that_a_day_is_in(span: Span, first: date, last: date) -> None:
    assert (span.first(date(2028, 2, 29)), span.last(date(2028, 2, 29))) == (first, last)
