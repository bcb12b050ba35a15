"""Everything kept about a person: on a page, in one file, from every table that has something."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from advisor.booking.models import Call, Host
from advisor.delivery.actions import send_mail
from advisor.delivery.models import Message
from advisor.leads.actions.sales import note, tag
from advisor.leads.models import EventKind, Lead, Person, Tag
from tests.assessment.reading import Page
from tests.booking.conftest import Book
from tests.clock import NOW
from tests.content.admin_pages import admin_address, admin_list, read_admin, save_in_admin
from tests.leads.asking import EVERYTHING


@pytest.fixture
def person(host: Host, book: Book, superuser: Client) -> Person:
    """Who has a call, mail, a note, a tag and an entry in the log; and another one beside them."""
    call, _ = book(0), book(2, email="second@example.com", name="Another", company="Looms", message="")
    note(lead=call.lead, kind=EventKind.NOTE, words="Sounded tired.", by="seller", now=NOW)
    tag(lead=call.lead, tags=[Tag.objects.create(name="urgent")], by="seller", now=NOW)
    Message.objects.filter(about=call.lead.topic)[0].attempt_set.create(at=NOW, error="451 later")
    send_mail(
        key="digest-1",
        about="digest",
        to="seller@example.com",
        subject="Today",
        text=f"{call.lead}: they asked for a call.",
        html="",
        now=NOW,
    )
    save_in_admin(superuser, call, {"status": "cancelled", "reason": "They will not come."})
    return call.lead.person


def file_of(client: Client, person: Person) -> dict[str, Any]:
    answer = client.post(reverse("admin:leads_person_disclosure_file", args=[person.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="person-{person.pk}.json"'
    content: dict[str, Any] = json.loads(answer.content)
    return content


def test_the_file_has_all_records_of_all_tables_in_words(person: Person, superuser: Client) -> None:
    content = file_of(superuser, person)

    kinds = {kind["what"]: kind["records"] for kind in content["kept"]}
    assert {
        "people",
        "leads",
        "keys of forms",
        "calls",
        "messages",
        "attempts",
        "entries of the history",
        "log entries",
    } <= kinds.keys()
    (lead,) = kinds["leads"]
    for name, value in EVERYTHING.items():
        if name not in {"consent", "employees", "message"}:
            assert value in lead.values()
    assert lead["number of employees"] == "20 to 50"
    assert lead["what they would like to talk about"] == "Our releases are slow.\nAnd our AI is slower."
    assert lead["consent"] == Lead.objects.get(person=person).consent
    (call,) = kinds["calls"]
    assert call["reason"] == "They will not come."
    assert call["host"] == "The host"
    assert "Sounded tired." in [event["words"] for event in kinds["entries of the history"]]
    assert [attempt["error"] for attempt in kinds["attempts"]] == ["451 later"]
    assert (
        len(kinds["messages"]) == Message.objects.filter(about=f"lead {Lead.objects.get(person=person).pk}").count() + 1
    )
    assert "chief" in [entry["user"] for entry in kinds["log entries"]]
    assert "urgent" in json.dumps(content)


def test_the_file_says_nothing_about_others(person: Person, superuser: Client) -> None:
    content = json.dumps(file_of(superuser, person))

    assert "asker@example.com" in content
    assert "second@example.com" not in content
    assert "Looms" not in content


def test_what_is_shown_is_exactly_what_is_erased(person: Person, superuser: Client) -> None:
    kinds = {kind["what"]: len(kind["records"]) for kind in file_of(superuser, person)["kept"]}

    superuser.post(admin_address(person, "delete"), {"post": "yes"})

    said = LogEntry.objects.get(object_repr="erased", change_message__startswith="Erased: ").change_message
    numbers = sorted(int(part.split()[0]) for part in said.removeprefix("Erased: ").split(", "))
    assert numbers == sorted(number for what, number in kinds.items() if what != "log entries")


def test_the_page_is_linked_and_shows_the_same(person: Person, superuser: Client) -> None:
    address = reverse("admin:leads_person_disclosure", args=[person.pk])
    links = [link.get("href") for link in read_admin(superuser, admin_address(person)).all("a")]

    page = read_admin(superuser, address)

    assert address in links
    text = page.text("div[@id='content']")
    for words in (
        "Leads: 1",
        "Calls: 1",
        "Sounded tired.",
        "They will not come.",
        "Our releases are slow.",
        "451 later",
    ):
        assert words in text
    assert "second@example.com" not in text
    assert admin_address(person, "delete") in [link.get("href") for link in page.all("a")]


def test_that_a_file_was_made_is_logged_with_who_did_it(person: Person, sales: Client) -> None:
    file_of(sales, person)

    entry = LogEntry.objects.get(change_message="Everything kept about them was exported.")
    assert entry.user.get_username() == "one of Sales"
    assert entry.object_id == str(person.pk)


def test_who_may_read_and_not_take_out_is_told_so(person: Person, owner: Client) -> None:
    page = read_admin(owner, reverse("admin:leads_person_disclosure", args=[person.pk]))

    answer = owner.post(reverse("admin:leads_person_disclosure_file", args=[person.pk]))

    assert "Your account may not take it out as a file." in page.text("div[@id='content']")
    assert admin_address(person, "delete") not in [link.get("href") for link in page.all("a")]
    assert answer.status_code == 403


def test_a_page_that_is_only_looked_at_makes_no_file(person: Person, superuser: Client) -> None:
    answer = superuser.get(reverse("admin:leads_person_disclosure_file", args=[person.pk]))

    assert answer.status_code == 405


@pytest.mark.usefixtures("published")
def test_before_anything_was_erased_the_record_says_so(superuser: Client) -> None:
    page = read_admin(superuser, reverse("admin:leads_person_erasures"))

    assert "Nothing was erased by hand yet." in page.text("div[@id='content']")
    assert reverse("admin:leads_person_erasures") in [
        link.get("href") for link in read_admin(superuser, admin_list(Person)).all("a")
    ]


def test_who_is_about_to_erase_reads_what_that_means(person: Person, sales: Client) -> None:
    page = Page(sales.get(admin_address(person, "delete")), strict=False)

    text = page.text("div[@id='content']")
    assert "its host is told the time and no name" in text
    assert str(Call.objects.get(lead__person=person)) in text
