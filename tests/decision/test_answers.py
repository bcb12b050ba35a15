"""Answers read from the parameters of a query string, and written to one."""

import random
import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.decision.answers import Answers, Pair, Problem, ProblemKind, pairs, query, read
from tests.decision.answer_sets import complete, said, whatever_was_said, with_facts_in_turn
from tests.guides import first_guide

UNKNOWN_CHOICE, ANSWERED_TWICE = ProblemKind.UNKNOWN_CHOICE, ProblemKind.ANSWERED_TWICE
UNKNOWN_SIGNAL, NONE_AND_SOME = ProblemKind.UNKNOWN_SIGNAL, ProblemKind.NONE_AND_SOME


def test_answers_are_read_from_their_parameters() -> None:
    given = parse_qsl(
        "software=yes&signal=messy-stack&signal=fundraising&ai=no&signal=none.ai&both=software&scope=unsure"
    )

    answers, problems = read(first_guide(), given)

    assert problems == ()
    assert answers == Answers(
        {"software": "yes", "ai": "no", "both": "software", "scope": "unsure"},
        frozenset({"messy-stack", "fundraising"}),
        frozenset({"ai"}),
    )


def test_no_parameters_are_no_answers() -> None:
    given: list[Pair] = []

    read_answers = read(first_guide(), given)

    assert read_answers == (Answers(), ())


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        pytest.param("software=yes&software=yes", "software=yes", id="the same answer twice"),
        pytest.param("signal=ai-risks&signal=ai-risks", "signal=ai-risks", id="the same signal twice"),
        pytest.param("signal=none.ai&signal=none.ai", "signal=none.ai", id="none of these twice"),
        pytest.param("software=&ai=no", "ai=no", id="an empty answer"),
        pytest.param("signal=&ai=no", "ai=no", id="an empty signal"),
        pytest.param("software=&software=yes", "software=yes", id="an empty answer and a real one"),
        pytest.param("utm_source=x&edition=3&code=yes&ai=no&asked=ai", "ai=no", id="other parameters"),
        pytest.param("Software=no&SIGNAL=x&signal.=y", "", id="names that are nearly right"),
        pytest.param("fractional-cto=yes&messy-stack=yes", "", id="keys of roles and signals as names"),
        pytest.param("=yes&=&" + "x" * 10_000 + "=yes", "", id="no name and a long one"),
        pytest.param("both=software&team-size=unsure", "both=software&team-size=unsure", id="a follow-up not asked"),
        pytest.param("signal=none.ai&signal=messy-stack", "signal=messy-stack&signal=none.ai", id="none of the other"),
    ],
)
def test_what_is_no_mistake_is_not_reported(given: str, answers: str) -> None:
    parameters = parse_qsl(given, keep_blank_values=True)

    found, problems = read(first_guide(), parameters)

    assert problems == ()
    assert query(first_guide(), found) == answers


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("maybe", id="unknown"),
        pytest.param("YES", id="capital letters"),
        pytest.param(" yes", id="a space before"),
        pytest.param("not-answered", id="the value of a question without an answer"),
        pytest.param("both", id="a choice of another question"),
        pytest.param("messy-stack", id="a signal"),
        pytest.param("x" * 10_000, id="ten thousand characters"),
        pytest.param("\x00", id="a null byte"),
        pytest.param("yes\x00", id="an answer and a null byte"),
        pytest.param("\ufffd", id="a replacement character"),
        pytest.param("\udcff", id="half a character"),
    ],
)
def test_an_unknown_answer_is_reported_on_its_question_and_left_out(value: str) -> None:
    given = [("software", "no"), ("ai", value), ("both", "software")]

    answers, problems = read(first_guide(), given)

    assert problems == (Problem("ai", UNKNOWN_CHOICE),)
    assert answers == Answers({"software": "no", "both": "software"})


@pytest.mark.parametrize("second", ["no", "maybe"])
def test_two_different_answers_to_one_question_are_reported_and_neither_counts(second: str) -> None:
    given = [("software", "yes"), ("ai", "yes"), ("software", second)]

    answers, problems = read(first_guide(), given)

    assert problems == (Problem("software", ANSWERED_TWICE),)
    assert answers == Answers({"ai": "yes"})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("no-such-signal", id="unknown"),
        pytest.param("Messy-Stack", id="capital letters"),
        pytest.param("none", id="none without a question"),
        pytest.param("none.", id="none of nothing"),
        pytest.param("none.both", id="none of a question without signals"),
        pytest.param("none.scope", id="none of a follow-up"),
        pytest.param("none.head-of-ai", id="none of a role"),
        pytest.param("x" * 10_000, id="ten thousand characters"),
        pytest.param("messy-stack\x00", id="a signal and a null byte"),
        pytest.param("\ufffd", id="a replacement character"),
    ],
)
def test_an_unknown_signal_is_reported_on_the_first_question_with_signals(value: str) -> None:
    given = [("ai", "no"), ("signal", value), ("signal", "ai-risks")]

    answers, problems = read(first_guide(), given)

    assert problems == (Problem("software", UNKNOWN_SIGNAL),)
    assert answers == Answers({"ai": "no"}, frozenset({"ai-risks"}))


def test_none_of_these_beside_one_of_these_is_reported_and_neither_counts() -> None:
    given = parse_qsl("ai=yes&signal=none.ai&signal=ai-risks&signal=messy-stack")

    answers, problems = read(first_guide(), given)

    assert problems == (Problem("ai", NONE_AND_SOME),)
    assert answers == Answers({"ai": "yes"}, frozenset({"messy-stack"}))


def test_everything_that_is_wrong_is_reported_in_the_guides_order() -> None:
    given = parse_qsl(
        "scope=all&ai=perhaps&software=yes&software=no&signal=x&signal=none.software&signal=fundraising"
        "&signal=none.ai&signal=ai-risks"
    )

    answers, problems = read(first_guide(), given)

    assert [(problem.question, problem.kind) for problem in problems] == [
        ("software", ANSWERED_TWICE),
        ("software", NONE_AND_SOME),
        ("ai", UNKNOWN_CHOICE),
        ("ai", NONE_AND_SOME),
        ("scope", UNKNOWN_CHOICE),
        ("software", UNKNOWN_SIGNAL),
    ]
    assert answers == Answers()


def test_a_problem_is_about_the_choices_or_about_the_signals_below_them() -> None:
    problems = [Problem("software", kind) for kind in ProblemKind]

    about_signals = {problem.kind for problem in problems if problem.is_about_signals}

    assert about_signals == {UNKNOWN_SIGNAL, NONE_AND_SOME}


NAMES = st.sampled_from([*first_guide().question, "signal"]) | st.text(max_size=5)
VALUES = st.one_of(
    st.sampled_from([choice.key for question in first_guide().questions for choice in question.choices]),
    st.sampled_from([*first_guide().signal, "none.software", "none.ai"]),
    st.text(max_size=5),
)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=12))
def test_whatever_is_sent_the_answers_make_sense_to_the_guide(given: list[Pair]) -> None:
    guide = first_guide()

    answers, _ = read(guide, given)

    assert all(guide.question[question].choice(choice) for question, choice in answers.choices.items())
    assert answers.signals <= guide.signal.keys()
    assert answers.none_of <= {"software", "ai"}
    assert read(guide, pairs(guide, answers)) == (answers, ())


@settings(deadline=None, max_examples=300)
@given(whatever_was_said(), st.randoms(use_true_random=False))
def test_the_order_of_the_parameters_does_not_matter(answers: Answers, dice: random.Random) -> None:
    canonical = pairs(first_guide(), answers)
    in_some_order = dice.sample(canonical, len(canonical))

    found, problems = read(first_guide(), in_some_order)

    assert problems == ()
    assert pairs(first_guide(), found) == canonical
    assert list(found.choices) == [key for key in first_guide().question if key in answers.choices]


def test_the_canonical_order_is_the_guides() -> None:
    answers = said(
        "scope=unsure&team-size=under-ten&signal=none.ai&both=both&signal=messy-stack&ai=no&signal=fundraising&software=no"
    )

    written = query(first_guide(), answers)

    assert written == (
        "software=no&signal=fundraising&signal=messy-stack&ai=no&signal=none.ai&both=both&team-size=under-ten&scope=unsure"
    )


# What ``parse_qsl`` does where nothing is quoted; it would take half a minute.
PARAMETERS = re.compile(r"([^&=]+)=([^&=]+)")


def test_every_set_of_answers_is_read_as_it_was_written() -> None:
    """With the answers to the follow-up in turn: each parameter is written and read whatever the others say."""
    guide = first_guide()

    wrong = [
        answers
        for answers in with_facts_in_turn()
        if read(guide, PARAMETERS.findall(query(guide, answers))) != (answers, ())
    ]

    assert wrong == []


@settings(deadline=None, max_examples=300)
@given(complete(may_be_stale=True))
def test_none_of_these_and_left_over_answers_are_read_as_they_were_written(answers: Answers) -> None:
    written = query(first_guide(), answers)

    found = said(written)

    assert found == answers
    assert query(first_guide(), found) == written


def test_a_page_can_leave_out_what_it_asks_itself() -> None:
    guide = first_guide()
    answers = said("software=no&signal=messy-stack&ai=no&signal=none.ai&both=both&team-size=unsure&scope=unsure")

    without = {page.key: query(guide, answers, leaving_out=page) for page in guide.pages}

    assert without == {
        "software": "ai=no&signal=none.ai&both=both&team-size=unsure&scope=unsure",
        "ai": "software=no&signal=messy-stack&both=both&team-size=unsure&scope=unsure",
        "both": "software=no&signal=messy-stack&ai=no&signal=none.ai&team-size=unsure&scope=unsure",
        "team-size": "software=no&signal=messy-stack&ai=no&signal=none.ai&both=both",
    }
