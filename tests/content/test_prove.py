"""``manage.py prove``: what it prints, and the exit status it leaves."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from advisor.content.models import Cell, Guide, Rule, Scenario
from advisor.decision import classes
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def prove(*options: str) -> tuple[str, int]:
    """What it prints, and its exit status."""
    out = StringIO()
    try:
        call_command("prove", GUIDE, *options, stdout=out)
    except SystemExit as left:
        return out.getvalue(), int(str(left.code))
    return out.getvalue(), 0


def as_json(*options: str) -> tuple[dict[str, Any], int]:
    said, status = prove("--json", *options)
    return json.loads(said), status


def test_the_live_edition_of_the_first_guide_is_proved() -> None:
    said, status = prove()

    assert status == 0
    assert "512,000 possible sets of answers" in said
    assert "The proof holds." in said


def test_as_json_it_says_what_scripts_need() -> None:
    found, status = as_json()

    assert status == 0
    assert found["answer_sets"] == sum(outcome["count"] for outcome in found["outcomes"].values()) == 512_000
    assert set(found["outcomes"]) == set(ANSWERS)
    assert all(set(outcome) == {"count", "example"} for outcome in found["outcomes"].values())
    empty = ("gaps", "unreachable", "dead_rules", "silent_signals", "silent_remarks", "unfinished")
    assert [found[name] for name in empty] == [[]] * len(empty)


def test_the_draft_is_proved_when_it_is_asked_for() -> None:
    Rule.objects.filter(position=1).update(when={})

    live, of_draft = prove(), as_json("--draft")

    assert live[1] == 0
    assert of_draft[1] == 1
    assert of_draft[0]["dead_rules"] == list(range(2, 19))
    assert "not-yet" in of_draft[0]["unreachable"]


def test_what_is_wrong_is_said_in_words_with_its_place() -> None:
    Rule.objects.filter(position=1).update(when={})

    said, status = prove("--draft")

    assert status == 1
    assert "rules 2: This rule never decides: what it asks for is taken by rule 1." in said


def test_an_unfinished_draft_is_listed_and_not_proved() -> None:
    Cell.objects.filter(dimension__key="focus").delete()

    said, status = prove("--draft")
    found, _ = as_json("--draft")

    assert status == 1
    assert "dimensions focus: The cell for “Fractional CTO” is missing." in said
    assert found["unfinished"][0]["place"] == "dimensions focus"
    assert "answer_sets" not in found


def test_a_failing_scenario_fails_it_unless_it_is_expected_to_change() -> None:
    Scenario.objects.all().delete()
    case = Scenario.objects.create(
        guide=draft(),
        position=1,
        title="A messy stack",
        answers=ANSWERS["fractional-cto"],
        outcome=draft().outcome_set.get(key="not-yet"),
    )

    failing, status = prove("--draft")
    Scenario.objects.filter(pk=case.pk).update(expected_to_change=True)
    _, allowed = as_json("--draft")

    assert (status, allowed) == (1, 0)
    assert "“A messy stack”: Expected “Neither role yet”, and it is “Fractional CTO”." in failing


def test_a_guide_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(CommandError, match=f"Guides: {GUIDE}"):
        call_command("prove", "cook-or-waiter")


def test_a_guide_that_was_never_published_has_no_live_edition_to_prove() -> None:
    Guide.objects.create(key="new-guide", title="New")

    with pytest.raises(CommandError, match="--draft proves the draft"):
        call_command("prove", "new-guide")


def test_a_guide_that_is_too_large_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "LARGEST", 100)

    with pytest.raises(CommandError, match="too large to be proved"):
        call_command("prove", GUIDE)
