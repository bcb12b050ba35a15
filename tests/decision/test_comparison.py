"""What changes for whom: counted over the answers to both documents, as putting them together one by one does."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import comb
from time import process_time
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from msgspec import structs

from advisor.decision import comparison as comparing
from advisor.decision.answers import Answers, query, read
from advisor.decision.comparison import compare, outcomes_for
from advisor.decision.diagrams import TooLargeError
from advisor.decision.guide import Choice, Condition, FollowUp, Guide, NeedRow, Outcome, Question, Rule, Signal
from advisor.decision.proof import prove
from advisor.decision.walk import asked_pages, open_page
from tests.decision import brief, brute
from tests.decision.answer_sets import all_facts, starts
from tests.decision.small_guides import question, small_guides
from tests.guides import first_guide, role, rule, small_guide

replace = structs.replace

Asked = tuple[brute.Set, brute.Facts]


def choices_of(guide: Guide) -> dict[str, set[str]]:
    return {asked.key: {choice.key for choice in asked.choices} for asked in guide.questions}


def holds_what_only_it_has(one: brute.Set, guide: Guide, other: Guide) -> bool:
    """Whether a question of both was answered with a choice that the other does not have."""
    elsewhere = choices_of(other)
    return any(key in elsewhere and choice not in elsewhere[key] for key, choice in one.choices.items())


def say_the_same(one: brute.Set, other: brute.Set, signals: set[str]) -> bool:
    both = one.choices.keys() & other.choices.keys()
    return one.ticked & signals == other.ticked & signals and all(
        one.choices[key] == other.choices[key] for key in both
    )


def put_together(old: Guide, new: Guide) -> Iterator[tuple[Asked, Asked]]:
    """Every set of answers to the old guide with every one to the new that says the same to what both ask."""
    signals = {*brute.asked_signals(old)} & {*brute.asked_signals(new)}
    certain = {q.key for q in old.questions if not q.follow_up} & {q.key for q in new.questions if not q.follow_up}
    alike: dict[tuple[frozenset[str], frozenset[tuple[str, str]]], list[Asked]] = defaultdict(list)

    def said(one: brute.Set) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        return one.ticked & signals, frozenset((key, one.choices[key]) for key in certain)

    for asked in brute.every_set(new):
        if not holds_what_only_it_has(asked[0], new, old):
            alike[said(asked[0])].append(asked)
    for before in brute.every_set(old):
        if not holds_what_only_it_has(before[0], old, new):
            for after in alike[said(before[0])]:
                if say_the_same(before[0], after[0], signals):
                    yield before, after


def only_in(guide: Guide, other: Guide) -> dict[str, int]:
    sets = ((one, facts) for one, facts in brute.every_set(guide) if holds_what_only_it_has(one, guide, other))
    return Counter(brute.outcome_of(guide, facts) for _, facts in sets)


@settings(max_examples=100, deadline=None)
@given(small_guides(), small_guides())
def test_a_comparison_is_what_putting_both_guides_together_one_by_one_gives(old: Guide, new: Guide) -> None:
    number = 0
    moves = Counter[tuple[str, str]]()
    for (_, before), (_, after) in put_together(old, new):
        number += 1
        move = brute.outcome_of(old, before), brute.outcome_of(new, after)
        moves[move] += move[0] != move[1]

    comparison = compare(old, new)

    assert comparison.answer_sets == number
    assert {(move.before, move.after): move.count for move in comparison.moves} == {m: n for m, n in moves.items() if n}
    assert comparison.changed == moves.total()
    assert {reached.outcome: reached.count for reached in comparison.added} == only_in(new, old)
    assert {reached.outcome: reached.count for reached in comparison.gone} == only_in(old, new)


@settings(max_examples=60, deadline=None)
@given(small_guides(), small_guides())
def test_every_example_is_a_complete_walk_that_leads_where_it_says(old: Guide, new: Guide) -> None:
    comparison = compare(old, new)

    for move in comparison.moves:
        assert leads_to(old, move.example) == move.before
        assert leads_to(new, move.example_after) == move.after
    for reached in comparison.added:
        assert leads_to(new, reached.example) == reached.outcome
    for reached in comparison.gone:
        assert leads_to(old, reached.example) == reached.outcome


def leads_to(guide: Guide, example: str) -> str:
    """The outcome of an example, "" for none; it is complete, canonical, and nothing in it is unknown."""
    answers, problems = read(guide, parse_qsl(example))
    assert problems == ()
    assert query(guide, answers) == example
    assert open_page(asked_pages(guide, answers), answers) is None
    for one, facts in brute.every_set(guide):
        if one == brute.Set(dict(answers.choices), answers.signals):
            return brute.outcome_of(guide, facts)
    raise AssertionError(f"{example} is no set of answers")


@settings(max_examples=60, deadline=None)
@given(small_guides(), small_guides())
def test_what_one_visitor_may_be_told_is_what_completing_their_answers_in_every_way_gives(
    old: Guide, new: Guide
) -> None:
    (said, _), *_ = brute.every_set(old)
    signals = {*brute.asked_signals(old)} & {*brute.asked_signals(new)}
    known = {key: choice for key, choice in said.choices.items() if choice in choices_of(new).get(key, ())}

    found = outcomes_for(old, new, Answers(said.choices, said.ticked))

    assert found == {
        brute.outcome_of(new, facts)
        for one, facts in brute.every_set(new)
        if say_the_same(brute.Set(known, said.ticked), one, signals)
    }


def with_a_third_role(**changes: object) -> Guide:
    """The first guide, and someone for the data: asked about in a question of three choices."""
    first = first_guide()
    guide = replace(
        first,
        roles=(*first.roles, role("data-lead")),
        signals=(*first.signals, *(Signal(f"data-{n}", "data-lead", "Data", "Data.", "Data.", ()) for n in range(4))),
        questions=(*first.questions[:3], question("data", 3, "data-lead"), *first.questions[3:]),
        outcomes=(*first.outcomes, Outcome("data-lead", "Head of Data", "Hire one", "Do.", ("data-lead",))),
        rules=(
            Rule({"data": ("c0",), "evidence:data-lead": ("strong",)}, "data-lead", "Because."),
            *first.rules,
        ),
    )
    return replace(guide, **changes)


def moves_to_a_third_role() -> dict[tuple[str, str], int]:
    """By the brief: what its four signals and the three choices of its question change for whom.

    Where three or four are ticked, which is strong evidence, and the first choice is taken, it is the third role. To
    everyone else the brief says the same, but that this role may take the lead from the others.
    """
    moves = Counter[tuple[str, str]]()
    no_facts = dict.fromkeys(brief.FACTS)
    alike = Counter(
        (brief.needed(start), brief.needed(start, third), third) for start in starts() for third in range(5)
    )
    for (before, after, third), count in alike.items():
        for facts in all_facts() if before == (True, True) else [no_facts]:
            old = brief.OUTCOMES[brief.row_of(before, *facts.values())]
            new = brief.OUTCOMES[brief.row_of(after, *facts.values())]
            taken = 1 if third >= 3 else 0
            moves[old, "data-lead"] += count * comb(4, third) * taken
            if new != old:
                moves[old, new] += count * comb(4, third) * (3 - taken)
    return dict(moves)


def test_a_new_role_is_counted_over_every_answer_to_its_question_and_every_signal_of_it() -> None:
    comparison = compare(first_guide(), with_a_third_role())

    # Three choices and four signals, five of whose sixteen ways to be ticked are strong evidence: three or four.
    assert comparison.answer_sets == brief.ANSWER_SETS * 3 * 2**4
    assert sum(move.count for move in comparison.moves if move.after == "data-lead") == brief.ANSWER_SETS * 5
    assert {(move.before, move.after): move.count for move in comparison.moves} == moves_to_a_third_role()
    assert (comparison.added, comparison.gone) == ((), ())


def test_a_role_that_is_taken_out_is_counted_the_other_way_round() -> None:
    comparison = compare(with_a_third_role(), first_guide())

    assert comparison.answer_sets == brief.ANSWER_SETS * 3 * 2**4
    assert sum(move.count for move in comparison.moves if move.before == "data-lead") == brief.ANSWER_SETS * 5
    assert {(move.after, move.before): move.count for move in comparison.moves} == moves_to_a_third_role()


def test_a_choice_that_is_new_is_counted_apart_and_moves_nobody() -> None:
    old = small_guide()
    kitchen, *others = old.questions
    more = replace(kitchen, choices=(*kitchen.choices, Choice("soon", "Soon")))

    comparison = compare(old, replace(old, questions=(more, *others)))

    assert comparison.changed == 0
    assert [(reached.outcome, reached.count) for reached in comparison.added] == [("nobody", 12), ("a-cook", 4)]
    assert comparison.gone == ()


def test_a_choice_that_is_gone_is_counted_apart_and_moves_nobody() -> None:
    new = small_guide()
    kitchen, *others = new.questions
    old = replace(new, questions=(replace(kitchen, choices=(*kitchen.choices, Choice("soon", "Soon"))), *others))

    comparison = compare(old, new)

    assert comparison.changed == 0
    assert sum(reached.count for reached in comparison.gone) == 16


def test_a_follow_up_that_everyone_is_asked_from_now_on_is_counted_for_everyone() -> None:
    old = small_guide()
    seats: Question = replace(old.questions[2], follow_up="")

    comparison = compare(old, replace(old, questions=(*old.questions[:2], seats), follow_ups=()))

    # Three of the four ways to answer the first two questions did not lead to the follow-up; many seats make a pair.
    assert comparison.answer_sets == 4 * 2 * 8
    assert comparison.changed == 3 * 8


def test_a_follow_up_under_other_conditions_is_counted_where_either_asks_it() -> None:
    old = small_guide()
    new = replace(old, follow_ups=(FollowUp("size", "More", "", ({"tables": ("no",)},)),))

    comparison = compare(old, new)

    assert comparison.answer_sets == 8 * (2 + 1 + 2 + 2)
    assert comparison.changed == 8 * 3


def test_only_words_that_change_move_nobody() -> None:
    comparison = compare(first_guide(), replace(first_guide(), title="Whom?"))

    assert (comparison.answer_sets, comparison.changed) == (brief.ANSWER_SETS, 0)


def test_the_first_guide_is_compared_within_two_seconds_of_computing() -> None:
    began = process_time()

    compare(first_guide(), with_a_third_role())

    assert process_time() - began < 2


def test_two_guides_that_have_too_little_in_common_are_refused_and_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "MAX_NODES", 100)

    with pytest.raises(TooLargeError, match="more than 100 nodes"):
        compare(first_guide(), with_a_third_role())


def test_a_guide_that_is_too_large_tells_nothing_of_a_visitor_who_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MAX_NODES", 1)
    complete = Answers({"kitchen": "yes", "tables": "no"})

    assert outcomes_for(small_guide(), small_guide(), complete) == {"a-cook"}
    with pytest.raises(TooLargeError):
        outcomes_for(small_guide(), small_guide(), Answers())


def test_someone_who_was_not_asked_a_new_question_may_be_told_either() -> None:
    old = small_guide()
    new = replace(
        old,
        questions=(*old.questions[:2], question("garden", 2), old.questions[2]),
        rules=(rule({"garden": ("c1",), "kitchen": ("no",)}, "a-pair"), *old.rules),
    )

    found = outcomes_for(old, new, Answers({"kitchen": "no", "tables": "no"}))

    assert found == {"a-pair", "nobody"}


def test_of_a_need_that_was_changed_it_is_counted_for_whom_the_role_is_needed_now_and_no_more() -> None:
    def needing(when: Condition) -> Guide:
        rows = (NeedRow(when, needed=True, reason="So."), NeedRow({}, needed=False, reason="No."))
        return small_guide(roles=(replace(role("cook"), need=rows), role("waiter")))

    def count(when: Condition) -> int:
        return prove(needing(when)).needs[0].needed.count

    found = compare(needing({"kitchen": ("yes",)}), needing({"tables": ("yes",)}))

    (need,) = found.needs
    assert (need.role, need.now, need.no_more) == (
        "cook",
        count({"kitchen": ("no",), "tables": ("yes",)}),
        count({"kitchen": ("yes",), "tables": ("no",)}),
    )
    assert not compare(needing({"kitchen": ("yes",)}), needing({"kitchen": ("yes",)})).needs
