"""What other systems are told: as docs/webhooks.md shows it, when it happens, and without the keys of visitors."""

import json
import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from standardwebhooks import WebhookVerificationError

from advisor.booking.actions import cancel, give_to, move
from advisor.booking.models import Host
from advisor.booking.payloads import CallEvent
from advisor.delivery.models import Channel, Endpoint, EventType, Message, State
from advisor.delivery.webhooks.attempt import signatures
from advisor.leads.actions.merging import merge
from advisor.leads.actions.sales import assign, note, plan, set_status, tag
from advisor.leads.models import EventKind, Lead, Status, Tag
from advisor.leads.payloads import LeadEvent, announce_lead
from tests.assessment.addresses import call as call_address
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host
from tests.booking.test_demo import demo
from tests.clock import NOW
from tests.content.admin_pages import admin_address
from tests.delivery.receiver import make_endpoint
from tests.leads.asking import EVERYTHING, ask

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"

UTM = "&utm_source=newsletter&utm_campaign=november&ref=partner"


@pytest.fixture
def endpoint(db: None) -> Endpoint:
    return make_endpoint()


def told() -> list[Message]:
    return list(Message.objects.filter(channel=Channel.WEBHOOK).order_by("pk"))


def events() -> list[str]:
    return [message.subject for message in told()]


def data(message: Message) -> Any:
    return json.loads(message.text)["data"]


CHANGED = {
    "status": "contacted",
    "next_step": "Send references",
    "next_step_on": f"{NOW:%Y-%m-%d}",
    "tags": ["urgent"],
}


def lead_of(message: Message) -> dict[str, Any]:
    """What it says of that which sales changes."""
    return {name: data(message)["lead"][name] for name in (*CHANGED, "owner")}


def example(event: str) -> Any:
    """The example of the document whose type it is."""
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    (found,) = [block for block in map(json.loads, blocks) if block["type"] == event]
    return found


@pytest.fixture
def booked(host: Host, endpoint: Endpoint, book: Book) -> dict[str, Any]:
    """What is told when a call is booked, by event, with the numbers of the document: those of a database differ."""
    call = book(0, address=call_address() + UTM)
    bodies = {}
    for message in told():
        text = message.text.replace(f"/lead/{call.lead.pk}/", "/lead/7/").replace(
            "http://testserver", "https://example.com"
        )
        body = json.loads(text)
        body["data"]["lead"]["id"] = 7
        if "call" in body["data"]:
            body["data"]["call"]["id"] = 3
        bodies[message.subject] = body
    return bodies


def test_the_document_shows_what_is_sent(booked: dict[str, Any]) -> None:
    about_call = booked["call.booked"]
    lead = about_call["data"].pop("lead")

    assert booked["lead.created"] == example("lead.created")
    assert about_call | {"data": about_call["data"] | {"lead": {}}} == example("call.booked")
    assert lead == example("lead.created")["data"]["lead"]


def test_the_program_of_the_document_reads_what_is_sent_and_nothing_that_is_forged() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    receiver = make_endpoint()
    theirs: dict[str, Any] = {}
    exec(program, theirs)
    theirs["SECRET"] = receiver.secret
    now = NOW
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp()))}
    headers["webhook-signature"] = signatures(receiver, "msg_1", '{"type":"test"}', now)

    assert theirs["read"](b'{"type":"test"}', headers) == {"type": "test"}
    with pytest.raises(WebhookVerificationError):
        theirs["read"](b'{"type":"lead.created"}', headers)


def test_the_document_names_every_event_and_every_field() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    fields: set[str] = set()

    def collect(struct: Any) -> None:
        for name, kind in struct.__annotations__.items():
            fields.add(name)
            if hasattr(kind, "__struct_fields__"):
                collect(kind)

    collect(LeadEvent)
    collect(CallEvent)

    assert not [event for event in EventType.values if f"`{event}`" not in text]
    assert not [field for field in fields if f"`{field}`" not in text]


def test_what_sales_changes_is_told_each_time_and_notes_are_not(
    host: Host, endpoint: Endpoint, visitor: Client
) -> None:
    lead = ask(visitor, slot="none", zone="UTC")
    moments = (NOW + timedelta(microseconds=number) for number in count())
    set_status(lead=lead, status=Status.CONTACTED, by="seller", now=next(moments))
    plan(lead=lead, step="Send references", on=NOW.date(), by="seller", now=next(moments))
    assign(lead=lead, owner=host.user, by="seller", now=next(moments))
    tag(lead=lead, tags=[Tag.objects.create(name="urgent")], by="seller", now=next(moments))

    note(lead=lead, kind=EventKind.NOTE, words="They sounded tired.", by="seller", now=next(moments))
    set_status(lead=lead, status=Status.CONTACTED, by="seller", now=next(moments))

    assert events() == ["lead.created", *["lead.changed"] * 4]
    assert lead_of(told()[-1]) == CHANGED | {"owner": host.user.get_username()}


def test_what_one_form_changes_is_told_once_as_it_is_in_the_end(
    host: Host, endpoint: Endpoint, visitor: Client
) -> None:
    first, second = ask(visitor, slot="none", zone="UTC"), ask(visitor, slot="none", zone="UTC")
    for lead in (first, second):
        set_status(lead=lead, status=Status.CONTACTED, by="seller", now=NOW)
        plan(lead=lead, step="Send references", on=NOW.date(), by="seller", now=NOW)
        tag(lead=lead, tags=[Tag.objects.get_or_create(name="urgent")[0]], by="seller", now=NOW)

    assert sorted(events()) == sorted(["lead.created", "lead.changed"] * 2)
    changed = [message for message in told() if message.subject == "lead.changed"]
    assert [data(message)["lead"]["id"] for message in changed] == [first.pk, second.pk]
    assert [lead_of(message) for message in changed] == [CHANGED | {"owner": ""}] * 2


def test_of_two_that_become_one_both_are_told_and_which_is_kept(endpoint: Endpoint, visitor: Client) -> None:
    keep, other = ask(visitor), ask(visitor)
    plan(lead=other, step="Send references", on=NOW.date(), by="seller", now=NOW)

    merge(keep=keep, other=other, by="seller", now=NOW)

    changed = {data(message)["lead"]["id"]: data(message)["lead"] for message in told()[-2:]}
    assert {key: (lead["merged_into"], lead["next_step"]) for key, lead in changed.items()} == {
        other.pk: (keep.pk, ""),
        keep.pk: (None, "Send references"),
    }


def test_each_step_is_told_once(host: Host, endpoint: Endpoint, book: Book) -> None:
    call = book(0)
    other = make_host("The other host")

    move(call=call, begins=half_hour(2), zone="UTC", now=NOW)
    move(call=call, begins=half_hour(2), zone="UTC", now=NOW)
    give_to(call=call, host=other if call.host == host else host, now=NOW)
    cancel(call=call, reason="Another time.", now=NOW)
    cancel(call=call, reason="Another time.", now=NOW)

    assert events() == ["lead.created", "call.booked", "call.moved", "call.moved", "call.cancelled"]
    assert [data(message)["call"]["changes"] for message in told()[1:]] == [0, 1, 2, 3]
    assert data(told()[-1])["call"]["reason"] == "Another time."
    assert data(told()[-1])["call"]["status"] == "cancelled"
    # What is told has happened, whatever happens next; mail that was not sent yet is taken back.
    assert {message.state for message in told()} == {State.WAITING}
    assert Message.objects.filter(channel=Channel.MAIL, state=State.WITHDRAWN).exists()


def test_the_same_form_sent_twice_is_told_once(endpoint: Endpoint, visitor: Client) -> None:
    for _ in range(2):
        visitor.post(call_address(), EVERYTHING | {"key": "key-of-the-form"})

    assert events() == ["lead.created"]


def test_each_change_is_told_as_it_was_and_only_once_it_is_true(endpoint: Endpoint, visitor: Client) -> None:
    lead = ask(visitor)
    for seconds, status in enumerate(("contacted", "qualified")):
        Lead.objects.filter(pk=lead.pk).update(status=status)
        announce_lead(Lead.objects.get(pk=lead.pk), EventType.LEAD_CHANGED, NOW + timedelta(seconds=seconds))
    with transaction.atomic():
        announce_lead(lead, EventType.LEAD_CHANGED, NOW)
        transaction.set_rollback(True)

    assert [(message.subject, data(message)["lead"]["status"]) for message in told()] == [
        ("lead.created", "new"),
        ("lead.changed", "contacted"),
        ("lead.changed", "qualified"),
    ]


def test_the_key_to_the_visitor_s_own_page_is_told_to_nobody(host: Host, endpoint: Endpoint, book: Book) -> None:
    call = book(0)
    move(call=call, begins=half_hour(2), zone="UTC", now=NOW)

    assert len(told()) == 3
    assert not [message for message in told() if call.token in message.text or str(call.uid) in message.text]


def test_times_are_utc_whatever_the_zones_are(host: Host, endpoint: Endpoint, book: Book) -> None:
    book(0)

    call = data(told()[1])["call"]
    assert (call["begins_at"], call["zone"]) == (f"{half_hour(0):%Y-%m-%dT%H:%M:%SZ}", "America/New_York")


def test_who_is_erased_is_told_no_more_and_leaves_no_webhook(
    host: Host, endpoint: Endpoint, book: Book, superuser: Client
) -> None:
    kept, erased = book(0), book(2, email="second@example.com")

    superuser.post(admin_address(erased.lead.person, "delete"), {"post": "yes"})

    assert {message.about for message in told()} == {kept.lead.topic}
    assert "second@example.com" not in "".join(message.text for message in Message.objects.all())


def test_of_the_demonstration_nothing_is_told(endpoint: Endpoint) -> None:
    with time_machine.travel(NOW, tick=False):
        demo()

    assert {message.state for message in told()} == {State.WITHDRAWN}
