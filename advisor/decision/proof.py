"""``prove(guide)``: what a guide says to every possible set of answers, and what is wrong with that.

    prove(first guide) -> 512,000 sets of answers; fractional-cto 133,120, for example software=yes&…; it holds

A proof holds when every set has exactly one outcome, every outcome is reached, every rule decides somewhere, and every
signal, question and remark matters to someone. It is exact; ``classes`` says how. ``plan`` says what it costs: it is
refused before anything is asked when that is more than ``MOST_STEPS``, which take some seconds.

What the guide decides by must be there, as ``unfinished`` checks; it may be incomplete in every other way.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

import msgspec

from advisor.decision.classes import Class, Classes, TooLargeError, example, named_in
from advisor.decision.conditions import OUTCOME
from advisor.decision.counted import counted
from advisor.decision.guide import NOT_ANSWERED, Condition, Guide, RemarkKind
from advisor.decision.plan import Pair, Plan
from advisor.decision.tables import Table, Told, deciding
from advisor.decision.unfinished import Gap

__all__ = ["Proof", "TooLargeError", "can_end", "prove"]

MOST_GAPS = 20
"""Rows proposed for sets of answers that no rule matches."""


class Share(msgspec.Struct, frozen=True):
    """How many sets of answers get an outcome or a remark, and one of them as a query string ("" for none)."""

    key: str
    count: int
    example: str


class RuleShare(msgspec.Struct, frozen=True):
    """How many sets of answers a rule decides. For one that decides none, ``hidden_by`` has the earlier rules that take
    the sets it would match; it is empty where the rule cannot match at all.
    """

    number: int
    count: int
    example: str
    hidden_by: tuple[int, ...]


class Uncovered(msgspec.Struct, frozen=True):
    """Sets of answers that no rule matches, and the condition of a row that would match them and no others."""

    count: int
    example: str
    when: Condition


class Together(msgspec.Struct, frozen=True):
    """Two pieces of advice that can be given to one visitor: staff see to it that they do not contradict."""

    keys: tuple[str, str]
    example: str


class Proof(msgspec.Struct, frozen=True):
    """What every possible visitor is told. ``uncovered`` counts the sets of answers that no rule matches, of which
    ``gaps`` has the first. Of ``pairs_left_out`` it is not known whether both can be given.
    """

    answer_sets: int
    outcomes: tuple[Share, ...]
    rules: tuple[RuleShare, ...]
    remarks: tuple[Share, ...]
    uncovered: int
    gaps: tuple[Uncovered, ...]
    silent_signals: tuple[str, ...]
    silent_questions: tuple[str, ...]
    together: tuple[Together, ...]
    pairs_left_out: int

    @property
    def unreachable(self) -> tuple[str, ...]:
        """The outcomes that nobody gets."""
        return tuple(share.key for share in self.outcomes if not share.count)

    @property
    def dead_rules(self) -> tuple[int, ...]:
        """The rules that never decide."""
        return tuple(rule.number for rule in self.rules if not rule.count)

    @property
    def silent_remarks(self) -> tuple[str, ...]:
        """The remarks that are never made."""
        return tuple(share.key for share in self.remarks if not share.count)

    @property
    def ending(self) -> Uncovered | None:
        """The row that ends the table and matches whatever no rule matches; None where nothing is left for it."""
        return Uncovered(self.uncovered, self.gaps[0].example, {}) if self.gaps else None

    @property
    def rows_before_ending(self) -> tuple[Uncovered, ...]:
        """Rows for gaps that may get an outcome of their own. Whichever of them are accepted, they leave something to
        the row that ends the table: with one for each gap it would never decide.
        """
        is_all = sum(gap.count for gap in self.gaps) == self.uncovered
        return self.gaps[:-1] if is_all else self.gaps

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failures()

    def failures(self) -> list[Gap]:
        """Everything that is wrong, each with its place."""
        return [*self._failures()]

    def _failures(self) -> Iterator[Gap]:
        for gap in self.gaps:
            yield Gap("rules", f"No rule matches {counted(gap.count, 'set')} of answers, for example {gap.example}.")
        for rule in self.rules:
            if not rule.count:
                numbers = ", ".join(map(str, rule.hidden_by))
                reason = f"what it asks for is taken by rule {numbers}" if numbers else "what it asks for cannot be"
                yield Gap(f"rules {rule.number}", f"This rule never decides: {reason}.")
        for key in self.unreachable:
            yield Gap(f"outcomes {key}", "No set of answers leads to this outcome.")
        for key in self.silent_signals:
            yield Gap(f"signals {key}", "Whether it is ticked changes neither the outcome nor a remark for anyone.")
        for key in self.silent_questions:
            yield Gap(f"questions {key}", "Its answer changes nothing for anyone.")
        for key in self.silent_remarks:
            yield Gap(f"remarks {key}", "No set of answers leads to this remark.")


def prove(guide: Guide, *, progress: Callable[[int, int], None] | None = None) -> Proof:
    """Ask a guide for every set of answers. ``progress`` is told how many of how many steps are done.

    Raises ``TooLargeError``, before anything is asked, when that would take too many steps.
    """
    return _Prover(Plan(guide), progress or (lambda done, of: None)).proof()


def can_end(guide: Guide, proof: Proof) -> bool:
    """Whether nothing ends the table, and its last rule could: without its condition it decides for the same sets."""
    return bool(guide.rules and all(rule.when for rule in guide.rules) and proof.rules[-1].count and not proof.gaps)


class _Prover:
    """What was found so far, table by table, so that the classes of only one are kept."""

    def __init__(self, plan: Plan, progress: Callable[[int, int], None]) -> None:
        self.plan, self.guide, self.logic = plan, plan.guide, plan.logic
        self.progress, self.done = progress, 0
        self.loud = {signal.key for signal in self.guide.signals if plan.own_inputs(signal) & plan.asked}
        self.answered = {q.key for q in self.guide.questions if q.role or q.key in plan.asked}
        self.shares: dict[str, Share] = {}
        self.together: dict[tuple[str, str], str] = {}

    def proof(self) -> Proof:
        plan, guide = self.plan, self.guide
        answer_sets, (rules, outcomes, gaps) = self._rules(plan.of_rules)
        for table in plan.tables:
            self._remarks(table)
            table.forget()
        for pair, classes in plan.own_pairs:
            self._pair(pair, classes)
        keys = ((one.key, other.key) for one, other in plan.pairs())
        return Proof(
            answer_sets=answer_sets,
            outcomes=outcomes,
            rules=rules,
            uncovered=answer_sets - sum(rule.count for rule in rules),
            remarks=tuple(self.shares[remark.key] for remark in guide.remarks),
            gaps=gaps,
            silent_signals=tuple(signal.key for signal in guide.signals if signal.key not in self.loud),
            silent_questions=tuple(q.key for q in guide.questions if q.key not in self.answered),
            together=tuple(Together(pair, self.together[pair]) for pair in keys if pair in self.together),
            pairs_left_out=plan.left_out,
        )

    def _step(self) -> None:
        self.done += 1
        self.progress(self.done, 1 + len(self.guide.remarks) + len(self.plan.own_pairs))

    def _listen(self, table: Table, told: Told, names: frozenset[str]) -> None:
        """Note the signals and questions among what a row or table names that change what is told to someone."""
        for signals in self.plan.alike:
            named = self.plan.own_inputs(signals[0]) & names
            if named and signals[0].key not in self.loud and table.signal_turns(told, signals[0]):
                self.loud |= {signal.key for signal in signals}
        for question in self.guide.questions:
            named_too = question.key in names and question.key not in self.answered
            if named_too and table.answer_turns(told, question):
                self.answered.add(question.key)

    def _rules(
        self, table: Table
    ) -> tuple[int, tuple[tuple[RuleShare, ...], tuple[Share, ...], tuple[Uncovered, ...]]]:
        counts, first = Counter[int](), dict[int, Class]()
        for found, number in zip(table.found, table.deciding, strict=True):
            counts[number] += found.sets
            first.setdefault(number, found)
        rules = tuple(
            RuleShare(
                number,
                counts[number],
                self._example(first.get(number)),
                () if counts[number] else self._hidden_by(table, number),
            )
            for number in range(1, len(self.guide.rules) + 1)
        )
        outcomes = tuple(
            Share(
                outcome.key,
                sum(counts[rule.number] for rule in leading),
                next((rule.example for rule in leading if rule.count), ""),
            )
            for outcome in self.guide.outcomes
            for leading in [[rule for rule in rules if self.guide.rules[rule.number - 1].outcome == outcome.key]]
        )
        self._listen(table, table.outcomes(), named_in(self.plan.rules))
        gaps = tuple(self._gaps(table))
        self._step()
        return counts.total(), (rules, outcomes, gaps)

    def _hidden_by(self, table: Table, number: int) -> tuple[int, ...]:
        forbidden, _ = self.logic.rules[number - 1]
        decided = zip(table.found, table.deciding, strict=True)
        return tuple(sorted({taken for found, taken in decided if not found.holding & forbidden}))

    def _gaps(self, table: Table) -> Iterator[Uncovered]:
        """Sets that no rule matches, each time as many as one row can match without matching any other."""
        decided = list(zip(table.found, table.deciding, strict=True))
        covered = [found.holding for found, number in decided if number]
        uncovered = [found for found, number in decided if not number]
        for _ in range(MOST_GAPS):
            if not uncovered:
                return
            when = self._widest(uncovered[0], covered)
            forbidden = self.logic.forbidden(when)
            matched = [found for found in uncovered if not found.holding & forbidden]
            yield Uncovered(sum(found.sets for found in matched), self._example(matched[0]), when)
            uncovered = [found for found in uncovered if found.holding & forbidden]

    def _widest(self, found: Class, covered: list[int]) -> dict[str, tuple[str, ...]]:
        """What holds for a class, without the inputs that can be left out and still no covered class is matched."""
        asked = named_in(self.plan.rules)
        named = {
            name: self._alike(name, value)
            for (name, value), bit in self.logic.bit.items()
            if name in asked and found.holding & bit
        }
        for name in list(named):
            others = {other: values for other, values in named.items() if other != name}
            forbidden = self.logic.forbidden(others)
            if all(holding & forbidden for holding in covered):
                named = others
        return named

    def _alike(self, name: str, value: str) -> tuple[str, ...]:
        """The values of an input that every rule allows or forbids together with this one."""
        rows = [when[name] for when in self.plan.rules if name in when]
        return tuple(
            other
            for input_name, other in self.logic.bit
            if input_name == name
            and (other == NOT_ANSWERED) == (value == NOT_ANSWERED)
            and all((other in allowed) == (value in allowed) for allowed in rows)
        )

    def _remarks(self, table: Table) -> None:
        """The remarks that are put to a table, and which advice can be given together."""
        made: dict[str, int] = {}
        for remark in self.plan.remarks_in(table):
            makes = table.makes(remark)
            if remark.kind is RemarkKind.ADVICE:
                # A byte for each class, so that two remarks are compared at once.
                made[remark.key] = int.from_bytes(bytes(makes), "little")
            if self.plan.of_remark[remark.key] is table:
                held = [found for found, is_made in zip(table.found, makes, strict=True) if is_made]
                count = sum(found.sets for found in held)
                self.shares[remark.key] = Share(remark.key, count, self._example(held[0] if held else None))
                self._listen(table, table.told(makes), named_in([remark.when]))
                self._step()
        for pair in combinations(made, 2):
            if (both := made[pair[0]] & made[pair[1]]) and pair not in self.together:
                self.together[pair] = self._example(table.found[((both & -both).bit_length() - 1) // 8])

    def _pair(self, pair: Pair, classes: Classes) -> None:
        """Whether two pieces of advice that share no table can be given together."""
        one, other = pair
        forbidden = self.logic.forbidden(one.when) | self.logic.forbidden(other.when)
        reached = {rule.outcome: self.logic.outcome_bits[rule.outcome] for rule in self.guide.rules}
        for found in classes:
            outcome = 0
            if OUTCOME in one.when.keys() | other.when.keys():
                number = deciding(self.logic, found.holding)
                if not number:
                    continue
                outcome = reached[self.guide.rules[number - 1].outcome]
            if not (found.holding | outcome) & forbidden:
                self.together[one.key, other.key] = self._example(found)
                break
        self._step()

    def _example(self, found: Class | None) -> str:
        return example(self.logic, found) if found else ""
