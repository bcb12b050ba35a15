"""After erasure and after retention nothing in any table tells of a person; before it, everything does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from advisor.booking.actions import give_to, move
from advisor.booking.models import Call, Host
from advisor.delivery.actions import send_mail
from advisor.delivery.attempt_result import AttemptResult
from advisor.delivery.models import Channel, Message
from advisor.delivery.outbox import claim, record_attempt
from advisor.leads.actions.merging import merge
from advisor.leads.actions.sales import note, plan
from advisor.leads.models import EventKind, Lead, Person
from tests.assessment.addresses import call as call_address
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host, send_due
from tests.clock import NOW
from tests.conftest import ANSWERS
from tests.content.admin_pages import admin_address, admin_list
from tests.delivery.receiver import make_endpoint
from tests.delivery.writing import worker_at
from tests.leads.asking import ask
from tests.tracing import traces

FOUNDER = {
    "name": "Firmas Dibinātāja",
    "email": "Founder@Kalns.example.com",
    "company": "Kalns un Bērzs",
    "phone": "+371 2777 6655",
    "job_title": "Virsvadītāja",
    "message": "Mūsu laidieni kavējas.\r\nSecond line of it.",
    "availability": "Otrdienas rītos",
}
WORDS = (
    *(value for name, value in FOUNDER.items() if name != "message"),
    "Mūsu laidieni kavējas",
    "from-the-newsletter",
    "noted about the founder",
)
"""What is typed, carried along and noted about the founder, and about nobody else."""

COUNTED = {"from-the-newsletter": {"funnel_count.source", "funnel_sourcetotal.source"}}
"""What stays is a number: so many steps on a day that began with this link."""

OTHER = {"name": "Another", "email": "second@example.com", "company": "Looms", "message": "", "phone": "+371 2000 0001"}


@pytest.fixture
def founder(host: Host, book: Book, visitor: Client, superuser: Client) -> Person:
    """Someone about whom there is something wherever there can be, and someone else who is to stay."""
    now = NOW
    make_endpoint()
    address = f"{call_address()}&utm_source=from-the-newsletter"
    call, other = book(0, address=address, **FOUNDER), book(2, **OTHER)
    move(call=call, begins=half_hour(4), zone="Europe/Riga", now=now)
    lead = Lead.objects.get(pk=call.lead_id)
    first = ask(visitor, call_address(ANSWERS["not-yet"]), **FOUNDER, slot="none", zone="UTC")
    note(lead=lead, kind=EventKind.SPOKE, words="Noted about the founder.", by="seller", now=now)
    plan(lead=lead, step="Write to Firmas Dibinātāja", on=now.date(), by="seller", now=now)
    merge(keep=lead, other=first, by="seller", now=now)
    for number, text in enumerate(["Firmas Dibinātāja, Kalns un Bērzs", "founder@kalns.example.com", "Nobody."]):
        send_mail(key=f"x{number}", about="digest", to="x@example.com", subject="New", text=text, html=text, now=now)
    sent = Message.objects.filter(about=lead.topic, to=FOUNDER["email"]).order_by("pk")[0]
    sent.attempt_set.create(at=now, error="550 no such user <founder@kalns.example.com>")
    assert Message.objects.filter(channel=Channel.WEBHOOK, text__contains=FOUNDER["phone"])
    superuser.post(admin_list(Message), {"action": "send_again", "_selected_action": [sent.pk]})
    superuser.post(reverse("admin:leads_person_disclosure_file", args=[lead.person_id]))
    superuser.get(f"{admin_list(Lead)}?q=dibinātāja")
    assert other.lead.person_id != lead.person_id
    return lead.person


def erase_the_person(person: Person, client: Client) -> None:
    client.post(admin_address(person, "delete"), {"post": "yes"})


def erase_each_request(person: Person, client: Client) -> None:
    for lead in person.lead_set.all():
        client.post(admin_address(lead, "delete"), {"post": "yes"})


def erase_in_the_list(person: Person, client: Client) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
    client.post(admin_list(Person), chosen)


def let_time_pass(person: Person, client: Client) -> None:
    later = NOW + timedelta(days=741)
    with time_machine.travel(later, tick=False):
        # The other one is worked on all the time, by which the clock is trusted.
        other = Lead.objects.exclude(person=person).get()
        note(lead=other, kind=EventKind.NOTE, words="Still there.", by="seller", now=later)
        call_command("retention")


WAYS: list[Callable[[Person, Client], None]] = [erase_the_person, erase_each_request, erase_in_the_list, let_time_pass]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_tells_of_a_person_any_more(
    founder: Person, superuser: Client, way: Callable[[Person, Client], None]
) -> None:
    before = traces(*WORDS)
    token = Call.objects.get(lead__person=founder).token

    way(founder, superuser)

    # The control: each word was there, and was found where it had been put.
    assert before.keys() == set(WORDS)
    for table in ("leads_lead.email", "leads_person.email", "leads_event.words", "delivery_message.attachments"):
        assert any(table in places for places in before.values())
    assert {"delivery_attempt.error", "django_admin_log.object_repr"} <= before[FOUNDER["email"]] | before[
        FOUNDER["name"]
    ]
    # After so long not even where they came from is counted.
    assert traces(*WORDS, token) == ({} if way is let_time_pass else COUNTED)
    # Of several messages about several people those went that named this one.
    assert [message.text for message in Message.objects.filter(about="digest")] == ["Nobody."]
    # And of the other one everything is left.
    assert Call.objects.get().lead.email == OTHER["email"]
    assert traces(OTHER["email"])
    assert Person.objects.get().email == OTHER["email"]


def test_mail_to_an_address_that_only_ends_alike_stays(founder: Person, superuser: Client) -> None:
    now = NOW
    to = f"my.{FOUNDER['email'].lower()}"
    kept = send_mail(key="x", about="host 1", to=to, subject="Off", text=f"To {to}.lv", html="", now=now)

    erase_the_person(founder, superuser)

    assert Message.objects.filter(pk=kept.pk).exists()


def test_what_was_erased_is_said_and_stays_on_record(founder: Person, superuser: Client) -> None:
    answer = superuser.post(admin_address(founder, "delete"), {"post": "yes"}, follow=True)

    page = answer.content.decode()
    (entry,) = LogEntry.objects.filter(object_repr="erased", change_message__startswith="Erased: ")
    assert entry.change_message in page
    for words in ("1 person", "2 leads", "1 call", "messages"):
        assert words in entry.change_message
    assert FOUNDER["email"].lower() not in page.lower()
    record_page = superuser.get(reverse("admin:leads_person_erasures")).content.decode()
    assert entry.change_message in record_page
    assert "chief" in record_page


def test_a_host_learns_that_a_call_ahead_is_off_and_no_name(founder: Person, superuser: Client) -> None:
    call = Call.objects.get(lead__person=founder)
    send_due()

    erase_the_person(founder, superuser)

    told = Message.objects.get(key__startswith=f"call-{call.pk}-", key__endswith=f"-erased-{call.host_id}")
    assert told.to == call.host.email
    assert "Monday, 30 November 2026" in told.subject
    calendar = told.attachments[0]["content"]
    for line in ("METHOD:CANCEL", "STATUS:CANCELLED", f"UID:{call.uid}@example.com", f"SEQUENCE:{call.sequence + 1}"):
        assert line in calendar


def test_a_host_who_never_heard_of_a_call_learns_nothing(founder: Person, superuser: Client) -> None:
    erase_the_person(founder, superuser)

    assert not Message.objects.filter(key__contains="-erased-").exists()


def test_a_host_who_lost_the_call_and_was_not_told_yet_learns_it_without_a_name(
    founder: Person, superuser: Client
) -> None:
    call = Call.objects.get(lead__person=founder)
    send_due()
    first, second = call.host, make_host("Second host")
    give_to(call=call, host=second, now=NOW)

    erase_the_person(founder, superuser)

    (told,) = Message.objects.filter(key__contains="-erased-")
    assert told.to == first.email
    assert "METHOD:CANCEL" in told.attachments[0]["content"]
    assert FOUNDER["email"] not in told.text + told.attachments[0]["content"]


def test_a_message_in_the_hand_of_a_worker_leaves_nothing_when_it_comes_back(
    founder: Person, superuser: Client
) -> None:
    now = NOW
    Message.objects.exclude(to=FOUNDER["email"]).delete()
    message = claim(worker="worker", now=now)
    assert message is not None

    erase_the_person(founder, superuser)
    refused = AttemptResult(error="550 no such user <founder@kalns.example.com>")
    record_attempt(message=message, worker="worker", result=refused, now=now, dice=worker_at()._dice)

    assert traces(*WORDS) == COUNTED
