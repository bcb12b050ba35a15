"""The remarks of the first guide: each row of the brief by an example and one that is nearly the same."""

import pytest
from hypothesis import given, settings

from advisor.decision.answers import Answers
from advisor.decision.guide import RemarkKind
from advisor.decision.recommendation import recommend
from tests.decision import brief
from tests.decision.answer_sets import said, whatever_was_said
from tests.decision.survey import survey
from tests.guides import first_guide, remark, small_guide

NO_AI = "signal=no-ai-component"
HAS_CTO = "signal=strong-cto-no-ai"
SOME_CTO = "signal=fundraising&signal=messy-stack"
STRONG_CTO = f"{SOME_CTO}&signal=first-vp-engineering"
SOME_AI = "signal=ai-risks&signal=strategy-before-team"
STRONG_AI = f"{SOME_AI}&signal=failed-ai-attempt"
ONE_PERSON = "team-size=under-ten&ai-place=feature&scope=strategy"


def collected(query: str) -> set[str]:
    return {remarked.remark.key for remarked in recommend(first_guide(), said(query)).remarks}


@pytest.mark.parametrize(
    ("key", "holds", "nearly"),
    [
        ("no-ai-but-product", f"{NO_AI}&signal=ai-is-the-product", f"{NO_AI}&signal=strong-cto-no-ai"),
        ("no-ai-but-product", f"{NO_AI}&signal=ai-is-the-product", "signal=ai-is-the-product"),
        ("no-ai-but-failed-attempt", f"{NO_AI}&signal=failed-ai-attempt", f"{NO_AI}&signal=ai-risks"),
        ("no-ai-but-failed-attempt", f"{NO_AI}&signal=failed-ai-attempt", "signal=failed-ai-attempt"),
        (
            "no-ai-but-ai-place",
            f"both=both&ai-place=core&{NO_AI}&signal=ai-risks",
            f"both=both&ai-place=none&{NO_AI}&signal=ai-risks",
        ),
        (
            "no-ai-but-ai-place",
            f"both=both&ai-place=feature&{NO_AI}&signal=ai-risks",
            f"both=both&ai-place=unsure&{NO_AI}&signal=ai-risks",
        ),
        (
            "no-ai-but-ai-place",
            f"both=both&ai-place=feature&{NO_AI}&signal=ai-risks",
            f"both=both&ai-place=feature&{NO_AI}",
        ),
        (
            "no-ai-but-ai-place",
            f"both=both&ai-place=feature&{NO_AI}&signal=ai-risks",
            f"both=ai&ai-place=feature&{NO_AI}&signal=ai-risks",
        ),
        ("no-ai-but-ai-place", f"both=both&ai-place=feature&{NO_AI}&signal=ai-risks", "both=both&ai-place=feature"),
        (
            "product-but-ai-place",
            "both=both&ai-place=feature&signal=ai-is-the-product",
            "both=both&ai-place=core&signal=ai-is-the-product",
        ),
        (
            "product-but-ai-place",
            "both=both&ai-place=none&signal=ai-is-the-product",
            "both=both&ai-place=unsure&signal=ai-is-the-product",
        ),
        ("product-but-ai-place", "both=both&ai-place=none&signal=ai-is-the-product", "both=both&ai-place=none"),
        (
            "strong-cto-but-directionless",
            "signal=strong-cto-no-ai&signal=directionless-team",
            "signal=strong-cto-no-ai&signal=fundraising",
        ),
        (
            "strong-cto-but-messy-stack",
            "signal=strong-cto-no-ai&signal=messy-stack",
            "signal=strategy-before-team&signal=messy-stack",
        ),
        ("software-no-but-both", "software=no&both=both", "software=unsure&both=both"),
        ("software-no-but-both", "software=no&both=software", "software=no&both=ai"),
        ("ai-no-but-both", "ai=no&both=both", "ai=unsure&both=both"),
        ("ai-no-but-both", "ai=no&both=ai", "ai=no&both=software"),
        ("neither-but-software", "software=yes&both=neither", "software=unsure&both=neither"),
        ("neither-but-software", "software=yes&both=neither", "software=yes&both=unsure"),
        ("neither-but-ai", "ai=yes&both=neither", "ai=unsure&both=neither"),
        ("neither-but-ai", "ai=yes&both=neither", "ai=yes&both=unsure"),
        ("no-ai-but-ai-problem", f"ai=yes&{NO_AI}", f"ai=unsure&{NO_AI}"),
        ("no-ai-but-ai-problem", f"ai=yes&{NO_AI}", "ai=yes&signal=fundraising"),
        ("no-ai-but-both", f"both=both&{NO_AI}", f"both=software&{NO_AI}"),
        ("no-ai-but-both", f"both=ai&{NO_AI}", "both=ai&signal=fundraising"),
        ("strong-cto-but-software", f"software=yes&{HAS_CTO}", f"software=unsure&{HAS_CTO}"),
        ("strong-cto-but-software", f"software=yes&{HAS_CTO}", "software=yes&signal=ai-risks"),
        ("said-ai-recognised-software", f"both=ai&{STRONG_CTO}", f"both=both&{STRONG_CTO}"),
        ("said-ai-recognised-software", f"software=no&both=ai&{STRONG_CTO}", f"both=ai&{SOME_CTO}"),
        ("said-neither-recognised-software", f"both=neither&{STRONG_CTO}", f"both=unsure&{STRONG_CTO}"),
        ("said-neither-recognised-software", f"both=neither&{STRONG_CTO}", f"both=neither&{SOME_CTO}"),
        ("said-no-recognised-software", f"software=no&both=unsure&{STRONG_CTO}", f"both=unsure&{STRONG_CTO}"),
        ("said-no-recognised-software", f"software=no&both=both&{STRONG_CTO}", f"software=no&both=ai&{STRONG_CTO}"),
        ("said-no-recognised-software", f"software=no&{STRONG_CTO}", f"software=no&{SOME_CTO}"),
        ("said-software-recognised-ai", f"both=software&{STRONG_AI}", f"both=both&{STRONG_AI}"),
        ("said-software-recognised-ai", f"ai=no&both=software&{STRONG_AI}", f"both=software&{SOME_AI}"),
        ("said-neither-recognised-ai", f"both=neither&{STRONG_AI}", f"both=ai&{STRONG_AI}"),
        ("said-neither-recognised-ai", f"both=neither&{STRONG_AI}", f"both=neither&{SOME_AI}"),
        ("said-no-recognised-ai", f"ai=no&both=unsure&{STRONG_AI}", f"both=unsure&{STRONG_AI}"),
        ("said-no-recognised-ai", f"ai=no&both=both&{STRONG_AI}", f"ai=no&both=software&{STRONG_AI}"),
        ("said-no-recognised-ai", f"ai=no&{STRONG_AI}", f"ai=no&{SOME_AI}"),
    ],
)
def test_a_contradiction_is_collected_when_both_sides_were_said(key: str, holds: str, nearly: str) -> None:
    with_both_sides, without = collected(holds), collected(nearly)

    assert key in with_both_sides
    assert key not in without


@pytest.mark.parametrize(
    ("key", "holds", "nearly"),
    [
        ("thin-evidence-software", "software=yes", "software=yes&signal=messy-stack"),
        ("thin-evidence-software", "software=yes&signal=ai-risks", "software=unsure&signal=ai-risks"),
        ("thin-evidence-ai", "ai=yes", "ai=yes&signal=ai-risks"),
        ("thin-evidence-ai", "ai=yes&signal=messy-stack", "ai=no&signal=messy-stack"),
        ("some-software-not-needed", f"software=yes&both=ai&{SOME_CTO}", f"software=yes&both=both&{SOME_CTO}"),
        ("some-software-not-needed", f"both=neither&{SOME_CTO}", f"both=neither&{STRONG_CTO}"),
        ("some-software-not-needed", f"software=no&both=unsure&{SOME_CTO}", "software=no&both=unsure"),
        ("some-ai-not-needed", f"ai=yes&both=software&{SOME_AI}", f"ai=yes&both=both&{SOME_AI}"),
        ("some-ai-not-needed", f"both=neither&{SOME_AI}", f"both=neither&{STRONG_AI}"),
        ("some-ai-not-needed", f"ai=no&both=unsure&{SOME_AI}", "ai=no&both=unsure"),
        ("as-much-on-either-side", f"both=unsure&{SOME_CTO}&{SOME_AI}", f"both=unsure&{SOME_CTO}&signal=ai-risks"),
        ("as-much-on-either-side", f"both=neither&{SOME_CTO}&{SOME_AI}", "both=neither"),
        ("as-much-on-either-side", f"both=neither&{SOME_CTO}&{SOME_AI}", f"both=both&{SOME_CTO}&{SOME_AI}"),
        ("one-leader-until", f"both=both&{ONE_PERSON}", "both=both"),
    ],
)
def test_a_caution_is_collected_when_it_is_due(key: str, holds: str, nearly: str) -> None:
    due, not_due = collected(holds), collected(nearly)

    assert key in due
    assert key not in not_due


@pytest.mark.parametrize(
    ("key", "holds", "nearly"),
    [
        ("cto-first", f"both=both&{STRONG_CTO}", f"both=both&{SOME_CTO}"),
        ("cto-first", f"both=both&{STRONG_CTO}", f"both=both&{ONE_PERSON}&{STRONG_CTO}"),
        ("cto-first-team", "both=both&signal=directionless-team", "both=both&signal=fundraising"),
        ("cto-first-team", "both=both&signal=directionless-team", f"both=both&signal=directionless-team&{STRONG_CTO}"),
        ("cto-first-team", "both=both&signal=directionless-team", "both=software&signal=directionless-team"),
        ("cto-first-stack", "both=both&signal=messy-stack", "both=both&signal=messy-stack&signal=directionless-team"),
        ("cto-first-stack", "both=both&signal=messy-stack", f"both=both&{STRONG_CTO}"),
        ("cto-first-stack", "both=both&signal=messy-stack", f"both=both&signal=messy-stack&{ONE_PERSON}"),
        ("start-together", "both=both&signal=fundraising", "both=both&signal=messy-stack"),
        ("start-together", "both=both&signal=fundraising", "both=both&signal=directionless-team"),
        ("start-together", "both=both&signal=fundraising", f"both=both&{STRONG_CTO}"),
        ("start-together", "both=both", f"both=both&{ONE_PERSON}"),
        ("report-to-cto", f"both=ai&{HAS_CTO}", "both=ai&signal=ai-risks"),
        ("report-to-cto", f"both=both&{HAS_CTO}", f"both=both&{HAS_CTO}&signal=fundraising"),
        ("no-cto-first", "both=ai", "both=ai&signal=fundraising"),
        ("no-cto-first", "both=ai&signal=ai-risks", f"both=ai&{HAS_CTO}"),
        ("no-cto-first", "both=ai&signal=ai-risks", "both=neither&signal=ai-risks"),
        ("bridge-until-vp", "both=software&signal=first-vp-engineering", "both=ai&signal=first-vp-engineering"),
        ("bridge-until-vp", "both=both&signal=first-vp-engineering", "both=both&signal=fundraising"),
        ("investor-narrative", "both=software&signal=fundraising", "both=ai&signal=fundraising"),
        ("investor-narrative", f"both=both&{ONE_PERSON}&signal=fundraising", "both=neither&signal=fundraising"),
        ("compliance-at-the-table", "both=ai&signal=ai-risks", "both=software&signal=ai-risks"),
        ("compliance-at-the-table", f"both=both&{ONE_PERSON}&signal=ai-risks", f"both=both&{ONE_PERSON}"),
    ],
)
def test_advice_is_given_to_those_it_helps(key: str, holds: str, nearly: str) -> None:
    helped, not_helped = collected(holds), collected(nearly)

    assert key in helped
    assert key not in not_helped


def test_the_first_guide_has_the_remarks_of_the_brief_and_no_other() -> None:
    remarks = first_guide().remarks

    kinds = {kind: {remark.key for remark in remarks if remark.kind is kind} for kind in RemarkKind}

    assert kinds == {
        RemarkKind.CONTRADICTION: brief.CONTRADICTIONS,
        RemarkKind.CAUTION: brief.CAUTIONS,
        RemarkKind.ADVICE: brief.ADVICE,
    }


def test_every_set_of_answers_collects_exactly_the_remarks_of_the_brief() -> None:
    found = survey()

    assert found.other_remarks[:5] == []
    assert found.answer_sets == brief.ANSWER_SETS


def test_every_remark_is_made_to_somebody_and_none_to_everybody() -> None:
    found = survey()

    assert set(found.remarks) == {remark.key for remark in first_guide().remarks}
    assert max(found.remarks.values()) < found.answer_sets


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_whatever_is_missing_the_remarks_are_those_of_the_brief_in_the_guides_order(answers: Answers) -> None:
    order = [remark.key for remark in first_guide().remarks]

    keys = [remarked.remark.key for remarked in recommend(first_guide(), answers).remarks]

    assert set(keys) == brief.remarks(answers)
    assert keys == sorted(keys, key=order.index)


def test_a_contradiction_rests_on_both_of_its_sides() -> None:
    answers = said(f"software=no&ai=yes&both=software&{NO_AI}")

    remarks = recommend(first_guide(), answers).remarks
    sides = {
        remarked.remark.key: [(basis.question, basis.choice, basis.signals) for basis in remarked.rests_on]
        for remarked in remarks
        if remarked.remark.kind is RemarkKind.CONTRADICTION
    }

    assert sides.keys() == {"software-no-but-both", "no-ai-but-ai-problem"}
    assert set(sides["software-no-but-both"]) == {("software", "no", ()), ("both", "software", ())}
    assert set(sides["no-ai-but-ai-problem"]) == {("software", "", ("no-ai-component",)), ("ai", "yes", ())}


def test_a_remark_about_the_outcome_alone_rests_on_no_answer() -> None:
    answers = said(f"both=both&{ONE_PERSON}")

    (caution,) = [
        remarked for remarked in recommend(first_guide(), answers).remarks if remarked.remark.key == "one-leader-until"
    ]

    assert caution.rests_on == ()


def test_a_remark_can_be_about_a_signal_that_is_not_ticked_and_a_question_without_an_answer() -> None:
    guide = small_guide(remarks=(remark("calm", {"signal:spills": ("no",), "tables": ("not-answered",)}),))

    calm, spilled, answered = (
        recommend(guide, said(query, guide)).remarks
        for query in ("kitchen=yes", "kitchen=yes&signal=spills", "kitchen=yes&tables=no")
    )

    assert [remarked.remark.key for remarked in calm] == ["calm"]
    assert [(basis.question, basis.choice, basis.signals) for basis in calm[0].rests_on] == [
        ("tables", "", ()),
        ("tables", "", ()),
    ]
    assert spilled == answered == ()
