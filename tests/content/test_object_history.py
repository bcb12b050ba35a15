"""The history of one object: read in full by whoever may see it, also once it is deleted; nothing is changed there."""

import pytest
from django.test import Client

from advisor.content.guide_parts import RECORDED, parts_of
from advisor.content.models import Cell, Choice, FrequentQuestion, Rule, SharedConcern, Signal
from tests.assessment.reading import Page
from tests.content.admin_pages import admin_address, admin_list, read_admin, save_in_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db

BY_THEMSELVES = [model for model in RECORDED if model not in {Cell, Choice, FrequentQuestion, SharedConcern}]


@pytest.fixture
def signal() -> Signal:
    return Signal.objects.get(guide=draft(), key="messy-stack")


def changes(page: Page) -> list[str]:
    return page.texts("table[@class='changes']/tbody")


def test_both_texts_are_there_in_full(superuser: Client, signal: Signal) -> None:
    before, after = signal.text, f"{'A long text begins alike and ends otherwise. ' * 6}Due."

    save_in_admin(superuser, signal, {"text": after})
    page = read_admin(superuser, admin_address(signal, "history"))

    newest = changes(page)[0]
    assert "chief" in newest
    assert f"Text {before} {after}" in newest


@pytest.mark.parametrize("model", BY_THEMSELVES, ids=lambda model: model.__name__)
def test_how_it_began_is_there_and_can_be_looked_at(owner: Client, model: type[Signal]) -> None:
    part = parts_of(draft(), model)[0]
    address = admin_address(part, "history")

    page = read_admin(owner, address)
    (oldest,) = page.all("table[@class='changes']//a")[-1:]
    version = read_admin(owner, f"{address}{oldest.get('href')}")

    assert len(changes(page)) == 1
    assert "as it was loaded" in changes(page)[0]
    assert str(part.natural_key()[-1]) in changes(page)[0]
    assert str(part.natural_key()[-1]) in version.text("div[@class='sheet']")
    assert not version.all("div[@id='content-main']//form")


def test_an_older_state_is_shown_beside_the_new_one(superuser: Client, signal: Signal) -> None:
    before = signal.text
    save_in_admin(superuser, signal, {"text": "Newer words"})

    number = signal.history.last().pk
    page = read_admin(superuser, f"{admin_address(signal, 'history')}{number}/")

    said = page.text("div[@class='sheet']")
    assert before in said
    assert "Newer words" not in said


def test_what_was_deleted_keeps_its_history(superuser: Client) -> None:
    rule = Rule.objects.get(guide=draft(), position=3)
    address, reason = admin_address(rule, "history"), rule.reason
    rule.delete()

    page = read_admin(superuser, address)

    assert "deleted" in changes(page)[0]
    assert reason in changes(page)[0]


def test_the_form_leads_there(owner: Client, signal: Signal) -> None:
    page = read_admin(owner, admin_address(signal))

    assert admin_address(signal, "history") in {link.get("href") for link in page.all("a")}


@pytest.mark.parametrize(
    "place", ["99999/history/", "nonsense/history/", f"{'9' * 5000}/history/", "99999/history/1/", "1/history/99999/"]
)
def test_what_never_was_is_not_found(superuser: Client, place: str) -> None:
    answer = superuser.get(f"{admin_list(Signal)}{place}")

    assert answer.status_code == 404


def test_a_record_of_another_object_is_not_found(superuser: Client, signal: Signal) -> None:
    other = Signal.objects.exclude(pk=signal.pk)[0].history.first()

    answer = superuser.get(f"{admin_address(signal, 'history')}{other.pk}/")

    assert answer.status_code == 404
