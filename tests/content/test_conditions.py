"""What an editor may write: conditions name what exists, parts belong to one guide, keys fit into addresses."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client

from advisor.content.models import (
    Cell,
    Dimension,
    FollowUp,
    Guide,
    NeedRow,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Signal,
)
from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS, RESERVED_QUESTION_KEYS
from tests.conftest import GUIDE
from tests.content.admin_pages import beside, save_in_admin
from tests.content.making import draft, load_copy

pytestmark = pytest.mark.django_db

UNKNOWN = [
    pytest.param({"hardware": ["yes"]}, "“hardware” is not a question", id="question"),
    pytest.param({"software": ["perhaps"]}, "“perhaps” is not a value of “software”", id="choice"),
    pytest.param({"evidence:cook": ["strong"]}, "“evidence:cook” is not a question", id="role"),
    pytest.param({"evidence:head-of-ai": ["huge"]}, "“huge” is not a value", id="evidence"),
    pytest.param({"signal:burns": ["yes"]}, "“signal:burns” is not a question", id="signal"),
    pytest.param({"signal:messy-stack": ["ticked"]}, "“ticked” is not a value", id="value of a signal"),
    pytest.param({"software": []}, "needs at least one value", id="no value"),
    pytest.param({"software": "yes"}, "as a list", id="no list"),
    pytest.param(["software"], "A condition is a list of inputs", id="no condition"),
]


def problems_of(part: models.Model) -> dict[str, list[str]]:
    """What the form would say beside each field."""
    with pytest.raises(ValidationError) as refusal:
        part.clean()
    return dict(refusal.value.message_dict)


@pytest.mark.parametrize(("when", "complaint"), UNKNOWN)
def test_a_rule_that_names_what_does_not_exist_is_refused_beside_the_field(when: Any, complaint: str) -> None:
    rule = Rule(guide=draft(), position=9, when=when)

    problems = problems_of(rule)

    assert complaint in problems["when"][0]


def test_a_rule_cannot_ask_for_the_outcome_it_decides_on() -> None:
    rule = Rule(guide=draft(), position=9, when={"outcome": ["not-yet"]})

    problems = problems_of(rule)

    assert problems["when"] == ["Only remarks can ask for the outcome that was reached."]


@pytest.mark.parametrize(
    ("when", "complaint"),
    [*UNKNOWN, pytest.param({"outcome": ["a-cook"]}, "“a-cook” is not a value of “outcome”", id="outcome")],
)
def test_a_remark_that_names_what_does_not_exist_is_refused_beside_the_field(when: Any, complaint: str) -> None:
    remark = Remark(guide=draft(), key="new", kind="advice", when=when)

    problems = problems_of(remark)

    assert complaint in problems["when"][0]


@pytest.mark.parametrize(("when", "complaint"), UNKNOWN)
def test_a_follow_up_that_names_what_does_not_exist_is_refused_beside_the_field(when: Any, complaint: str) -> None:
    follow_up = FollowUp(guide=draft(), key="new", asked_when=[{"both": ["both"]}, when])

    problems = problems_of(follow_up)

    assert complaint in problems["asked_when"][0]


@pytest.mark.parametrize("asked_when", [{"both": ["both"]}, "both", 5, None])
def test_a_follow_up_needs_a_list_of_conditions(asked_when: object) -> None:
    follow_up = FollowUp(guide=draft(), key="new", asked_when=asked_when)

    problems = problems_of(follow_up)

    assert problems["asked_when"] == ["Give a list of conditions, one of which must hold."]


def test_what_the_first_guide_says_is_accepted() -> None:
    parts = [
        *NeedRow.objects.all(),
        *Rule.objects.all(),
        *Remark.objects.all(),
        *FollowUp.objects.all(),
        *Question.objects.all(),
    ]
    parts += [*Signal.objects.all(), *Cell.objects.all(), *Guide.objects.all(), *Outcome.objects.all()]

    for part in parts:
        part.full_clean()

    assert len(parts) == 18 + 8 + 34 + 1 + 6 + 10 + 20 + 1 + 5


def test_not_answered_can_be_asked_for() -> None:
    rule = Rule(guide=draft(), position=9, when={"scope": ["not-answered"], "signal:messy-stack": ["no"]})

    rule.clean()

    assert rule.when["scope"] == ["not-answered"]


@pytest.mark.parametrize(
    ("model", "field", "ticked"),
    [
        (Rule, "when", "when-0-hardware"),
        (Remark, "when", "when-0-hardware"),
        (FollowUp, "asked_when", "asked_when-0-hardware"),
    ],
)
def test_the_admin_says_it_beside_the_field_and_changes_nothing(
    superuser: Client, model: type[models.Model], field: str, ticked: str
) -> None:
    part = model._default_manager.all()[0]
    before = getattr(part, field)

    page = save_in_admin(superuser, part, {ticked: "yes"})

    assert "“hardware” is not a question" in beside(page, field)
    assert getattr(model._default_manager.get(pk=part.pk), field) == before


def of_another_guide(folder: Path) -> dict[str, Any]:
    load_copy(folder, "second-guide")
    others = {"guide__key": "second-guide"}
    return {
        "role": Role.objects.get(key="head-of-ai", **others),
        "follow_up": FollowUp.objects.get(**others),
        "outcome": Outcome.objects.get(key="not-yet", **others),
    }


@pytest.mark.parametrize(
    ("model", "field"), [(Question, "follow_up"), (Question, "role"), (Signal, "role"), (Rule, "outcome")]
)
def test_a_part_of_another_guide_is_refused_beside_the_field(
    tmp_path: Path, model: type[models.Model], field: str
) -> None:
    part = model(guide=draft(), **{field: of_another_guide(tmp_path)[field]})
    part.key = "new"  # type: ignore[attr-defined]

    problems = problems_of(part)

    assert problems == {field: ["This belongs to another guide."]}


def test_a_cell_of_another_guides_role_is_refused_beside_the_field(tmp_path: Path) -> None:
    cell = Cell(dimension=Dimension.objects.get(key="focus"), role=of_another_guide(tmp_path)["role"])

    problems = problems_of(cell)

    assert problems == {"role": ["This belongs to another guide."]}


@pytest.mark.parametrize(("model", "field"), [(Outcome, "roles"), (Signal, "speaks_to")])
def test_the_admin_refuses_what_a_part_names_of_another_guide(
    tmp_path: Path, superuser: Client, model: type[models.Model], field: str
) -> None:
    load_copy(tmp_path, "second-guide")
    part = model._default_manager.filter(guide__key=GUIDE)[0]
    foreign = (Role if field == "roles" else Dimension).objects.filter(guide__key="second-guide")[0]
    before = list(getattr(part, field).all())

    page = save_in_admin(superuser, part, {field: str(foreign.pk)})

    assert beside(page, field)
    assert list(getattr(part, field).all()) == before


@pytest.mark.parametrize(("model", "key"), [(Question, "both"), (Signal, "messy-stack"), (Outcome, "one-leader")])
def test_a_part_that_a_condition_names_cannot_be_moved_to_another_guide(
    superuser: Client, model: type[models.Model], key: str
) -> None:
    second = Guide.objects.create(key="second-guide", title="Another one")
    part = model._default_manager.get(key=key)

    save_in_admin(superuser, part, {"guide": str(second.pk)})

    assert model._default_manager.filter(guide__key=GUIDE, key=key).exists()


@pytest.mark.parametrize("model", [Guide, Role, Dimension, Signal, FollowUp, Question, Outcome, Remark])
def test_a_key_cannot_be_changed_in_the_admin(superuser: Client, model: type[models.Model]) -> None:
    part = model._default_manager.all()[0]
    key = part.key  # type: ignore[attr-defined]

    save_in_admin(superuser, part, {"key": "another-key"})

    assert model._default_manager.get(pk=part.pk).key == key  # type: ignore[attr-defined]


def test_the_key_of_a_choice_cannot_be_changed_in_the_page_of_its_question(superuser: Client) -> None:
    question = Question.objects.get(key="both")

    save_in_admin(superuser, question, {"choice_set-0-key": "another-key", "choice_set-0-label": "Both of them"})

    choices = [(choice.key, choice.label) for choice in question.choice_set.all()]
    assert choices[0] == ("both", "Both of them")


@pytest.mark.parametrize("key", sorted(RESERVED_GUIDE_KEYS))
def test_a_guide_cannot_have_a_key_that_means_something_else_in_addresses(key: str) -> None:
    guide = Guide(key=key)

    problems = problems_of(guide)

    assert "means something else" in problems["key"][0]


@pytest.mark.parametrize("key", [*sorted(RESERVED_QUESTION_KEYS), "utm-source", "utmost"])
def test_a_question_cannot_have_a_key_that_means_something_else_in_addresses(key: str) -> None:
    question = Question(guide=draft(), key=key)

    problems = problems_of(question)

    assert "means something else" in problems["key"][0]


@pytest.mark.parametrize(
    "key", ["", "Messy", "messy_stack", "-messy", "messy-", "messy--stack", "messy stack", "é", "a\nb"]
)
def test_a_key_is_made_of_small_letters_digits_and_single_hyphens(key: str) -> None:
    role = Role(guide=draft(), key=key)

    with pytest.raises(ValidationError) as refusal:
        role.clean_fields()

    assert "key" in refusal.value.message_dict


def test_a_line_end_after_a_key_is_taken_off() -> None:
    role = Role(guide=draft(), key="a\n")

    with pytest.raises(ValidationError) as refusal:
        role.clean_fields()

    assert "key" not in refusal.value.message_dict
    assert role.key == "a"
