"""What cannot be taken back asks for a login that is not half an hour old, and loses nothing over it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from advisor.content.models import Edition, Guide
from advisor.insights.confirming import ASKING, ASKING_LISTS
from advisor.leads.models import Export, Lead
from tests.accounts.entering import PASSWORD, WRONG, enter
from tests.assessment.reading import Form, Page
from tests.clock import NOW
from tests.conftest import new_client
from tests.content.admin_pages import admin_address
from tests.content.making import draft
from tests.content.refusing import log_in, missing, post
from tests.content.test_every_address import names

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=31)


@pytest.fixture
def stale(colleague: Any, lead: Lead) -> Iterator[Client]:
    """A browser in which somebody logged in half an hour ago."""
    client = new_client()
    enter(client, "colleague")
    with time_machine.travel(LATER, tick=False):
        yield client


def is_asked(answer: Any) -> bool:
    return "confirm that it is you" in Page(answer, strict=False).text("div[@role='alert']")


def cases() -> dict[str, tuple[str, dict[str, str | list[str]]]]:
    """What is sent where, and must not happen."""
    lead, guide = Lead.objects.get(), draft()
    ticked: dict[str, str | list[str]] = {"action": "delete_selected", "_selected_action": str(lead.pk), "post": "yes"}
    account = User.objects.get(username="colleague")
    return {
        "a lead erased": (admin_address(lead, "delete"), {"post": "yes"}),
        "a person erased": (admin_address(lead.person, "delete"), {"post": "yes"}),
        "leads erased": (reverse("admin:leads_lead_changelist"), ticked),
        "leads erased by the first of two actions": (
            reverse("admin:leads_lead_changelist"),
            ticked | {"action": ["delete_selected", "export"], "index": "0"},
        ),
        "leads taken out": (reverse("admin:leads_lead_export"), {"format": "csv"}),
        "a person taken out": (reverse("admin:leads_person_disclosure_file", args=[lead.person.pk]), {}),
        "published": (reverse("admin:content_guide_publish", args=[guide.pk]), {"note": "Better."}),
        "an account made": (reverse("admin:auth_user_add"), {"username": "friend"}),
        "rights changed": (admin_address(account), {"username": "colleague", "is_superuser": "on"}),
        "a password set": (reverse("admin:auth_user_password_change", args=[account.pk]), {"password1": "x"}),
    }


NAMES = [
    *("a lead erased", "a person erased", "leads erased", "leads taken out", "a person taken out", "published"),
    *("an account made", "rights changed", "a password set", "leads erased by the first of two actions"),
]


@pytest.mark.parametrize("name", NAMES)
def test_it_waits_for_a_login(stale: Client, name: str) -> None:
    address, sent = cases()[name]

    asked = stale.post(address, sent)

    assert asked.status_code == 200
    assert is_asked(asked)
    assert Page(asked, strict=False).one("input[@name='log-in-username']").get("value") == "colleague"
    assert (Lead.objects.count(), Export.objects.count(), Edition.objects.count(), User.objects.count()) == (1, 0, 1, 1)


def test_the_names_are_those_of_addresses_that_are_there() -> None:
    assert set(names(admin.site.urls[0])) >= ASKING | ASKING_LISTS


def test_after_the_login_the_form_is_there_and_one_more_click_does_it(stale: Client) -> None:
    Guide.objects.update(summary="In other words.")
    target = reverse("admin:content_guide_publish", args=[draft().pk])
    form = Form(Page(stale.get(target), target, strict=False).one("form[@class='module aligned']"), target)

    asked = form.send(stale, {"note": "Sharper words."})
    wrong = log_in(stale, asked, target, name="colleague", password=WRONG)
    shown = log_in(stale, wrong, target, name="colleague", password=PASSWORD)
    page = Page(shown, target, strict=False)
    before = Edition.objects.count()
    published = Form(page.one("form[@class='module aligned']"), target).send(stale)

    assert is_asked(asked)
    assert not missing(shown, [("note", "Sharper words.")], target)
    assert "not half an hour old" in page.text("ul[@class='messagelist']")
    assert (before, published.status_code, Edition.objects.count()) == (1, 302, 2)


def test_erasing_goes_on_after_the_login(stale: Client) -> None:
    lead = Lead.objects.get()
    target = admin_address(lead, "delete")

    shown = log_in(stale, stale.post(target, {"post": "yes"}), target, name="colleague", password=PASSWORD)
    still = Lead.objects.count()
    erased = stale.post(target, {"post": "yes"})

    assert "Nothing was done yet" in Page(shown, target, strict=False).text("ul[@class='messagelist']")
    assert (still, erased.status_code, Lead.objects.count()) == (1, 302, 0)


def test_no_confirmation_without_a_password(stale: Client) -> None:
    target = admin_address(Lead.objects.get(), "delete")
    asked = stale.post(target, {"post": "yes"})

    log_in(stale, asked, target, name="colleague", password="")

    assert is_asked(stale.post(target, {"post": "yes"}))


def test_reading_and_everyday_work_ask_for_nothing(stale: Client) -> None:
    lead = Lead.objects.get()

    opened = {stale.get(address).status_code for address, _ in list(cases().values())[:4]}
    saved = post(stale, reverse("admin:leads_tag_add"), [("name", "Urgent")])

    assert opened == {200}
    assert saved.status_code == 302
    assert stale.get(admin_address(lead)).status_code == 200


@pytest.mark.parametrize("address", ["/admin/second-factor/", "/admin/second-factor/set-up/"])
def test_an_open_screen_is_not_enough_for_another_second_factor(
    stale: Client, settings: Any, colleague: Any, address: str
) -> None:
    settings.SECOND_FACTOR = True
    session = stale.session
    session["second-factor"] = "the app"
    session.save()

    assert is_asked(stale.post(address, {"code": "000000"}))
