"""The outcome table of the first guide: each row by an example, and every set of answers against the brief."""

from math import prod

import pytest
from hypothesis import given, settings

from advisor.decision.answers import Answers
from advisor.decision.recommendation import recommend
from advisor.decision.walk import asked_pages
from tests.decision import brief
from tests.decision.answer_sets import combinations_of, every_answer_set, said, whatever_was_said
from tests.decision.survey import survey
from tests.guides import first_guide, rule, small_guide

ONE_PERSON = "team-size=under-ten&ai-place=feature&scope=strategy"
SOME_CTO = "signal=fundraising&signal=messy-stack"
STRONG_CTO = "signal=fundraising&signal=messy-stack&signal=first-vp-engineering"
SOME_AI = "signal=ai-risks&signal=strategy-before-team"
STRONG_AI = "signal=ai-risks&signal=strategy-before-team&signal=failed-ai-attempt"


@pytest.mark.parametrize(
    ("row", "query", "outcome"),
    [
        (1, f"software=yes&ai=yes&both=both&{ONE_PERSON}", "one-leader"),
        (1, f"software=no&ai=unsure&both=both&{ONE_PERSON}&{STRONG_CTO}", "one-leader"),
        (2, "software=yes&ai=yes&both=both&team-size=ten-or-more&ai-place=feature&scope=strategy", "both-roles"),
        (2, "software=yes&ai=yes&both=both&team-size=under-ten&ai-place=core&scope=strategy", "both-roles"),
        (2, "software=yes&ai=yes&both=both&team-size=under-ten&ai-place=feature&scope=hands-on", "both-roles"),
        (2, "both=both", "both-roles"),
        (3, f"software=yes&ai=yes&both=software&{STRONG_AI}", "fractional-cto"),
        (3, "software=yes&signal=messy-stack&ai=no&both=software", "fractional-cto"),
        (4, f"software=yes&ai=yes&both=ai&{STRONG_CTO}", "head-of-ai"),
        (5, f"software=yes&ai=yes&both=neither&{STRONG_CTO}&{STRONG_AI}", "not-yet"),
        (6, f"software=yes&ai=yes&both=unsure&{ONE_PERSON}", "one-leader"),
        (7, "software=yes&ai=yes&both=unsure&team-size=unsure&ai-place=feature&scope=strategy", "both-roles"),
        (7, "software=yes&ai=yes", "both-roles"),
        (8, f"software=yes&ai=no&both=unsure&{STRONG_AI}", "both-roles"),
        (8, f"software=yes&ai=unsure&both=unsure&{ONE_PERSON}&{STRONG_CTO}&{STRONG_AI}", "both-roles"),
        (9, f"software=no&ai=yes&both=unsure&{STRONG_CTO}", "both-roles"),
        (9, f"software=unsure&ai=yes&both=unsure&{ONE_PERSON}&{STRONG_CTO}&{STRONG_AI}", "both-roles"),
        (10, f"software=yes&ai=no&both=unsure&{SOME_AI}", "fractional-cto"),
        (11, f"software=no&ai=yes&both=unsure&{SOME_CTO}", "head-of-ai"),
        (12, f"software=unsure&ai=unsure&both=unsure&{ONE_PERSON}&{STRONG_CTO}&{STRONG_AI}", "one-leader"),
        (13, f"software=no&ai=unsure&both=unsure&{STRONG_CTO}&{STRONG_AI}", "both-roles"),
        (13, f"{STRONG_CTO}&{STRONG_AI}", "both-roles"),
        (14, f"software=no&ai=no&both=unsure&{STRONG_CTO}&{SOME_AI}", "fractional-cto"),
        (15, f"software=no&ai=no&both=unsure&{SOME_CTO}&{STRONG_AI}", "head-of-ai"),
        (16, f"software=no&ai=no&both=unsure&{SOME_CTO}", "fractional-cto"),
        (17, f"software=no&ai=no&both=unsure&{SOME_AI}", "head-of-ai"),
        (18, f"software=no&ai=no&both=unsure&{SOME_CTO}&{SOME_AI}", "not-yet"),
        (18, "software=unsure&ai=unsure&both=unsure&team-size=unsure&ai-place=unsure&scope=unsure", "not-yet"),
        (18, "", "not-yet"),
    ],
)
def test_each_row_of_the_outcome_table_decides(row: int, query: str, outcome: str) -> None:
    answers = said(query)

    recommendation = recommend(first_guide(), answers)

    assert recommendation.rule == row
    assert recommendation.outcome.key == outcome


def test_the_first_guide_has_512_000_sets_of_answers() -> None:
    guide = first_guide()
    ways_to_tick = 2 ** len(guide.signals)

    by_the_guide = sum(
        prod(len(question.choices) for page in asked_pages(guide, start)[3:] for question in page.questions)
        * ways_to_tick
        for start in map(Answers, combinations_of(brief.CHOICES))
    )
    by_the_brief = sum(1 for _ in every_answer_set())

    assert by_the_guide == by_the_brief == 512_000


def test_every_set_of_answers_has_exactly_the_outcome_of_the_brief() -> None:
    found = survey()

    assert found.another_outcome[:5] == []
    assert found.outcomes.total() == found.answer_sets == 512_000


def test_every_row_is_the_first_to_match_for_somebody() -> None:
    found = survey()

    assert set(found.rules) == set(range(1, 19))
    assert len(first_guide().rules) == 18


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


def test_each_outcome_names_the_roles_of_the_brief() -> None:
    outcomes = first_guide().outcomes

    named = {outcome.key: set(outcome.roles) for outcome in outcomes}

    assert named == brief.ROLES


def test_a_table_that_lets_somebody_through_is_noticed() -> None:
    guide = small_guide(rules=(rule({"kitchen": ("yes",)}, "a-cook"),))

    with pytest.raises(LookupError, match="No rule matches"):
        recommend(guide, Answers())
