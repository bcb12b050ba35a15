"""What a condition may name, what is said about one that is wrong, and when one holds."""

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.decision.answers import Answers
from advisor.decision.conditions import Bits, Stage, Vocabulary, condition_problems, guide_vocabulary, vocabulary_of
from advisor.decision.guide import Condition
from advisor.decision.logic import logic_of
from tests.decision import brief
from tests.decision.answer_sets import whatever_was_said
from tests.guides import first_guide, small_guide

NO_LIST = "A condition is a list of inputs, each with the values it allows."
SMALL: Vocabulary = {
    "balance": ("cook", "waiter", "even"),
    "kitchen": ("yes", "no", "not-answered"),
    "tables": ("yes", "no", "not-answered"),
    "seats": ("few", "many", "not-answered"),
    "evidence:cook": ("none", "some", "strong"),
    "evidence:waiter": ("none", "some", "strong"),
    "signal:burns": ("yes", "no"),
    "signal:tastes-odd": ("yes", "no"),
    "signal:spills": ("yes", "no"),
    "outcome": ("a-cook", "a-pair", "nobody"),
}


def not_known(name: str) -> str:
    return f"“{name}” is not a question, evidence, signal or need that can be asked for here."


def test_a_condition_may_name_the_balance_questions_evidence_signals_and_the_outcome() -> None:
    guide = small_guide()

    vocabulary = guide_vocabulary(guide)

    assert vocabulary == SMALL
    assert list(vocabulary) == list(SMALL)


def test_before_a_follow_up_only_what_was_asked_so_far_can_be_named() -> None:
    guide = small_guide()

    vocabulary = guide_vocabulary(guide, guide.questions[:1])

    assert set(vocabulary) == {"kitchen", "evidence:cook", "signal:burns", "signal:tastes-odd", "outcome"}


def test_a_vocabulary_can_be_made_without_a_guide() -> None:
    vocabulary = vocabulary_of([("tea", ["green", "black"])], ["host"], ["thirst"], ["host"], ["a-cup"])

    assert vocabulary == {
        "balance": ("host", "even"),
        "tea": ("green", "black", "not-answered"),
        "evidence:host": ("none", "some", "strong"),
        "signal:thirst": ("yes", "no"),
        "need:host": ("yes", "no"),
        "outcome": ("a-cup",),
    }


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"kitchen": ["yes"]},
        {"kitchen": ("yes", "no", "not-answered")},
        {"kitchen": ["yes", "yes"]},
        {"seats": ["not-answered"], "evidence:cook": ["some", "strong"], "signal:spills": ["no"]},
        MappingProxyType({"kitchen": ["yes"]}),
    ],
)
def test_nothing_is_wrong_with_a_condition_that_can_be_evaluated(when: object) -> None:
    problems = condition_problems(when, SMALL)

    assert problems == []


@pytest.mark.parametrize(
    "when", [None, "kitchen", b"tables", 5, 1.5, True, [], ["kitchen"], [("kitchen", ["yes"])], {"a"}]
)
def test_what_is_no_list_of_inputs_is_no_condition(when: object) -> None:
    problems = condition_problems(when, SMALL)

    assert problems == [NO_LIST]


@pytest.mark.parametrize(
    "name",
    [
        *("garden", "", " kitchen", "Kitchen", "cook", "burns", "kitchen\x00", "x" * 10_000),
        *("evidence:", "evidence:host", "evidence:kitchen", "signal:", "signal:rains", "signal:cook", "outcome:a-cook"),
    ],
)
def test_an_unknown_input_is_named(name: str) -> None:
    problems = condition_problems({"kitchen": ["yes"], name: ["yes"]}, SMALL)

    assert problems == [not_known(name)]


@pytest.mark.parametrize("name", [None, 5, ("kitchen",)])
def test_an_input_that_is_no_text_is_unknown(name: Any) -> None:
    problems = condition_problems({name: ["yes"]}, SMALL)

    assert problems == [not_known(name)]


@pytest.mark.parametrize("values", [None, "", "yes", 5, True, [], (), {}, {"yes"}, {"yes": True}, frozenset({"yes"})])
def test_an_input_needs_its_values_as_a_list(values: object) -> None:
    problems = condition_problems({"kitchen": values}, SMALL)

    assert problems == ["“kitchen” needs at least one value, as a list."]


@pytest.mark.parametrize("value", ["maybe", "", "YES", "few", "yes ", None, 1, True, ["yes"], {"yes": "no"}])
def test_an_unknown_value_is_named_with_those_that_are_known(value: object) -> None:
    problems = condition_problems({"kitchen": ["yes", value]}, SMALL)

    assert problems == [f"“{value}” is not a value of “kitchen”; it can be yes, no, not-answered."]


def test_evidence_and_signals_have_their_own_values() -> None:
    problems = condition_problems({"evidence:cook": ["yes"], "signal:burns": ["strong", "not-answered"]}, SMALL)

    assert problems == [
        "“yes” is not a value of “evidence:cook”; it can be none, some, strong.",
        "“strong” is not a value of “signal:burns”; it can be yes, no.",
        "“not-answered” is not a value of “signal:burns”; it can be yes, no.",
    ]


def test_only_remarks_may_ask_for_the_outcome() -> None:
    when = {"outcome": ["a-cook"]}

    in_a_rule, in_a_remark = condition_problems(when, SMALL), condition_problems(when, SMALL, Stage.REMARK)

    assert in_a_rule == ["Only remarks can ask for the outcome that was reached."]
    assert in_a_remark == []


def test_a_remark_cannot_ask_for_an_outcome_that_does_not_exist() -> None:
    problems = condition_problems({"outcome": ["a-cook", "a-goose"]}, SMALL, Stage.REMARK)

    assert problems == ["“a-goose” is not a value of “outcome”; it can be a-cook, a-pair, nobody."]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    problems = condition_problems({"outcome": ["a-cook"], "garden": [], "kitchen": "yes", "seats": ["some"]}, SMALL)

    assert problems == [
        "Only remarks can ask for the outcome that was reached.",
        not_known("garden"),
        "“kitchen” needs at least one value, as a list.",
        "“some” is not a value of “seats”; it can be few, many, not-answered.",
    ]


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["kitchen", "outcome", "yes", "few"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(list(SMALL)), inner),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300)
@given(ANYTHING)
def test_whatever_is_passed_a_condition_without_problems_can_be_evaluated(when: Any) -> None:
    bits = Bits(SMALL)

    problems = condition_problems(when, SMALL, Stage.REMARK)

    assert problems or isinstance(bits.excluded_bits(when), int)


def test_every_input_and_value_has_a_bit_of_its_own() -> None:
    bits = Bits(SMALL)

    positions = [bit.bit_length() for bit in bits.bit.values()]

    assert positions == list(range(1, len(positions) + 1))
    assert all(bit.bit_count() == 1 for bit in bits.bit.values())
    assert sum(bits.input_bits.values()) == sum(bits.bit.values())


def test_the_example_of_the_module_is_so() -> None:
    bits = Bits({"software": ("yes", "no", "unsure", "not-answered")})

    excluded_bits = bits.excluded_bits({"software": ("yes",)})

    assert excluded_bits == 0b1110


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Conditions that a rule of the first guide could have."""
    vocabulary = guide_vocabulary(first_guide())
    names = draw(st.sets(st.sampled_from(sorted(vocabulary.keys() - {"outcome"}))))
    return {name: tuple(draw(st.lists(st.sampled_from(vocabulary[name]), min_size=1))) for name in names}


def holds(when: Condition, answers: Answers) -> bool:
    """Whether a condition holds, input by input."""
    is_asked = brief.facts_are_asked(answers)
    choices = {key: choice for key, choice in answers.choices.items() if is_asked or key not in brief.FACTS}
    state = {key: choices.get(key, "not-answered") for key in (*brief.CHOICES, *brief.FACTS)}
    state |= {f"signal:{key}": "yes" if key in answers.signals else "no" for key in brief.OF_CTO | brief.OF_AI}
    state["evidence:fractional-cto"] = brief.evidence(len(answers.signals & brief.OF_CTO))
    state["evidence:head-of-ai"] = brief.evidence(len(answers.signals & brief.OF_AI))
    needs_cto, needs_ai = brief.needed(answers)
    state |= {"need:fractional-cto": "yes" if needs_cto else "no", "need:head-of-ai": "yes" if needs_ai else "no"}
    of_cto, of_ai = len(answers.signals & brief.OF_CTO), len(answers.signals & brief.OF_AI)
    state["balance"] = "fractional-cto" if of_cto > of_ai else "head-of-ai" if of_ai > of_cto else "even"
    return all(state[name] in values for name, values in when.items())


@settings(deadline=None, max_examples=300)
@given(conditions(), whatever_was_said())
def test_a_condition_holds_when_every_named_input_has_an_allowed_value(when: Condition, answers: Answers) -> None:
    logic = logic_of(first_guide())
    active_bits = logic.active_bits(logic.answer_bits(answers))

    excluded_bits = Bits(guide_vocabulary(first_guide())).excluded_bits(when)

    assert (not active_bits & excluded_bits) == holds(when, answers)
