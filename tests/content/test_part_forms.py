"""The form of a part offers what its own guide has, and gives a new part the last place."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from advisor.content.models import (
    Choice,
    Dimension,
    FollowUp,
    FrequentQuestion,
    Guide,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    SharedConcern,
    Signal,
)
from tests.assessment.reading import Form, Page
from tests.content.admin_pages import admin_address, admin_list, beside, read_admin, save_in_admin
from tests.content.making import draft, load_copy

pytestmark = pytest.mark.django_db

NAMING = [
    (Signal, "role", Role),
    (Signal, "speaks_to", Dimension),
    (Outcome, "roles", Role),
    (Question, "role", Role),
    (Question, "follow_up", FollowUp),
    (Rule, "outcome", Outcome),
    (Scenario, "outcome", Outcome),
    (Scenario, "remarks", Remark),
    (Dimension, "cell_set-__prefix__-role", Role),
]
"""Each field that names parts of a guide: of which form, and what it names."""


@pytest.fixture
def second(tmp_path: Path) -> Guide:
    return load_copy(tmp_path, "second-guide")


def options(page: Page, field: str) -> set[str]:
    """What a select offers, or what can be ticked, but for nothing."""
    offered = [*page.all(f"select[@name='{field}']/option"), *page.all(f"input[@name='{field}'][@type='checkbox']")]
    return {option.get("value", "") for option in offered} - {""}


def keys(model: type[Any], guide: Guide) -> set[str]:
    return {str(part.pk) for part in model.objects.filter(guide=guide)}


@pytest.mark.parametrize(("model", "field", "named"), NAMING)
def test_a_new_part_names_what_its_guide_has(
    superuser: Client, second: Guide, model: type[Any], field: str, named: type[Any]
) -> None:
    page = read_admin(superuser, f"{admin_list(model)}add/?guide={second.pk}")

    assert options(page, field) == keys(named, second)
    assert options(page, "guide") == {str(second.pk)}


@pytest.mark.parametrize(("model", "field", "named"), NAMING)
def test_a_part_that_is_there_names_what_its_guide_has(
    superuser: Client, second: Guide, model: type[Any], field: str, named: type[Any]
) -> None:
    page = read_admin(superuser, admin_address(model.objects.filter(guide=second)[0]))

    assert options(page, field) == keys(named, second)


def test_what_is_added_from_the_list_of_a_guide_is_of_that_guide(superuser: Client, second: Guide) -> None:
    listed = read_admin(superuser, f"{admin_list(Signal)}?guide__id__exact={second.pk}")
    (add,) = [
        link.get("href", "") for link in listed.all("a[@class='addlink']") if "_changelist" in link.get("href", "")
    ]

    page = read_admin(superuser, add)

    assert options(page, "role") == keys(Role, second)


def add(client: Client, model: type[Any], words: dict[str, str], query: str = "") -> Page:
    """What comes of filling in the form for a new part."""
    address = f"{admin_list(model)}add/{query}"
    form = read_admin(client, address).one(f"form[@id='{model._meta.model_name}_form']")
    answer = Form(form, address).send(client, words)
    return read_admin(client, answer["Location"]) if "Location" in answer else Page(answer, address, strict=False)


def test_a_part_of_another_guide_is_refused_beside_its_field(superuser: Client, second: Guide) -> None:
    words = {"key": "new", "name": "New", "text": "A new situation.", "reason": "A reason."}
    other = Role.objects.filter(guide=draft())[0]

    page = add(superuser, Signal, {**words, "guide": str(second.pk), "role": str(other.pk)})

    assert "Choose what this guide has" in beside(page, "role")
    assert options(page, "role") == keys(Role, second)


NEW: dict[type[Any], dict[str, str]] = {
    Role: {"name": "N", "summary": "S", "fits": "F", "owns": "O", "not_theirs": "T", "own_domain": "D"},
    Dimension: {"label": "L"},
    Signal: {"name": "N", "text": "T", "reason": "R", "role": ""},
    FollowUp: {"title": "T", "asked_when-0-both": "both"},
    Question: {"name": "N", "text": "T"},
    Outcome: {"name": "N", "title": "T", "text": "X"},
    Rule: {"outcome": "", "reason": "R"},
    Remark: {"kind": "advice", "title": "T", "text": "X", "when-0-both": "both"},
    Scenario: {"title": "T", "answers-software": "yes", "outcome": ""},
}


@pytest.mark.parametrize("model", NEW, ids=lambda model: model.__name__)
def test_new_parts_come_last_one_after_the_other(superuser: Client, second: Guide, model: type[Any]) -> None:
    last = model.objects.filter(guide=second).last().position
    named = {"role": Role, "outcome": Outcome}
    words = {name: given or str(named[name].objects.filter(guide=second)[0].pk) for name, given in NEW[model].items()}

    # What has no key is known by its words: the same ones again are the same form, sent twice.
    name = next(name for name in ("key", "title", "reason") if hasattr(model, name))

    for words_of_it in ("one-more", "another"):
        add(superuser, model, words | {name: words_of_it}, f"?guide={second.pk}")

    assert [part.position for part in model.objects.filter(guide=second)][-2:] == [last + 1, last + 2]


def test_no_form_asks_for_a_position(superuser: Client) -> None:
    models: list[type[Any]] = [*NEW, Guide]

    asking = [
        model
        for model in models
        for address in (f"{admin_list(model)}add/", admin_address(model.objects.all()[0]))
        if "position" in read_admin(superuser, address).html
    ]

    assert asking == []


def test_what_is_added_in_the_form_of_another_comes_last_there(superuser: Client) -> None:
    question = Question.objects.get(guide=draft(), key="software")
    before = question.choice_set.count()
    more = {"choice_set-TOTAL_FORMS": str(before + 2)}
    for number, key in enumerate(("maybe", "later"), before):
        more |= {f"choice_set-{number}-key": key, f"choice_set-{number}-label": key}

    form = Form(
        read_admin(superuser, admin_address(question)).one("form[@id='question_form']"), admin_address(question)
    )
    superuser.post(form.action, dict(form.pairs(more)) | more)

    assert [choice.key for choice in question.choice_set.all()][-2:] == ["maybe", "later"]
    assert Choice.objects.filter(question=question).values("position").distinct().count() == before + 2


def test_concerns_and_questions_people_ask_are_added_without_a_number(superuser: Client) -> None:
    page = read_admin(superuser, admin_address(draft()))
    form = Form(page.one("form[@id='guide_form']"), page.address)
    more = {
        "sharedconcern_set-TOTAL_FORMS": "5",
        "sharedconcern_set-4-text": "Vendors",
        "frequentquestion_set-TOTAL_FORMS": "7",
        "frequentquestion_set-6-question": "How long?",
        "frequentquestion_set-6-answer": "Two minutes.",
    }

    superuser.post(form.action, dict(form.pairs()) | more)

    assert [concern.text for concern in SharedConcern.objects.all()][-1] == "Vendors"
    assert [asked.question for asked in FrequentQuestion.objects.all()][-1] == "How long?"


def test_a_part_that_is_changed_keeps_its_place(superuser: Client) -> None:
    signal = Signal.objects.filter(guide=draft())[3]

    save_in_admin(superuser, signal, {"text": "In other words."})

    assert Signal.objects.get(pk=signal.pk).position == signal.position
