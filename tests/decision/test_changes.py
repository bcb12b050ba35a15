"""What would change the outcome, held against every single change tried out with ``recommend`` itself."""

from collections.abc import Iterator
from itertools import chain

import msgspec
import pytest
from hypothesis import given, settings

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide
from advisor.decision.recommendation import Change, recommend
from advisor.decision.walk import asked_pages
from tests.decision.answer_sets import complete, possible, said, subsets, whatever_was_said
from tests.guides import first_guide, follow_up, outcome, question, rule, small_guide


def single_changes(guide: Guide, answers: Answers) -> Iterator[tuple[Change, Answers]]:
    """Every other choice of a question that is asked, and every signal the other way; the outcome still open."""
    for asked in chain.from_iterable(page.questions for page in asked_pages(guide, answers)):
        for choice in asked.choices:
            if answers.choices.get(asked.key) != choice.key:
                changed = Answers({**answers.choices, asked.key: choice.key}, answers.signals)
                yield Change(asked.key, "", choice=choice.key, restates=asked.key == "both"), changed
        for signal in guide.signals_of.get(asked.role, ()):
            changed = Answers(answers.choices, answers.signals ^ {signal.key})
            yield Change(asked.key, "", signal=signal.key, ticked=signal.key in changed.signals), changed


def opens_more(guide: Guide, answers: Answers) -> bool:
    """Whether a follow-up is asked and has no answer yet."""
    return any(
        question.key not in answers.choices
        for page in asked_pages(guide, answers)
        if page.follow_up
        for question in page.questions
    )


def tried_out(guide: Guide, answers: Answers) -> list[Change]:
    """What ``changes`` should be, in its order."""
    outcome = recommend(guide, answers).outcome
    found = []
    for change, changed in single_changes(guide, answers):
        reached = recommend(guide, changed).outcome
        if reached != outcome:
            more = opens_more(guide, changed)
            found.append(msgspec.structs.replace(change, outcome=reached.key, asks_more=more))
    return sorted(found, key=lambda change: reluctance(change, answers))


def reluctance(change: Change, answers: Answers) -> int:
    """How hard it is to reconsider: what was left open, a single situation, what was answered for sure, and last the
    question that restates the outcome.
    """
    if change.restates:
        return 3
    if change.signal:
        return 1
    return 0 if answers.choices.get(change.question, "unsure") == "unsure" else 2


@settings(deadline=None, max_examples=250)
@given(complete())
def test_no_change_is_missing_and_none_is_made_up(answers: Answers) -> None:
    expected = tried_out(first_guide(), answers)

    changes = recommend(first_guide(), answers).changes

    assert list(changes) == expected


@settings(deadline=None, max_examples=250)
@given(complete(may_be_stale=True))
def test_a_change_that_opens_a_follow_up_again_brings_its_answers_back(answers: Answers) -> None:
    expected = tried_out(first_guide(), answers)

    changes = recommend(first_guide(), answers).changes

    assert list(changes) == expected


@settings(deadline=None, max_examples=150)
@given(whatever_was_said())
def test_with_answers_missing_the_same_changes_lead_elsewhere(answers: Answers) -> None:
    """Whether more is asked then is left out: where something is open already, it says nothing."""
    expected = [msgspec.structs.replace(change, asks_more=False) for change in tried_out(first_guide(), answers)]

    changes = recommend(first_guide(), answers).changes

    assert [msgspec.structs.replace(change, asks_more=False) for change in changes] == expected


def test_a_change_to_both_asks_for_the_facts_that_are_not_known() -> None:
    nothing_known = said("software=yes&signal=messy-stack&ai=yes&both=software")

    changes = recommend(first_guide(), nothing_known).changes

    assert Change("both", "both-roles", choice="both", asks_more=True, restates=True) in changes
    assert Change("both", "head-of-ai", choice="ai", restates=True) in changes


def test_a_change_to_both_takes_the_facts_that_were_told_before() -> None:
    told_before = said("software=yes&ai=yes&both=software&team-size=under-ten&ai-place=feature&scope=strategy")

    changes = recommend(first_guide(), told_before).changes

    assert Change("both", "one-leader", choice="both", restates=True) in changes


def test_one_signal_more_or_less_may_change_the_outcome() -> None:
    two_signals = said("software=no&signal=messy-stack&signal=fundraising&ai=yes&both=ai")
    three_signals = said("software=no&signal=messy-stack&signal=fundraising&signal=first-vp-engineering&ai=yes&both=ai")

    with_two, with_three = (recommend(first_guide(), answers) for answers in (two_signals, three_signals))

    assert with_two.outcome.key == "head-of-ai"
    more = Change("software", "both-roles", signal="first-vp-engineering", ticked=True, asks_more=True)
    assert more in with_two.changes
    assert with_three.outcome.key == "both-roles"
    assert Change("software", "head-of-ai", signal="first-vp-engineering") in with_three.changes


def test_what_was_left_open_comes_first_and_what_restates_the_question_last() -> None:
    answers = said("software=unsure&signal=messy-stack&ai=no&both=unsure")

    changes = recommend(first_guide(), answers).changes

    first, *_, last = changes
    assert (first.question, first.choice) == ("software", "no")
    assert {change.question for change in changes if change.restates} == {"both"}
    assert last.restates


def test_a_question_that_is_not_asked_is_not_offered_for_change() -> None:
    not_asked = said("software=yes&signal=messy-stack&ai=no&both=software&team-size=under-ten")

    changes = recommend(first_guide(), not_asked).changes

    assert {change.question for change in changes} <= {"software", "ai", "both"}


def test_sometimes_no_single_change_leads_elsewhere() -> None:
    guide = small_guide(rules=(rule({"kitchen": ("yes",), "tables": ("yes",)}, "a-pair"), rule({}, "nobody")))

    recommendation = recommend(guide, said("kitchen=no&tables=no", guide))

    assert recommendation.changes == ()


def chained_guide() -> Guide:
    """A second follow-up is asked of those who gave a certain answer to the first."""
    return small_guide(
        questions=(
            question("kitchen", "yes", "no", role="cook"),
            question("tables", "yes", "no", role="waiter"),
            question("seats", "few", "many", follow_up="size"),
            question("terrace", "shade", "sun", follow_up="outside"),
        ),
        follow_ups=(follow_up("size", {"kitchen": ("yes",)}), follow_up("outside", {"seats": ("many",)})),
        outcomes=(outcome("a-cook", "cook"), outcome("a-pair", "cook", "waiter"), outcome("nobody")),
        rules=(
            rule({"terrace": ("sun",)}, "a-pair"),
            rule({"terrace": ("shade",)}, "a-cook"),
            rule({"seats": ("many",), "evidence:cook": ("strong",)}, "a-cook"),
            rule({}, "nobody"),
        ),
    )


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ("kitchen=yes&tables=no&seats=many&terrace=sun", Change("kitchen", "nobody", choice="no")),
        ("kitchen=yes&tables=no&seats=many&terrace=sun", Change("seats", "nobody", choice="few")),
        ("kitchen=yes&tables=no&seats=many&terrace=sun", Change("terrace", "a-cook", choice="shade")),
        ("kitchen=no&tables=no&seats=many&terrace=sun", Change("kitchen", "a-pair", choice="yes")),
        ("kitchen=yes&tables=no&seats=few&terrace=sun", Change("seats", "a-pair", choice="many")),
        (
            "kitchen=yes&signal=burns&signal=tastes-odd&tables=no&seats=few",
            Change("seats", "a-cook", choice="many", asks_more=True),
        ),
    ],
)
def test_a_change_in_one_follow_up_opens_or_closes_the_next(query: str, change: Change) -> None:
    guide = chained_guide()
    answers = said(query, guide)

    changes = recommend(guide, answers).changes

    assert change in changes


def is_complete(guide: Guide, answers: Answers) -> bool:
    return all(question.key in answers.choices for page in asked_pages(guide, answers) for question in page.questions)


def test_with_one_follow_up_behind_another_no_change_is_missing_and_none_made_up() -> None:
    guide = chained_guide()
    choices = {question.key: [choice.key for choice in question.choices] for question in guide.questions}
    everything = [Answers(given, ticked) for given in possible(choices) for ticked in subsets(guide.signal)]
    answer_sets = [answers for answers in everything if is_complete(guide, answers)]

    wrong = [answers for answers in answer_sets if list(recommend(guide, answers).changes) != tried_out(guide, answers)]

    assert len(answer_sets) > 200
    assert wrong == []
