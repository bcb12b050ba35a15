"""What a visitor gives is declared once, in the model; whatever goes over a lead knows it from there.

Every test here goes over all details, so one that is new tomorrow is tested as well.
"""

import csv
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from advisor.delivery.models import Message
from advisor.leads.actions.correcting import CORRECTABLE_FIELDS
from advisor.leads.models import DETAILS, Lead
from advisor.leads.models.details import ABOUT_YOU
from advisor.leads.payloads import lead_payload
from advisor.leads.search.index import find_leads
from advisor.leads.search.words import words_of
from tests.assessment.addresses import call
from tests.assessment.reading import read
from tests.content.admin_pages import admin_address, read_admin
from tests.leads.asking import EVERYTHING, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

VALUES = EVERYTHING | {name: f"Xylophones of {name}" for name in DETAILS if name not in {"email", "phone", "employees"}}
"""Something else in every detail."""

EVERY_DETAIL = pytest.mark.parametrize("name", DETAILS)


@pytest.fixture
def full(visitor: Client) -> Lead:
    """A request in which nothing was left out."""
    return ask(visitor, **VALUES)


def test_the_form_asks_for_every_detail_and_all_are_kept(full: Lead, visitor: Client) -> None:
    sent = dict(read(visitor, call()).form.pairs())

    assert {name: getattr(full, name) for name in DETAILS} == {name: VALUES[name] for name in DETAILS}
    assert set(DETAILS) <= sent.keys()


@EVERY_DETAIL
def test_a_detail_is_on_the_page_of_the_lead_and_on_the_page_of_everything(
    full: Lead, superuser: Client, name: str
) -> None:
    words = DETAILS[name].in_words(full)

    assert words.lower() in read_admin(superuser, admin_address(full)).text("div[@id='content']").lower()
    everything = read_admin(superuser, reverse("admin:leads_person_disclosure", args=[full.person_id]))
    assert words in everything.text("div[@id='content']")


@EVERY_DETAIL
def test_a_detail_is_in_files_webhooks_and_the_mail_to_whoever_answers(
    full: Lead, superuser: Client, name: str
) -> None:
    detail, words = DETAILS[name], DETAILS[name].in_words(full)
    file: Any = superuser.post(reverse("admin:leads_lead_export"), {"format": "csv"})
    (row,) = csv.DictReader(StringIO(b"".join(file).decode("utf-8-sig"), newline=""))
    mail = Message.objects.get(key=f"lead-{full.pk}-host")

    assert row[detail.name_for_staff] == words
    assert lead_payload(full).person[name] == VALUES[name]
    assert f"`{name}`" in Path("docs/webhooks.md").read_text(encoding="utf-8")
    assert f"{detail.name_for_staff}: {words}" in mail.text


@EVERY_DETAIL
def test_a_lead_is_found_by_what_is_declared_and_by_nothing_else(full: Lead, name: str) -> None:
    is_found = full.pk in find_leads(VALUES[name].split()[-1]).keys

    assert is_found == bool(DETAILS[name].search)


def test_a_migration_indexes_leads_from_before_there_was_a_detail(full: Lead) -> None:
    before: Any = SimpleNamespace(**{name: value for name, value in vars(full).items() if name != "job_title"})

    assert set(words_of(full)) - set(words_of(before)) >= {"job_title"}


@EVERY_DETAIL
def test_what_is_about_the_visitor_can_be_corrected(full: Lead, superuser: Client, name: str) -> None:
    sent = dict(read_admin(superuser, reverse("admin:booking_call_correct", args=[full.pk])).form.pairs())

    assert (name in sent) == (name in CORRECTABLE_FIELDS) == (DETAILS[name].section == ABOUT_YOU)


def test_the_privacy_page_names_every_detail_that_must_or_may_be_given(visitor: Client) -> None:
    words = read(visitor, reverse("privacy")).text("main")

    assert "in the form: your name, e-mail address and company and, if you give them, your role, phone number," in words
    assert not [detail for detail in DETAILS.values() if detail.name_for_visitors not in words]
