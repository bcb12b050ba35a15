"""What must hold for every set of answers of the first guide: the five statements of its brief, and each sentence.

The tables are asked for all sets, see ``survey``. Where only ``recommend`` knows, it is asked for answers of every kind
that the tables can tell apart. Which of the signals that they treat alike are ticked takes turns there, and how the
follow-up is answered: the needs do not see the one, and the outcome does not see the other.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings

from advisor.decision.answers import Answers
from advisor.decision.guide import RemarkKind
from advisor.decision.recommendation import Basis, DoubtKind, Reason, Recommendation, recommend
from tests.decision import brief
from tests.decision.answer_sets import all_facts, said, whatever_was_said
from tests.decision.sentences import SENTENCES, Sentence, in_sentences, is_true, state_of, texts_of
from tests.decision.survey import Case, recommended, survey
from tests.guides import first_guide

FOUR_OF_SOFTWARE = "signal=directionless-team&signal=fundraising&signal=messy-stack&signal=first-vp-engineering&both=ai"
ALL_OF_AI = (
    "signal=ai-is-the-product&signal=failed-ai-attempt&signal=strong-cto-no-ai&signal=strategy-before-team"
    "&signal=ai-risks"
)
FACTS = "team-size=ten-or-more&ai-place=feature&scope=hands-on"
OPEN_FACTS = "team-size=unsure&ai-place=unsure&scope=unsure"


@pytest.mark.parametrize(
    ("query", "outcome", "certainty", "made", "not_made"),
    [
        pytest.param(
            f"software=yes&ai=yes&{FOUR_OF_SOFTWARE}&{FACTS}",
            "both-roles",
            "mixed",
            {"said-ai-recognised-software", "cto-first", "bridge-until-vp"},
            {"start-together"},
            id="said AI, recognised software",
        ),
        pytest.param(
            f"software=yes&ai=unsure&both=software&{ALL_OF_AI}&{FACTS}",
            "both-roles",
            "mixed",
            {"said-software-recognised-ai"},
            {"some-ai-not-needed"},
            id="said software, recognised all of AI",
        ),
        pytest.param(
            "software=yes&ai=yes&both=both&signal=directionless-team&signal=messy-stack&signal=failed-ai-attempt"
            f"&{FACTS}",
            "both-roles",
            "clear",
            {"cto-first-team"},
            {"start-together"},
            id="both, on a foundation that needs work",
        ),
        pytest.param(
            f"software=yes&ai=yes&both=both&signal=messy-stack&signal=ai-risks&{OPEN_FACTS}",
            "both-roles",
            "leaning",
            {"cto-first-stack", "compliance-at-the-table"},
            {"start-together", "one-leader-until"},
            id="both, and all three facts open",
        ),
        pytest.param(
            "software=yes&ai=unsure&both=both&signal=fundraising&signal=first-vp-engineering&signal=no-ai-component",
            "fractional-cto",
            "mixed",
            {"no-ai-but-both", "investor-narrative", "bridge-until-vp"},
            {"start-together", "cto-first"},
            id="both, and no AI",
        ),
        pytest.param(
            "software=no&ai=yes&both=both&signal=strong-cto-no-ai",
            "head-of-ai",
            "mixed",
            {"software-no-but-both", "report-to-cto"},
            {"no-cto-first", "start-together"},
            id="both, and a CTO who is there",
        ),
        pytest.param(
            "software=unsure&ai=unsure&both=unsure&signal=directionless-team&signal=messy-stack&signal=ai-risks",
            "fractional-cto",
            "leaning",
            {"some-ai-not-needed"},
            {"as-much-on-either-side"},
            id="sure of nothing",
        ),
        pytest.param("software=no&ai=no&both=neither", "not-yet", "clear", set(), set(), id="nothing at all"),
        pytest.param(
            "software=yes&ai=yes&both=neither",
            "not-yet",
            "mixed",
            {"neither-but-software", "neither-but-ai"},
            {"as-much-on-either-side"},
            id="yes, yes, neither",
        ),
    ],
)
def test_the_right_advice_comes_out(
    query: str, outcome: str, certainty: str, made: set[str], not_made: set[str]
) -> None:
    recommendation = recommend(first_guide(), said(query))

    remarks = {remarked.remark.key for remarked in recommendation.remarks}

    assert (recommendation.outcome.key, recommendation.certainty) == (outcome, certainty)
    assert made <= remarks
    assert not not_made & remarks


@pytest.mark.parametrize("facts", [FACTS, OPEN_FACTS, "team-size=under-ten&ai-place=feature&scope=strategy"])
def test_whatever_the_facts_who_recognises_one_side_and_says_the_other_gets_both_named(facts: str) -> None:
    queries = [
        f"software=yes&ai=yes&{FOUR_OF_SOFTWARE}&{facts}",
        f"software=yes&ai=no&both=software&{ALL_OF_AI}&{facts}",
    ]

    outcomes = [recommend(first_guide(), said(query)).outcome for query in queries]

    assert [outcome.roles for outcome in outcomes] == [("fractional-cto", "head-of-ai")] * 2


def test_the_missing_facts_are_named_where_both_are_needed_and_all_three_are_open() -> None:
    answers = said(f"software=yes&ai=yes&both=both&signal=messy-stack&signal=ai-risks&{OPEN_FACTS}")

    doubts = recommend(first_guide(), answers).doubts

    missing = [doubt.about for doubt in doubts if doubt.kind is DoubtKind.MISSING_FACT]
    assert missing == ["team-size", "ai-place", "scope"]


def test_to_who_ticked_nothing_and_denied_everything_nothing_is_invented() -> None:
    guide = first_guide()

    recommendation = recommend(guide, said("software=no&ai=no&both=neither"))

    assert (recommendation.remarks, recommendation.doubts) == ((), ())
    assert recommendation.watch_for == guide.signals
    assert [(found.speaks_for, found.is_needed) for found in recommendation.roles] == [((), False)] * 2


# 1
def test_nobody_is_told_to_hire_for_what_is_not_there_unless_they_said_so_twice() -> None:
    wrong = []
    for case in survey().cases:
        choices, ticked = case.start.choices, case.start.signals
        named = brief.ROLES[case.outcome]
        without_ai = "no-ai-component" in ticked and not ticked & brief.OF_AI
        if without_ai and "head-of-ai" in named and (choices["ai"], choices["both"]) != ("yes", "ai"):
            wrong.append(case)
        with_cto = "strong-cto-no-ai" in ticked and not ticked & brief.OF_CTO
        if with_cto and "fractional-cto" in named and (choices["software"], choices["both"]) != ("yes", "software"):
            wrong.append(case)

    assert wrong == []


# 2
def test_a_role_with_strong_evidence_is_always_among_those_recommended() -> None:
    wrong = [
        case
        for case in survey().cases
        for side in brief.SIDES
        if len(case.start.signals & side.signals) >= 3 and side.role not in brief.ROLES[case.outcome]
    ]

    assert wrong == []


# 3
def test_every_reason_for_the_outcome_speaks_for_a_role_it_names_and_each_role_has_its_own_answer() -> None:
    guide, wrong = first_guide(), []
    for answers, recommendation in recommended():
        named = recommendation.outcome.roles
        if any(reason.role not in named for reason in recommendation.reasons[1:]):
            wrong.append(answers)
        if [found.role for found in recommendation.roles] != list(guide.role):
            wrong.append(answers)
        for found in recommendation.roles:
            if found.is_needed != (found.role in named) or found.reason is None:
                wrong.append(answers)

    assert wrong == []


def test_what_speaks_for_and_against_each_role_is_all_that_was_ticked_for_it_and_more() -> None:
    """Nobody's tick is lost: it speaks for its role, whether the role is recommended or not."""
    wrong = []
    for answers, recommendation in recommended():
        for found in recommendation.roles:
            for_it = {key for reason in found.speaks_for for basis in reason.rests_on for key in basis.signals}
            against = {key for reason in found.speaks_against for basis in reason.rests_on for key in basis.signals}
            (side,) = [side for side in brief.SIDES if side.role == found.role]
            if for_it != answers.signals & side.signals or against != answers.signals & {side.without_work}:
                wrong.append(answers)

    assert wrong == []


# 4
def test_the_table_of_sentences_has_every_sentence_of_the_guide() -> None:
    texts = dict(texts_of(first_guide()))

    openings = {place: [sentence.opening for sentence in sentences] for place, sentences in SENTENCES.items()}

    assert openings.keys() == texts.keys()
    for place, text in texts.items():
        sentences = in_sentences(text)
        assert len(sentences) == len(openings[place]), place
        for sentence, opening in zip(sentences, openings[place], strict=True):
            assert sentence.startswith(opening), (place, sentence)


def places_of(case: Case) -> list[str]:
    """Every text that is shown, but for the situations that were ticked and how sure it is."""
    needs = [f"roles {role} need {row}" for role, row in zip(first_guide().role, case.rows, strict=True)]
    doubts = [f"rules {case.rule} doubt"] * (case.rule == brief.ROW_IN_DOUBT)
    remarks = [f"remarks {key}" for key in case.remarks]
    return [*needs, f"rules {case.rule}", *doubts, *remarks, f"outcomes {case.outcome}"]


OF_FACTS = {*brief.FACTS, "one-person"}


def parts_of(place: str, *, facts: bool) -> list[Sentence]:
    """The sentences of a text, with what they say about the answers to the follow-up alone, or without that."""
    return [
        Sentence(opening, {name: values for name, values in true_when.items() if (name in OF_FACTS) == facts})
        for opening, true_when, _ in SENTENCES[place]
    ]


def test_every_sentence_is_true_for_everybody_who_reads_it() -> None:
    """So none denies what was ticked or said, and none claims what was not."""
    before_facts = {place: parts_of(place, facts=False) for place in SENTENCES}
    wrong_facts = {
        (place, *facts.values())
        for facts in [{}, *all_facts()]
        for place in SENTENCES
        if not all(is_true(part, state_of(Answers(facts), set())) for part in parts_of(place, facts=True))
    }
    about_facts = {place for place, *_ in wrong_facts}
    wrong = set[tuple[Any, ...]]()
    for _, cases in groupby(survey().cases, key=lambda case: id(case.start)):
        shown = set()
        for case in cases:
            places = places_of(case)
            shown.update(places)
            for place in about_facts.intersection(places):
                wrong |= {(place, *facts.values()) for facts in case.ways} & wrong_facts
        start = case.start
        shown.update(f"signals {key}" for key in start.signals)
        state = state_of(start, set())
        wrong |= {(place, part) for place in shown for part in before_facts[place] if not is_true(part, state)}

    assert wrong == set()


def test_no_sentence_gives_advice_about_a_role_that_is_not_recommended() -> None:
    """What a row says about a role that is not needed, or a situation about its role, is no advice to hire it."""
    guide = first_guide()
    alike = {(case.rows, case.rule, case.outcome, case.remarks): case for case in survey().cases}

    wrong = {
        (place, case.outcome)
        for case in alike.values()
        for place in places_of(case)
        for sentence in SENTENCES[place]
        if not brief.ROLES[case.outcome].issuperset(sentence.advises)
    }

    assert wrong == set()
    advice = {f"remarks {remark.key}" for remark in guide.remarks if remark.kind is RemarkKind.ADVICE}
    assert all(any(sentence.advises for sentence in SENTENCES[place]) for place in advice)


def test_how_sure_it_is_is_true_as_well() -> None:
    wrong = []
    for answers, recommendation in recommended():
        remarks = {remarked.remark.key for remarked in recommendation.remarks}
        state = state_of(answers, remarks)
        if not all(is_true(sentence, state) for sentence in SENTENCES[recommendation.certainty]):
            wrong.append(answers)

    assert wrong == []


def test_nobody_is_told_to_watch_for_what_they_ticked() -> None:
    wrong = []
    for answers, recommendation in recommended():
        watch_for = {signal.key for signal in recommendation.watch_for}
        not_ticked = (brief.OF_CTO | brief.OF_AI) - answers.signals
        if watch_for & answers.signals or (not recommendation.outcome.roles and watch_for != not_ticked):
            wrong.append(answers)

    assert wrong == []


# 5
def test_a_fact_that_was_left_open_and_decides_is_named_and_keeps_it_from_being_clear() -> None:
    with_missing, wrong = 0, []
    for answers, recommendation in recommended():
        missing = brief.missing_facts(answers)
        named = [doubt.about for doubt in recommendation.doubts if doubt.kind is DoubtKind.MISSING_FACT]
        with_missing += missing > set()
        if set(named) != missing or len(named) != len(missing) or (missing and recommendation.certainty == "clear"):
            wrong.append(answers)

    assert wrong == []
    assert with_missing > 2_000


def every_reason(recommendation: Recommendation) -> Iterator[Reason]:
    yield from recommendation.reasons
    for found in recommendation.roles:
        yield from [found.reason] if found.reason else []
        yield from (*found.speaks_for, *found.speaks_against)


def without(answers: Answers, bases: Iterable[Basis]) -> Answers:
    """The answers without everything that these name."""
    choices, signals = dict(answers.choices), answers.signals
    for basis in bases:
        signals = signals - set(basis.signals)
        if basis.is_answer:
            choices.pop(basis.question, None)
    return Answers(choices, signals)


def wrongly_decisive(answers: Answers, recommendation: Recommendation) -> list[Reason]:
    """Reasons that are called decisive although the outcome stays without them, or the other way round."""
    return [
        reason
        for reason in every_reason(recommendation)
        if reason.is_decisive
        != (brief.OUTCOMES[brief.row(without(answers, reason.rests_on))] != recommendation.outcome.key)
    ]


def test_a_reason_is_decisive_exactly_if_the_outcome_is_another_without_it() -> None:
    sample = recommended()

    wrong = [answers for answers, recommendation in sample if wrongly_decisive(answers, recommendation)]

    assert wrong == []
    decisive = [any(reason.is_decisive for reason in every_reason(recommendation)) for _, recommendation in sample]
    assert sum(decisive) / len(decisive) > 0.2


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_whatever_is_missing_a_reason_is_decisive_exactly_if_the_outcome_is_another_without_it(
    answers: Answers,
) -> None:
    recommendation = recommend(first_guide(), answers)

    assert wrongly_decisive(answers, recommendation) == []
