"""``prove(guide)``: what a guide says to every possible set of answers, and what is wrong with that.

    prove(first guide) -> 512,000 sets of answers; fractional-cto 133,120, for example software=yes&…; it holds

A proof holds when every set has exactly one outcome, every outcome is reached, every rule decides somewhere, and every
signal, question and remark matters to someone. It is exact; ``classes`` says how and what it costs. Beyond the classes
of the outcome table it asks those of each remark, and for each signal until one is found to whom it matters.

The guide's conditions must name what exists, as ``unfinished`` checks; it may be incomplete in every other way.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

import msgspec

from advisor.decision.classes import Class, Classes, TooLargeError, asked_when, example, named_in
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL
from advisor.decision.guide import NOT_ANSWERED, Condition, Guide, Question, Remark, RemarkKind, Signal, Ticked
from advisor.decision.logic import Logic
from advisor.decision.unfinished import Gap

__all__ = ["Proof", "TooLargeError", "prove"]

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
    """What every possible visitor is told."""

    answer_sets: int
    outcomes: tuple[Share, ...]
    rules: tuple[RuleShare, ...]
    remarks: tuple[Share, ...]
    gaps: tuple[Uncovered, ...]
    silent_signals: tuple[str, ...]
    silent_questions: tuple[str, ...]
    together: tuple[Together, ...]

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
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failures()

    def failures(self) -> list[Gap]:
        """Everything that is wrong, each with its place."""
        return [*self._failures()]

    def _failures(self) -> Iterator[Gap]:
        for gap in self.gaps:
            yield Gap("rules", f"No rule matches {gap.count:,} sets of answers, for example {gap.example}.")
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

    Raises ``TooLargeError``, before anything is asked, when the classes of one of its tables are too many.
    """
    return _Prover(guide, progress or (lambda done, of: None)).proof()


class _Prover:
    """The tables of one guide with their classes; what two questions have in common is asked once."""

    def __init__(self, guide: Guide, progress: Callable[[int, int], None]) -> None:
        self.guide, self.logic, self.progress = guide, Logic(guide), progress
        self.rules = [rule.when for rule in guide.rules]
        self.asked = named_in(asked_when(guide))
        self.known: dict[tuple[str, ...], list[tuple[Class, int]]] = {}

    def proof(self) -> Proof:
        steps = 2 + len(self.guide.remarks) + len(self.guide.signals)
        Classes(self.logic, self._conditions()).check()
        for remark in self.guide.remarks:
            Classes(self.logic, self._conditions(remark)).check()
        done = iter(range(1, steps + 1))

        def step[Found](found: Found) -> Found:
            self.progress(next(done), steps)
            return found

        rules, outcomes, gaps = step(self._rules())
        shares = tuple(step(self._remark(remark)) for remark in self.guide.remarks)
        silent = tuple(signal.key for signal in self.guide.signals if step(not self._signal_matters(signal)))
        proof = Proof(
            answer_sets=sum(found.sets for found, _ in self._decided()),
            outcomes=outcomes,
            rules=rules,
            remarks=shares,
            gaps=gaps,
            silent_signals=silent,
            silent_questions=tuple(q.key for q in self.guide.questions if not self._question_matters(q)),
            together=tuple(self._together()),
        )
        return step(proof)

    def _conditions(self, *remarks: Remark) -> list[Condition]:
        """What remarks depend on: their own conditions and, where they ask for the outcome, those of all rules.

        Without any remark it is what the outcome depends on.
        """
        with_rules = not remarks or any(OUTCOME in remark.when for remark in remarks)
        return [*(remark.when for remark in remarks), *(self.rules if with_rules else ())]

    def _decided(self, *remarks: Remark) -> list[tuple[Class, int]]:
        """The classes that what remarks depend on tells apart, each with the number of the rule that decides it.

        The number is 0 where no rule does, and where no rule was asked.
        """
        keys = tuple(remark.key for remark in remarks)
        if keys not in self.known:
            asks_rules = not remarks or any(OUTCOME in remark.when for remark in remarks)
            self.known[keys] = [
                (found, self._rule(found.holding) if asks_rules else 0)
                for found in Classes(self.logic, self._conditions(*remarks))
            ]
        return self.known[keys]

    def _rule(self, holding: int) -> int:
        for number, (forbidden, _) in enumerate(self.logic.rules, 1):
            if not holding & forbidden:
                return number
        return 0

    def _rules(self) -> tuple[tuple[RuleShare, ...], tuple[Share, ...], tuple[Uncovered, ...]]:
        counts, first = Counter[int](), dict[int, Class]()
        decided = self._decided()
        for found, number in decided:
            counts[number] += found.sets
            first.setdefault(number, found)
        rules = tuple(
            RuleShare(number, counts[number], self._example(first.get(number)), self._hidden_by(number, counts))
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
        return rules, outcomes, tuple(self._gaps([found for found, number in decided if not number]))

    def _hidden_by(self, number: int, counts: Counter[int]) -> tuple[int, ...]:
        if counts[number]:
            return ()
        forbidden, _ = self.logic.rules[number - 1]
        return tuple(sorted({taken for found, taken in self._decided() if not found.holding & forbidden}))

    def _gaps(self, uncovered: list[Class]) -> Iterator[Uncovered]:
        """Sets that no rule matches, each time as many as one row can match without matching any other."""
        covered = [found.holding for found, number in self._decided() if number]
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
        asked = named_in(self.rules)
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
        rows = [when[name] for when in self.rules if name in when]
        return tuple(
            other
            for input_name, other in self.logic.bit
            if input_name == name
            and (other == NOT_ANSWERED) == (value == NOT_ANSWERED)
            and all((other in allowed) == (value in allowed) for allowed in rows)
        )

    def _remark(self, remark: Remark) -> Share:
        held = [found for found, number in self._decided(remark) if self._is_made(remark, found.holding, number)]
        return Share(remark.key, sum(found.sets for found in held), self._example(held[0] if held else None))

    def _is_made(self, remark: Remark, holding: int, number: int) -> bool:
        if OUTCOME in remark.when:
            if not number:
                return False
            holding |= self.logic.outcome_bits[self.logic.rules[number - 1][1]]
        return not holding & self._forbidden(remark)

    def _forbidden(self, remark: Remark) -> int:
        return next(forbidden for forbidden, other in self.logic.remarks if other is remark)

    def _together(self) -> Iterator[Together]:
        advice = [remark for remark in self.guide.remarks if remark.kind is RemarkKind.ADVICE]
        for one, other in combinations(advice, 2):
            both = (name for name in one.when.keys() & other.when.keys())
            if any(not set(one.when[name]) & set(other.when[name]) for name in both):
                continue
            for found, number in self._decided(one, other):
                if self._is_made(one, found.holding, number) and self._is_made(other, found.holding, number):
                    yield Together((one.key, other.key), self._example(found))
                    break

    def _signal_matters(self, signal: Signal) -> bool:
        """Whether ticking it changes the outcome, a remark or what is asked, for anyone."""
        if signal.role not in self.logic.evidence_bits:
            return False
        own = {SIGNAL + signal.key, EVIDENCE + signal.role}
        if own & self.asked:
            return True
        if own & named_in(self.rules) and self._turns(signal):
            return True
        return any(own & remark.when.keys() and self._turns(signal, remark) for remark in self.guide.remarks)

    def _turns(self, signal: Signal, *remarks: Remark) -> bool:
        """Whether ticking a signal changes the outcome, or a remark if one is given, in some class."""
        logic = self.logic
        yes, no = logic.signal_bits[signal.key]
        evidence, levels = logic.input_bits[EVIDENCE + signal.role], logic.evidence_bits[signal.role]
        of_role = {other.key for other in self.guide.signals_of[signal.role]}
        itself: Condition = {SIGNAL + signal.key: (Ticked.YES,)}
        counted = dict.fromkeys(of_role, signal.role)
        for found in Classes(logic, [itself, *self._conditions(*remarks)], counted):
            if not found.holding & no:
                continue
            turned = found.holding ^ no ^ yes
            if turned & evidence:
                turned = turned & ~evidence | levels[len(found.ticked & of_role) + 1]
            if self._told(found.holding, *remarks) != self._told(turned, *remarks):
                return True
        return False

    def _told(self, holding: int, *remarks: Remark) -> str | bool:
        """The outcome, or whether a remark is made if one is given."""
        for remark in remarks:
            return self._is_made(remark, holding, self._rule(holding) if OUTCOME in remark.when else 0)
        return self._outcome(self._rule(holding))

    def _question_matters(self, question: Question) -> bool:
        """Whether its answer changes the outcome, a remark, what is asked, or how sure a recommendation is."""
        if question.role or question.key in self.asked:
            return True
        if question.key in named_in(self.rules) and self._answer_turns(question):
            return True
        return any(
            question.key in remark.when and self._answer_turns(question, remark) for remark in self.guide.remarks
        )

    def _answer_turns(self, question: Question, *remarks: Remark) -> bool:
        """Whether classes that differ in this answer alone differ in the outcome, or in a remark if one is given."""
        others = ~self.logic.input_bits[question.key]
        unanswered = self.logic.bit[question.key, NOT_ANSWERED]
        seen: dict[int, str | bool] = {}
        for found, _ in self._decided(*remarks):
            if found.holding & unanswered:
                continue
            told = self._told(found.holding, *remarks)
            if seen.setdefault(found.holding & others, told) != told:
                return True
        return False

    def _outcome(self, number: int) -> str:
        return self.guide.rules[number - 1].outcome if number else ""

    def _example(self, found: Class | None) -> str:
        return example(self.logic, found) if found else ""
