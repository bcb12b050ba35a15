"""What keeps a guide with needs from being published."""

from typing import Any

import pytest
from msgspec import structs

from advisor.decision.answers import Answers
from advisor.decision.guide import Choice, Condition, Guide, NeedRow
from advisor.decision.publish_checks import publish_blockers
from advisor.decision.recommendation import recommend
from tests.guides import follow_up, outcome, question, rule, small_guide

replace = structs.replace

ASK = "Ask it of everyone, or let this row do without it."
MOVE = "and that comes later. Move that question to a place before this follow-up."


def with_need(*whens: Condition, guide: Guide | None = None) -> Guide:
    """A guide whose cook is needed in the first of these cases, and not in the others."""
    guide = guide or small_guide()
    rows = tuple(NeedRow(when, needed=number == 0, reason="Because.") for number, when in enumerate(whens))
    return replace(guide, roles=(replace(guide.roles[0], need=rows), *guide.roles[1:]))


def gaps(guide: Guide) -> list[tuple[str, str]]:
    return [(blocker.place, blocker.message) for blocker in publish_blockers(guide)]


def test_a_need_that_rests_on_what_everyone_is_asked_is_no_gap() -> None:
    when: Condition = {"kitchen": ("yes",), "evidence:cook": ("some",), "signal:burns": ("yes",), "balance": ("cook",)}

    assert gaps(with_need(when, {})) == []


@pytest.mark.parametrize(
    ("when", "message"),
    [
        (
            {"seats": ("many",)},
            f"A need cannot rest on “seats”, which is asked only of some, after the needs are known. {ASK}",
        ),
        ({"need:cook": ("yes",)}, "A need cannot rest on a need. It is found from what everyone is asked."),
        ({"outcome": ("a-cook",)}, "Only remarks can ask for the outcome that was reached."),
    ],
)
def test_a_need_cannot_rest_on_what_is_known_after_it(when: Condition, message: str) -> None:
    assert gaps(with_need(when, {})) == [("roles cook need 1", message)]


def test_the_table_of_a_need_ends_with_a_row_that_matches_anything() -> None:
    ((place, message),) = gaps(with_need({"kitchen": ("yes",)}))

    assert place == "roles cook need"
    assert message.startswith("The last row must match anything")


def test_a_row_of_a_need_that_matches_anything_is_the_last_one() -> None:
    ((place, message),) = gaps(with_need({}, {"kitchen": ("yes",)}))

    assert place == "roles cook need 1"
    assert message.startswith("This row matches anything, so that none below it ever decides.")


def test_a_choice_does_not_say_yes_and_leave_the_question_open() -> None:
    guide = small_guide()
    kitchen, *others = guide.questions
    both = replace(kitchen, choices=(Choice("yes", "Yes", affirms=True, unsure=True), *kitchen.choices[1:]))

    found = gaps(replace(guide, questions=(both, *others)))

    assert found == [("questions kitchen", "A choice cannot say yes and leave the question open.")]


def rests_on(name: str, value: str, **changes: Any) -> Guide:
    """A guide whose follow-up is asked where the cook is needed, which rests on one input."""
    guide = replace(small_guide(), follow_ups=(follow_up("size", {"need:cook": ("yes",)}),))
    return with_need({name: (value,)}, {}, guide=replace(guide, **changes))


def test_a_follow_up_may_be_asked_where_a_role_is_needed() -> None:
    assert gaps(rests_on("kitchen", "yes")) == []
    assert gaps(rests_on("evidence:cook", "some")) == []


@pytest.mark.parametrize("name", ["garden", "balance"])
def test_a_follow_up_cannot_name_a_need_that_rests_on_what_is_asked_after_it(name: str) -> None:
    kitchen, tables, seats = small_guide().questions
    late = (kitchen, seats, tables) if name == "balance" else (kitchen, tables, seats, question("garden", "yes", "no"))

    found = gaps(rests_on(name, "cook" if name == "balance" else "yes", questions=late))

    asked_last = "About tables" if name == "balance" else "About garden"
    assert found == [
        ("follow_ups size", f"It asks for “need:cook”, which is only known once “{asked_last}” was asked, {MOVE}")
    ]


def test_a_follow_up_cannot_name_what_is_asked_after_it_even_beside_what_is_known() -> None:
    kitchen, tables, seats = small_guide().questions
    asks = follow_up("size", {"kitchen": ("yes",), "tables": ("yes",), "kitchn": ("yes",)})
    guide = replace(small_guide(), questions=(kitchen, seats, tables), follow_ups=(asks,))

    assert gaps(guide) == [
        ("follow_ups size", f"It asks for “tables”, which is only known once “About tables” was asked, {MOVE}"),
        ("follow_ups size", "“kitchn” is not a question, evidence, signal or need that can be asked for here."),
    ]


@pytest.mark.parametrize("key", ["balance", "need"])
def test_a_question_from_before_needs_keeps_its_key_in_a_guide_without_them(key: str) -> None:
    small = small_guide()
    guide = replace(small, questions=(*small.questions, question(key, "yes", "no")))

    assert gaps(guide) == []
    assert [place for place, _ in gaps(with_need({"kitchen": ("yes",)}, {}, guide=guide))] == [f"questions {key}"]


def test_a_role_from_before_the_balance_may_be_called_even_until_something_asks_for_the_balance() -> None:
    small = small_guide()
    even = small_guide(
        roles=(replace(small.roles[0], key="even"), small.roles[1]),
        dimensions=(),
        signals=(),
        questions=(replace(small.questions[0], role="even"), *small.questions[1:]),
        outcomes=(outcome("a-cook", "even"), outcome("nobody")),
        rules=(rule({"kitchen": ("yes",)}, "a-cook"), rule({}, "nobody")),
        remarks=(),
    )

    assert gaps(even) == []
    assert recommend(even, Answers({"kitchen": "yes"})).outcome.key == "a-cook"
    asking = replace(even, rules=(rule({"balance": ("even",)}, "a-cook"), *even.rules))
    assert [place for place, _ in gaps(asking)] == ["roles even"]
