"""Correcting what people said about themselves: what follows from it, who may, and what is kept of the old."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisor.booking.models import Call, Host
from advisor.delivery.actions import send_mail
from advisor.delivery.models import Channel, Message, State
from advisor.leads.actions.merging import merge
from advisor.leads.actions.sales import note
from advisor.leads.desk.duplicates import suggestions
from advisor.leads.models import EventKind, Lead, Person
from advisor.leads.search.index import find_leads
from tests.assessment.reading import Form, Page, Response
from tests.booking.conftest import Book
from tests.booking.hosts import make_host
from tests.clock import NOW
from tests.content.admin_pages import admin_address, read_admin
from tests.delivery.receiver import make_endpoint
from tests.leads.asking import EVERYTHING, ask
from tests.tracing import traces

pytestmark = pytest.mark.usefixtures("published")

OLD = {"name": "Marta Ozolinja", "email": "marta.ozolinja@firma.example.com", "company": "Ozolnieki Industrija"}
"""As they mistyped it, and as nobody else is called."""


def address_of(lead: Lead) -> str:
    return reverse("admin:booking_call_correct", args=[lead.pk])


def correct(client: Client, lead: Lead, **changes: str) -> Response:
    form = read_admin(client, address_of(lead)).one("form[@id='correct_form']")
    return Form(form, address_of(lead)).send(client, changes)


def refusal(answer: Response) -> str:
    assert answer.status_code == 200
    return Page(answer, strict=False).text("div[@role='alert']")


def test_a_name_is_corrected_where_it_is_read_found_and_told(visitor: Client, sales: Client) -> None:
    make_endpoint()
    lead = ask(visitor, **OLD)
    note(lead=lead, kind=EventKind.NOTE, words="Knows Zelta.", by="seller", now=NOW)

    answer = correct(sales, lead, name="Marta Ozoliņa", reason="They wrote to us.")

    assert answer.status_code == 302
    page = read_admin(sales, answer["Location"])
    assert page.text("h1") == "Marta Ozoliņa, Ozolnieki Industrija"
    assert find_leads("ozoliņa").keys == [lead.pk]
    assert find_leads("ozolinja").keys == [lead.pk]  # The address still reads so.
    assert find_leads("marta ozoliņa zelta").keys == [lead.pk]
    told = Message.objects.filter(channel=Channel.WEBHOOK, subject="lead.changed").latest("pk")
    assert json.loads(told.text)["data"]["lead"]["person"]["name"] == "Marta Ozoliņa"


def test_the_history_says_who_corrected_what_and_why_and_not_what_it_was(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **OLD)

    correct(sales, lead, name="Marta Ozoliņa", phone="+371 2000 1111", reason="They wrote to us.")

    (event,) = lead.events.filter(kind=EventKind.CORRECTED)
    assert (event.words, event.by) == ("name, phone. They wrote to us.", "one of Sales")
    said = read_admin(sales, admin_address(lead)).texts("ol[@class='timeline']/li/p")
    assert "Details corrected: name, phone. They wrote to us." in said


def test_an_address_is_corrected_in_all_requests_of_the_person(visitor: Client, sales: Client) -> None:
    first, second = ask(visitor, **OLD), ask(visitor, **OLD | {"company": "Another Company"})

    page = read_admin(sales, address_of(second))
    correct(sales, second, email="Marta@firma.example.com", company="Yet Another")

    assert "There is 1 other request from this address." in page.text("div[@id='content-main']")
    person = Person.objects.get()
    assert person.email == "marta@firma.example.com"
    assert [lead.email for lead in person.lead_set.all()] == ["Marta@firma.example.com"] * 2
    # What read otherwise there was not wrong in the same way.
    assert [lead.company for lead in person.lead_set.order_by("pk")] == [OLD["company"], "Yet Another"]
    assert {first.events.latest("pk").words, second.events.latest("pk").words} == {
        "e-mail address",
        "e-mail address, company",
    }
    assert find_leads("marta@firma.example.com").keys == [second.pk, first.pk]
    assert find_leads(OLD["email"]).keys == []


def test_a_request_that_nobody_answered_is_confirmed_to_the_new_address(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **OLD)

    correct(sales, lead, email="marta@firma.example.com")

    confirmations = Message.objects.filter(subject="We have your request for an intro call").order_by("pk")
    assert [(mail.to, mail.state) for mail in confirmations] == [
        (OLD["email"], State.WITHDRAWN),
        ("marta@firma.example.com", State.WAITING),
    ]


def test_a_request_that_was_answered_is_not_confirmed_again(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **OLD)
    note(lead=lead, kind=EventKind.SPOKE, words="By phone.", by="seller", now=NOW)

    correct(sales, lead, email="marta@firma.example.com")

    assert not Message.objects.filter(to="marta@firma.example.com").exists()


def test_a_call_ahead_goes_to_the_new_address_with_the_new_name_in_both_calendars(
    visitor: Client, sales: Client, host: Host, book: Book
) -> None:
    call = book(0, **OLD)
    Message.objects.filter(due_at__lte=NOW).update(state=State.SENT, sent_at=NOW)
    before = call.address

    correct(sales, call.lead, name="Marta Ozoliņa", email="marta@firma.example.com")

    waiting = list(Message.objects.filter(state=State.WAITING, channel=Channel.MAIL).order_by("pk"))
    assert OLD["email"] not in {mail.to for mail in waiting}
    invitations = {mail.to: mail for mail in waiting if mail.attachments}
    assert invitations.keys() == {"marta@firma.example.com", host.email}
    for mail in invitations.values():
        calendar = mail.attachments[0]["content"].replace("\r\n ", "")
        for line in (f"UID:{call.uid}@example.com", "SEQUENCE:1", "METHOD:REQUEST", "Marta Ozoliņa"):
            assert line in calendar
        assert "mailto:marta@firma.example.com" in calendar
        assert OLD["email"] not in calendar
        assert "Corrected: name, e-mail address." in mail.text
    reminders = [mail for mail in waiting if mail.due_at > NOW]
    assert {mail.to for mail in reminders} == {"marta@firma.example.com", host.email}
    # Who reads the old mail does not get at the call any more.
    call.refresh_from_db()
    assert visitor.get(before.removeprefix("http://testserver")).status_code == 410
    assert visitor.get(call.path).status_code == 200
    assert call.address in invitations["marta@firma.example.com"].text
    feed = visitor.get(reverse("host-feed", args=[host.feed_token])).content.decode()
    assert "Marta Ozoliņa" in feed.replace("\r\n ", "")


def test_who_has_the_new_address_already_is_the_same_person_from_then_on(
    visitor: Client, sales: Client, superuser: Client
) -> None:
    known = ask(visitor, email="marta@firma.example.com", name="Marta Ozoliņa")
    mistyped = ask(visitor, **OLD)
    superuser.post(reverse("admin:leads_person_disclosure_file", args=[mistyped.person_id]))

    correct(sales, mistyped, email="marta@firma.example.com")

    person = Person.objects.get()
    assert person == known.person
    mistyped.refresh_from_db()
    assert [found.why for found in suggestions(mistyped)] == ["the same address"]
    (entry,) = LogEntry.objects.filter(change_message="Everything kept about them was exported.")
    assert (entry.object_id, entry.object_repr) == (str(person.pk), "marta@firma.example.com")


def test_a_number_stays_while_a_call_by_phone_lies_ahead(sales: Client, book: Book) -> None:
    make_host("By phone", place="phone", place_details="We call the number you gave.")
    call = book(0, **EVERYTHING)

    answer = correct(sales, call.lead, phone="")

    assert "A call by phone lies ahead" in refusal(answer)
    call.lead.refresh_from_db()
    assert call.lead.phone == EVERYTHING["phone"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 121), ("email", "no address"), ("email", "ann@localhost"), ("employees", "9")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(visitor: Client, sales: Client, field: str, value: str) -> None:
    lead = ask(visitor, **OLD)

    answer = correct(sales, lead, **{"company": "Typed meanwhile", field: value})

    assert refusal(answer)
    assert "Typed meanwhile" in answer.content.decode()
    lead.refresh_from_db()
    assert (lead.name, lead.company) == (OLD["name"], OLD["company"])


def test_of_two_who_correct_at_once_the_second_sees_what_the_first_wrote(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **OLD)
    form = Form(read_admin(sales, address_of(lead)).one("form[@id='correct_form']"), address_of(lead))
    correct(sales, lead, name="Marta Ozoliņa")

    refused = form.send(sales, {"name": "Marta Ozola"})
    again = Form(Page(refused, strict=False).one("form[@id='correct_form']"), address_of(lead)).send(sales, {})

    assert "Now it says “Marta Ozoliņa”." in refusal(refused)
    assert again.status_code == 302
    lead.refresh_from_db()
    assert lead.name == "Marta Ozola"


def test_of_two_who_correct_different_details_neither_takes_back_what_the_other_wrote(
    visitor: Client, sales: Client
) -> None:
    lead = ask(visitor, **OLD)
    form = Form(read_admin(sales, address_of(lead)).one("form[@id='correct_form']"), address_of(lead))
    correct(sales, lead, name="Marta Ozoliņa")

    refused = form.send(sales, {"company": "Ozolnieki"})
    Form(Page(refused, strict=False).one("form[@id='correct_form']"), address_of(lead)).send(sales, {})

    assert "Changed meanwhile; this is the new content." in refusal(refused)
    lead.refresh_from_db()
    assert (lead.name, lead.company) == ("Marta Ozoliņa", "Ozolnieki")


def test_sending_the_same_again_changes_nothing(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **OLD)
    events, mails = lead.events.count(), Message.objects.count()

    answer = correct(sales, lead)

    assert answer.status_code == 302
    assert (lead.events.count(), Message.objects.count()) == (events, mails)


def test_a_request_that_was_merged_is_corrected_as_well(visitor: Client, sales: Client) -> None:
    kept, other = ask(visitor, email="kept@example.com"), ask(visitor, **OLD)
    merge(keep=kept, other=other, by="seller", now=NOW)

    correct(sales, other, name="Marta Ozoliņa")

    other.refresh_from_db()
    assert (other.name, other.merged_into) == ("Marta Ozoliņa", kept)


def test_the_priority_follows_the_details(visitor: Client, sales: Client) -> None:
    lead = ask(visitor, **OLD)

    correct(sales, lead, employees="20-50", phone="+371 2000 1111")

    assert Lead.objects.get().priority == lead.priority + 17 + 2 + 2


def test_who_only_reads_corrects_nothing(visitor: Client, owner: Client) -> None:
    lead = ask(visitor, **OLD)

    assert not [link for link in read_admin(owner, admin_address(lead)).all("a") if link.text == "Correct"]
    assert owner.get(address_of(lead)).status_code == 403
    assert owner.post(address_of(lead), {}).status_code == 403


def test_of_what_was_wrong_nothing_is_left_when_the_person_is_erased(
    visitor: Client, sales: Client, superuser: Client, host: Host, book: Book
) -> None:
    make_endpoint()
    call = book(0, **OLD)
    for number, text in enumerate([f"{OLD['name']}, {OLD['company']}", OLD["email"], "Nobody."]):
        send_mail(
            key=f"x{number}",
            about="digest",
            to="x@example.com",
            subject="New",
            text=text,
            html=text,
            now=NOW,
        )
    superuser.post(reverse("admin:leads_person_disclosure_file", args=[call.lead.person_id]))
    correct(sales, call.lead, name="Marta Ozoliņa", email="marta@firma.example.com", company="Ozolu Ražotne")
    there = traces(*OLD.values())

    superuser.post(admin_address(Lead.objects.get().person, "delete"), {"post": "yes"})

    assert there
    assert traces(*OLD.values(), "Marta Ozoliņa", "marta@firma.example.com", "Ozolu Ražotne", call.token) == {}
    assert [message.text for message in Message.objects.filter(about="digest")] == ["Nobody."]
    assert not Call.objects.exists()


def test_what_was_written_is_looked_through_once_for_all_requests_of_a_person(visitor: Client, sales: Client) -> None:
    leads = [ask(visitor, **OLD | {"company": f"Company {number}"}) for number in range(3)]
    texts = {f"x{lead.pk}": f"{OLD['name']}, {lead.company}" for lead in leads} | {"x": "Nobody."}
    for key, text in texts.items():
        send_mail(key=key, about="digest", to="x@example.com", subject="New", text=text, html=text, now=NOW)

    with CaptureQueriesContext(connection) as asked:
        correct(sales, leads[0], name="Marta Ozoliņa", email="marta@firma.example.com")

    looks_through = re.compile(r'NOT \("delivery_message"."about"(::text)? LIKE')
    reads = [query for query in asked.captured_queries if looks_through.search(query["sql"])]
    assert len(reads) == 1
    filed = dict(Message.objects.filter(key__in=texts).values_list("key", "about"))
    assert filed == {f"x{lead.pk}": lead.topic for lead in leads} | {"x": "digest"}


def test_what_was_wrong_is_kept_in_nothing_but_mail_that_was_written(
    visitor: Client, sales: Client, host: Host, book: Book
) -> None:
    call = book(0, **OLD)

    correct(sales, call.lead, name="Marta Ozoliņa", email="marta@firma.example.com", company="Ozolu Ražotne")

    places = set().union(*traces(*OLD.values()).values())
    assert {place.partition(".")[0] for place in places} == {"delivery_message"}


def test_a_name_that_is_older_than_the_rule_about_links_stays_when_something_else_is_corrected(
    visitor: Client, sales: Client
) -> None:
    lead = ask(visitor)
    Lead.objects.update(company="example.com/engines", name="Asker of example.com")

    assert correct(sales, lead, job_title="CTO").status_code == 302

    lead.refresh_from_db()
    assert (lead.company, lead.job_title) == ("example.com/engines", "CTO")
    assert "links cannot stand here" in refusal(correct(sales, lead, company="example.com/looms"))
