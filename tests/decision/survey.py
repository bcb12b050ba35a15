"""What the engine says to every set of answers of the first guide, held against the brief in one go."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from advisor.decision.answers import Answers
from advisor.decision.logic import logic_of
from advisor.decision.recommendation import Recommendation, recommend
from tests.decision import brief
from tests.decision.answer_sets import all_facts, starts, with_facts
from tests.guides import first_guide


class Case(NamedTuple):
    """What is said to those who answered the same up to the follow-up, and to the follow-up with the same effect.

    ``ways`` are their answers to it, one empty way where it is not asked. ``rows`` are those of the tables of needs,
    ``rule`` that of the outcome table.
    """

    start: Answers
    ways: list[dict[str, str]]
    rows: tuple[int, int]
    rule: int
    outcome: str
    remarks: frozenset[str]

    @property
    def answers(self) -> Answers:
        """One of the sets of answers it stands for."""
        return with_facts(self.start, self.ways[0])


@dataclass
class Survey:
    """How often each row was the first, each outcome reached and each remark collected; and where the brief differs.

    ``needs`` counts the rows of each role's table. ``sample`` has answers of every kind that the tables can tell apart:
    the three questions, how many situations are ticked for each role, and whether ``strong-cto-no-ai`` and
    ``no-ai-component`` are among them. Which other situations they are, and how the follow-up is answered, takes turns.
    """

    answer_sets: int = 0
    needs: tuple[Counter[int], Counter[int]] = field(default_factory=lambda: (Counter(), Counter()))
    rules: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)
    sample: list[Answers] = field(default_factory=list)
    other_needs: list[Answers] = field(default_factory=list)
    another_outcome: list[Answers] = field(default_factory=list)
    other_remarks: list[Answers] = field(default_factory=list)


@cache
def survey() -> Survey:
    """Ask the compiled tables for all sets of answers; ``recommend`` itself takes a hundred times as long.

    The brief is asked once for each case: its needs do not see the follow-up, its outcome sees the needs and the
    follow-up, and its remarks the outcome and the place of AI.
    """
    found = Survey()
    collected: Counter[frozenset[str]] = Counter()
    for case in _cases(found):
        found.cases.append(case)
        count = len(case.ways)
        found.answer_sets += count
        for counter, row in zip(found.needs, case.rows, strict=True):
            counter[row] += count
        found.rules[case.rule] += count
        found.outcomes[case.outcome] += count
        collected[case.remarks] += count
        if case.remarks != brief.remarks(case.answers):
            found.other_remarks.append(case.answers)
    for remarks, times in collected.items():
        found.remarks.update(dict.fromkeys(remarks, times))
    found.sample.extend(_sample(found.cases))
    return found


def _cases(found: Survey) -> Iterator[Case]:
    logic = logic_of(first_guide())
    remarks = [(excluded_bits, remark.key) for excluded_bits, remark in logic.remarks]
    of_remarks = sum(logic.input_bits[name] for name in {name for _, remark in logic.remarks for name in remark.when})
    of_facts = sum(logic.input_bits[name] for name in brief.FACTS)
    by_facts = [(facts, logic.answer_bits(Answers(facts)) & of_facts) for facts in all_facts()]
    row_by_the_brief = {
        (needed, fact_bits): brief.row_of(needed, *facts.values())
        for needed in ((True, True), (True, False), (False, True), (False, False))
        for facts, fact_bits in by_facts
    }
    no_facts = logic.answer_bits(Answers()) & of_facts
    for start in starts():
        everyone = logic.answer_bits(start) & ~of_facts
        before = logic.active_bits(everyone | no_facts)
        rows = tuple(table.row(before) for table in logic.needs)
        expected = tuple(brief.need_row(side, start) for side in brief.SIDES)
        if rows != expected or any(
            table.is_needed(row) != brief.NEEDED[row] for table, row in zip(logic.needs, rows, strict=True)
        ):
            found.other_needs.append(start)
        needed = brief.needed(start)
        cases: dict[tuple[int, str, frozenset[str]], list[dict[str, str]]] = {}
        collected: dict[int, frozenset[str]] = {}
        for facts, fact_bits in by_facts if needed == (True, True) else [({}, no_facts)]:
            active_bits = logic.active_bits(everyone | fact_bits)
            rule, outcome = logic.outcome(active_bits)
            row = row_by_the_brief[needed, fact_bits] if facts else brief.row_of(needed, None, None, None)
            if (rule, outcome) != (row, brief.OUTCOMES[row]):
                found.another_outcome.append(with_facts(start, facts))
            active_bits = (active_bits | logic.outcome_bits[outcome]) & of_remarks
            if active_bits not in collected:
                collected[active_bits] = frozenset([key for excluded, key in remarks if not active_bits & excluded])
            cases.setdefault((rule, outcome, collected[active_bits]), []).append(facts)
        for (rule, outcome, made), ways in cases.items():
            yield Case(start, ways, (rows[0], rows[1]), rule, outcome, made)


@cache
def recommended() -> list[tuple[Answers, Recommendation]]:
    """What is recommended to each of the sample."""
    return [(answers, recommend(first_guide(), answers)) for answers in survey().sample]


def _sample(cases: list[Case]) -> Iterator[Answers]:
    facts, turn = all_facts(), 0
    kinds: dict[tuple[object, ...], list[Answers]] = {}
    for case in cases:
        ticked = case.start.signals
        marked = ticked & {side.without_work for side in brief.SIDES}
        numbers = tuple(len(ticked & side.signals) for side in brief.SIDES)
        kinds.setdefault((*case.start.choices.values(), *numbers, marked), []).append(case.start)
    for starts_of_kind in kinds.values():
        start = starts_of_kind[turn % len(starts_of_kind)]
        for _ in range(3 if brief.facts_are_asked(start) else 1):
            turn += 1
            asked = facts[turn % len(facts)] if brief.facts_are_asked(start) else {}
            yield with_facts(start, asked)
