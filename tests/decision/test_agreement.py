"""What several people answered differently, and the least to settle, held against every settlement tried out."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from advisor.decision import agreement
from advisor.decision.agreement import Difference, Settled, Settlement, differences, smallest_settlement
from advisor.decision.answers import Answers, pairs
from advisor.decision.guide import Choice, Guide, NeedRow, Question, Rule
from advisor.decision.recommendation import recommend
from tests.decision import brute
from tests.decision.answer_sets import complete, said
from tests.decision.small_guides import small_guides
from tests.guides import first_guide, follow_up, outcome, question, role, rule, signal, small_guide

CTO = "software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software"
HEAD_OF_AI = "software=no&signal=none.software&ai=yes&signal=ai-is-the-product&signal=ai-risks&both=ai"
BOTH = (
    "software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both"
    "&team-size=ten-or-more&ai-place=core&scope=hands-on"
)


def reached(guide: Guide, answers: Answers) -> str | None:
    """The outcome by brute force; None where something is asked that has no answer."""
    facts = brute.facts_of(guide, dict(answers.choices), answers.signals)
    for key, questions in brute.pages(guide):
        if brute.is_asked(guide, key, facts):
            if any(one.key not in answers.choices for one in questions):
                return None
            facts |= {one.key: answers.choices[one.key] for one in questions}
    return brute.outcome_of(guide, facts)


def settled(answers: Answers, how: Sequence[tuple[Difference, str]]) -> Answers:
    """One person's answers after a settlement."""
    choices, signals = dict(answers.choices), set(answers.signals)
    for difference, value in how:
        if not difference.signal:
            choices[difference.question] = value
        elif value == "yes":
            signals.add(difference.signal)
        else:
            signals.discard(difference.signal)
    return Answers(choices, frozenset(signals))


def outcome_of_all(guide: Guide, everyone: Sequence[Answers], how: Sequence[tuple[Difference, str]]) -> str | None:
    outcomes = {reached(guide, settled(answers, how)) for answers in everyone}
    return outcomes.pop() if len(outcomes) == 1 else None


def all_of_size(found: Sequence[Difference], size: int) -> Iterator[list[tuple[Difference, str]]]:
    for chosen in combinations(found, size):
        for values in product(*({value for value in one.values if value} for one in chosen)):
            yield list(zip(chosen, values, strict=True))


def how(settlement: Settlement) -> list[tuple[Difference, str]]:
    return [(one.difference, one.value) for one in settlement.settled]


def reluctance(guide: Guide, difference: Difference) -> int:
    asked = guide.question[difference.question]
    if difference.signal:
        return 1
    if not asked.role and not asked.follow_up:
        return 3
    unsure = {choice.key for choice in asked.choices if choice.unsure}
    return 0 if unsure & set(difference.values) else 2


def check(guide: Guide, everyone: Sequence[Answers]) -> Settlement:
    """The settlement, after every smaller one and every one that is easier was tried out."""
    found, settlement = differences(guide, everyone), smallest_settlement(guide, everyone)
    chosen = how(settlement)
    assert outcome_of_all(guide, everyone, chosen) == settlement.outcome
    assert {difference for difference, _ in chosen} <= set(found)
    if not settlement.is_smallest:
        for left_out in chosen:
            assert outcome_of_all(guide, everyone, [one for one in chosen if one is not left_out]) is None
        return settlement
    for size in range(len(chosen)):
        for smaller in all_of_size(found, size):
            assert outcome_of_all(guide, everyone, smaller) is None
    hardest = sorted((reluctance(guide, difference) for difference, _ in chosen), reverse=True)
    # Settlements of two are all looked through, however many people there are.
    for other in all_of_size(found, len(chosen)) if len(chosen) < 3 and agreement.MAX_TRIED > 1000 else ():
        if sorted((reluctance(guide, difference) for difference, _ in other), reverse=True) < hardest:
            assert outcome_of_all(guide, everyone, other) is None
    return settlement


@settings(max_examples=1000, deadline=None)
@given(complete(), complete())
def test_the_differences_of_two_people_are_the_difference_of_two_sets(one: Answers, other: Answers) -> None:
    guide = first_guide()
    # "None of these" is the same as nothing ticked, so it is no difference.
    sets = [{pair for pair in pairs(guide, answers) if not pair[1].startswith("none.")} for answers in (one, other)]
    apart = sets[0] ^ sets[1]

    found = differences(guide, (one, other))

    assert {difference.question for difference in found if not difference.signal} == {
        name for name, _ in apart if name != "signal"
    }
    assert {difference.signal for difference in found} - {""} == {value for name, value in apart if name == "signal"}


@settings(max_examples=1000, deadline=None)
@given(complete(), complete())
def test_two_people_settle_the_least_that_brute_force_finds(one: Answers, other: Answers) -> None:
    check(first_guide(), (one, other))


@settings(max_examples=100, deadline=None)
@given(st.lists(complete(), min_size=3, max_size=4))
def test_three_and_four_people_settle_the_least_that_brute_force_finds(everyone: list[Answers]) -> None:
    check(first_guide(), everyone)


@st.composite
def guides_with_answers(draw: st.DrawFn) -> tuple[Guide, list[Answers]]:
    """A small guide without gaps, and two or three complete sets of answers to it."""
    guide = draw(small_guides())
    guide = structs.replace(guide, rules=(*guide.rules, Rule({}, "neither", "Otherwise.")))
    return guide, [draw(whatever_is_asked(guide)) for _ in range(draw(st.integers(2, 3)))]


@st.composite
def whatever_is_asked(draw: st.DrawFn, guide: Guide) -> Answers:
    def chosen(questions: Sequence[Question]) -> dict[str, str]:
        return {one.key: draw(st.sampled_from([choice.key for choice in one.choices])) for one in questions}

    choices = chosen([one for one in guide.questions if not one.follow_up])
    signals = brute.asked_signals(guide)
    ticked = draw(st.frozensets(st.sampled_from(signals))) if signals else frozenset[str]()
    facts = brute.facts_of(guide, choices, ticked)
    for key, questions in brute.pages(guide):
        if brute.is_asked(guide, key, facts):
            further = chosen(questions)
            choices, facts = choices | further, facts | further
    return Answers(choices, ticked)


@settings(max_examples=300, deadline=None)
@given(guides_with_answers())
def test_in_any_small_guide_the_least_is_settled(made: tuple[Guide, list[Answers]]) -> None:
    check(*made)


@settings(max_examples=100, deadline=None)
@given(complete(), complete())
def test_beyond_the_bound_nothing_can_be_left_out(one: Answers, other: Answers) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement, "MAX_TRIED", 10)
        settlement = check(first_guide(), (one, other))

    assert settlement.is_smallest or len(settlement.settled) > 1


def test_whoever_gets_the_same_advice_has_nothing_to_settle() -> None:
    guide = first_guide()
    everyone = [said(CTO), said(CTO.replace("messy-stack", "directionless-team"))]

    assert len(differences(guide, everyone)) == 2
    assert smallest_settlement(guide, everyone) == Settlement((), "fractional-cto")


def test_alone_there_is_nothing_to_settle() -> None:
    assert differences(first_guide(), [said(CTO)]) == ()
    assert smallest_settlement(first_guide(), [said(CTO)]) == Settlement((), "fractional-cto")


def test_each_difference_says_who_said_what() -> None:
    found = differences(first_guide(), [said(CTO), said(HEAD_OF_AI), said(BOTH)])

    assert Difference("software", ("yes", "no", "yes")) in found
    assert Difference("ai", ("no", "yes", "yes")) in found
    assert Difference("ai", ("no", "yes", "yes"), "ai-risks") in found
    # It was asked of the last one only.
    assert Difference("scope", ("", "", "hands-on")) in found
    assert [one.question for one in found] == sorted(
        (one.question for one in found), key=[one.key for one in first_guide().questions].index
    )


def test_nothing_ticked_is_the_same_as_none_of_these() -> None:
    assert differences(first_guide(), [said(CTO), said(CTO.replace("&signal=none.ai", ""))]) == ()


def with_open_answers() -> Guide:
    """Whether ``a``, ``b`` or ``last`` is settled, both get the same; only ``a`` can be left open.

    ``last`` asks which of the roles it is.
    """
    this, that = (
        structs.replace(
            role(key),
            need=(NeedRow({"last": (choice,)}, needed=True, reason="Said."), NeedRow({}, needed=False, reason="Not.")),
        )
        for key, choice in (("this", "yes"), ("that", "no"))
    )
    asked = question("a", "yes", "no", role="this")
    asked = structs.replace(asked, choices=(*asked.choices, Choice("unsure", "Not sure", unsure=True)))
    return small_guide(
        roles=(this, that),
        dimensions=(),
        signals=(signal("s", "that"),),
        follow_ups=(),
        questions=(question("last", "yes", "no"), question("b", "yes", "no", role="that"), asked),
        outcomes=(outcome("this", "this"), outcome("that", "that")),
        rules=(
            rule({"a": ("yes",), "b": ("yes",), "last": ("yes",), "signal:s": ("no",)}, "this"),
            rule({}, "that"),
        ),
        remarks=(),
    )


@pytest.mark.parametrize(
    ("other", "easiest"),
    [
        ("last=no&b=no&signal=s&a=unsure", Settled(Difference("a", ("yes", "unsure")), "unsure")),
        ("last=no&b=no&signal=s&a=yes", Settled(Difference("b", ("no", "yes"), "s"), "yes")),
        ("last=no&b=no&a=yes", Settled(Difference("b", ("yes", "no")), "no")),
        ("last=no&b=yes&a=yes", Settled(Difference("last", ("yes", "no")), "yes")),
    ],
)
def test_of_equally_small_settlements_the_easiest_to_reconsider_is_taken(other: str, easiest: Settled) -> None:
    guide = with_open_answers()

    (found,) = smallest_settlement(guide, [said("last=yes&b=yes&a=yes", guide), said(other, guide)]).settled

    assert found == easiest


def test_what_is_settled_stands_on_a_sure_answer_where_it_can() -> None:
    guide = with_open_answers()

    settlement = smallest_settlement(
        guide, [said("last=yes&b=yes&a=unsure", guide), said("last=yes&b=yes&a=yes", guide)]
    )

    assert settlement == Settlement((Settled(Difference("a", ("unsure", "yes")), "yes"),), "this")


def test_nobody_is_left_with_a_question_that_they_were_never_asked() -> None:
    """Settling ``a`` on yes alone would ask the first one something that they have not answered."""
    guide = small_guide(
        roles=(role("this"), role("that")),
        dimensions=(),
        signals=(),
        questions=(
            question("a", "yes", "no", role="this"),
            question("b", "yes", "no", role="that"),
            question("more", "yes", "no", follow_up="further"),
        ),
        follow_ups=(follow_up("further", {"a": ("yes",)}),),
        outcomes=(outcome("this", "this"), outcome("that", "that"), outcome("none")),
        rules=(rule({"a": ("yes",), "more": ("no",)}, "this"), rule({"a": ("yes",)}, "that"), rule({}, "none")),
        remarks=(),
    )
    everyone = [said("a=no&b=yes", guide), said("a=yes&b=yes&more=no", guide)]

    assert smallest_settlement(guide, everyone) == Settlement((Settled(Difference("a", ("no", "yes")), "no"),), "none")


def test_everyone_gets_what_the_settlement_promises() -> None:
    guide, everyone = first_guide(), [said(CTO), said(HEAD_OF_AI), said(BOTH)]

    settlement = smallest_settlement(guide, everyone)

    assert settlement.settled
    for answers in everyone:
        assert recommend(guide, settled(answers, how(settlement))).outcome.key == settlement.outcome
