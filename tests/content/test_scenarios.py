"""Scenarios: cases in words that every change of a guide is tried on."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from advisor.content.drafts import read_draft
from advisor.content.models import Choice, Outcome, Remark, Rule, Scenario, Signal
from advisor.content.scenarios import run_scenario
from tests.conftest import ANSWERS
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def scenario(outcome: str = "both-roles", remarks: tuple[str, ...] = (), answers: str = "") -> Scenario:
    """A company with a messy stack and a product that rests on AI."""
    made = Scenario(
        guide=draft(),
        position=1000,
        title="A messy stack under an AI product",
        answers=answers or ANSWERS["both-roles"],
        outcome=draft().outcome_set.get(key=outcome),
    )
    made.full_clean()
    made.save()
    made.remarks.set(draft().remark_set.filter(key__in=remarks))
    return made


def test_a_case_that_gets_what_is_expected_passes() -> None:
    collected = run_scenario(scenario(), read_draft(draft())).remarks

    run = run_scenario(scenario_with(collected[:1]), read_draft(draft()))

    assert collected
    assert (run.passed, run.outcome, run.message) == (True, "both-roles", "")


def scenario_with(remarks: tuple[str, ...]) -> Scenario:
    Scenario.objects.filter(position=1000).delete()
    return scenario(remarks=remarks)


def test_another_outcome_is_named_with_the_one_that_was_expected() -> None:
    run = run_scenario(scenario("not-yet"), read_draft(draft()))

    assert not run.passed
    assert run.message == "Expected “Neither role yet”, and it is “Both roles”."


def test_a_missing_remark_is_named() -> None:
    missing = Remark.objects.get(key=next(iter(set(uncollected()))))

    run = run_scenario(scenario_with((missing.key,)), read_draft(draft()))

    assert run.message == f"These remarks are missing: “{missing.title}”."


def test_a_remark_that_must_not_be_made_is_named() -> None:
    made = scenario()
    unwanted = Remark.objects.get(key=run_scenario(made, read_draft(draft())).remarks[0])
    made.unwanted_remarks.set([unwanted])

    run = run_scenario(made, read_draft(draft()))

    assert run.message == f"These remarks are made and should not be: “{unwanted.title}”."


def test_another_certainty_is_named_with_the_one_that_was_expected() -> None:
    made = scenario()
    found = run_scenario(made, read_draft(draft())).certainty
    made.certainty = "leaning" if found != "leaning" else "mixed"

    assert run_scenario(made, read_draft(draft())).message == f"Expected to be {made.certainty}, and it is {found}."
    made.certainty = found
    assert run_scenario(made, read_draft(draft())).passed


def test_a_remark_that_must_not_be_made_to_a_case_cannot_be_deleted_under_it() -> None:
    unwanted = Remark.objects.get(key=uncollected()[0])
    Scenario.objects.all().delete()
    scenario().unwanted_remarks.set([unwanted])

    with pytest.raises(ProtectedError, match="A messy stack under an AI product"):
        unwanted.delete()


def uncollected() -> list[str]:
    collected = run_scenario(scenario(), read_draft(draft())).remarks
    return [remark.key for remark in Remark.objects.all() if remark.key not in collected]


def test_a_case_for_which_no_rule_is_left_fails_and_may_not_be_published() -> None:
    made = scenario()
    Scenario.objects.filter(pk=made.pk).update(expected_to_change=True)
    Rule.objects.exclude(position=1).delete()

    run = run_scenario(Scenario.objects.get(pk=made.pk), read_draft(draft()))

    assert (run.passed, run.allowed, run.message) == (False, False, "No rule matches these answers.")


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("hardware=yes", "“hardware” is not a question"),
        ("software=perhaps", "“perhaps” is not a value of “software”"),
        ("software=yes&signal=messy-desk", "“signal:messy-desk” is not a question"),
    ],
)
def test_answers_that_do_not_exist_are_refused(answers: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        scenario(answers=answers)

    assert message in str(refused.value)


def test_what_a_scenario_names_cannot_be_deleted_under_it() -> None:
    made = scenario(remarks=("start-with-cto",) if Remark.objects.filter(key="start-with-cto").exists() else ())
    Scenario.objects.exclude(pk=made.pk).delete()

    for part in (Signal.objects.get(key="messy-stack"), Choice.objects.get(question__key="scope", key="hands-on")):
        with pytest.raises(ProtectedError, match="A messy stack under an AI product"):
            part.delete()
    with pytest.raises(ProtectedError, match="A messy stack under an AI product"):
        Outcome.objects.get(key="both-roles").delete()


def test_a_question_that_is_gone_from_a_document_fails_the_case_with_its_name() -> None:
    made = scenario(answers=ANSWERS["fractional-cto"])
    Scenario.objects.filter(pk=made.pk).update(answers="hardware=yes&both=software")

    run = run_scenario(Scenario.objects.get(pk=made.pk), read_draft(draft()))

    assert run.message == "Its answers do not fit the questions any more: hardware."


def test_a_signal_that_is_gone_is_called_by_its_own_name() -> None:
    made = scenario(answers=ANSWERS["fractional-cto"])
    Scenario.objects.filter(pk=made.pk).update(answers="software=yes&signal=tidy-desk&ai=no&both=software")

    run = run_scenario(Scenario.objects.get(pk=made.pk), read_draft(draft()))

    assert run.message == "Its answers do not fit the questions any more: signal tidy-desk."
