"""Calendar files, read back by a parser that has nothing to do with the library that wrote them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.test import Client
from pytest_django import Settings

from advisor.booking.actions import cancel, give_to, move, renew_feed
from advisor.booking.calendars import Method, invitation
from advisor.booking.models import Call, Host
from advisor.booking.slots import SLOT_LENGTH
from advisor.delivery.models import Message
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host, send_due
from tests.clock import NOW
from tests.conftest import new_client


def sent(key: str) -> tuple[Any, str]:
    """The calendar that a message carries inside, as the other parser reads it, and the type of that part."""
    inside, attached = Message.objects.get(key=key).attachments
    assert inside["alternative"]
    assert attached["filename"] == "invite.ics"
    assert attached["content"] == inside["content"]
    return vobject.readOne(inside["content"]), inside["mimetype"]


@pytest.mark.usefixtures("host")
def test_an_invitation_is_by_the_book(book: Book) -> None:
    call = book()

    calendar, mimetype = sent(f"call-{call.pk}-0-visitor")

    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert mimetype == "text/calendar; method=REQUEST; charset=utf-8"
    assert calendar.version.value == "2.0"
    assert event.uid.value.startswith(str(call.uid))
    assert event.sequence.value == "0"
    assert event.status.value == "CONFIRMED"
    assert (event.dtstart.value, event.dtend.value) == (half_hour(0), half_hour(1))
    written = Message.objects.get(key=f"call-{call.pk}-0-visitor").attachments[0]["content"]
    assert "DTSTART:20261130T070000Z\r\n" in written
    assert "DTEND:20261130T073000Z\r\n" in written
    assert event.dtstamp.value == NOW
    assert event.organizer.value.startswith("mailto:")
    attendees = {attendee.value for attendee in event.attendee_list}
    assert attendees == {"mailto:asker@example.com", "mailto:the-host@example.com"}
    assert event.location.value == "https://meet.example.com/room"
    assert event.valarm.trigger.value == timedelta(minutes=-15)
    assert call.address in event.description.value


@pytest.mark.usefixtures("host")
def test_a_change_and_a_cancellation_replace_what_was_there(host: Host, book: Book) -> None:
    call = book(0)
    move(call=call, begins=half_hour(2), zone="Europe/Riga", now=NOW + timedelta(hours=1))
    cancel(call=call, reason="", now=NOW + timedelta(hours=2))

    first, _ = sent(f"call-{call.pk}-0-visitor")
    second, _ = sent(f"call-{call.pk}-1-visitor")
    third, mimetype = sent(f"call-{call.pk}-2-visitor")

    calendars = (first, second, third)
    assert len({calendar.vevent.uid.value for calendar in calendars}) == 1
    assert [calendar.vevent.sequence.value for calendar in calendars] == ["0", "1", "2"]
    assert [calendar.method.value for calendar in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    assert second.vevent.dtstart.value == half_hour(2)
    assert third.vevent.status.value == "CANCELLED"
    assert "method=CANCEL" in mimetype
    assert not hasattr(third.vevent, "valarm")
    assert first.vevent.dtstamp.value < second.vevent.dtstamp.value < third.vevent.dtstamp.value


def test_the_host_who_lost_a_call_gets_it_out_of_the_calendar(host: Host, book: Book) -> None:
    call, another = book(0), make_host("Another host")
    send_due()
    give_to(call=call, host=another, now=NOW)

    released, _ = sent(f"released-{host.pk}-call-{call.pk}-1")
    invited, _ = sent(f"call-{call.pk}-1-host-{another.pk}")

    assert released.method.value == "CANCEL"
    assert invited.method.value == "REQUEST"
    assert released.vevent.uid.value == invited.vevent.uid.value


@pytest.mark.parametrize(
    "begins",
    [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 0, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        datetime(2027, 11, 7, 5, 30, tzinfo=UTC),
        datetime(2027, 11, 7, 6, 30, tzinfo=UTC),
        datetime(2027, 4, 3, 14, 45, tzinfo=UTC),
        datetime(2027, 4, 3, 15, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    ],
    ids=[
        "Riga, first",
        "Riga, last",
        "Riga, again",
        "New York",
        "New York, again",
        "Lord Howe",
        "Howe again",
        "spring",
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Riga", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.usefixtures("host")
def test_a_call_in_an_hour_that_the_clock_repeats_is_where_the_page_says(
    book: Book, begins: datetime, zone: str
) -> None:
    call = book()
    call.begins_at, call.ends_at, call.zone = begins, begins + SLOT_LENGTH, zone

    file = invitation(call, Method.PUBLISH, description="")

    event = vobject.readOne(file).vevent
    assert (event.dtstart.value, event.dtend.value) == (begins, begins + SLOT_LENGTH)
    (other,) = icalendar.Calendar.from_ical(file).events
    assert (other.start, other.end) == (begins, begins + SLOT_LENGTH)
    assert "TZID" not in file


@pytest.mark.usefixtures("host")
def test_a_call_stays_one_event_when_our_mail_moves_to_another_domain(book: Book, settings: Settings) -> None:
    call = book(0)
    settings.DEFAULT_FROM_EMAIL = "Advisor <hello@new.example.org>"

    move(call=call, begins=half_hour(2), zone="Europe/Riga", now=NOW)

    first, second = (sent(f"call-{call.pk}-{number}-visitor")[0].vevent for number in (0, 1))
    assert first.uid.value == second.uid.value
    assert second.organizer.value == "mailto:hello@new.example.org"


def test_a_call_that_an_older_release_stored_has_a_name_in_calendars(host: Host, book: Book) -> None:
    call = book(0)
    Call.objects.update(uid_domain=Call._meta.get_field("uid_domain").db_default)
    call.refresh_from_db()

    assert call.uid_domain == ""
    assert call.calendar_uid == f"{call.uid}@example.com"


def test_texts_from_outside_stay_texts(host: Host, book: Book) -> None:
    company = "Kalns; & Bērzs, “A\\B” END:VEVENT BEGIN:VEVENT"
    call = book(company=company)

    calendar, _ = sent(f"call-{call.pk}-0-visitor")

    assert len(calendar.vevent_list) == 1
    assert calendar.vevent.summary.value.endswith(company)


def test_lines_are_folded_and_end_as_the_standard_says(host: Host, book: Book) -> None:
    call = book(company="Ļ" * 110)

    content = Message.objects.get(key=f"call-{call.pk}-0-visitor").attachments[0]["content"]

    assert max(len(line.encode()) for line in content.split("\r\n")) <= 75
    assert "\n" not in content.replace("\r\n", "")


def test_a_host_subscribes_to_the_calls_that_go_ahead(host: Host, visitor: Client, book: Book) -> None:
    call, other = book(0), book(2, email="second@example.com")
    cancel(call=other, reason="", now=NOW)

    answer = new_client().get(f"/calls/feed/{host.feed_token}.ics")

    calendar = vobject.readOne(answer.content.decode())
    (event,) = calendar.vevent_list
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert event.uid.value.startswith(str(call.uid))
    assert event.dtstart.value == half_hour(0)
    assert event.dtstart.value.astimezone(ZoneInfo("Europe/Riga")).hour == 9
    assert f"/admin/booking/call/{call.pk}/change/" in event.url.value
    assert call.token not in answer.content.decode()


def test_an_empty_feed_is_a_calendar(host: Host, visitor: Client) -> None:
    answer = visitor.get(f"/calls/feed/{host.feed_token}.ics")

    assert vobject.readOne(answer.content.decode()).version.value == "2.0"


def test_a_feed_with_another_address_shows_nothing_at_the_old_one(host: Host, visitor: Client, book: Book) -> None:
    book()
    before = host.feed_token
    renew_feed(host=host)

    old, new = (visitor.get(f"/calls/feed/{token}.ics") for token in (before, host.feed_token))

    assert (old.status_code, new.status_code) == (404, 200)


def test_calls_of_the_past_leave_the_feed_after_a_month(host: Host, visitor: Client, book: Book) -> None:
    book()
    long_ago = datetime(2026, 1, 5, 9, tzinfo=UTC)
    Call.objects.update(begins_at=long_ago, ends_at=long_ago + timedelta(minutes=30))

    answer = visitor.get(f"/calls/feed/{host.feed_token}.ics")

    assert b"BEGIN:VEVENT" not in answer.content


def test_the_call_that_is_taken_out_is_the_one_that_was_there(host: Host, book: Book) -> None:
    call = book(0)
    another = make_host("Another host", hours=(14, 15), zone="Europe/London")
    send_due()
    move(call=call, begins=half_hour(14), zone="Europe/Riga", now=NOW)
    call.refresh_from_db()
    assert call.host == another

    released, _ = sent(f"released-{host.pk}-call-{call.pk}-1")

    event = released.vevent
    assert event.dtstart.value == half_hour(0)
    assert event.sequence.value == "1"
    assert {attendee.value for attendee in event.attendee_list} == {
        "mailto:asker@example.com",
        f"mailto:{host.email}",
    }
    assert "09:00 (Riga, UTC+2)" in Message.objects.get(key=f"released-{host.pk}-call-{call.pk}-1").text + (
        Message.objects.get(key=f"released-{host.pk}-call-{call.pk}-1").subject
    )


@pytest.mark.usefixtures("host")
def test_a_file_that_is_only_kept_asks_nobody_to_take_part(visitor: Client, book: Book) -> None:
    call = book(0)

    calendar = vobject.readOne(visitor.get(f"{call.path}intro-call.ics").content.decode())

    assert calendar.method.value == "PUBLISH"
    assert not hasattr(calendar.vevent, "attendee")
