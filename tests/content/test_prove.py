"""``manage.py prove``: what it prints, and the exit status it leaves."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from advisor.content.actions import publish_again
from advisor.content.models import Cell, Choice, Edition, Guide, Outcome, Remark, Role, Rule, Scenario, Signal
from advisor.content.scenarios import cases_of_edition
from advisor.decision.proof import prover
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import NOON, draft

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
    assert "897,665 possible sets of answers" in said
    assert "The proof holds." in said


def test_as_json_it_says_what_scripts_need() -> None:
    found, status = as_json()

    assert status == 0
    assert found["answer_sets"] == sum(outcome["count"] for outcome in found["outcomes"].values()) == 897_665
    assert set(found["outcomes"]) == set(ANSWERS)
    assert all(set(outcome) == {"count", "example"} for outcome in found["outcomes"].values())
    empty = ("gaps", "unreachable", "dead_rules", "silent_signals", "silent_remarks", "unfinished")
    assert [found[name] for name in empty] == [[]] * len(empty)


def test_the_draft_is_proved_when_it_is_asked_for() -> None:
    Rule.objects.filter(position=1).update(when={})

    live, of_draft = prove(), as_json("--draft")

    assert live[1] == 0
    assert of_draft[1] == 1
    assert of_draft[0]["dead_rules"] == list(range(2, 9))
    assert "not-yet" in of_draft[0]["unreachable"]


def test_what_is_wrong_is_said_in_words_with_its_place() -> None:
    Rule.objects.filter(position=1).update(when={})

    said, status = prove("--draft")

    assert status == 1
    assert "rules 2: This rule never decides: what it asks for is taken by rule 1." in said


KEYS = {
    "unfinished",
    "too_large",
    "scenarios",
    "holds",
    "answer_sets",
    "outcomes",
    "rules",
    "remarks",
    "uncovered",
    "gaps",
    "unreachable",
    "dead_rules",
    "silent_signals",
    "silent_questions",
    "silent_remarks",
    "together",
    "needs",
    "work",
}
"""What scripts may rely on wherever a proof is possible."""

UNFINISHED: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "a cell": lambda: Cell.objects.filter(dimension__key="focus").delete(),
    "the last rule": lambda: Rule.objects.get(position=8).delete(),
    "every rule": lambda: Rule.objects.all().delete(),
    "a rule for an outcome": lambda: Outcome.objects.create(guide=draft(), key="new"),
    "a text": lambda: Signal.objects.filter(key="ai-risks").update(text=""),
    "a second choice": lambda: Choice.objects.filter(question__key="scope", key="hands-on").update(label=""),
    "a question about a new role": lambda: Signal.objects.create(
        guide=draft(), key="new", role=Role.objects.create(guide=draft(), key="new")
    ),
}


@pytest.mark.parametrize("missing", UNFINISHED.values(), ids=UNFINISHED)
def test_whatever_is_missing_the_rest_is_proved_with_all_keys(missing: Callable[[], object]) -> None:
    missing()

    found, status = as_json("--draft")

    assert set(found) == KEYS
    assert found["answer_sets"] == 897_665
    assert status == bool(found["unfinished"])


def test_an_unfinished_draft_is_listed_and_proved_all_the_same() -> None:
    Cell.objects.filter(dimension__key="focus").delete()

    said, status = prove("--draft")

    assert status == 1
    assert "dimensions focus: The cell for “Fractional CTO” is missing." in said
    assert "The proof holds." in said


@pytest.mark.usefixtures("first_tables")
def test_a_draft_without_its_last_rule_has_gaps_with_rows() -> None:
    Rule.objects.get(position=18).delete()

    found, status = as_json("--draft")
    said, _ = prove("--draft")

    assert status == 1
    assert "rules" in [gap["place"] for gap in found["unfinished"]]
    (first, *_) = found["gaps"]
    assert first["count"] > 0
    assert first["when"]
    assert first["example"]
    assert f"One row ends the table and matches all of them: otherwise ({found['uncovered']:,})" in said
    assert f"A row before it that would match {first['count']:,} of them: if the answer to" in said


def test_a_draft_that_names_what_does_not_exist_is_not_proved_and_says_so() -> None:
    Rule.objects.filter(position=3).update(when={"hardware": ["yes"]})

    found, status = as_json("--draft")
    said, _ = prove("--draft")

    assert status == 1
    assert set(found) == {"unfinished", "too_large", "scenarios"}
    assert found["unfinished"][0]["place"] == "rules 3"
    assert "It cannot be proved before what is named there exists." in said


def test_advice_that_is_given_together_is_told_with_an_example() -> None:
    found, _ = as_json()
    said, _ = prove()

    assert found["together"]
    title = Remark.objects.get(key=found["together"][0]["keys"][0]).title
    assert f"“{title}” and “" in said
    assert f"for example {found['together'][0]['example']}" in said


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
    monkeypatch.setattr(prover, "MAX_NODES", 100)

    said, status = prove()
    found, status_too = as_json()

    assert (status, status_too) == (1, 1)
    assert "too large to be proved" in said
    assert "too large to be proved" in found["too_large"]
    assert "answer_sets" not in found


def test_a_live_edition_is_tried_by_the_scenarios_it_was_published_with() -> None:
    case, number = Scenario.objects.get(position=1), Scenario.objects.count()
    Scenario.objects.filter(pk=case.pk).update(answers="hardware=yes", title="Something else")
    Scenario.objects.exclude(pk=case.pk).delete()

    live, status = as_json()
    of_draft, status_of_draft = as_json("--draft")

    assert (status, status_of_draft) == (0, 1)
    assert len(live["scenarios"]) == number
    assert case.title in {run["title"] for run in live["scenarios"]}
    assert [run["title"] for run in of_draft["scenarios"]] == ["Something else"]


def test_an_edition_published_again_keeps_its_scenarios_too() -> None:
    first = Edition.objects.get(number=1)
    Scenario.objects.all().delete()

    again = publish_again(edition=first, by="publisher", note="Back.", now=NOON, after=1)

    assert cases_of_edition(again) == cases_of_edition(first) != []


class Terminal(StringIO):
    """A place to write to that is looked at by someone."""

    def isatty(self) -> bool:
        return True


def test_progress_is_no_error_and_is_gone_at_the_end() -> None:
    terminal = Terminal()

    call_command("prove", GUIDE, stdout=StringIO(), stderr=terminal, force_color=True)

    assert "\x1b" not in terminal.getvalue()
    assert "█" in terminal.getvalue()
    assert terminal.getvalue().endswith(f"\r{'':<60}\r")
