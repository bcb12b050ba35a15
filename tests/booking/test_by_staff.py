"""Staff move a call to a time and a host of their choice, and book one for a lead on the telephone."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from advisor.booking.actions import NotFreeError, cancel
from advisor.booking.by_staff import HasCallError, RefusedTimeError, book_for, move_by_staff
from advisor.booking.models import Call, CallStatus, Host, Place
from advisor.booking.slots import UnavailableReason
from advisor.delivery.models import Message, State
from advisor.leads.models import Lead
from tests.assessment.reading import Form, Page, Response
from tests.booking.calendars_of_hosts import make_calendar
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host, send_due
from tests.clock import NOW
from tests.content.admin_pages import admin_address, beside, read_admin
from tests.leads.asking import EVERYTHING, ask

SEVEN = {"day": "2026-11-30", "time": "07:00"}


def move_page(call: Call) -> str:
    return f"/admin/booking/call/{call.pk}/move/"


def book_page(lead: Lead) -> str:
    return f"/admin/booking/call/book/{lead.pk}/"


def send(client: Client, address: str, **changes: str) -> Response:
    return Form(read_admin(client, address).one("form[@id='time_form']"), address.partition("?")[0]).send(
        client, changes
    )


@pytest.fixture
def asked(host: Host, visitor: Client) -> Lead:
    """Somebody who named no time."""
    return ask(visitor, **EVERYTHING | {"slot": "none", "zone": "UTC"})


def test_sales_move_a_call_by_one_click_on_a_free_time(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    send_due()
    assert read_admin(sales, admin_address(call)).all(f"a[@href='{move_page(call)}']")
    offered = read_admin(sales, move_page(call)).links("details")
    assert offered[0][0] == "Monday, 30 November 2026, 09:30 (Riga, UTC+2), The host"

    send(sales, move_page(call) + offered[1][1])

    call.refresh_from_db()
    assert (call.begins_at, call.sequence, call.zone) == (half_hour(2), 1, "America/New_York")
    told = Message.objects.get(key=f"call-{call.pk}-1-visitor", state=State.WAITING)
    assert "10:00" not in told.subject
    assert "03:00 (New York, UTC−5)" in told.subject
    assert "SEQUENCE:1" in told.attachments[0]["content"]
    assert call.lead.events.latest("pk").by == "one of Sales"


def test_who_may_only_read_a_call_is_not_offered_to_move_it(
    owner: Client, sales: Client, host: Host, book: Book
) -> None:
    call = book(0)

    read = read_admin(owner, admin_address(call))
    with time_machine.travel(call.begins_at + timedelta(minutes=1), tick=False):
        over = read_admin(sales, admin_address(call))

    assert call.lead.company in read.html
    for page in (read, over):
        assert not page.all(f"a[@href='{move_page(call)}']")


def test_sales_give_a_call_another_time_and_another_host_at_once(sales: Client, host: Host, book: Book) -> None:
    call, another = book(0), make_host("Another host", zone="Europe/London")
    send_due()

    send(sales, move_page(call), host=str(another.pk), day="2026-12-01", time="09:30")

    call.refresh_from_db()
    assert (call.host, call.begins_at) == (another, half_hour(5) + timedelta(days=1))
    assert Message.objects.filter(key=f"released-{host.pk}-call-{call.pk}-1").exists()
    assert Message.objects.filter(key=f"call-{call.pk}-1-host-{another.pk}").exists()


def test_a_rule_that_speaks_against_a_time_is_named_and_can_be_overruled(sales: Client, host: Host, book: Book) -> None:
    call = book(0)

    refused = Page(send(sales, move_page(call), **SEVEN), move_page(call), strict=False)
    call.refresh_from_db()
    assert "It is not inside the hours of this host. To take it all the same, tick" in beside(refused, "time")
    assert call.begins_at == half_hour(0)

    send(sales, move_page(call), **SEVEN, anyway="on")
    call.refresh_from_db()
    assert call.begins_at == half_hour(-4)


def test_another_call_and_the_past_cannot_be_overruled(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    book(2, email="second@example.com")
    # Half over each other: the other rules would speak first.
    for day, time, words in (("2026-11-30", "10:15", "There is a call"), ("2026-11-26", "09:00", "It is over.")):
        sent = send(sales, move_page(call), day=day, time=time, anyway="on")

        page = Page(sent, move_page(call), strict=False)
        assert words in beside(page, "time")
        assert "tick the last box" not in beside(page, "time")
    call.refresh_from_db()
    assert call.begins_at == half_hour(0)


def test_the_time_that_the_call_has_is_not_in_its_own_way(host: Host, book: Book) -> None:
    Host.objects.update(buffer_after=30, daily_limit=1)
    call = book(0)

    moved = move_by_staff(call=call, host=host, begins=half_hour(1), now=NOW, by="sales")

    assert moved.begins_at == half_hour(1)


def test_who_overrules_a_calendar_is_not_told_that_it_is_in_the_way(host: Host, book: Book) -> None:
    call = book(0)
    make_calendar(host, [(half_hour(3), half_hour(4))])

    with pytest.raises(RefusedTimeError) as refusal:
        move_by_staff(call=call, host=host, begins=half_hour(3), now=NOW, by="sales")
    moved = move_by_staff(call=call, host=host, begins=half_hour(3), now=NOW, by="sales", anyway=True)

    assert refusal.value.reason == UnavailableReason.BUSY
    assert moved.busy_told_at == NOW


def test_a_host_who_takes_no_calls_gets_none(host: Host, book: Book) -> None:
    call, away = book(0), make_host("Another host", is_active=False)

    with pytest.raises(NotFreeError):
        move_by_staff(call=call, host=away, begins=half_hour(0), now=NOW, by="sales", anyway=True)


def test_a_cancelled_call_is_not_moved(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    cancel(call=call, reason="", now=NOW)

    page = Page(sales.get(move_page(call), follow=True), admin_address(call), strict=False)

    assert "stays as it is" in page.html
    assert not page.all(f"a[@href='{move_page(call)}']")


def test_sales_book_a_call_for_somebody_on_the_telephone(sales: Client, host: Host, asked: Lead) -> None:
    (link,) = read_admin(sales, admin_address(asked)).links("dl[@class='facts']/div[@class='call']")
    assert link == ("Book one for them", book_page(asked))

    address = book_page(asked) + read_admin(sales, book_page(asked)).links("details")[0][1]
    send(sales, address, zone="America/New_York")

    call = Call.objects.get(lead=asked)
    asked.refresh_from_db()
    assert (call.begins_at, call.host, call.zone) == (half_hour(0), host, "America/New_York")
    assert asked.call_at == half_hour(0)
    assert asked.events.latest("pk").by == "one of Sales"
    assert "02:00 (New York" in Message.objects.get(key=f"call-{call.pk}-0-visitor").subject
    assert Message.objects.filter(key=f"call-{call.pk}-0-host-{host.pk}").exists()
    assert "Book one for them" not in read_admin(sales, admin_address(asked)).text("dl[@class='facts']")


def test_who_cancelled_and_calls_again_gets_a_new_event_on_the_same_page(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    cancelled = cancel(call=call, reason="Ill.", now=NOW)
    send_due()

    again = book_for(lead=call.lead, host=host, begins=half_hour(3), zone="Europe/Riga", now=NOW, by="sales")

    again.refresh_from_db()
    assert (again.pk, again.status, again.reason) == (call.pk, CallStatus.BOOKED, "")
    assert again.uid != call.uid
    assert again.token != cancelled.token
    invited = Message.objects.get(key=f"call-{call.pk}-2-visitor")
    assert str(again.uid) in invited.attachments[0]["content"]
    words = list(call.lead.events.order_by("pk").values_list("words", flat=True))
    assert any("Ill." in line for line in words)


def test_nobody_gets_two_calls(sales: Client, host: Host, book: Book, visitor: Client) -> None:
    call = book(0)
    other = ask(visitor, **EVERYTHING | {"slot": "none", "zone": "UTC"})

    with pytest.raises(HasCallError):
        book_for(lead=call.lead, host=host, begins=half_hour(3), zone="UTC", now=NOW, by="sales")
    page = Page(send(sales, book_page(other), host=str(host.pk), **SEVEN, zone="UTC", anyway="on"), "/", strict=False)

    assert "has a call ahead already" in page.html
    assert Call.objects.count() == 1


def test_a_host_who_rings_needs_a_number(sales: Client, host: Host, visitor: Client) -> None:
    lead = ask(visitor, **EVERYTHING | {"slot": "none", "zone": "UTC", "phone": ""})
    Host.objects.update(place=Place.PHONE)

    page = Page(send(sales, book_page(lead), host=str(host.pk), **SEVEN, zone="UTC", anyway="on"), "/", strict=False)

    assert "there is no number" in beside(page, "host")


def test_a_time_that_the_clock_skips_is_refused(sales: Client, host: Host, asked: Lead) -> None:
    sent = {"host": str(host.pk), "day": "2027-03-28", "time": "03:30", "zone": "UTC", "anyway": "on"}

    page = Page(send(sales, book_page(asked), **sent), "/", strict=False)

    assert "The clock skips this time" in beside(page, "time")


def test_who_only_reads_calls_neither_moves_nor_books(owner: Client, host: Host, book: Book) -> None:
    call = book(0)

    assert [owner.get(address).status_code for address in (move_page(call), book_page(call.lead))] == [403, 403]
