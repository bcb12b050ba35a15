"""The proof says what brute force finds, on the first guide and on random small ones."""

from itertools import combinations
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from advisor.decision import plan
from advisor.decision.answers import query, read
from advisor.decision.classes import LARGEST, MOST_STEPS
from advisor.decision.guide import Condition, Guide, Remark, RemarkKind, Rule, Signal
from advisor.decision.logic import Logic
from advisor.decision.plan import Plan
from advisor.decision.proof import Proof, TooLargeError, can_end, prove
from advisor.decision.unfinished import unfinished
from advisor.decision.walk import asked_pages, open_page
from tests.decision import brute
from tests.decision.small_guides import question, small_guides
from tests.decision.survey import survey
from tests.guides import first_guide, role

replace = structs.replace


def test_the_first_guide_holds() -> None:
    proof = prove(first_guide())

    assert proof.failures() == []
    assert proof.holds


def test_the_proof_of_the_first_guide_is_what_asking_for_each_of_its_answer_sets_gives() -> None:
    found = survey()

    proof = prove(first_guide())

    assert proof.answer_sets == found.answer_sets == 512_000
    assert {share.key: share.count for share in proof.outcomes} == found.outcomes
    assert {rule.number: rule.count for rule in proof.rules} == found.rules
    assert {share.key: share.count for share in proof.remarks} == found.remarks


def examples(proof: Proof) -> list[str]:
    of_tables = [share.example for share in (*proof.outcomes, *proof.remarks)]
    of_rules = [rule.example for rule in proof.rules]
    of_pairs = [pair.example for pair in proof.together]
    return [example for example in (*of_tables, *of_rules, *of_pairs) if example]


def test_every_example_is_a_complete_walk_in_its_canonical_form() -> None:
    guide = first_guide()

    found = examples(prove(guide))

    for example in found:
        answers, problems = read(guide, parse_qsl(example))
        assert problems == ()
        assert query(guide, answers) == example
        assert open_page(asked_pages(guide, answers), answers) is None


@settings(max_examples=150, deadline=None)
@given(small_guides())
def test_the_proof_of_any_small_guide_is_what_brute_force_finds(guide: Guide) -> None:
    found = brute.ask_everyone(guide)

    proof = prove(guide)

    assert proof.answer_sets == found.answer_sets
    assert {rule.number: rule.count for rule in proof.rules if rule.count} == without(found.rules, 0)
    assert {share.key: share.count for share in proof.outcomes if share.count} == without(found.outcomes, "")
    assert {share.key: share.count for share in proof.remarks if share.count} == dict(found.remarks)
    assert sum(gap.count for gap in proof.gaps) == found.rules[0]
    assert set(proof.unreachable) == {outcome.key for outcome in guide.outcomes} - found.outcomes.keys()
    for rule in proof.rules:
        assert set(rule.hidden_by) == (set() if rule.count else found.hiders[rule.number])


def without[Key](counts: dict[Key, int], key: Key) -> dict[Key, int]:
    return {name: count for name, count in counts.items() if name != key}


@settings(max_examples=150, deadline=None)
@given(small_guides())
def test_the_signals_that_matter_to_nobody_are_those_brute_force_finds(guide: Guide) -> None:
    named_by_follow_ups = {name for other in guide.follow_ups for when in other.asked_when for name in when}
    asks = {
        signal.key
        for signal in guide.signals
        if {f"signal:{signal.key}", f"evidence:{signal.role}"} & named_by_follow_ups
    }
    loud = brute.ask_everyone(guide).loud_signals()

    silent = set(prove(guide).silent_signals)

    assert silent == {signal.key for signal in guide.signals} - loud - asks


def with_rules(*rules: tuple[Condition, str]) -> Guide:
    """The first guide with another outcome table."""
    return replace(first_guide(), rules=tuple(Rule(when, outcome, "Because.") for when, outcome in rules))


def test_a_gap_comes_with_a_row_that_closes_it() -> None:
    guide = with_rules(({"both": ("both", "software", "ai", "neither")}, "both-roles"))

    (gap,) = prove(guide).gaps
    closed = replace(guide, rules=(*guide.rules, Rule(gap.when, "not-yet", "Because.")))

    assert gap.when == {"both": ("unsure",)}
    assert prove(closed).gaps == ()


def accepted(guide: Guide, *, row: int) -> Guide:
    """The guide with one of the rows that its proof proposes: the one that ends the table, or one before it."""
    proof = prove(guide)
    if not proof.ending:
        return replace(guide, rules=(*guide.rules[:-1], replace(guide.rules[-1], when={})))
    proposed = (proof.ending, *proof.rows_before_ending)
    when = proposed[row % len(proposed)].when
    return replace(guide, rules=(*guide.rules, Rule(when, "neither", "Because.")))


@settings(max_examples=100, deadline=None)
@given(small_guides(), st.lists(st.integers(0, 20), max_size=3))
def test_whatever_rows_are_accepted_in_whatever_order_the_table_ends_and_nothing_new_is_in_the_way(
    guide: Guide, rows: list[int]
) -> None:
    before = {*unfinished(guide), *prove(guide).failures()}
    closed = guide

    for row in [*rows, 0]:
        if prove(closed).ending or can_end(closed, prove(closed)):
            closed = accepted(closed, row=row)

    proof = prove(closed)
    assert proof.gaps == ()
    assert [number for number in proof.dead_rules if number > len(guide.rules)] == []
    # Whether an answer changes anything is decided by the outcomes that an editor gives to the rows.
    new = {*unfinished(closed), *proof.failures()} - before
    assert {failure for failure in new if "changes n" not in failure.message} == set()
    if not prove(guide).dead_rules:
        assert "The last rule must match anything" not in str(unfinished(closed))


def test_a_table_whose_rules_match_everything_together_can_end_with_its_last_one() -> None:
    guide = with_rules(({"software": ("yes",)}, "fractional-cto"), ({"software": ("no", "unsure")}, "not-yet"))
    before = prove(guide)

    after = prove(accepted(guide, row=0))

    assert can_end(guide, before)
    assert [rule.count for rule in before.rules] == [rule.count for rule in after.rules]
    assert not can_end(accepted(guide, row=0), after)


def test_with_one_gap_only_the_row_that_ends_the_table_is_proposed() -> None:
    proof = prove(with_rules(({"both": ("both", "software", "ai", "neither")}, "both-roles")))

    assert proof.ending is not None
    assert (proof.ending.when, proof.ending.count) == ({}, proof.uncovered)
    assert proof.rows_before_ending == ()


def test_the_row_that_ends_the_table_counts_the_gaps_that_are_not_listed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.decision.proof.MOST_GAPS", 1)
    guide = with_rules(({"software": ("yes",), "ai": ("yes",)}, "both-roles"))

    proof = prove(guide)

    assert proof.ending is not None
    assert len(proof.gaps) == len(proof.rows_before_ending) == 1
    assert proof.ending.count == 512_000 - proof.rules[0].count > proof.gaps[0].count


def test_a_guide_without_rules_has_one_gap_for_everybody() -> None:
    (gap,) = prove(with_rules()).gaps

    assert (gap.count, gap.when) == (512_000, {})


def test_a_rule_that_never_decides_is_named_with_those_that_hide_it() -> None:
    proof = prove(
        with_rules(
            ({"software": ("yes",)}, "fractional-cto"),
            ({"ai": ("yes",)}, "head-of-ai"),
            ({"software": ("yes",), "ai": ("yes", "no")}, "both-roles"),
            ({}, "not-yet"),
        )
    )

    assert proof.dead_rules == (3,)
    assert proof.rules[2].hidden_by == (1,)
    assert "both-roles" in proof.unreachable
    assert "rules 3" in {gap.place for gap in proof.failures()}


def test_a_rule_that_asks_for_what_cannot_be_is_told_apart_from_one_that_is_hidden() -> None:
    proof = prove(with_rules(({"both": ("ai",), "scope": ("strategy",)}, "head-of-ai"), ({}, "not-yet")))

    assert proof.rules[0].hidden_by == ()
    assert "what it asks for cannot be" in proof.failures()[0].message


def test_a_signal_and_a_question_that_no_table_asks_for_are_silent() -> None:
    guide = replace(
        with_rules(({"software": ("yes",)}, "fractional-cto"), ({}, "not-yet")),
        remarks=(),
        follow_ups=(),
        questions=(*first_guide().questions[:3], question("mood", 2)),
    )

    proof = prove(guide)

    assert set(proof.silent_signals) == {signal.key for signal in guide.signals}
    assert proof.silent_questions == ("both", "mood")


def test_a_signal_matters_when_one_more_of_its_role_tips_the_scales() -> None:
    guide = replace(with_rules(({"evidence:head-of-ai": ("strong",)}, "head-of-ai"), ({}, "not-yet")), remarks=())

    silent = prove(guide).silent_signals

    assert set(silent) == {signal.key for signal in guide.signals_of["fractional-cto"]}


def test_a_remark_that_is_never_made_is_silent() -> None:
    never = Remark("never", RemarkKind.ADVICE, "Never", "Never.", {"outcome": ("not-yet",), "both": ("both",)})
    guide = replace(first_guide(), remarks=(*first_guide().remarks, never))

    proof = prove(guide)

    assert proof.silent_remarks == ("never",)


def test_advice_that_can_be_given_together_comes_with_an_example() -> None:
    guide = first_guide()
    logic = Logic(guide)

    together = prove(guide).together

    for pair in together:
        answers, _ = read(guide, parse_qsl(pair.example))
        holding = logic.holding(logic.situation(answers))
        holding |= logic.outcome_bits[logic.outcome(holding)[1]]
        made = {remark.key for forbidden, remark in logic.remarks if not holding & forbidden}
        assert set(pair.keys) <= made
    assert ("cto-first", "start-together") not in {pair.keys for pair in together}


def larger_guide(*, named_signals: int = 0) -> Guide:
    """Three roles, six questions beside the follow-up, twenty-five signals."""
    first = first_guide()
    signals = tuple(Signal(f"data-{number}", "data-lead", "Data", "Data.", "Data.", ()) for number in range(15))
    questions = (
        *first.questions[:3],
        question("data", 3, "data-lead"),
        question("stage", 4),
        question("market", 3),
        *first.questions[3:],
    )
    rules = (
        Rule({"data": ("c0",), "evidence:data-lead": ("strong",), "stage": ("c0", "c1")}, "data-lead", "Because."),
        Rule({"market": ("c2",), "evidence:data-lead": ("some", "strong")}, "data-lead", "Because."),
        *first.rules,
    )
    named = {f"signal:data-{number}": ("yes",) for number in range(named_signals)}
    remark = Remark("all-of-them", RemarkKind.CAUTION, "All", "All.", {**named, "outcome": ("data-lead",)})
    return replace(
        first,
        roles=(*first.roles, role("data-lead")),
        signals=(*first.signals, *signals),
        questions=questions,
        outcomes=(*first.outcomes, replace(first.outcomes[0], key="data-lead", roles=("data-lead",))),
        rules=rules,
        remarks=(*first.remarks, remark),
    )


def test_a_guide_with_a_third_role_six_questions_and_twenty_five_signals_is_proved() -> None:
    guide = larger_guide()

    proof = prove(guide)

    assert len(guide.signals) == 25
    assert proof.answer_sets == 512_000 * 3 * 4 * 3 * 2**15
    assert proof.holds


def test_a_guide_that_is_too_large_is_refused_before_it_is_asked() -> None:
    with pytest.raises(TooLargeError, match="too large to be proved") as refused:
        prove(larger_guide(named_signals=15))

    assert f"{LARGEST:,}" in str(refused.value)
    assert "15 single signals" in str(refused.value)


def with_advice(guide: Guide, *whens: Condition) -> Guide:
    """The guide with nothing but this advice."""
    advice = (Remark(f"advice-{number}", RemarkKind.ADVICE, "Do", "Do.", when) for number, when in enumerate(whens))
    return replace(guide, remarks=tuple(advice))


def steps_of(guide: Guide) -> int:
    return MOST_STEPS - Plan(guide).left


def test_advice_on_the_same_inputs_is_put_to_the_same_classes() -> None:
    signals = [signal.key for signal in first_guide().signals[:6]]
    rules = tuple(Rule({f"signal:{key}": ("yes",), "software": ("yes",)}, "fractional-cto", "So.") for key in signals)
    guide = replace(first_guide(), rules=(*rules, *first_guide().rules))
    when = {"outcome": ("fractional-cto",), "ai": ("yes",)}

    one, twenty = (steps_of(with_advice(guide, *[when] * number)) for number in (1, 20))

    assert twenty < 2 * one < MOST_STEPS
    assert len(prove(with_advice(guide, *[when] * 20)).together) == 20 * 19 / 2


def test_the_work_of_all_tables_together_is_bounded_before_anything_is_asked() -> None:
    guide = larger_guide()
    whens = [{"outcome": ("not-yet",), f"signal:{signal.key}": ("yes",)} for signal in guide.signals]
    told: list[tuple[int, int]] = []

    with pytest.raises(TooLargeError) as refused:
        prove(with_advice(guide, *whens), progress=lambda done, of: told.append((done, of)))

    assert f"more than {MOST_STEPS:,} steps" in str(refused.value)
    assert "25 single signals" in str(refused.value)
    assert told == []


def test_pairs_that_do_not_fit_into_the_steps_are_counted_and_keep_nothing_from_holding() -> None:
    whens = [{"outcome": ("not-yet",), f"signal:{signal.key}": ("yes",)} for signal in first_guide().signals]
    guide = with_advice(first_guide(), *whens)
    of_tables = Plan(guide)

    everything = prove(guide)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "MOST_STEPS", steps_of(guide) - 1)
        most = prove(guide)

    assert len(of_tables.own_pairs) == 45
    assert (everything.pairs_left_out, most.pairs_left_out) == (0, 1)
    assert (everything.failures(), most.failures()) == ([], [])
    assert set(most.together) < set(everything.together)


@settings(max_examples=100, deadline=None)
@given(small_guides())
def test_the_advice_that_can_be_given_together_is_what_brute_force_finds(guide: Guide) -> None:
    advice = tuple(structs.replace(remark, kind=RemarkKind.ADVICE) for remark in guide.remarks)
    guide = replace(guide, remarks=advice)
    made = [brute.remarks_of(guide, facts) for _, facts in brute.every_set(guide)]

    together = {pair.keys for pair in prove(guide).together}

    keys = [remark.key for remark in advice]
    assert together == {pair for pair in combinations(keys, 2) if any(set(pair) <= remarks for remarks in made)}


@settings(max_examples=100, deadline=None)
@given(small_guides())
def test_classes_are_counted_before_they_are_made(guide: Guide) -> None:
    for table in Plan(guide).tables:
        assert table.classes.number == len(table.found)


def test_a_role_that_is_not_asked_about_yet_has_signals_that_matter_to_nobody() -> None:
    guide = first_guide()
    coached = replace(
        guide,
        roles=(*guide.roles, role("coach")),
        signals=(*guide.signals, Signal("lonely", "coach", "Lonely", "Lonely.", "Lonely.", ())),
    )

    proof = prove(coached)

    assert proof.answer_sets == 512_000
    assert proof.silent_signals == ("lonely",)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []

    prove(first_guide(), progress=lambda done, of: told.append((done, of)))

    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] == told[-1][1]
