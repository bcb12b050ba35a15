"""The proof says what brute force finds, on the first guide and on random small ones."""

from itertools import combinations
from math import comb
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from advisor.decision.answers import query, read
from advisor.decision.guide import Condition, Guide, Remark, RemarkKind, Rule, Signal
from advisor.decision.logic import Logic
from advisor.decision.proof import Proof, TooLargeError, can_end, prove
from advisor.decision.publish_checks import publish_blockers
from advisor.decision.walk import asked_pages, open_page
from tests.decision import brief, brute
from tests.decision.answer_sets import all_facts, starts
from tests.decision.small_guides import question, small_guides
from tests.decision.survey import survey
from tests.guide_with_needs import GUIDE_WITH_NEEDS
from tests.guides import first_guide, role

replace = structs.replace


def test_the_first_guide_holds() -> None:
    proof = prove(first_guide())

    assert proof.failures() == []
    assert proof.holds


def test_the_proof_of_the_first_guide_is_what_asking_for_each_of_its_answer_sets_gives() -> None:
    found = survey()

    proof = prove(first_guide())

    assert proof.answer_sets == found.answer_sets == brief.ANSWER_SETS
    assert [{row.number: row.count for row in need.rows} for need in proof.needs] == [*found.needs]
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
def test_the_needs_of_any_small_guide_are_what_brute_force_finds(guide: Guide) -> None:
    found = brute.ask_everyone(guide)

    needs = {need.role: need for need in prove(guide).needs}

    assert needs.keys() == {role.key for role in guide.roles if role.need}
    for key, need in needs.items():
        assert need.needed.count == found.needs[key, "yes"]
        assert need.not_needed.count == found.needs[key, "no"]
        assert need.uncovered == sum(gap.count for gap in need.gaps) == found.need_rows[key, 0]
        assert len(need.rows) == len(guide.role[key].need)
        for row in need.rows:
            assert row.count == found.need_rows[key, row.number]
            assert set(row.hidden_by) == (set() if row.count else found.need_hiders[key, row.number])


@settings(max_examples=150, deadline=None)
@given(small_guides())
def test_the_signals_and_questions_that_matter_to_nobody_are_those_brute_force_finds(guide: Guide) -> None:
    found = brute.ask_everyone(guide)

    proof = prove(guide)

    assert set(proof.silent_signals) == {signal.key for signal in guide.signals} - found.loud_signals()
    without_role = {question.key for question in guide.questions if not question.role}
    assert set(proof.silent_questions) == without_role - found.loud_questions()


@settings(max_examples=100, deadline=None)
@given(small_guides())
def test_every_example_is_a_set_of_answers_that_gets_what_it_is_an_example_of(guide: Guide) -> None:
    proof = prove(guide)

    for share in proof.outcomes:
        assert not share.example or brute.outcome_of(guide, facts_in(guide, share.example)) == share.key
    for rule in proof.rules:
        assert not rule.example or brute.rule_of(guide, facts_in(guide, rule.example)) == rule.number
    for share in proof.remarks:
        assert not share.example or share.key in brute.remarks_of(guide, facts_in(guide, share.example))
    for pair in proof.together:
        assert {*pair.keys} <= brute.remarks_of(guide, facts_in(guide, pair.example))
    for gap in proof.gaps:
        facts = facts_in(guide, gap.example)
        assert brute.rule_of(guide, facts) == 0
        assert brute.holds(gap.when, facts)
    for need in proof.needs:
        role = guide.role[need.role]
        for row in need.rows:
            assert not row.example or brute.need_of(role, facts_in(guide, row.example))[0] == row.number
        for share in (need.needed, need.not_needed):
            assert not share.example or brute.need_of(role, facts_in(guide, share.example))[1] == share.key
        for gap in need.gaps:
            assert brute.need_of(role, facts_in(guide, gap.example))[0] == 0
    counted = [(share.count, share.example) for share in (*proof.outcomes, *proof.remarks)]
    counted += [(rule.count, rule.example) for rule in proof.rules]
    assert all(bool(count) == bool(example) for count, example in counted)


def facts_in(guide: Guide, example: str) -> brute.Facts:
    """What holds for an example; it is complete, canonical, and nothing in it is unknown."""
    answers, problems = read(guide, parse_qsl(example))
    assert problems == ()
    assert query(guide, answers) == example
    wanted = brute.Set(dict(answers.choices), answers.signals)
    return next(facts for one, facts in brute.every_set(guide) if one == wanted)


@settings(max_examples=100, deadline=None)
@given(small_guides())
def test_the_row_for_a_gap_matches_no_set_that_a_rule_matches(guide: Guide) -> None:
    facts = [facts for _, facts in brute.every_set(guide)]
    needed = {key: [found for found in facts if not brute.need_of(guide.role[key], found)[0]] for key in guide.role}

    proof = prove(guide)

    for gap in proof.gaps:
        matched = [found for found in facts if brute.holds(gap.when, found)]
        assert len(matched) >= gap.count
        assert all(brute.rule_of(guide, found) == 0 for found in matched)
    for need in proof.needs:
        for gap in need.gaps:
            assert all(found in needed[need.role] for found in facts if brute.holds(gap.when, found))


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
    before = {*publish_blockers(guide), *prove(guide).failures()}
    closed = guide

    for row in [*rows, 0]:
        if prove(closed).ending or can_end(closed, prove(closed)):
            closed = accepted(closed, row=row)

    proof = prove(closed)
    assert proof.gaps == ()
    assert [number for number in proof.dead_rules if number > len(guide.rules)] == []
    # Whether an answer changes anything is decided by the outcomes that an editor gives to the rows.
    new = {*publish_blockers(closed), *proof.failures()} - before
    assert {failure for failure in new if "changes n" not in failure.message} == set()
    if not prove(guide).dead_rules:
        assert "The last rule must match anything" not in str(publish_blockers(closed))


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
    monkeypatch.setattr("advisor.decision.proof.prover.MAX_PROPOSED_ROWS", 1)
    guide = with_rules(({"software": ("yes",), "ai": ("yes",)}, "both-roles"))

    proof = prove(guide)

    assert proof.ending is not None
    assert len(proof.gaps) == len(proof.rows_before_ending) == 1
    assert proof.ending.count == brief.ANSWER_SETS - proof.rules[0].count > proof.gaps[0].count


def test_a_guide_without_rules_has_one_gap_for_everybody() -> None:
    (gap,) = prove(with_rules()).gaps

    assert (gap.count, gap.when) == (brief.ANSWER_SETS, {})


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
    # The scope is asked only of those who need both roles.
    whens = {"need:head-of-ai": ("no",), "scope": ("strategy",)}
    proof = prove(with_rules((whens, "head-of-ai"), ({}, "not-yet")))

    assert proof.rules[0].hidden_by == ()
    assert "what it asks for cannot be" in proof.failures()[0].message


def without_needs(guide: Guide) -> Guide:
    """The guide without tables of needs, and without the follow-up that is asked by them."""
    return replace(
        guide,
        roles=tuple(replace(role, need=()) for role in guide.roles),
        follow_ups=(),
        questions=tuple(question for question in guide.questions if not question.follow_up),
        remarks=(),
    )


def test_a_signal_and_a_question_that_no_table_asks_for_are_silent() -> None:
    guide = without_needs(with_rules(({"software": ("yes",)}, "fractional-cto"), ({}, "not-yet")))
    guide = replace(guide, questions=(*guide.questions, question("mood", 2)))

    proof = prove(guide)

    assert set(proof.silent_signals) == {signal.key for signal in guide.signals}
    assert proof.silent_questions == ("both", "mood")


def test_a_signal_matters_when_one_more_of_its_role_tips_the_scales() -> None:
    guide = without_needs(with_rules(({"evidence:head-of-ai": ("strong",)}, "head-of-ai"), ({}, "not-yet")))

    silent = prove(guide).silent_signals

    assert set(silent) == {signal.key for signal in guide.signals_of["fractional-cto"]}


def test_a_remark_that_is_never_made_is_silent() -> None:
    # With strong evidence for a role it is needed, whatever else is said.
    when = {"outcome": ("not-yet",), "evidence:head-of-ai": ("strong",)}
    never = Remark("never", RemarkKind.ADVICE, "Never", "Never.", when)
    guide = replace(first_guide(), remarks=(*first_guide().remarks, never))

    proof = prove(guide)

    assert proof.silent_remarks == ("never",)


def test_advice_that_can_be_given_together_comes_with_an_example() -> None:
    guide = first_guide()
    logic = Logic(guide)

    together = prove(guide).together

    for pair in together:
        answers, _ = read(guide, parse_qsl(pair.example))
        active_bits = logic.active_bits(logic.answer_bits(answers))
        active_bits |= logic.outcome_bits[logic.outcome(active_bits)[1]]
        made = {remark.key for excluded_bits, remark in logic.remarks if not active_bits & excluded_bits}
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


def answer_sets_of_larger_guide() -> int:
    """By the brief: a third role of which as much is ticked takes the lead from the others, so that fewer are asked the
    follow-up. Beside that there are the answers to three questions more.
    """

    def of_the_first_guide(third: int) -> int:
        ways = len(all_facts())
        return sum(ways if brief.needed(start, third) == (True, True) else 1 for start in starts())

    # Only some evidence needs the lead, which is two situations at most.
    by_third = [of_the_first_guide(third) for third in range(3)]
    return 3 * 4 * 3 * sum(comb(15, third) * by_third[min(third, 2)] for third in range(16))


def test_a_guide_with_a_third_role_six_questions_and_twenty_five_signals_is_proved() -> None:
    guide = larger_guide()

    proof = prove(guide)

    assert len(guide.signals) == 25
    assert proof.answer_sets == answer_sets_of_larger_guide()
    assert proof.holds


def test_a_guide_with_twenty_five_signals_named_one_by_one_is_proved() -> None:
    assert prove(larger_guide(named_signals=15)).answer_sets == answer_sets_of_larger_guide()


def test_a_guide_that_is_too_large_is_refused_with_what_makes_it_so_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("advisor.decision.proof.prover.MAX_NODES", 1_000)

    with pytest.raises(TooLargeError) as refused:
        prove(larger_guide())

    message = str(refused.value)
    assert "too large to be proved: it takes more than 1,000 nodes" in message
    assert "10 rules and 35 remarks" in message
    assert "9 questions and 25 signals" in message
    assert "It came as far as " in message
    assert "say whether it is needed" in message


def test_a_proof_says_how_much_of_what_it_may_take_it_took() -> None:
    small, large = prove(first_guide()).work, prove(larger_guide()).work

    assert 0 < small.done < large.done < small.most
    assert small.percent == 100 * small.done / small.most


def with_advice(guide: Guide, *whens: Condition) -> Guide:
    """The guide with nothing but this advice."""
    advice = (Remark(f"advice-{number}", RemarkKind.ADVICE, "Do", "Do.", when) for number, when in enumerate(whens))
    return replace(guide, remarks=tuple(advice))


def test_all_pairs_of_advice_are_tried_whatever_they_name() -> None:
    whens = [{"outcome": ("not-yet",), f"signal:{signal.key}": ("yes",)} for signal in larger_guide().signals]

    proof = prove(with_advice(larger_guide(), *whens))

    assert len(proof.together) == 25 * 24 / 2


@settings(max_examples=100, deadline=None)
@given(small_guides())
def test_the_advice_that_can_be_given_together_is_what_brute_force_finds(guide: Guide) -> None:
    advice = tuple(structs.replace(remark, kind=RemarkKind.ADVICE) for remark in guide.remarks)
    guide = replace(guide, remarks=advice)
    made = [brute.remarks_of(guide, facts) for _, facts in brute.every_set(guide)]

    together = {pair.keys for pair in prove(guide).together}

    keys = [remark.key for remark in advice]
    assert together == {pair for pair in combinations(keys, 2) if any(set(pair) <= remarks for remarks in made)}


def test_a_role_that_is_not_asked_about_yet_has_signals_that_matter_to_nobody() -> None:
    guide = first_guide()
    coached = replace(
        guide,
        roles=(*guide.roles, role("coach")),
        signals=(*guide.signals, Signal("lonely", "coach", "Lonely", "Lonely.", "Lonely.", ())),
    )

    proof = prove(coached)

    assert proof.answer_sets == brief.ANSWER_SETS
    assert proof.silent_signals == ("lonely",)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []

    prove(first_guide(), progress=lambda done, of: told.append((done, of)))

    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] == told[-1][1]


def test_an_outcome_that_names_a_role_which_is_not_needed_is_told_and_keeps_nothing_from_being_published() -> None:
    guide = GUIDE_WITH_NEEDS
    *rules, last = guide.rules
    nobody = next(share for share in prove(guide).outcomes if share.key == "nobody")

    proof = prove(structs.replace(guide, rules=(*rules, structs.replace(last, outcome="a-cook"))))

    assert [(found.outcome, found.role, found.count) for found in proof.denied] == [("a-cook", "cook", nobody.count)]
    assert proof.denied[0].example
    assert not any("not needed" in failure.message for failure in proof.failures())
    assert prove(guide).denied == ()
