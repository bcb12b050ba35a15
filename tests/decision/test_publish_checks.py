"""What keeps a guide from being published: each kind of gap is named with its place, and nothing else is."""

import msgspec
import pytest

from advisor.decision.guide import Cell, Dimension, FrequentQuestion, Guide, Question, Signal
from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS, RESERVED_QUESTION_KEYS, key_problem
from advisor.decision.publish_checks import publish_blockers
from tests.guides import SMALL, dimension, first_guide, outcome, question, remark, role, rule, signal, small_guide

NO_SLUG = "A key is made of small letters, digits and single hyphens."
RESERVED = "“{}” means something else in addresses; choose another key."
ANEW = " Add the question anew under another key, and delete this one."
TWICE = "This key is given more than once."
MISSING = "This text is missing."
KITCHEN, TABLES, SEATS = SMALL.questions
LAST = rule({}, "nobody")

replace = msgspec.structs.replace


def gaps(guide: Guide) -> list[tuple[str, str]]:
    return [(gap.place, gap.message) for gap in publish_blockers(guide)]


def with_question(extra: Question) -> Guide:
    return small_guide(questions=(*SMALL.questions, extra))


@pytest.mark.parametrize("guide", [first_guide(), small_guide()], ids=["first", "small"])
def test_a_complete_guide_has_no_gaps(guide: Guide) -> None:
    found = publish_blockers(guide)

    assert found == []


@pytest.mark.parametrize(
    ("key", "reserved", "problem"),
    [
        ("cto-or-head-of-ai", RESERVED_GUIDE_KEYS, ""),
        ("a1", RESERVED_GUIDE_KEYS, ""),
        *(
            (key, RESERVED_GUIDE_KEYS, NO_SLUG)
            for key in ("", "Cook", "a b", "a_b", "a--b", "-a", "a-", "ä", "a\n", "a/b")
        ),
        ("admin", RESERVED_GUIDE_KEYS, RESERVED.format("admin")),
        ("r", RESERVED_GUIDE_KEYS, RESERVED.format("r")),
        ("signal", RESERVED_GUIDE_KEYS, ""),
        ("utm-source", RESERVED_GUIDE_KEYS, ""),
        ("signal", RESERVED_QUESTION_KEYS, RESERVED.format("signal")),
        ("utm-source", RESERVED_QUESTION_KEYS, RESERVED.format("utm-source")),
        ("utm", RESERVED_QUESTION_KEYS, RESERVED.format("utm")),
        ("admin", RESERVED_QUESTION_KEYS, ""),
    ],
)
def test_a_key_can_be_used_or_it_is_said_why_not(key: str, reserved: frozenset[str], problem: str) -> None:
    found = key_problem(key, reserved)

    assert found == problem


@pytest.mark.parametrize(
    ("guide", "place", "message"),
    [
        (small_guide(key="Cook or waiter"), "key", NO_SLUG),
        (small_guide(key="static"), "key", RESERVED.format("static")),
        (small_guide(roles=(*SMALL.roles, role("cook"))), "roles cook", TWICE),
        (small_guide(dimensions=SMALL.dimensions * 2), "dimensions place", TWICE),
        (small_guide(signals=(*SMALL.signals, signal("burns", "cook"))), "signals burns", TWICE),
        (small_guide(signals=(*SMALL.signals, signal("Burns", "cook"))), "signals Burns", NO_SLUG),
        (small_guide(questions=(*SMALL.questions, question("seats", "few", "many"))), "questions seats", TWICE),
        (with_question(question("signal", "a", "b")), "questions signal", RESERVED.format("signal") + ANEW),
        (with_question(question("utm", "a", "b")), "questions utm", RESERVED.format("utm") + ANEW),
        (with_question(question("together", "a", "b")), "questions together", RESERVED.format("together") + ANEW),
        (with_question(question("extra", "a", "b", "a")), "questions extra choices a", TWICE),
        (with_question(question("extra", "a", "B")), "questions extra choices B", NO_SLUG),
        (
            with_question(question("extra", "a", "not-answered")),
            "questions extra choices not-answered",
            RESERVED.format("not-answered"),
        ),
        (small_guide(follow_ups=SMALL.follow_ups * 2), "follow_ups size", TWICE),
        (small_guide(outcomes=(*SMALL.outcomes, outcome("nobody"))), "outcomes nobody", TWICE),
        (small_guide(remarks=(*SMALL.remarks, *SMALL.remarks[:1])), "remarks smoke", TWICE),
        (small_guide(remarks=(remark("so_so", {}),)), "remarks so_so", NO_SLUG),
    ],
)
def test_a_key_that_is_bad_reserved_or_doubled_is_a_gap(guide: Guide, place: str, message: str) -> None:
    found = gaps(guide)

    assert found == [(place, message)]


@pytest.mark.parametrize(
    ("guide", "place"),
    [
        (small_guide(title=""), "title"),
        (small_guide(consent=" \n\t"), "consent"),
        (small_guide(roles=(replace(role("cook"), owns=("Its work", "")), role("waiter"))), "roles cook owns 2"),
        (small_guide(roles=(replace(role("cook"), summary=" "), role("waiter"))), "roles cook summary"),
        (small_guide(dimensions=(replace(SMALL.dimensions[0], label=""),)), "dimensions place label"),
        (
            small_guide(
                dimensions=(
                    Dimension(
                        key="place",
                        label="Where",
                        cells=(Cell(role="cook", text="In"), Cell(role="waiter", text="")),
                    ),
                )
            ),
            "dimensions place cells 2 text",
        ),
        (small_guide(signals=(replace(SMALL.signals[0], reason=""), *SMALL.signals[1:])), "signals burns reason"),
        (small_guide(questions=(replace(KITCHEN, text=""), TABLES, SEATS)), "questions kitchen text"),
        (
            small_guide(
                questions=(
                    replace(KITCHEN, choices=(KITCHEN.choices[0], replace(KITCHEN.choices[1], label=""))),
                    TABLES,
                    SEATS,
                )
            ),
            "questions kitchen choices no label",
        ),
        (small_guide(follow_ups=(replace(SMALL.follow_ups[0], title=""),)), "follow_ups size title"),
        (small_guide(outcomes=(*SMALL.outcomes[:2], replace(outcome("nobody"), name=""))), "outcomes nobody name"),
        (small_guide(rules=(*SMALL.rules[:3], replace(LAST, reason=""))), "rules 4 reason"),
        (small_guide(remarks=(replace(SMALL.remarks[0], title=""),)), "remarks smoke title"),
        (small_guide(shared_concerns=("The bill", "")), "shared_concerns 2"),
        (
            small_guide(frequent_questions=(FrequentQuestion(question="Why?", answer=""),)),
            "frequent_questions 1 answer",
        ),
    ],
)
def test_an_empty_text_is_a_gap(guide: Guide, place: str) -> None:
    found = gaps(guide)

    assert found == [(place, MISSING)]


@pytest.mark.parametrize("character", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_a_text_that_turns_the_direction_of_what_follows_is_a_gap(character: str) -> None:
    burns, *others = SMALL.signals

    found = publish_blockers(small_guide(signals=(replace(burns, name=f"Burns{character}snrub"), *others)))

    assert [gap.place for gap in found] == ["signals burns name"]
    assert f"(U+{ord(character):04X})" in found[0].message
    assert found[0].is_text


@pytest.mark.parametrize("text", ["עברית first", "עברית\u200f, then Latin", "👩\u200d💻 alone", "naïve"])
def test_words_of_any_script_are_no_gap(text: str) -> None:
    assert publish_blockers(small_guide(why=text)) == []


def test_what_may_be_empty_may_not_turn_the_direction() -> None:
    found = publish_blockers(small_guide(questions=(replace(KITCHEN, help="a\u202eb"), TABLES, SEATS)))

    assert [gap.place for gap in found] == ["questions kitchen help"]


def test_help_may_be_empty_and_so_may_lists() -> None:
    guide = small_guide(
        roles=(replace(role("cook"), not_theirs=()), role("waiter")),
        dimensions=(),
        signals=(signal("burns", "cook"), signal("spills", "waiter")),
        remarks=(),
        shared_concerns=(),
        frequent_questions=(),
    )

    found = publish_blockers(guide)

    assert found == []
    assert all(question.help == "" for question in guide.questions)


@pytest.mark.parametrize(("some_from", "strong_from"), [(0, 3), (-1, 1), (3, 2), (0, 0)])
def test_thresholds_out_of_order_are_a_gap(some_from: int, strong_from: int) -> None:
    guide = small_guide(some_from=some_from, strong_from=strong_from)

    found = gaps(guide)

    assert found == [("strong_from", "“Some” evidence begins at one signal or more, “strong” not below it.")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["cook"], ["The cell for “The waiter” is missing."]),
        ([], ["The cell for “The cook” is missing.", "The cell for “The waiter” is missing."]),
        (["cook", "waiter", "cook"], ["The cell for “cook” is doubled or of no role."]),
        (["cook", "waiter", "host"], ["The cell for “host” is doubled or of no role."]),
        (["cook", "host"], ["The cell for “The waiter” is missing.", "The cell for “host” is doubled or of no role."]),
    ],
)
def test_a_dimension_needs_one_cell_for_each_role(cells: list[str], expected: list[str]) -> None:
    guide = small_guide(dimensions=(dimension("place", *cells),))

    found = gaps(guide)

    assert found == [("dimensions place", message) for message in expected]


def test_a_guide_needs_a_role() -> None:
    guide = small_guide(
        roles=(),
        dimensions=(),
        signals=(),
        questions=(question("tea", "yes", "no"),),
        follow_ups=(),
        outcomes=(outcome("nobody"),),
        rules=(LAST,),
        remarks=(),
    )

    found = gaps(guide)

    assert found == [("roles", "A guide needs at least one role.")]


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (signal("rains", "host"), "There is no role “host”."),
        (signal("rains", ""), "There is no role “”."),
        (signal("rains", "cook", "place", "weather"), "There is no dimension “weather”."),
    ],
)
def test_a_signal_of_no_role_or_speaking_to_no_dimension_is_a_gap(extra: Signal, message: str) -> None:
    guide = small_guide(signals=(*SMALL.signals, extra))

    found = gaps(guide)

    assert found == [("signals rains", message)]


@pytest.mark.parametrize(
    ("example", "is_refused"),
    [
        ("", False),
        ("kitchen=yes&tables=yes&seats=few", False),
        ("https://a.example.com/g/result/?kitchen=yes&tables=no&edition=3", False),
        ("kitchen=yes", True),
        ("kitchen=perhaps&tables=no", True),
        ("Xylophones quarrel nightly", True),
    ],
)
def test_the_answers_of_the_example_lead_to_a_result(example: str, is_refused: bool) -> None:  # noqa: FBT001
    found = [blocker.place for blocker in publish_blockers(small_guide(example=example))]

    assert ("example" in found) is is_refused
