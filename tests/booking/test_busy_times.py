"""When a host is busy by their own calendars, no call is offered, booked, moved there or given to them unasked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from advisor.booking.actions import NotFreeError, give_to_another, move
from advisor.booking.availability import free_times, hosts_for, reason_against
from advisor.booking.models import BusyCalendar, Call, Host, WhenStale
from advisor.booking.periods import Busy, Period, merged, overlap
from advisor.booking.slots import SLOT_LENGTH, UnavailableReason
from tests.assessment.addresses import call
from tests.booking.calendars_of_hosts import make_calendar
from tests.booking.conftest import Book
from tests.booking.hosts import NINE_IN_RIGA, half_hour, make_host, value
from tests.clock import NOW
from tests.conftest import GUIDE
from tests.leads.asking import EVERYTHING, post

START = datetime(2026, 11, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def minutes(begins: int, ends: int) -> Period:
    return START + timedelta(minutes=begins), START + timedelta(minutes=ends)


PERIODS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: minutes(pair[0], sum(pair))))


def covers(periods: tuple[Period, ...] | list[Period], minute: int) -> bool:
    """Whether a minute lies in one of these, by asking each."""
    return any(begins <= START + timedelta(minutes=minute) < ends for begins, ends in periods)


@settings(deadline=None)
@given(PERIODS, st.integers(0, 90), st.integers(1, 30))
def test_a_period_overlaps_busy_times_if_one_of_its_minutes_is_busy(
    periods: list[Period], begins: int, length: int
) -> None:
    busy = Busy(merged(periods))

    found = busy.overlaps(minutes(begins, begins + length))

    assert found == any(covers(periods, minute) for minute in range(begins, begins + length))


@settings(deadline=None)
@given(PERIODS, PERIODS, st.integers(0, 90), st.integers(1, 30))
def test_busy_times_are_joined_and_cut_minute_by_minute(
    one: list[Period], other: list[Period], begins: int, length: int
) -> None:
    cut = minutes(begins, begins + length)

    found = (Busy(merged(one)) | Busy(merged(other))).without(cut)

    for minute in range(120):
        expected = (covers(one, minute) or covers(other, minute)) and not covers([cut], minute)
        assert covers(found.spans, minute) == expected
    assert not any(overlap(first, second) for first, second in zip(found.spans, found.spans[1:], strict=False))


def test_of_two_calendars_the_one_that_is_known_for_a_shorter_time_counts() -> None:
    joined = Busy(known_until=START) | Busy() | Busy(known_until=START + DAY)

    assert joined.known_until == START


def offered(host: Host, now: datetime = NOW) -> set[int]:
    """The numbers of the half hours of that Monday that are offered."""
    fresh = Host.objects.get(pk=host.pk)
    free = free_times([fresh], now, NINE_IN_RIGA, NINE_IN_RIGA + DAY / 2)
    return {number for number in range(6) if half_hour(number) in free}


def test_busy_times_are_not_offered_to_the_minute(host: Host) -> None:
    make_calendar(host, [(half_hour(1), half_hour(2)), (half_hour(4) - timedelta(minutes=1), half_hour(4))])

    assert offered(host) == {0, 2, 4, 5}


def test_minutes_to_prepare_and_to_finish_have_to_be_free_too(published: object) -> None:
    host = make_host(buffer_before=10, buffer_after=15)
    make_calendar(host, [(half_hour(2) + timedelta(minutes=15), half_hour(3) - timedelta(minutes=10))])

    assert offered(host) == {0, 1, 3, 4, 5}
    BusyCalendar.objects.all().delete()
    make_calendar(host, [(half_hour(2) + timedelta(minutes=14), half_hour(3) - timedelta(minutes=9))])

    assert offered(host) == {0, 4, 5}


def test_all_calendars_of_a_host_count_and_nobody_elses(host: Host) -> None:
    other = make_host("Another host")
    make_calendar(host, [(half_hour(0), half_hour(1))])
    make_calendar(host, [(half_hour(2), half_hour(3))])
    make_calendar(other, [(half_hour(4), half_hour(5))])

    assert offered(host) == {1, 3, 4, 5}
    assert offered(other) == {0, 1, 2, 3, 5}


def test_what_was_read_before_holds_until_it_is_too_old_and_then_the_hosts_choice_does(host: Host) -> None:
    calendar = make_calendar(host, [(half_hour(1), half_hour(2))], stale_after_hours=24)

    assert offered(host, NOW + DAY - timedelta(seconds=1)) == {0, 2, 3, 4, 5}
    assert offered(host, NOW + DAY) == set()
    assert reason_against(host, NOW + DAY, half_hour(0)) is UnavailableReason.CALENDAR_UNREAD
    calendar.when_stale = WhenStale.EVERYTHING
    calendar.save(update_fields=["when_stale"])
    assert offered(host, NOW + DAY) == {0, 1, 2, 3, 4, 5}


def test_a_calendar_that_was_never_read_blocks_nothing_until_it_is_too_old(host: Host) -> None:
    make_calendar(host, read_at=None, stale_after_hours=2)

    assert offered(host, NOW + timedelta(hours=1)) == {0, 1, 2, 3, 4, 5}
    assert offered(host, NOW + timedelta(hours=2)) == set()


def test_nothing_is_offered_beyond_what_was_read(host: Host) -> None:
    make_calendar(host, covers_until=half_hour(3) + timedelta(minutes=1))

    assert offered(host) == {0, 1, 2}
    assert reason_against(host, NOW, half_hour(3)) is UnavailableReason.CALENDAR_UNREAD


def test_a_slot_that_became_busy_since_the_page_was_opened_is_refused_and_nothing_is_lost(
    host: Host, visitor: Client
) -> None:
    page = visitor.get(call()).content.decode()
    assert value(half_hour(1)) in page
    make_calendar(host, [(half_hour(1), half_hour(2))])

    answer = post(visitor, call(), **EVERYTHING | {"slot": value(half_hour(1)), "zone": "UTC"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "That time has just been taken, or is not offered any more" in text
    assert EVERYTHING["name"] in text
    assert not Call.objects.exists()


def test_a_call_is_not_moved_to_where_the_host_is_busy(host: Host, book: Book) -> None:
    booked = book(0)
    make_calendar(host, [(half_hour(2), half_hour(3))])

    with pytest.raises(NotFreeError):
        move(call=booked, begins=half_hour(2), zone="UTC", now=NOW)
    assert move(call=booked, begins=half_hour(3), zone="UTC", now=NOW).begins_at == half_hour(3)


def test_the_time_of_the_call_itself_in_the_calendar_is_not_in_the_way_of_moving_it(
    published: object, book: Book
) -> None:
    host = make_host(buffer_before=5, buffer_after=5)
    booked = book(0)
    make_calendar(host, [booked.period])

    moved = move(call=booked, begins=half_hour(1), zone="UTC", now=NOW)

    assert moved.begins_at == half_hour(1)


def test_a_call_that_is_given_away_goes_to_nobody_who_is_busy(host: Host, book: Book) -> None:
    booked = book(0)
    make_calendar(make_host("Another host"), [booked.period])

    with pytest.raises(NotFreeError):
        give_to_another(call=booked, now=NOW)


def test_calendars_of_any_number_cost_one_query(host: Host, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        for _ in range(2):
            make_calendar(make_host(f"Host {number}") if not _ else host, [(half_hour(1), half_hour(2))])

    # Hosts, their hours, exceptions and calendars, and their calls.
    with django_assert_num_queries(5):
        hosts = list(hosts_for(GUIDE, "fractional-cto"))
        free_times(hosts, NOW, NINE_IN_RIGA, NINE_IN_RIGA + DAY)
    assert len(hosts) == 4


def test_a_slot_has_its_length_when_it_is_asked_for(host: Host) -> None:
    make_calendar(host, [(half_hour(1) + SLOT_LENGTH, half_hour(3))])

    assert reason_against(host, NOW, half_hour(1)) is None
    assert reason_against(host, NOW, half_hour(2)) is UnavailableReason.BUSY
