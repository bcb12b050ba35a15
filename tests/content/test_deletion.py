"""What a condition names cannot be deleted under it, whichever way it is tried; what nothing names can."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.db.models import ProtectedError, RestrictedError
from django.test import Client
from django.urls import reverse

from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    FollowUp,
    FrequentQuestion,
    Guide,
    NeedRow,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    SharedConcern,
    Signal,
)
from tests.assessment.reading import Page, text_of
from tests.content.admin_pages import admin_address, admin_list, read_admin, save_in_admin
from tests.content.making import draft, load_copy, publish_draft

pytestmark = pytest.mark.django_db

Find = Callable[[], Any]

NAMED = [
    pytest.param(
        lambda: Question.objects.get(key="software"), "need of “Fractional CTO”, row 2", id="question, by a need"
    ),
    pytest.param(
        lambda: Question.objects.get(key="ai"), "need of “Fractional Head of AI”, row 2", id="question, by another need"
    ),
    pytest.param(
        lambda: Question.objects.get(key="ai-place"),
        "contradiction “Is AI in the product?”",
        id="question, by a remark",
    ),
    pytest.param(
        lambda: Signal.objects.get(key="fundraising"), "advice “Have the investor answers ready”", id="signal"
    ),
    pytest.param(lambda: Role.objects.get(key="head-of-ai"), "rule 1 → One leader for both", id="role, by a rule"),
    pytest.param(lambda: Role.objects.get(key="head-of-ai"), "Fractional Head of AI", id="role, by an outcome"),
    pytest.param(
        lambda: Outcome.objects.get(key="one-leader"), "caution “Which condition will break first?”", id="outcome"
    ),
]
NAMED_BY_A_CHOICE = pytest.param(
    lambda: Choice.objects.get(question__key="both", key="neither"), "need of “Fractional CTO”, row 6", id="choice"
)


def count_everything() -> dict[str, int]:
    """How many objects of each kind there are."""
    kinds: list[Any] = [Guide, Role, Dimension, Cell, Signal, Question, Choice, FollowUp, Outcome, Rule, Remark]
    return {kind.__name__: kind.objects.count() for kind in kinds}


@pytest.mark.parametrize(("find", "naming"), [*NAMED, NAMED_BY_A_CHOICE])
def test_what_a_condition_names_cannot_be_deleted(find: Find, naming: str) -> None:
    before = count_everything()

    with pytest.raises(ProtectedError) as refusal:
        find().delete()

    assert naming in str(refusal.value)
    assert count_everything() == before


@pytest.mark.parametrize(("find", "naming"), [*NAMED, NAMED_BY_A_CHOICE])
def test_what_a_condition_names_cannot_be_deleted_among_others(find: Find, naming: str) -> None:
    before = count_everything()

    with pytest.raises(ProtectedError) as refusal:
        type(find()).objects.all().delete()

    assert "is named by" in str(refusal.value)
    assert count_everything() == before


@pytest.mark.parametrize(("find", "naming"), NAMED)
def test_the_delete_page_says_what_names_it_and_deletes_nothing(superuser: Client, find: Find, naming: str) -> None:
    part, before = find(), count_everything()
    address = admin_address(part, "delete")

    page = read_admin(superuser, address)
    superuser.post(address, {"post": "yes"})

    assert naming in page.text("div[@id='content']")
    assert not page.all("input[@name='post']")
    assert count_everything() == before


@pytest.mark.parametrize(("find", "naming"), NAMED)
def test_the_action_of_the_list_says_what_names_it_and_deletes_nothing(
    superuser: Client, find: Find, naming: str
) -> None:
    part, before = find(), count_everything()
    address = admin_list(type(part))
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [part.pk]}

    page = superuser.post(address, chosen)
    superuser.post(address, chosen | {"post": "yes"})

    assert naming in page.content.decode()
    assert count_everything() == before


@pytest.mark.parametrize(("find", "naming"), NAMED)
def test_what_is_to_be_changed_first_is_there_once_with_a_link(superuser: Client, find: Find, naming: str) -> None:
    part = find()
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [part.pk]}

    pages = [
        read_admin(superuser, admin_address(part, "delete")),
        Page(superuser.post(admin_list(type(part)), chosen), strict=False),
    ]

    leads_to: set[str] = set()
    for page in pages:
        listed = page.texts("ul[@id='deleted-objects']/li")
        links = [link.get("href", "") for link in page.all("ul[@id='deleted-objects']/li/a")]
        assert re.search("Change th(is|ese) first:", page.text("div[@id='content']"))
        assert any(naming in one for one in listed)
        assert len(set(listed)) == len(listed) == len(links)
        leads_to.update(links)
    assert {superuser.get(link).status_code for link in leads_to} == {200}


def test_a_published_guide_is_to_be_retired_instead(superuser: Client) -> None:
    page = read_admin(superuser, admin_address(draft(), "delete"))

    assert "retire it" in page.text("div[@id='content']")
    assert reverse("admin:content_guide_overview", args=[draft().pk]) in {link.get("href") for link in page.all("a")}


def test_a_choice_deleted_in_the_page_of_its_question_is_refused_with_what_names_it(superuser: Client) -> None:
    question, before = Question.objects.get(key="both"), count_everything()

    page = save_in_admin(superuser, question, {"choice_set-3-DELETE": "on", "text": "Is it both, really?"})

    said = page.one("ul[@class='errorlist nonform']")
    assert text_of(said).startswith(
        "“Neither” cannot be deleted yet. Change these first: Row of a need: need of “Fractional CTO”, row 6"
    )
    assert said.findall(".//a")
    assert count_everything() == before
    assert Question.objects.get(key="both").text == "Is it both?"


def test_a_choice_that_nothing_names_is_deleted_in_the_page_of_its_question(superuser: Client) -> None:
    question = Question.objects.get(key="both")
    question.choice_set.create(key="later", label="Ask me later", position=6)

    save_in_admin(superuser, question, {"choice_set-5-DELETE": "on"})

    assert not Choice.objects.filter(key="later").exists()


def test_an_outcome_that_a_rule_leads_to_cannot_be_deleted(superuser: Client) -> None:
    Scenario.objects.all().delete()
    Remark.objects.all().delete()
    outcome, before = Outcome.objects.get(key="not-yet"), count_everything()

    page = read_admin(superuser, admin_address(outcome, "delete"))
    with pytest.raises(ProtectedError):
        outcome.delete()

    assert "rule 8 → Neither role yet" in page.text("div[@id='content']")
    assert count_everything() == before


def test_a_follow_up_with_questions_cannot_be_deleted(superuser: Client) -> None:
    follow_up, before = FollowUp.objects.get(), count_everything()

    page = read_admin(superuser, admin_address(follow_up, "delete"))
    with pytest.raises(RestrictedError):
        follow_up.delete()

    assert "How many engineers do you have?" in page.text("div[@id='content']")
    assert count_everything() == before


@pytest.mark.usefixtures("first_tables")
def test_once_nothing_names_it_any_more_it_can_be_deleted(superuser: Client) -> None:
    signal = Signal.objects.get(key="fundraising")
    Scenario.objects.all().delete()
    Remark.objects.get(key="investor-narrative").delete()

    superuser.post(admin_address(signal, "delete"), {"post": "yes"})

    assert not Signal.objects.filter(key="fundraising").exists()


@pytest.mark.usefixtures("first_tables")
@pytest.mark.parametrize(
    "find",
    [
        pytest.param(lambda: Rule.objects.get(position=3), id="rule"),
        pytest.param(lambda: Remark.objects.get(key="cto-first"), id="remark"),
        pytest.param(lambda: Dimension.objects.get(key="focus"), id="dimension"),
        pytest.param(lambda: Signal.objects.get(key="strategy-before-team"), id="signal that no condition names"),
    ],
)
def test_what_nothing_names_can_be_deleted_in_the_admin(superuser: Client, find: Find) -> None:
    Scenario.objects.all().delete()
    part = find()

    superuser.post(admin_address(part, "delete"), {"post": "yes"})

    assert not type(part).objects.filter(pk=part.pk).exists()


def delete(guide: Guide, _: Client) -> None:
    guide.delete()


def delete_with_others(guide: Guide, _: Client) -> None:
    Guide.objects.filter(pk=guide.pk).delete()


def delete_in_admin(guide: Guide, superuser: Client) -> None:
    superuser.post(admin_address(guide, "delete"), {"post": "yes"})


@pytest.mark.parametrize("way", [delete, delete_with_others, delete_in_admin])
def test_a_guide_that_was_never_published_is_deleted_with_all_its_parts(
    tmp_path: Path, superuser: Client, way: Callable[[Guide, Client], None]
) -> None:
    before = count_everything()
    guide = load_copy(tmp_path, "second-guide")

    way(guide, superuser)

    assert count_everything() == before
    assert (SharedConcern.objects.count(), FrequentQuestion.objects.count()) == (4, 6)


@pytest.mark.parametrize("way", [delete, delete_with_others, delete_in_admin])
def test_a_guide_that_was_published_stays(
    tmp_path: Path, superuser: Client, way: Callable[[Guide, Client], None]
) -> None:
    guide = load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    before = count_everything()

    if way is delete_in_admin:
        way(guide, superuser)
    else:
        with pytest.raises(ProtectedError):
            way(guide, superuser)

    assert count_everything() == before
    assert draft("second-guide") == guide


def test_a_key_of_another_guide_is_not_protected_by_the_conditions_of_this_one(tmp_path: Path) -> None:
    second = load_copy(tmp_path, "second-guide")
    Scenario.objects.all().delete()
    Remark.objects.filter(guide=second, key="investor-narrative").delete()

    Signal.objects.get(guide=second, key="fundraising").delete()

    assert [signal.guide for signal in Signal.objects.filter(key="fundraising")] == [draft()]


def first_parts() -> list[models.Model]:
    return [Cell.objects.all()[0], SharedConcern.objects.all()[0], FrequentQuestion.objects.all()[0]]


def test_words_that_nothing_rests_on_can_be_deleted() -> None:
    before = first_parts()

    for part in before:
        part.delete()

    assert (Cell.objects.count(), SharedConcern.objects.count(), FrequentQuestion.objects.count()) == (19, 3, 5)


def test_a_need_that_something_asks_for_is_not_deleted_all_at_once(superuser: Client) -> None:
    rows = NeedRow.objects.filter(role__key="head-of-ai")
    before = list(rows.values_list("pk", flat=True))
    sent = {"action": "delete_selected", ACTION_CHECKBOX_NAME: before, "post": "yes"}

    page = superuser.post(admin_list(NeedRow), sent)
    with pytest.raises(ProtectedError, match="rule 1 → One leader for both"):
        rows.delete()

    assert "rule 1 → One leader for both" in page.content.decode()
    assert list(rows.values_list("pk", flat=True)) == before
