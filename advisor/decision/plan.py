"""What a proof is going to ask: which rules and remarks are put to the classes of which table, and what it costs.

Everything is counted before anything is asked, in steps: to put one class to one row is a step, and to make a class is
``MAKING`` of them. A table costs its classes times its rows: the rules, its remarks, and once more for each signal and
question that these name. So the cost grows with the classes of the tables (``classes`` says with what these grow), with
the rows, and with the number of tables, which is that of the different sets of inputs that rules and remarks name.

Two pieces of advice on the inputs of one table are compared there. Others have classes of their own, only those for
which both conditions hold, and are compared as far as the steps go: no publication waits for them.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations

from advisor.decision.classes import (
    LARGEST,
    MAKING,
    MOST_STEPS,
    Classes,
    TooLargeError,
    asked_when,
    named_in,
)
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL
from advisor.decision.counted import counted
from advisor.decision.guide import Guide, Remark, RemarkKind, Signal
from advisor.decision.logic import Logic
from advisor.decision.tables import Table

PREPARING = 5_000
"""Steps that it takes to look at a table, or at the classes of a pair, at all."""

Pair = tuple[Remark, Remark]


class Plan:
    """The tables of one guide. Raises ``TooLargeError`` when to ask them takes more than ``MOST_STEPS``."""

    def __init__(self, guide: Guide) -> None:
        self.guide, self.logic = guide, Logic(guide)
        self.left = MOST_STEPS
        self.rules = [rule.when for rule in guide.rules]
        self.asked = named_in(asked_when(guide))
        self.named = named_in([*self.rules, *(remark.when for remark in guide.remarks)])
        self.alike = list(self._alike())
        self.tables: list[Table] = []
        for inputs in self._inputs_of_tables():
            table = Table(self.logic, inputs)
            self.tables.append(table)
            self._spend(PREPARING + table.classes.work * MAKING)
        self.of_rules = self._smallest(self._inputs())
        self.of_remark = {remark.key: self._smallest(self._inputs(remark)) for remark in guide.remarks}
        for table in self.tables:
            self._spend(table.classes.number * self._rows(table))
        self.own_pairs = list(self._own_pairs())

    def _alike(self) -> Iterator[list[Signal]]:
        """Signals that no row tells apart: each one that is named for itself, and the others of a role together."""
        for role in self.logic.evidence_bits:
            others = []
            for signal in self.guide.signals_of[role]:
                if SIGNAL + signal.key in self.named | self.asked:
                    yield [signal]
                else:
                    others.append(signal)
            if others:
                yield others

    def _inputs(self, *remarks: Remark) -> frozenset[str]:
        """What remarks depend on: what they name and, where they ask for the outcome, what all rules name.

        Without any remark it is what the outcome depends on.
        """
        with_rules = not remarks or any(OUTCOME in remark.when for remark in remarks)
        return named_in([*(remark.when for remark in remarks), *(self.rules if with_rules else ())]) | self.asked

    def _inputs_of_tables(self) -> list[frozenset[str]]:
        """Each set of inputs that is not part of another."""
        wanted = dict.fromkeys([self._inputs(), *(self._inputs(remark) for remark in self.guide.remarks)])
        return [inputs for inputs in wanted if not any(inputs < others for others in wanted)]

    def _smallest(self, inputs: frozenset[str]) -> Table:
        return min((table for table in self.tables if inputs <= table.inputs), key=lambda table: table.classes.number)

    def remarks_in(self, table: Table) -> list[Remark]:
        """The remarks that a table tells enough apart for; for two of them it does so too."""
        return [remark for remark in self.guide.remarks if self._inputs(remark) <= table.inputs]

    def pairs(self) -> Iterator[Pair]:
        """The pairs of advice that no input keeps apart."""
        advice = [remark for remark in self.guide.remarks if remark.kind is RemarkKind.ADVICE]
        for one, other in combinations(advice, 2):
            if all(set(one.when[name]) & set(other.when[name]) for name in one.when.keys() & other.when.keys()):
                yield one, other

    def own_inputs(self, signal: Signal) -> set[str]:
        """The inputs that ticking a signal changes; none where its role is not asked about."""
        return {SIGNAL + signal.key, EVIDENCE + signal.role} if signal.role in self.logic.evidence_bits else set()

    def _rows(self, table: Table) -> int:
        """How many rows are put to each class of a table."""
        remarks = self.remarks_in(table)
        names = [named_in([remark.when]) for remark in remarks if self.of_remark[remark.key] is table]
        names += [named_in(self.rules)] if table is self.of_rules else []
        turns = sum(bool(self.own_inputs(signals[0]) & named) for signals in self.alike for named in names)
        turns += sum(question.key in named for question in self.guide.questions for named in names)
        decides = table is self.of_rules or any(OUTCOME in remark.when for remark in remarks)
        return len(self.rules) * decides + len(remarks) + turns

    def _spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            questions = len(self.named & self.guide.question.keys())
            singles = sum(name.startswith(SIGNAL) for name in self.named)
            raise TooLargeError(
                f"This guide is too large to be proved: it would take more than {MOST_STEPS:,} steps to put every kind "
                f"of visitor to every row. Its {counted(len(self.rules), 'rule')} and "
                f"{counted(len(self.guide.remarks), 'remark')} name {counted(questions, 'question')} and "
                f"{counted(singles, 'single signal')}, in {counted(len(self.tables), 'way')}. Let rules and remarks "
                "name fewer of them, or more often the same ones."
            )

    def _own_pairs(self) -> Iterator[tuple[Pair, Classes]]:
        """The pairs that need classes of their own, as far as the steps go; what it takes to count these is one too."""
        places = {remark.key: set[int]() for remark in self.guide.remarks}
        for number, table in enumerate(self.tables):
            for remark in self.remarks_in(table):
                places[remark.key].add(number)
        self.left_out = 0
        for pair in self.pairs():
            one, other = pair
            if places[one.key] & places[other.key]:
                continue
            classes, steps = None, 0
            if self.left > PREPARING:
                classes, steps = self._classes_of(pair), LARGEST * MAKING
                with suppress(TooLargeError):
                    steps = classes.work * MAKING + classes.number * (len(self.rules) + len(pair))
                self.left -= PREPARING + steps
            if classes and self.left >= 0:
                yield pair, classes
            else:
                self.left_out += 1

    def _classes_of(self, pair: Pair) -> Classes:
        """The classes for which both conditions hold; the outcome apart, which is no answer."""
        one, other = (remark.when for remark in pair)
        both = {**one, **other}
        for name in one.keys() & other.keys():
            both[name] = tuple(value for value in one[name] if value in other[name])
        rules = self.rules if OUTCOME in both else []
        return Classes(self.logic, [one, other, *rules], only=both)
