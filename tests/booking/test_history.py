"""What becomes of a call is written into the history of its lead, which keeps when the call is."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from advisor.booking.actions import close, move
from advisor.booking.models import Call, CallStatus, Host
from advisor.leads.models import Event, Lead, LeadWord
from advisor.leads.priority import has_call, points_of
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


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        (CallStatus.BOOKED, ["booked"]),
        (CallStatus.HELD, ["booked", "held"]),
        (CallStatus.NO_SHOW, ["booked", "no-show"]),
        (CallStatus.CANCELLED, ["booked", "cancelled"]),
    ],
)
def test_what_was_there_before_the_pipeline_gets_a_history_words_and_a_priority(
    host: Host, book: Book, status: CallStatus, kinds: list[str]
) -> None:
    call = book(0)
    Call.objects.update(status=status)
    Event.objects.all().delete()
    LeadWord.objects.all().delete()
    Lead.objects.update(call_at=None, priority=0, roles=0)

    editor = connection.schema_editor()
    import_module("advisor.leads.migrations.0004_what_was_there").complete(apps, editor)
    import_module("advisor.booking.migrations.0005_calls_in_the_history").tell(apps, editor)

    lead = Lead.objects.get()
    assert [kind for kind, _ in history(lead)] == kinds
    assert lead.call_at == (None if status == CallStatus.CANCELLED else call.begins_at)
    assert (lead.roles, lead.priority) == (1, points_of(lead, has_call=has_call(lead)))
    assert lead.words.filter(word="engines").exists()
