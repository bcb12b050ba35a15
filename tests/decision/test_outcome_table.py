"""The tables of the first guide, of needs and of outcomes: each row by an example, all sets of answers by the brief."""

from math import prod

import pytest
from hypothesis import given, settings

from advisor.decision.answers import Answers
from advisor.decision.recommendation import recommend
from advisor.decision.walk import asked_pages
from tests.decision import brief
from tests.decision.answer_sets import all_facts, said, starts, whatever_was_said
from tests.decision.survey import survey
from tests.guides import first_guide, rule, small_guide

ONE_PERSON = "team-size=under-ten&ai-place=feature&scope=strategy"
STRONG_CTO = "signal=fundraising&signal=messy-stack&signal=first-vp-engineering"
STRONG_AI = "signal=ai-risks&signal=strategy-before-team&signal=failed-ai-attempt"
ROWS_OF_A_NEED = [
    ("fractional-cto", 1, f"software=no&ai=yes&both=ai&{STRONG_CTO}", True),
    ("fractional-cto", 1, f"both=neither&{STRONG_CTO}&signal=strong-cto-no-ai", True),
    ("fractional-cto", 2, "software=yes&both=software", True),
    ("fractional-cto", 2, "software=yes&both=software&signal=strong-cto-no-ai", True),
    ("fractional-cto", 3, "software=yes&both=both&signal=strong-cto-no-ai", False),
    ("fractional-cto", 3, "software=no&both=ai&signal=strong-cto-no-ai", False),
    ("fractional-cto", 4, "software=no&both=software", False),
    ("fractional-cto", 4, "software=no&both=both&signal=ai-risks", False),
    ("fractional-cto", 5, "software=no&both=software&signal=messy-stack", True),
    ("fractional-cto", 5, "software=unsure&both=both", True),
    ("fractional-cto", 5, "software=unsure&both=software&signal=messy-stack&signal=strong-cto-no-ai", True),
    ("fractional-cto", 6, "software=yes&both=ai&signal=messy-stack&signal=fundraising", False),
    ("fractional-cto", 6, "software=yes&both=neither", False),
    ("fractional-cto", 7, "software=yes&both=unsure", True),
    ("fractional-cto", 7, f"software=yes&signal=messy-stack&{STRONG_AI}", True),
    ("fractional-cto", 8, "software=unsure&both=unsure&signal=messy-stack&signal=fundraising&signal=ai-risks", True),
    ("fractional-cto", 8, "signal=messy-stack", True),
    ("fractional-cto", 9, "software=unsure&both=unsure&signal=messy-stack&signal=ai-risks", False),
    ("fractional-cto", 9, "software=no&both=unsure&signal=messy-stack&signal=fundraising", False),
    ("fractional-cto", 9, "", False),
    ("head-of-ai", 1, f"software=yes&ai=no&both=software&{STRONG_AI}", True),
    ("head-of-ai", 1, f"both=neither&{STRONG_AI}&signal=no-ai-component", True),
    ("head-of-ai", 2, "ai=yes&both=ai", True),
    ("head-of-ai", 2, "ai=yes&both=ai&signal=no-ai-component", True),
    ("head-of-ai", 3, "ai=yes&both=both&signal=no-ai-component", False),
    ("head-of-ai", 3, "ai=no&both=software&signal=no-ai-component", False),
    ("head-of-ai", 4, "ai=no&both=ai", False),
    ("head-of-ai", 4, "ai=no&both=both&signal=messy-stack", False),
    ("head-of-ai", 5, "ai=no&both=ai&signal=ai-risks", True),
    ("head-of-ai", 5, "ai=unsure&both=both", True),
    ("head-of-ai", 5, "ai=unsure&both=ai&signal=ai-risks&signal=no-ai-component", True),
    ("head-of-ai", 6, "ai=yes&both=software&signal=ai-risks&signal=failed-ai-attempt", False),
    ("head-of-ai", 6, "ai=yes&both=neither", False),
    ("head-of-ai", 7, "ai=yes&both=unsure", True),
    ("head-of-ai", 7, f"ai=yes&signal=ai-risks&{STRONG_CTO}", True),
    ("head-of-ai", 8, "ai=unsure&both=unsure&signal=ai-risks&signal=failed-ai-attempt&signal=messy-stack", True),
    ("head-of-ai", 8, "signal=ai-risks", True),
    ("head-of-ai", 9, "ai=unsure&both=unsure&signal=ai-risks&signal=messy-stack", False),
    ("head-of-ai", 9, "ai=no&both=unsure&signal=ai-risks&signal=failed-ai-attempt", False),
    ("head-of-ai", 9, "", False),
]


@pytest.mark.parametrize(("role", "row", "query", "needed"), ROWS_OF_A_NEED)
def test_each_row_of_a_table_of_needs_decides(role: str, row: int, query: str, *, needed: bool) -> None:
    answers = said(query)

    (found,) = [found for found in recommend(first_guide(), answers).roles if found.role == role]

    assert (found.row, found.is_needed) == (row, needed)
    assert found.reason is not None
    assert found.reason.text == first_guide().role[role].need[row - 1].reason


@pytest.mark.parametrize(
    ("row", "query", "outcome"),
    [
        (1, f"both=both&{ONE_PERSON}", "one-leader"),
        (1, f"software=no&ai=unsure&both=both&{ONE_PERSON}&{STRONG_CTO}", "one-leader"),
        (1, f"{STRONG_CTO}&{STRONG_AI}&{ONE_PERSON}", "one-leader"),
        (2, "both=both&team-size=ten-or-more&ai-place=feature&scope=strategy", "both-roles"),
        (2, "both=both&team-size=ten-or-more&ai-place=core&scope=hands-on", "both-roles"),
        (3, "both=both&team-size=under-ten&ai-place=core&scope=strategy", "both-roles"),
        (3, "both=both&team-size=unsure&ai-place=core&scope=hands-on", "both-roles"),
        (4, "both=both&team-size=under-ten&ai-place=feature&scope=hands-on", "both-roles"),
        (5, "both=both&team-size=unsure&ai-place=feature&scope=strategy", "both-roles"),
        (5, "both=both&team-size=under-ten&ai-place=none&scope=strategy", "both-roles"),
        (5, "both=both", "both-roles"),
        (6, f"both=software&{ONE_PERSON}", "fractional-cto"),
        (6, f"software=no&ai=yes&both=unsure&{STRONG_CTO}&signal=no-ai-component", "fractional-cto"),
        (7, f"both=ai&{ONE_PERSON}", "head-of-ai"),
        (7, f"both=both&ai=yes&signal=strong-cto-no-ai&{ONE_PERSON}", "head-of-ai"),
        (8, f"software=yes&ai=yes&both=neither&{ONE_PERSON}", "not-yet"),
        (8, "", "not-yet"),
    ],
)
def test_each_row_of_the_outcome_table_decides(row: int, query: str, outcome: str) -> None:
    answers = said(query)

    recommendation = recommend(first_guide(), answers)

    assert recommendation.rule == row
    assert recommendation.outcome.key == outcome


def test_the_first_guide_has_897_665_sets_of_answers() -> None:
    """Ways to answer the follow-up, for each way to answer the three questions and to tick the signals."""
    guide = first_guide()

    by_the_guide = sum(
        prod(len(question.choices) for page in asked_pages(guide, start)[3:] for question in page.questions)
        for start in starts()
    )
    by_the_brief = sum(len(all_facts()) if brief.facts_are_asked(start) else 1 for start in starts())

    assert by_the_guide == by_the_brief == brief.ANSWER_SETS == 897_665


def test_in_every_set_of_answers_each_role_is_needed_or_not_as_the_brief_says() -> None:
    found = survey()

    assert found.other_needs[:5] == []
    assert [counter.total() for counter in found.needs] == [brief.ANSWER_SETS] * 2


def test_every_set_of_answers_has_exactly_the_outcome_of_the_brief() -> None:
    found = survey()

    assert found.another_outcome[:5] == []
    assert found.outcomes.total() == found.answer_sets == brief.ANSWER_SETS


def test_every_row_is_the_first_to_match_for_somebody() -> None:
    guide, found = first_guide(), survey()

    assert [set(counter) for counter in found.needs] == [brief.NEEDED.keys()] * 2
    assert [len(role.need) for role in guide.roles] == [len(brief.NEEDED)] * 2
    assert set(found.rules) == brief.OUTCOMES.keys()
    assert len(guide.rules) == len(brief.OUTCOMES)


def test_the_two_roles_are_weighed_alike() -> None:
    """Exchange the sides of every set of answers, and the needs are exchanged."""
    of_cto, of_ai = survey().needs

    assert of_cto == of_ai


def test_every_outcome_is_reached_by_somebody() -> None:
    found = survey()

    assert set(found.outcomes) == {"fractional-cto", "head-of-ai", "both-roles", "one-leader", "not-yet"}
    assert set(found.outcomes) == set(first_guide().outcome)


@settings(deadline=None, max_examples=500)
@given(whatever_was_said())
def test_whatever_is_missing_the_recommendation_follows_the_brief(answers: Answers) -> None:
    row = brief.row(answers)

    recommendation = recommend(first_guide(), answers)

    assert recommendation.rule == row
    assert recommendation.outcome.key == brief.OUTCOMES[row]
    assert [found.row for found in recommendation.roles] == [brief.need_row(side, answers) for side in brief.SIDES]


def test_one_row_carries_a_doubt() -> None:
    guide = first_guide()

    in_doubt = [number for number, rule in enumerate(guide.rules, 1) if rule.doubt]

    assert in_doubt == [brief.ROW_IN_DOUBT]
    assert not any(row.doubt for role in guide.roles for row in role.need)


def test_each_outcome_names_the_roles_of_the_brief() -> None:
    outcomes = first_guide().outcomes

    named = {outcome.key: set(outcome.roles) for outcome in outcomes}

    assert named == brief.ROLES


def test_a_table_that_lets_somebody_through_is_noticed() -> None:
    guide = small_guide(rules=(rule({"kitchen": ("yes",)}, "a-cook"),))

    with pytest.raises(LookupError, match="No rule matches"):
        recommend(guide, Answers())
