"""Each role gets an answer of its own, with what speaks for it and against it; then the outcome follows.

The guide is a small one: is a cook needed, is a waiter, and with both of them how many seats there are.
"""

from typing import Any

import msgspec
import pytest

from advisor.decision.answers import Answers
from advisor.decision.guide import Choice, Guide, NeedRow
from advisor.decision.recommendation import (
    Basis,
    Certainty,
    Change,
    Doubt,
    DoubtKind,
    Recommendation,
    RoleAnswer,
    recommend,
)
from advisor.decision.walk import asked_pages
from tests.guides import follow_up, question, role, rule, signal, small_guide

UNSURE = ("unsure", "not-answered")
BOTH = {"need:cook": ("yes",), "need:waiter": ("yes",)}


def row(when: dict[str, tuple[str, ...]], reason: str, *, needed: bool, doubt: str = "") -> NeedRow:
    return NeedRow(when, needed, reason, doubt)


def open_question(key: str, *choices: str, **more: Any) -> Any:
    """A question that can be left open."""
    asked = question(key, *choices, **more)
    unsure = Choice(key="unsure", label="Not sure", unsure=True)
    return msgspec.structs.replace(asked, choices=(*asked.choices, unsure))


def guide_with_needs(**changes: Any) -> Guide:
    """The last question decides between the roles, two ticked signals outweigh it, and where it was left open the side
    with more signals does.
    """

    def needs(key: str, other: str, own: str) -> tuple[NeedRow, ...]:
        return (
            row({f"evidence:{key}": ("strong",)}, f"Much was seen for a {key}.", needed=True),
            row({"signal:burns": ("yes",), own: ("no",)}, f"It burns, and {own} is well.", needed=False),
            row({"which": (key, "both")}, f"A {key} was named.", needed=True),
            row({"which": (other,)}, f"The {other} was named.", needed=False),
            row(
                {"balance": (key,), own: ("yes", *UNSURE)},
                f"More was seen for a {key}.",
                needed=True,
                doubt="Little was seen.",
            ),
            row({}, f"Nothing calls for a {key}.", needed=False),
        )

    wanted: dict[str, Any] = {
        "roles": (
            msgspec.structs.replace(role("cook"), need=needs("cook", "waiter", "kitchen")),
            msgspec.structs.replace(role("waiter"), need=needs("waiter", "cook", "tables")),
        ),
        "signals": (
            signal("burns", "cook"),
            signal("tastes-odd", "cook"),
            signal("spills", "waiter"),
            signal("shouts", "waiter"),
        ),
        "questions": (
            open_question("kitchen", "yes", "no", role="cook"),
            open_question("tables", "yes", "no", role="waiter"),
            open_question("which", "cook", "waiter", "both"),
            open_question("seats", "few", "many", follow_up="size"),
            open_question("hours", "short", "long", follow_up="size"),
        ),
        "follow_ups": (follow_up("size", BOTH),),
        "rules": (
            rule({**BOTH, "seats": ("few",), "hours": ("short",)}, "a-cook"),
            msgspec.structs.replace(rule(BOTH, "a-pair"), doubt="Who serves is not settled."),
            rule({"need:cook": ("yes",)}, "a-cook"),
            rule({}, "nobody"),
        ),
        "remarks": (),
    }
    return small_guide(**(wanted | changes))


GUIDE = guide_with_needs()


def given(*signals: str, **choices: str) -> Recommendation:
    return recommend(GUIDE, Answers(choices, frozenset(signals)))


def answer_for(found: Recommendation, key: str) -> RoleAnswer:
    return next(answer for answer in found.roles if answer.role == key)


def rests_on(reasons: tuple[Any, ...]) -> list[str]:
    """What each reason rests on: an answer or the signals."""
    return [basis.choice or ",".join(basis.signals) for reason in reasons for basis in reason.rests_on]


def test_two_situations_outweigh_what_was_said() -> None:
    found = given("burns", "tastes-odd", kitchen="yes", tables="yes", which="waiter")

    cook = answer_for(found, "cook")
    assert (cook.is_needed, cook.row) == (True, 1)
    assert cook.reason
    assert cook.reason.text == "Much was seen for a cook."
    assert cook.reason.rests_on == (Basis("kitchen", role="cook", signals=("burns", "tastes-odd")),)
    assert found.outcome.key == "a-pair"


def test_a_role_that_is_not_needed_says_why() -> None:
    found = given(kitchen="yes", tables="no", which="cook")

    waiter = answer_for(found, "waiter")
    assert (waiter.is_needed, waiter.row) == (False, 4)
    assert waiter.reason
    assert waiter.reason.text == "The cook was named."
    assert waiter.reason.rests_on == (Basis("which", "cook"),)


def test_what_speaks_for_a_role_and_against_it_is_told_whatever_was_decided() -> None:
    found = given("tastes-odd", kitchen="yes", tables="yes", which="waiter")

    cook, waiter = answer_for(found, "cook"), answer_for(found, "waiter")
    assert not cook.is_needed
    assert rests_on(cook.speaks_for) == ["tastes-odd"]
    assert rests_on(cook.speaks_against) == ["waiter"]
    assert rests_on(waiter.speaks_for) == ["waiter"]
    assert waiter.speaks_against == ()


def test_a_situation_may_speak_against_a_role() -> None:
    found = given("burns", kitchen="unsure", tables="no", which="waiter")

    assert "burns" in rests_on(answer_for(found, "waiter").speaks_against)


def test_every_reason_for_the_outcome_speaks_for_a_role_that_it_names() -> None:
    found = given("tastes-odd", "spills", kitchen="yes", tables="no", which="cook")

    assert found.outcome.key == "a-cook"
    assert {reason.role for reason in found.reasons} == {"", "cook"}
    assert [reason.text for reason in found.reasons] == [
        "These answers lead to a-cook.",
        "A cook was named.",
        "Because it tastes-odd.",
    ]


def test_a_reason_is_decisive_when_the_outcome_falls_with_it() -> None:
    found = given("burns", "tastes-odd", kitchen="yes", tables="no", which="cook")

    decisive = {reason.text: reason.is_decisive for reason in found.reasons}
    # Without both situations the cook was still named; without the answer both situations are still there.
    assert decisive == {
        "These answers lead to a-cook.": False,
        "Much was seen for a cook.": False,
        "Because it burns.": False,
        "Because it tastes-odd.": False,
    }
    named = given(kitchen="yes", tables="no", which="cook")
    assert {reason.text: reason.is_decisive for reason in named.reasons if reason.role} == {"A cook was named.": True}


def test_the_side_with_more_situations_decides_where_the_answers_are_open() -> None:
    found = given("tastes-odd", kitchen="unsure", tables="unsure", which="unsure")

    cook = answer_for(found, "cook")
    assert (found.outcome.key, cook.row) == ("a-cook", 5)
    assert cook.reason
    assert Basis("kitchen", role="cook", signals=("tastes-odd",)) in cook.reason.rests_on
    assert Doubt(DoubtKind.ROW, "Little was seen.") in found.doubts
    assert found.certainty is Certainty.LEANING


def test_no_side_decides_where_as_much_was_seen_for_the_other() -> None:
    found = given("tastes-odd", "spills", kitchen="unsure", tables="unsure", which="unsure")

    assert found.outcome.key == "nobody"


def test_the_doubt_of_the_rule_keeps_it_from_being_clear() -> None:
    found = given("burns", "spills", kitchen="yes", tables="yes", which="both", seats="many", hours="long")

    assert found.outcome.key == "a-pair"
    assert found.doubts == (Doubt(DoubtKind.ROW, "Who serves is not settled."),)
    assert found.certainty is Certainty.LEANING


def test_facts_that_were_left_open_and_matter_only_together_are_named() -> None:
    found = given("burns", "spills", kitchen="yes", tables="yes", which="both", seats="unsure", hours="unsure")

    assert found.outcome.key == "a-pair"
    missing = [doubt.about for doubt in found.doubts if doubt.kind is DoubtKind.MISSING_FACT]
    assert missing == ["seats", "hours"]


def test_a_fact_that_was_left_open_and_cannot_matter_is_not_named() -> None:
    found = given("burns", "spills", kitchen="yes", tables="yes", which="both", seats="many", hours="unsure")

    assert not any(doubt.kind is DoubtKind.MISSING_FACT for doubt in found.doubts)


def test_a_page_with_very_many_open_questions_is_answered_at_once() -> None:
    many = [open_question(f"q{number}", *"abcde", follow_up="size") for number in range(12)]
    asked = guide_with_needs(questions=(*GUIDE.questions, *many), rules=(rule({"q11": ("a",)}, "a-cook"), *GUIDE.rules))
    left_open = {question.key: "unsure" for question in asked.questions if question.follow_up}
    said = Answers({"kitchen": "yes", "tables": "yes", "which": "both", **left_open})

    found = recommend(asked, said)

    # Six to the power of twelve ways are too many to try, so each of them may turn it.
    missing = [doubt.about for doubt in found.doubts if doubt.kind is DoubtKind.MISSING_FACT]
    assert missing == [*left_open]


def test_nothing_but_open_answers_is_not_clear() -> None:
    found = given(kitchen="unsure", tables="unsure", which="unsure")

    assert (found.outcome.key, found.certainty) == ("nobody", Certainty.LEANING)
    assert {doubt.about for doubt in found.doubts} == {"which"}


def test_where_no_role_is_named_every_situation_that_was_not_ticked_is_to_be_watched_for() -> None:
    found = given("spills", "tastes-odd", kitchen="no", tables="no", which="unsure")

    assert found.outcome.key == "nobody"
    assert [signal.key for signal in found.watch_for] == ["burns", "shouts"]
    assert given(which="cook").watch_for == ()


def test_what_only_restates_the_outcome_comes_last() -> None:
    found = given("tastes-odd", kitchen="unsure", tables="unsure", which="unsure")

    kinds = [("restates" if change.restates else "signal" if change.signal else "answer") for change in found.changes]
    assert kinds == sorted(kinds, key=["answer", "signal", "restates"].index)
    assert {"signal", "restates"} <= set(kinds)
    assert Change("which", "nobody", choice="waiter", restates=True) in found.changes


def test_a_follow_up_is_asked_of_those_who_need_both() -> None:
    needed = Answers({"kitchen": "yes", "tables": "yes", "which": "both"})

    assert [page.key for page in asked_pages(GUIDE, needed)] == ["kitchen", "tables", "which", "seats"]
    assert [page.key for page in asked_pages(GUIDE, Answers({"which": "cook"}))] == ["kitchen", "tables", "which"]


def test_a_role_without_a_table_is_needed_when_the_outcome_names_it() -> None:
    found = recommend(small_guide(), Answers({"kitchen": "yes", "tables": "no"}, frozenset({"burns"})))

    cook, waiter = answer_for(found, "cook"), answer_for(found, "waiter")
    assert (cook.is_needed, cook.row, cook.reason) == (True, 0, None)
    assert rests_on(cook.speaks_for) == ["yes", "burns"]
    assert (waiter.is_needed, waiter.speaks_for, waiter.speaks_against) == (False, (), ())


@pytest.mark.parametrize("choices", [{}, {"kitchen": "yes"}, {"which": "both"}])
def test_any_answer_may_be_missing(choices: dict[str, str]) -> None:
    assert recommend(GUIDE, Answers(choices)).outcome.key in GUIDE.outcome


def test_a_general_question_that_says_nothing_of_the_roles_restates_nothing() -> None:
    size = open_question("staff", "few", "many")
    rules = (rule({"staff": ("many",)}, "a-pair"), *GUIDE.rules)
    asked = guide_with_needs(questions=(*GUIDE.questions[:3], size, *GUIDE.questions[3:]), rules=rules)

    found = recommend(asked, Answers({"kitchen": "no", "tables": "no", "which": "cook", "staff": "few"}))

    assert Change("staff", "a-pair", choice="many") in found.changes


def test_answers_that_lead_nowhere_beside_those_of_a_visitor_are_no_change() -> None:
    gaps = guide_with_needs(rules=(rule({"which": ("cook",)}, "a-cook"), rule({"which": ("waiter",)}, "nobody")))

    found = recommend(gaps, Answers({"kitchen": "yes", "tables": "no", "which": "cook"}))

    assert found.outcome.key == "a-cook"
    assert {change.outcome for change in found.changes} == {"nobody"}
