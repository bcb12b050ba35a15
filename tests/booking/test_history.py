"""What becomes of a call is written into the history of its lead, which keeps when the call is."""

from datetime import timedelta

from django.test import Client

from advisor.booking.actions import close, move
from advisor.booking.models import CallStatus, Host
from advisor.leads.models import Lead
from advisor.leads.priority import points_of
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host
from tests.clock import NOW
from tests.content.admin_pages import admin_address, read_admin, save_in_admin

AFTER = half_hour(0) + timedelta(hours=1)


def history(lead: Lead) -> list[tuple[str, str]]:
    """Kind and user name of all that happened, oldest first."""
    return list(lead.events.order_by("pk").values_list("kind", "by"))


def call_of(lead: Lead) -> object:
    return Lead.objects.get(pk=lead.pk).call_at


def test_a_booked_call_is_in_the_history_and_counts(host: Host, book: Book) -> None:
    call = book(0)

    event = call.lead.events.get()
    assert (event.kind, event.words) == ("booked", "Monday, 30 November 2026, 09:00 (Riga, UTC+2), with The host")
    assert call_of(call.lead) == half_hour(0)
    assert call.lead.priority == points_of(call.lead, has_call=True)


def test_a_moved_call_is_in_the_history_with_its_new_time(host: Host, book: Book) -> None:
    call = book(0)

    move(call=call, begins=half_hour(2), zone="UTC", now=NOW)
    move(call=call, begins=half_hour(2), zone="UTC", now=NOW)

    assert history(call.lead) == [("booked", ""), ("moved", "")]
    assert call_of(call.lead) == half_hour(2)


def test_staff_are_named_for_what_they_do_with_a_call(superuser: Client, host: Host, book: Book) -> None:
    call, another = book(0), make_host("Another host")

    save_in_admin(superuser, call, {"host": str(another.pk)})
    save_in_admin(superuser, call, {"status": "cancelled", "reason": "The host is ill."})

    assert history(call.lead) == [("booked", ""), ("moved", "chief"), ("cancelled", "chief")]
    page = read_admin(superuser, admin_address(call.lead))
    by = [line.partition(" · ")[2] for line in page.texts("ol[@class='timeline']/li/p[@class='when']")]
    assert [by[0], by[-1]] == ["chief", "the visitor"]
    assert "Cancelled: it was to be on" in page.text("dl[@class='facts']")
    assert call.lead.events.get(kind="cancelled").words.endswith("with Another host: The host is ill.")
    lead = Lead.objects.get()
    assert (lead.call_at, lead.priority) == (None, points_of(lead, has_call=False))


def test_a_call_that_was_held_is_the_response_and_is_told_once(host: Host, book: Book) -> None:
    call = book(0)

    for agreed in ("", call.lead.outcome):
        close(call=call, status=CallStatus.HELD, reason="", agreed=agreed, now=AFTER, by="seller")

    assert history(call.lead) == [("booked", ""), ("held", "seller")]
    assert Lead.objects.get().responded_at == half_hour(0)


def test_a_call_to_which_nobody_came_is_no_response(host: Host, book: Book) -> None:
    call = book(0)

    close(call=call, status=CallStatus.NO_SHOW, reason="", agreed="", now=AFTER)

    assert history(call.lead) == [("booked", ""), ("no-show", "")]
    assert Lead.objects.get().responded_at is None


def test_the_page_of_the_lead_leads_to_the_call(sales: Client, host: Host, book: Book) -> None:
    call = book(0)

    page = read_admin(sales, admin_address(call.lead))

    assert admin_address(call) in {link.get("href") for link in page.all("dl[@class='facts']//a")}
