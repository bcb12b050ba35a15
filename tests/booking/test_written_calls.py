"""Calls in the calendar of their host by CalDAV: written, changed and removed in a real Radicale, whatever happens."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.test import Client
from pytest_django import Settings

from advisor.booking.actions import announce_changes, cancel, give_to, move
from advisor.booking.busy import asking, writing
from advisor.booking.busy.actions import change_policy
from advisor.booking.busy.asking import CREDENTIALS_REFUSED, OTHER_SERVER, ReadingError
from advisor.booking.busy.reading import frequent_job
from advisor.booking.models import BusyCalendar, Call, Host
from advisor.delivery.models import Channel, Message, State
from advisor.delivery.webhooks.http_client import Answer
from advisor.delivery.worker import Worker
from advisor.leads.models import Lead
from advisor.leads.privacy import erase_leads
from tests.assessment.reading import Page
from tests.booking.calendars_of_hosts import make_calendar
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host
from tests.booking.radicale import PASSWORD, USER, Radicale, running
from tests.booking.test_caldav import EMPTY, add, at, moves, offered, the_calendar, times
from tests.booking.test_calendar_expansion import calendar
from tests.booking.test_own_calendars_page import page_of, press
from tests.clock import NOW
from tests.content.admin_pages import beside
from tests.delivery.receiver import Handler, Receiver, says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _servers_are_here(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Radicale]:
    with running(tmp_path) as server:
        yield server


def takes_calls(host: Host, address: str) -> BusyCalendar:
    added = add(host, address)
    added.takes_calls = True
    added.save()
    return added


def work(rounds: int = 1) -> None:
    """Let the worker write what is due, and once more what failed."""
    for number in range(rounds):
        Worker(clock=at(NOW + number * timedelta(days=1)), channels=[Channel.CALENDAR], dice=Random(1)).send_due()


def orders() -> list[Message]:
    return list(Message.objects.filter(channel=Channel.CALENDAR).order_by("pk"))


def test_a_booked_call_is_written_moved_and_removed_where_the_host_keeps_their_day(
    host: Host, book: Book, server: Radicale
) -> None:
    takes_calls(host, server.address)
    server.put("mine", calendar(f"UID:mine\n{times(5)}"))

    booked = book(0)
    work()
    event = server.events()[booked.calendar_uid]
    assert (event.start, event.end) == (half_hour(0), half_hour(1))
    assert f"{booked.lead.name}, {booked.lead.company}" in str(event["SUMMARY"])
    assert str(event["URL"]).endswith(f"/admin/booking/call/{booked.pk}/change/")
    # A server would send mail of its own to them.
    assert not {"ORGANIZER", "ATTENDEE"} & event.keys()
    assert booked.token not in str(event)

    moved = move(call=booked, begins=half_hour(2), zone="Europe/Riga", now=NOW)
    work()
    assert server.events()[booked.calendar_uid].start == half_hour(2)

    cancel(call=moved, reason="", now=NOW)
    work()
    assert server.events().keys() == {"mine"}
    assert {order.state for order in orders()} == {State.SENT}


def test_what_is_read_back_does_not_block_its_own_call(host: Host, book: Book, server: Radicale) -> None:
    takes_calls(host, server.address)
    booked = book(0)
    work()
    frequent_job(at(NOW))
    assert offered(host) == {1, 2, 3, 4, 5}

    move(call=booked, begins=half_hour(2), zone="Europe/Riga", now=NOW)

    # The calendar has it at the old time until the worker comes by; neither time is blocked twice.
    assert offered(host) == {0, 1, 3, 4, 5}
    work()
    frequent_job(at(NOW + timedelta(hours=1)))
    assert offered(host) == {0, 1, 3, 4, 5}


def test_a_call_that_goes_to_another_host_leaves_one_calendar_and_enters_the_other(
    host: Host, book: Book, server: Radicale, tmp_path_factory: pytest.TempPathFactory
) -> None:
    another = make_host("Another host", is_active=False)
    with running(tmp_path_factory.mktemp("another")) as theirs:
        takes_calls(host, server.address)
        takes_calls(another, theirs.address)
        booked = book(0)
        work()
        Host.objects.update(is_active=True)

        give_to(call=booked, host=another, now=NOW)
        work()

        assert server.events() == {}
        assert theirs.events().keys() == {booked.calendar_uid}


def test_it_does_not_matter_in_which_order_and_how_often_it_is_written(
    host: Host, book: Book, server: Radicale
) -> None:
    takes_calls(host, server.address)
    booked = move(call=book(0), begins=half_hour(2), zone="Europe/Riga", now=NOW)

    for order in [*reversed(orders()), *orders()]:
        assert writing.send(order).error == ""
    assert server.events()[booked.calendar_uid].start == half_hour(2)

    cancel(call=booked, reason="", now=NOW)
    for order in [*reversed(orders()), *orders()]:
        assert writing.send(order).error == ""
    assert server.events() == {}


def test_a_call_that_changes_while_it_is_written_is_written_as_it_is_then(
    host: Host, book: Book, server: Radicale, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes_calls(host, server.address)
    booked = book(0)
    cancelled: list[Call] = []

    def slow(address: str, user: str, password: str, file: bytes) -> Answer:
        if not cancelled:
            cancelled.append(cancel(call=Call.objects.get(pk=booked.pk), reason="", now=NOW))
            # Another worker is done with the cancellation before this one has written.
            assert writing.send(orders()[-1]).error == ""
        return asking.put(address, user, password, file)

    monkeypatch.setattr(writing, "put", slow)

    assert writing.send(orders()[0]).error == ""

    assert server.events() == {}


def test_what_the_hosts_program_took_from_the_invitation_is_changed_and_not_doubled(
    host: Host, book: Book, server: Radicale
) -> None:
    takes_calls(host, server.address)
    booked = book(0)
    server.put("by-another-program", calendar(f"UID:{booked.calendar_uid}\n{times(0)}"))

    moved = move(call=booked, begins=half_hour(2), zone="Europe/Riga", now=NOW)
    work()
    assert server.events()[booked.calendar_uid].start == half_hour(2)

    cancel(call=moved, reason="", now=NOW)
    work()
    assert server.events() == {}


def test_what_the_host_deleted_comes_back_only_with_the_next_change(host: Host, book: Book, server: Radicale) -> None:
    takes_calls(host, server.address)
    booked = book(0)
    work()
    server.remove(f"{booked.uid}.ics")
    work()
    assert server.events() == {}

    Host.objects.update(place_details="https://meet.example.com/another-room")
    announce_changes(host=Host.objects.get(pk=host.pk), before=host, now=NOW)
    work()

    assert server.events()[booked.calendar_uid]["LOCATION"] == "https://meet.example.com/another-room"


def test_the_call_of_somebody_who_is_erased_goes_and_nothing_of_them_stays(
    host: Host, book: Book, server: Radicale
) -> None:
    takes_calls(host, server.address)
    booked = book(0)
    work()

    erase_leads(Lead.objects.filter(pk=booked.lead_id))
    work()

    assert server.events() == {}
    assert not [order for order in orders() if booked.lead.name in order.text + order.subject]


def test_calls_ahead_are_written_when_the_host_says_so_and_removed_when_they_end_it(
    host: Host, book: Book, server: Radicale
) -> None:
    added = add(host, server.address)
    booked = book(0)
    work()
    assert server.events() == {}

    change_policy(calendar=added, when_stale="nothing", stale_after_hours=24, takes_calls=True, now=NOW)
    work()
    assert server.events().keys() == {booked.calendar_uid}

    change_policy(
        calendar=added, when_stale="nothing", stale_after_hours=24, takes_calls=False, now=NOW + timedelta(hours=1)
    )
    work(rounds=2)
    assert server.events() == {}


def test_a_server_that_is_away_gets_the_call_later(host: Host, book: Book, server: Radicale) -> None:
    good = server.address
    takes_calls(host, good.replace("/calendar/", "/gone/"))
    booked = book(0)
    work()
    (order,) = orders()
    assert (order.state, order.last_error) == (State.WAITING, "It answered 404 when it was asked for a call.")

    BusyCalendar.objects.update(address=make_calendar(host, address=good).address)
    work(rounds=2)

    assert server.events().keys() == {booked.calendar_uid}
    assert orders()[0].state == State.SENT


def listing(address: str, times_over: int = 1) -> bytes:
    """What a server answers that lists whatever it has, and things of another one, for the call ``ours``."""
    ours = calendar(f"UID:ours\n{times(0)}").decode()
    found = [
        (f"{address}cal/", ""),
        (f"{address}cal/dentist.ics", calendar(f"UID:dentist\n{times(0)}").decode()),
        (f"{address}cal/damaged.ics", "BEGIN:VCALENDAR"),
        (f"{address}cal/folder/", ours),
        ("http://localhost:1/cal/ours.ics", ours),
        ("javascript:alert(1)", ours),
        *[(f"{address}cal/ours.ics", ours)] * times_over,
    ]
    responses = "".join(
        f"<d:response><d:href>{where}</d:href><d:propstat><d:prop><c:calendar-data>{file}</c:calendar-data></d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        for where, file in found
    )
    names = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return f'<?xml version="1.0"?><d:multistatus {names}>{responses}</d:multistatus>'.encode()


def test_of_what_a_server_lists_only_the_call_itself_is_written_over() -> None:
    with Receiver() as server:
        root = server.address.partition("hooks")[0]
        server.answer = says(207, listing(root))

        assert asking.events_named(f"{root}cal/", USER, PASSWORD, "ours") == [f"{root}cal/ours.ics"]

        server.answer = says(207, listing(root, times_over=6))

        with pytest.raises(ReadingError, match="more than 5 entries of one call"):
            asking.events_named(f"{root}cal/", USER, PASSWORD, "ours")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(says(401), CREDENTIALS_REFUSED, id="password"),
        pytest.param(says(207, b"<half"), "does not answer as CalDAV does", id="half a page"),
        pytest.param(says(207, EMPTY), "when a call was written.", id="no answer to PUT"),
        pytest.param(moves("http://localhost:1/"), OTHER_SERVER, id="another server"),
    ],
)
def test_what_goes_wrong_is_said_in_words(host: Host, book: Book, said: Callable[[Handler], None], words: str) -> None:
    with Receiver(said) as stranger:
        takes_calls(host, stranger.address)
        book(0)
        work()

    (order,) = orders()
    assert words in order.last_error
    assert PASSWORD not in order.last_error + order.text


def test_a_password_is_never_sent_to_where_an_answer_points(host: Host, book: Book) -> None:
    elsewhere = b'<d:multistatus xmlns:d="DAV:"><d:response><d:href>http://localhost:1/x.ics</d:href></d:response></d:multistatus>'
    with Receiver(says(207, elsewhere)) as stranger:
        takes_calls(host, stranger.address)
        book(0)
        work()
        asked = [request.headers.get("Authorization", "") for request in stranger.requests]

    assert len(asked) == 1
    assert orders()[0].state == State.WAITING


def test_a_calendar_that_was_removed_meanwhile_is_left_alone(host: Host, book: Book, server: Radicale) -> None:
    takes_calls(host, server.address)
    book(0)
    BusyCalendar.objects.all().delete()

    work()

    assert orders()[0].state == State.SENT
    assert server.events() == {}


def test_a_host_has_calls_written_into_one_calendar_with_a_password(sales: Client, host: Host) -> None:
    plain, second = make_calendar(host), make_calendar(host, user_name=USER, password="x", takes_calls=True)
    third = make_calendar(host, user_name=USER, password="x")

    page = Page(press(sales, third, "save", takes_calls="on"), page_of(host), strict=False)
    assert "another calendar of this host" in beside(page, f"calendar-{third.pk}-takes_calls")
    assert not page.all(f"input[@name='calendar-{plain.pk}-takes_calls']")

    press(sales, second, "save")
    press(sales, third, "save", takes_calls="on")
    assert list(BusyCalendar.objects.filter(takes_calls=True)) == [third]


def test_a_calendar_without_a_password_cannot_take_calls(sales: Client, host: Host) -> None:
    sent = {
        "do": "add",
        "address": "http://localhost:1/c.ics",
        "takes_calls": "on",
        "stale_after_hours": "24",
        "when_stale": "nothing",
    }

    page = Page(sales.post(page_of(host), sent), page_of(host), strict=False)

    assert "with a user name and an app password only" in beside(page, "takes_calls")
    assert not BusyCalendar.objects.exists()


def test_who_is_busy_by_now_at_the_time_of_a_call_is_told_once_and_so_is_sales(
    host: Host, book: Book, server: Radicale, settings: Settings
) -> None:
    add(host, server.address)
    booked = book(2)
    frequent_job(at(NOW))
    assert not Message.objects.filter(key__contains="busy").exists()

    server.put("later", calendar(f"UID:later\n{times(2)}"))
    for hours in (1, 2):
        frequent_job(at(NOW + timedelta(hours=hours)))

    told = Message.objects.filter(key__contains="busy").order_by("key")
    assert [message.to for message in told] == [host.email, settings.CONTACT_EMAIL]
    for message in told:
        assert f"/admin/booking/call/{booked.pk}/change/" in message.text
        assert "10:00 (Riga, UTC+2)" in message.subject
    assert the_calendar().last_error == ""


def test_who_moved_a_call_away_from_what_was_in_its_way_is_told_of_the_next_thing(
    host: Host, book: Book, server: Radicale
) -> None:
    add(host, server.address)
    booked = book(2)
    server.put("first", calendar(f"UID:first\n{times(2)}"))
    frequent_job(at(NOW))

    move(call=booked, begins=half_hour(4), zone="UTC", now=NOW)
    server.put("second", calendar(f"UID:second\n{times(4)}"))
    frequent_job(at(NOW + timedelta(hours=1)))

    waiting = Message.objects.filter(key__contains="busy", state=State.WAITING)
    assert sorted(message.key for message in waiting) == [f"call-{booked.pk}-1-busy-{to}" for to in ("host", "sales")]


def test_who_took_a_call_although_they_are_busy_is_not_told_so(host: Host, book: Book, server: Radicale) -> None:
    booked = book(2)
    another = make_host("Another host")
    server.put("mine", calendar(f"UID:mine\n{times(2)}"))
    add(another, server.address)
    frequent_job(at(NOW))

    give_to(call=booked, host=another, now=NOW, although_busy=True)
    frequent_job(at(NOW + timedelta(hours=1)))

    assert not Message.objects.filter(key__contains="busy").exists()
