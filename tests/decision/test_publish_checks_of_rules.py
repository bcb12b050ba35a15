"""What keeps a guide from being published, continued: questions, follow-ups, outcomes and every condition."""

import msgspec
import pytest

from advisor.decision.guide import Choice, Condition, Guide, Outcome, Question, RemarkKind
from advisor.decision.publish_checks import Blocker, publish_blockers
from tests.guides import SMALL, follow_up, outcome, question, remark, rule, small_guide

KITCHEN, TABLES, SEATS = SMALL.questions
TOO_LATE = (
    "It asks for “{}”, which is only known once “About {}” was asked, and that comes later. Move that question to a "
    "place before this follow-up."
)
NOT_ASKED_FOR = "“{}” is not a question, evidence, signal or need that can be asked for here."
NO_ROLE = "There is no role “host”."
NO_LAST = "The last rule must match anything, so that every visitor gets an answer."

replace = msgspec.structs.replace


def unaffirmed(question: Question) -> list[Choice]:
    return [replace(choice, affirms=False) for choice in question.choices]


def gaps(guide: Guide) -> list[tuple[str, str]]:
    return [(gap.place, gap.message) for gap in publish_blockers(guide)]


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        pytest.param(
            (*SMALL.questions, question("extra", "only")),
            [("questions extra", "A question needs at least two choices.")],
            id="one choice",
        ),
        pytest.param(
            (*SMALL.questions, question("extra")),
            [("questions extra", "A question needs at least two choices.")],
            id="no choice",
        ),
        pytest.param(
            (*SMALL.questions, question("extra", "yes", "no", role="host")),
            [("questions extra", NO_ROLE)],
            id="about an unknown role",
        ),
        pytest.param(
            (*SMALL.questions[:1], replace(TABLES, choices=tuple(unaffirmed(TABLES))), SEATS),
            [("questions tables", "One of the choices must say yes to the question’s role.")],
            id="no choice that says yes",
        ),
        pytest.param(
            (replace(KITCHEN, signals_text=""), TABLES, SEATS),
            [("questions kitchen", "The sentence above the signals is missing.")],
            id="signals without a sentence above",
        ),
        pytest.param(
            (*SMALL.questions, question("extra", "yes", "no", role="cook")),
            [("roles cook", "“The cook” needs exactly one question about it.")],
            id="two questions about a role",
        ),
        pytest.param(
            (KITCHEN, question("tables", "yes", "no"), SEATS),
            [("roles waiter", "“The waiter” needs exactly one question about it.")],
            id="no question about a role",
        ),
        pytest.param(
            (
                KITCHEN,
                question("tables", "yes", "no"),
                question("seats", "yes", "few", "many", role="waiter", follow_up=SEATS.follow_up),
            ),
            [("questions seats", "A follow-up cannot ask for signals.")],
            id="signals below a follow-up",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_gap(
    questions: tuple[Question, ...], expected: list[tuple[str, str]]
) -> None:
    guide = small_guide(questions=questions)

    found = gaps(guide)

    assert found == expected


def test_a_guide_is_numbered_from_one() -> None:
    guide = small_guide(number=0)

    found = gaps(guide)

    assert found == [("number", "Guides are numbered from one.")]


@pytest.mark.parametrize("questions", [(), (SEATS,)], ids=["none at all", "follow-ups only"])
def test_a_guide_needs_a_question_for_everyone(questions: tuple[Question, ...]) -> None:
    guide = small_guide(questions=questions)

    found = publish_blockers(guide)

    assert Blocker("questions", "A guide needs at least one question that everyone is asked.") in found


@pytest.mark.parametrize(
    ("asked_when", "messages"),
    [
        ([], ["Say when this follow-up is asked."]),
        ([{"parking": ("yes",)}], [NOT_ASKED_FOR.format("parking")]),
        (
            [{"seats": ("many",)}],
            ["It asks for “seats”, which is only known once this follow-up was asked itself."],
        ),
        ([{"garden": ("yes",)}], [TOO_LATE.format("garden", "garden")]),
        ([{"evidence:waiter": ("some",)}], [TOO_LATE.format("evidence:waiter", "tables")]),
        ([{"signal:spills": ("yes",)}], [TOO_LATE.format("signal:spills", "tables")]),
        ([{"outcome": ("a-cook",)}], ["Only remarks can ask for the outcome that was reached."]),
        ([{"kitchen": ()}], ["“kitchen” needs at least one value, as a list."]),
        (
            [{"kitchen": ("yes",)}, {"kitchen": ("maybe",)}],
            ["“maybe” is not a value of “kitchen”; it can be yes, no, not-answered."],
        ),
        ([{"kitchen": ("yes",)}, {"evidence:cook": ("some",), "signal:burns": ("no",)}], []),
    ],
)
def test_a_follow_up_can_only_hang_on_what_was_asked_before(asked_when: list[Condition], messages: list[str]) -> None:
    guide = small_guide(
        questions=(KITCHEN, SEATS, TABLES, question("garden", "yes", "no")),
        follow_ups=(follow_up("size", *asked_when),),
    )

    found = gaps(guide)

    assert found == [("follow_ups size", message) for message in messages]


def test_a_follow_up_may_hang_on_one_before_it_and_not_on_one_behind() -> None:
    questions = (*SMALL.questions, question("terrace", "shade", "sun", follow_up="outside"))
    size, outside = follow_up("size", {"kitchen": ("yes",)}), follow_up("outside", {"seats": ("many",)})
    too_early = follow_up("size", {"terrace": ("sun",)})

    chained, turned = (
        gaps(small_guide(questions=questions, follow_ups=follow_ups))
        for follow_ups in [(size, outside), (too_early, outside)]
    )

    assert chained == []
    assert turned == [("follow_ups size", TOO_LATE.format("terrace", "terrace"))]


def test_a_follow_up_that_does_not_exist_is_a_gap() -> None:
    guide = small_guide(questions=(*SMALL.questions, question("extra", "a", "b", follow_up="more")))

    found = gaps(guide)

    assert found == [("follow_ups more", "Questions name this follow-up and it does not exist.")]


def test_a_follow_up_without_questions_is_a_gap() -> None:
    guide = small_guide(follow_ups=(*SMALL.follow_ups, follow_up("more", {"kitchen": ("yes",)})))

    found = gaps(guide)

    assert found == [("follow_ups more", "This follow-up asks no question.")]


def test_the_questions_of_a_follow_up_stand_together() -> None:
    floors = question("floors", "one", "two", follow_up="size")
    garden = question("garden", "yes", "no")

    together, apart = (
        gaps(small_guide(questions=(KITCHEN, TABLES, *others)))
        for others in [(SEATS, floors, garden), (SEATS, garden, floors)]
    )

    assert together == []
    assert apart == [
        ("follow_ups size", "The questions of a follow-up stand together; another question is between them.")
    ]


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (outcome("a-host", "host"), NO_ROLE),
        (outcome("a-host"), "No rule leads to this outcome."),
    ],
    ids=["of an unknown role", "that is never reached"],
)
def test_an_outcome_that_cannot_be_is_a_gap(extra: Outcome, message: str) -> None:
    lead_there = () if "No rule" in message else (rule({"seats": ("few",)}, "a-host"),)
    guide = small_guide(outcomes=(*SMALL.outcomes, extra), rules=(*lead_there, *SMALL.rules))

    found = gaps(guide)

    assert found == [("outcomes a-host", message)]


CONDITION_GAPS: list[tuple[Condition, str]] = [
    ({"garden": ("yes",)}, NOT_ASKED_FOR.format("garden")),
    ({"evidence:host": ("some",)}, NOT_ASKED_FOR.format("evidence:host")),
    ({"signal:rains": ("yes",)}, NOT_ASKED_FOR.format("signal:rains")),
    ({"kitchen": ("maybe",)}, "“maybe” is not a value of “kitchen”; it can be yes, no, not-answered."),
    ({"evidence:cook": ("much",)}, "“much” is not a value of “evidence:cook”; it can be none, some, strong."),
    ({"signal:burns": ("not-answered",)}, "“not-answered” is not a value of “signal:burns”; it can be yes, no."),
    ({"kitchen": ()}, "“kitchen” needs at least one value, as a list."),
]


@pytest.mark.parametrize(
    ("when", "message"),
    [*CONDITION_GAPS, ({"outcome": ("a-cook",)}, "Only remarks can ask for the outcome that was reached.")],
)
def test_a_rule_that_asks_for_what_does_not_exist_is_a_gap(when: Condition, message: str) -> None:
    first, second, *others = SMALL.rules
    guide = small_guide(rules=(first, second, rule(when, "a-cook"), *others))

    found = gaps(guide)

    assert found == [("rules 3", message)]


@pytest.mark.parametrize(
    ("when", "message"),
    [
        *CONDITION_GAPS,
        ({"outcome": ("a-host",)}, "“a-host” is not a value of “outcome”; it can be a-cook, a-pair, nobody."),
    ],
)
def test_a_remark_that_asks_for_what_does_not_exist_is_a_gap(when: Condition, message: str) -> None:
    guide = small_guide(remarks=(*SMALL.remarks, remark("fire", when, RemarkKind.CAUTION)))

    found = gaps(guide)

    assert found == [("remarks fire", message)]


def test_a_rule_that_leads_nowhere_is_a_gap() -> None:
    guide = small_guide(rules=(rule({"kitchen": ("no",)}, "a-host"), *SMALL.rules))

    found = gaps(guide)

    assert found == [("rules 1", "There is no outcome “a-host”.")]


def test_the_last_rule_must_match_anything() -> None:
    guide = small_guide(rules=(*SMALL.rules[:-1], rule({"kitchen": ("yes", "no", "not-answered")}, "nobody")))

    found = gaps(guide)

    assert found == [("rules", NO_LAST)]


def test_a_rule_that_matches_anything_before_the_last_one_is_named_and_no_other_is_asked_for() -> None:
    guide = small_guide(rules=(*SMALL.rules, rule({"kitchen": ("no",)}, "a-cook")))

    ((place, message),) = gaps(guide)

    assert place == "rules 4"
    assert message.startswith("This rule matches anything, so that none below it ever decides.")


def test_a_guide_without_rules_leads_nowhere() -> None:
    guide = small_guide(rules=())

    found = gaps(guide)

    assert found == [
        ("outcomes a-cook", "No rule leads to this outcome."),
        ("outcomes a-pair", "No rule leads to this outcome."),
        ("outcomes nobody", "No rule leads to this outcome."),
        ("rules", NO_LAST),
    ]


def test_gaps_are_listed_in_the_order_of_the_document() -> None:
    guide = small_guide(
        key="Bad key",
        title="",
        strong_from=0,
        outcomes=(*SMALL.outcomes, outcome("a-host")),
        rules=(rule({"garden": ("yes",)}, "a-cook"), *SMALL.rules),
        remarks=(remark("fire", {"garden": ("yes",)}),),
    )

    places = [place for place, _ in gaps(guide)]

    assert places == ["key", "title", "strong_from", "outcomes a-host", "rules 1", "remarks fire"]
