"""How sure a recommendation is, what it rests on, and that nothing missing or left over upsets it."""

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings

from advisor.decision.answers import Answers
from advisor.decision.guide import Evidence, Guide, decode, encode
from advisor.decision.recommendation import Basis, Certainty, Doubt, DoubtKind, Reason, RoleAnswer, recommend
from advisor.decision.walk import asked_pages, split_stale
from tests.decision import brief
from tests.decision.answer_sets import said, whatever_was_said
from tests.decision.reading import everything
from tests.decision.survey import recommended
from tests.guides import SMALL, first_guide, outcome, question, remark, role, rule, signal, small_guide

CTO, AI = "fractional-cto", "head-of-ai"
STRONG_CTO = "signal=fundraising&signal=messy-stack&signal=first-vp-engineering"
STRONG_AI = "signal=ai-risks&signal=strategy-before-team&signal=failed-ai-attempt"
ONE_PERSON = "team-size=under-ten&ai-place=feature&scope=strategy"
TWO_PEOPLE = "team-size=ten-or-more&ai-place=feature&scope=strategy"
OPEN_FACTS = "team-size=unsure&ai-place=unsure&scope=unsure"
NO_TO_SOFTWARE = [(DoubtKind.CONTRADICTION, "Is software the problem?"), (DoubtKind.NOT_AFFIRMED, CTO)]
IN_DOUBT = first_guide().rules[brief.ROW_IN_DOUBT - 1].doubt


@pytest.mark.parametrize(
    ("query", "certainty"),
    [
        ("software=yes&signal=messy-stack&ai=no&both=software", "clear"),
        ("software=yes&signal=messy-stack&ai=unsure&both=software&signal=ai-risks", "clear"),
        ("software=no&ai=yes&signal=ai-risks&both=ai", "clear"),
        (f"software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both&{TWO_PEOPLE}", "clear"),
        (f"software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both&{ONE_PERSON}", "clear"),
        (f"software=yes&ai=yes&both=unsure&{STRONG_CTO}&{STRONG_AI}&{TWO_PEOPLE}", "clear"),
        ("software=no&ai=no&both=neither", "clear"),
        (f"software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both&{OPEN_FACTS}", "leaning"),
        ("software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both", "leaning"),
        (f"software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=unsure&{TWO_PEOPLE}", "leaning"),
        ("software=unsure&ai=unsure&both=unsure", "leaning"),
        ("software=no&ai=no&both=unsure", "clear"),
        ("", "leaning"),
        ("software=unsure&signal=messy-stack&ai=no&both=software", "leaning"),
        ("software=yes&ai=no&both=software", "leaning"),
        ("software=yes&signal=messy-stack&ai=yes&both=software", "leaning"),
        ("software=no&ai=no&both=neither&signal=ai-risks", "leaning"),
        ("software=no&ai=no&both=neither&signal=messy-stack", "leaning"),
        (f"software=yes&signal=messy-stack&ai=no&both=software&{STRONG_AI}", "mixed"),
        ("software=yes&signal=messy-stack&ai=no&both=neither", "mixed"),
        ("software=no&ai=no&both=software&signal=messy-stack", "mixed"),
        ("software=yes&signal=messy-stack&ai=no&both=software&signal=strong-cto-no-ai", "mixed"),
    ],
)
def test_it_is_as_sure_as_the_brief_says(query: str, certainty: str) -> None:
    answers = said(query)

    recommendation = recommend(first_guide(), answers)

    assert recommendation.certainty == certainty == brief.certainty(answers)


def test_in_every_kind_of_situation_it_is_as_sure_as_the_brief_says() -> None:
    """Answers of every kind that the tables can tell apart, see ``survey``."""
    sample = recommended()

    wrong = [answers for answers, found in sample if found.certainty != brief.certainty(answers)]

    assert wrong == []
    assert len(sample) > 8_000


@settings(deadline=None, max_examples=500)
@given(whatever_was_said())
def test_whatever_is_missing_it_is_as_sure_as_the_brief_says(answers: Answers) -> None:
    certainty = brief.certainty(answers)

    recommendation = recommend(first_guide(), answers)

    assert recommendation.certainty == certainty


@pytest.mark.parametrize(
    ("query", "doubts"),
    [
        ("software=yes&signal=messy-stack&ai=no&both=software", []),
        ("software=no&ai=no&both=software&signal=messy-stack&signal=fundraising", NO_TO_SOFTWARE),
        ("software=yes&ai=no&both=software", [(DoubtKind.NO_EVIDENCE, CTO)]),
        ("software=yes&signal=messy-stack&ai=yes&both=software", [(DoubtKind.OTHER_AFFIRMED, AI)]),
        ("software=unsure&signal=messy-stack&ai=no&both=software", [(DoubtKind.NOT_AFFIRMED, CTO)]),
        (
            f"software=yes&signal=messy-stack&ai=yes&both=software&{STRONG_AI}&{TWO_PEOPLE}",
            [(DoubtKind.CONTRADICTION, "You said software and recognised AI")],
        ),
        ("software=no&ai=no&both=neither&signal=fundraising", [(DoubtKind.OTHER_EVIDENCE, CTO)]),
        ("software=no&ai=no&both=neither&signal=ai-risks", [(DoubtKind.OTHER_EVIDENCE, AI)]),
        (
            f"software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both&{OPEN_FACTS}",
            [
                (DoubtKind.ROW, IN_DOUBT),
                (DoubtKind.MISSING_FACT, "team-size"),
                (DoubtKind.MISSING_FACT, "ai-place"),
                (DoubtKind.MISSING_FACT, "scope"),
            ],
        ),
        (
            (
                "software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both"
                "&team-size=under-ten&ai-place=none&scope=unsure"
            ),
            [(DoubtKind.ROW, IN_DOUBT)],
        ),
        (
            (
                "software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both"
                "&team-size=unsure&ai-place=feature&scope=strategy"
            ),
            [(DoubtKind.ROW, IN_DOUBT), (DoubtKind.MISSING_FACT, "team-size")],
        ),
        (
            "software=unsure&ai=unsure&both=unsure&signal=messy-stack&signal=fundraising&signal=ai-risks",
            [
                (DoubtKind.MISSING_FACT, "software"),
                (DoubtKind.MISSING_FACT, "ai"),
                (DoubtKind.MISSING_FACT, "both"),
                (DoubtKind.NOT_AFFIRMED, CTO),
            ],
        ),
        (
            "software=no&ai=yes&both=neither",
            [(DoubtKind.CONTRADICTION, "AI, or something else?"), (DoubtKind.OTHER_AFFIRMED, AI)],
        ),
    ],
)
def test_it_says_what_it_doubts(query: str, doubts: list[tuple[DoubtKind, str]]) -> None:
    answers = said(query)

    recommendation = recommend(first_guide(), answers)

    assert list(recommendation.doubts) == [Doubt(kind, about) for kind, about in doubts]


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_it_is_clear_without_doubts_and_mixed_with_a_contradiction(answers: Answers) -> None:
    recommendation = recommend(first_guide(), answers)

    kinds = {doubt.kind for doubt in recommendation.doubts}

    assert (recommendation.certainty is Certainty.CLEAR) == (not kinds)
    assert (recommendation.certainty is Certainty.MIXED) == (DoubtKind.CONTRADICTION in kinds)


@pytest.mark.parametrize(("ticked", "level"), [(0, "none"), (1, "some"), (2, "some"), (3, "strong"), (5, "strong")])
@pytest.mark.parametrize("role", [CTO, AI])
def test_evidence_grows_with_the_ticked_signals(role: str, ticked: int, level: str) -> None:
    signals = first_guide().signals_of[role]
    answers = Answers(signals=frozenset(signal.key for signal in signals[:ticked]))

    evidence = {found.role: found for found in recommend(first_guide(), answers).evidence}

    assert list(evidence) == [CTO, AI]
    assert evidence[role].level == level
    assert evidence[role].ticked == signals[:ticked]
    assert evidence[role].of == 5
    assert evidence[AI if role == CTO else CTO].level is Evidence.NONE


@pytest.mark.parametrize(
    ("some_from", "strong_from", "levels"),
    [
        (1, 1, ["none", "strong", "strong", "strong"]),
        (2, 3, ["none", "none", "some", "strong"]),
        (3, 9, ["none", "none", "none", "some"]),
    ],
)
def test_a_guide_sets_its_own_thresholds(some_from: int, strong_from: int, levels: list[str]) -> None:
    keys = ["burns", "tastes-odd", "comes-late"]
    signals = tuple(signal(key, "cook") for key in keys)
    guide = small_guide(some_from=some_from, strong_from=strong_from, signals=signals)

    found = [recommend(guide, Answers(signals=frozenset(keys[:ticked]))).evidence[0].level for ticked in range(4)]

    assert found == levels


def was_said(guide: Guide, answers: Answers, basis: Basis) -> bool:
    """Whether this was said: an answer that was given, or ticks that are all below the question."""
    question = guide.question[basis.question]
    if basis.is_answer:
        return answers.choices.get(question.key, "") == basis.choice and not basis.signals
    below = [signal.key for signal in guide.signals_of[basis.role]]
    return question.role == basis.role and set(basis.signals) <= answers.signals & set(below) and not basis.choice


def bases_of(rests_on: Iterable[Basis]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(basis.question, basis.choice, basis.signals) for basis in rests_on]


@settings(deadline=None, max_examples=500)
@given(whatever_was_said())
def test_every_reason_rests_on_something_that_was_said(answers: Answers) -> None:
    guide = first_guide()

    recommendation = recommend(guide, answers)

    assert recommendation.reasons[0].text == guide.rules[recommendation.rule - 1].reason
    about_roles = [reason for found in recommendation.roles for reason in said_about(found)]
    assert all(was_said(guide, answers, basis) for reason in about_roles for basis in reason.rests_on)
    for reason in recommendation.reasons:
        # A rule that asks for needs alone rests on what these rest on.
        assert reason.rests_on or not reason.role
        assert all(was_said(guide, answers, basis) for basis in reason.rests_on)
    for remarked in recommendation.remarks:
        assert all(was_said(guide, answers, basis) for basis in remarked.rests_on)


def said_about(found: RoleAnswer) -> list[Reason]:
    """Every sentence about one role."""
    of_the_row = [found.reason] if found.reason else []
    return [*of_the_row, *found.speaks_for, *found.speaks_against]


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_after_the_rule_each_recommended_role_has_its_row_and_its_ticked_signals_as_reasons(answers: Answers) -> None:
    guide = first_guide()

    recommendation = recommend(guide, answers)

    expected = []
    for found in recommendation.roles:
        if found.role in recommendation.outcome.roles:
            ticked = [signal.reason for signal in guide.signals_of[found.role] if signal.key in answers.signals]
            expected += [guide.role[found.role].need[found.row - 1].reason, *ticked]
    assert [reason.text for reason in recommendation.reasons[1:]] == expected


def test_the_reasons_name_the_facts_of_the_rule_the_answers_of_the_needs_and_the_signals() -> None:
    answers = said(
        "software=yes&signal=messy-stack&ai=yes&both=both&signal=ai-risks"
        "&team-size=under-ten&ai-place=core&scope=strategy"
    )

    reasons = recommend(first_guide(), answers).reasons

    assert [bases_of(reason.rests_on) for reason in reasons] == [
        [("ai-place", "core", ())],
        [("both", "both", ())],
        [("software", "", ("messy-stack",))],
        [("both", "both", ())],
        [("ai", "", ("ai-risks",))],
    ]


def test_a_role_that_is_not_needed_says_why_and_what_speaks_for_it_all_the_same() -> None:
    answers = said("software=yes&signal=messy-stack&ai=yes&both=software&signal=ai-risks")

    head = recommend(first_guide(), answers).roles[1]

    assert not head.is_needed
    assert head.reason is not None
    assert bases_of(head.reason.rests_on) == [("both", "software", ())]
    assert [bases_of(reason.rests_on) for reason in head.speaks_for] == [
        [("ai", "yes", ())],
        [("ai", "", ("ai-risks",))],
    ]
    assert [bases_of(reason.rests_on) for reason in head.speaks_against] == [[("both", "software", ())]]


def test_no_signal_ticked_is_something_to_rest_on() -> None:
    answers = said("software=no&ai=no&both=both&signal=messy-stack")

    head = recommend(first_guide(), answers).roles[1]

    assert head.row == 4
    assert head.reason is not None
    assert bases_of(head.reason.rests_on) == [("ai", "no", ()), ("both", "both", ()), ("ai", "", ())]


def test_a_rule_that_asks_for_nothing_rests_on_every_answer_where_no_need_was_found_before() -> None:
    guide = small_guide()
    answers = said("kitchen=no&tables=yes", guide)

    without, with_answers = recommend(guide, Answers()), recommend(guide, answers)

    assert without.rule == with_answers.rule == 4
    assert without.reasons[0].rests_on == ()
    assert bases_of(with_answers.reasons[0].rests_on) == [("kitchen", "no", ()), ("tables", "yes", ())]


def test_a_rule_that_asks_for_needs_leaves_it_to_them_what_it_rests_on() -> None:
    answers = said("software=no&ai=unsure&both=neither")

    recommendation = recommend(first_guide(), answers)

    assert recommendation.rule == 8
    assert recommendation.reasons[0].rests_on == ()
    assert [bases_of(found.reason.rests_on) for found in recommendation.roles if found.reason] == [
        [("both", "neither", ())],
        [("both", "neither", ())],
    ]


@settings(deadline=None, max_examples=500)
@example(Answers({"software": "no", "ai": "no", "both": "unsure", "team-size": "under-ten"}))
@given(whatever_was_said())
def test_answers_to_a_follow_up_that_is_not_asked_are_ignored(answers: Answers) -> None:
    """Only what would change the outcome knows them: a change that opens the follow-up brings them back."""
    current, _ = split_stale(asked_pages(first_guide(), answers), answers)

    recommendation, without = (everything(recommend(first_guide(), one)) for one in (answers, current))

    assert {**recommendation, "changes": ()} == {**without, "changes": ()}


def test_an_answer_to_a_follow_up_that_is_not_asked_is_nothing_to_rest_on() -> None:
    no_seats = {"seats": ("not-answered",)}
    guide = small_guide(rules=(rule(no_seats, "nobody"), *SMALL.rules), remarks=(remark("no-seats", no_seats),))

    recommendation = recommend(guide, said("kitchen=no&tables=no&seats=many", guide))

    assert recommendation.rule == 1
    assert bases_of(recommendation.reasons[0].rests_on) == [("seats", "", ())]
    assert bases_of(recommendation.remarks[0].rests_on) == [("seats", "", ())]


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_none_of_these_is_to_the_rules_the_same_as_no_signal(answers: Answers) -> None:
    without = Answers(answers.choices, answers.signals)

    recommendation = everything(recommend(first_guide(), answers))

    assert recommendation == everything(recommend(first_guide(), without))


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_a_guide_recommends_the_same_before_and_after_it_was_stored(answers: Answers) -> None:
    guide = first_guide()
    stored = decode(encode(guide))

    recommendation = everything(recommend(stored, answers))

    assert recommendation == everything(recommend(guide, answers))


def test_a_guide_may_have_three_roles() -> None:
    guide = small_guide(
        roles=(role("cook"), role("waiter"), role("host")),
        questions=tuple(question(key, "yes", "no", role=key) for key in ("cook", "waiter", "host")),
        signals=(signal("burns", "cook"), signal("spills", "waiter"), signal("grumbles", "host")),
        follow_ups=(),
        outcomes=(outcome("two", "waiter", "host"), outcome("nobody")),
        rules=(rule({"host": ("yes",), "evidence:host": ("some",)}, "two"), rule({}, "nobody")),
        remarks=(),
    )
    answers = said("waiter=yes&signal=spills&host=yes&signal=grumbles", guide)

    recommendation = recommend(guide, answers)

    assert recommendation.outcome.key == "two"
    assert recommendation.certainty is Certainty.CLEAR
    assert [found.level for found in recommendation.evidence] == ["none", "some", "some"]
