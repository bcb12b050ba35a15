"""What staff do with calls, and what the database refuses whoever asks."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected

from advisor.booking.actions import (
    CallNotChangeableError,
    NotFreeError,
    PhoneNeededError,
    cancel,
    close,
    give_to,
    give_to_another,
    move,
    not_free_on_conflict,
    renew_feed,
)
from advisor.booking.models import Call, CallStatus, Host, Place
from advisor.delivery.models import Message, State
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host, send_due
from tests.clock import NOW
from tests.content.admin_pages import save_in_admin
from tests.server import is_postgresql

AFTER = half_hour(0) + timedelta(hours=1)


def test_a_call_is_given_to_another_host_whatever_their_hours(host: Host, book: Book) -> None:
    call, another = book(), make_host("Another host", hours=(20, 21))

    give_to(call=call, host=another, now=NOW)

    call.refresh_from_db()
    assert (call.host, call.sequence) == (another, 1)


def test_a_call_is_not_given_to_a_host_who_has_another_one(host: Host, book: Book) -> None:
    another = make_host("Another host")
    call, other = book(0), book(0, email="second@example.com")
    assert {call.host, other.host} == {host, another}

    with pytest.raises(NotFreeError):
        give_to(call=call, host=other.host, now=NOW)

    call.refresh_from_db()
    assert (call.host != other.host, call.sequence) == (True, 0)


@pytest.mark.parametrize("status", [CallStatus.HELD, CallStatus.NO_SHOW])
def test_what_became_of_a_call_is_said_once_it_has_begun(host: Host, book: Book, status: CallStatus) -> None:
    call = book()
    agreed = "head-of-ai" if status == CallStatus.HELD else ""

    close(call=call, status=status, reason="", agreed=agreed, now=AFTER)

    call.refresh_from_db()
    assert (call.status, call.agreed) == (status, agreed)


def test_a_call_that_has_not_begun_was_not_held(host: Host, book: Book) -> None:
    with pytest.raises(CallNotChangeableError):
        close(call=book(), status=CallStatus.HELD, reason="", agreed="", now=NOW)


def test_a_cancelled_call_is_neither_moved_nor_given_away_nor_held(host: Host, book: Book) -> None:
    call, another = book(), make_host("Another host")
    cancel(call=call, reason="", now=NOW)

    with pytest.raises(CallNotChangeableError):
        move(call=call, begins=half_hour(1), zone="UTC", now=NOW)
    with pytest.raises(CallNotChangeableError):
        give_to(call=call, host=another, now=NOW)
    with pytest.raises(CallNotChangeableError):
        close(call=call, status=CallStatus.HELD, reason="", agreed="", now=AFTER)


def test_to_cancel_twice_tells_nobody_twice(host: Host, book: Book) -> None:
    call = book()
    send_due()

    cancel(call=call, reason="Ill.", now=NOW)
    cancel(call=call, reason="Still ill.", now=NOW)

    call.refresh_from_db()
    assert (call.reason, call.sequence) == ("Ill.", 1)
    assert Message.objects.filter(state=State.WAITING).count() == 2


def test_a_clock_that_is_set_back_revives_nothing(host: Host, book: Book) -> None:
    call = book()
    cancel(call=call, reason="", now=NOW)

    with pytest.raises(CallNotChangeableError):
        move(call=call, begins=half_hour(1), zone="UTC", now=NOW - timedelta(days=1))


def test_a_new_address_closes_the_old_one_of_a_calendar(host: Host) -> None:
    before = host.feed_token

    renew_feed(host=host)

    assert Host.objects.get().feed_token not in {"", before}


@pytest.mark.parametrize(
    "begins",
    [half_hour(0), half_hour(0) + timedelta(minutes=10), half_hour(0) - timedelta(minutes=20)],
    ids=["the same", "later", "earlier"],
)
def test_the_database_keeps_calls_of_one_host_apart(host: Host, book: Book, begins: datetime) -> None:
    book(0)
    other = book(4, email="second@example.com")

    with (
        pytest.raises(IntegrityError, match=r"call_slot_once|call_no_overlap|booking_call\.begins_at"),
        transaction.atomic(),
    ):
        Call.objects.filter(pk=other.pk).update(begins_at=begins, ends_at=begins + timedelta(minutes=30))

    assert Call.objects.get(pk=other.pk).begins_at == half_hour(4)


def test_the_database_lets_calls_follow_each_other_and_cancelled_ones_overlap(host: Host, book: Book) -> None:
    book(0)
    other = book(4, email="second@example.com")

    Call.objects.filter(pk=other.pk).update(begins_at=half_hour(1), ends_at=half_hour(2))
    Call.objects.filter(pk=other.pk).update(status=CallStatus.CANCELLED, begins_at=half_hour(0), ends_at=half_hour(1))

    assert Call.objects.count() == 2


def test_the_database_keeps_calls_apart_that_overlap_when_they_are_made(host: Host, book: Book) -> None:
    call = book(0)
    other = book(4, email="second@example.com")
    lead, begins = other.lead, half_hour(0) + timedelta(minutes=15)
    other.delete()

    with pytest.raises(IntegrityError, match="call_no_overlap"), transaction.atomic():
        Call.objects.create(
            host=host,
            lead=lead,
            begins_at=begins,
            ends_at=begins + timedelta(minutes=30),
            zone="UTC",
            booked_at=NOW,
            changed_at=NOW,
        )

    assert list(Call.objects.all()) == [call]


def test_a_call_is_not_given_to_a_host_who_takes_none(host: Host, book: Book) -> None:
    call, idle = book(), make_host("Another host", is_active=False)

    with pytest.raises(NotFreeError):
        give_to(call=call, host=idle, now=NOW)


def test_a_call_without_a_number_is_not_given_to_a_host_who_rings(host: Host, book: Book) -> None:
    call, ringing = book(phone=""), make_host("Another host", place=Place.PHONE)

    with pytest.raises(PhoneNeededError):
        give_to(call=call, host=ringing, now=NOW)


@pytest.mark.parametrize(
    "refusal",
    [
        IntegrityError('conflicting key value violates exclusion constraint "call_no_overlap"'),
        IntegrityError('duplicate key value violates unique constraint "call_slot_once"'),
        IntegrityError("UNIQUE constraint failed: booking_call.host_id, booking_call.begins_at"),
    ],
    ids=["overlap", "slot", "slot on SQLite"],
)
def test_what_the_database_refuses_is_just_taken(refusal: IntegrityError) -> None:
    with pytest.raises(NotFreeError), not_free_on_conflict():
        raise refusal


def test_a_deadlock_is_just_taken_and_another_trouble_is_not() -> None:
    deadlock, gone = OperationalError("deadlock detected"), OperationalError("the connection was closed")
    deadlock.__cause__ = DeadlockDetected()

    with pytest.raises(NotFreeError), not_free_on_conflict():
        raise deadlock
    with pytest.raises(OperationalError), not_free_on_conflict():
        raise gone
    with pytest.raises(IntegrityError), not_free_on_conflict():
        raise IntegrityError("UNIQUE constraint failed: leads_submission.key")


def lock_order(queries: CaptureQueriesContext) -> list[str]:
    """The tables whose rows were locked, in order, each once."""
    locked = re.findall(r"FOR (?:NO KEY )?UPDATE OF \"(\w+)\"", "\n".join(query["sql"] for query in queries))
    return list(dict.fromkeys(locked))


@pytest.mark.skipif(not is_postgresql(), reason="SQLite locks no rows: one transaction writes at a time.")
@pytest.mark.parametrize(
    "verb",
    [
        lambda call, host, client: move(call=call, begins=half_hour(2), zone="UTC", now=NOW),
        lambda call, host, client: give_to(call=call, host=host, now=NOW),
        lambda call, host, client: give_to_another(call=call, now=NOW),
        lambda call, host, client: save_in_admin(client, call, {"host": str(host.pk)}),
    ],
    ids=["move", "give", "give to another", "the form of a call"],
)
def test_whatever_locks_hosts_and_calls_locks_hosts_first(
    host: Host, book: Book, superuser: Client, verb: Callable[[Call, Host, Client], object]
) -> None:
    call, another = book(), make_host("Another host")

    with CaptureQueriesContext(connection) as queries:
        verb(call, another, superuser)

    order = lock_order(queries)
    assert order.index("booking_host") < order.index("booking_call")
