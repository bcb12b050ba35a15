"""All sets of answers at once: as classes of sets that a question about a guide cannot tell apart.

A set of answers is what a visitor can submit: one choice for each question, each signal ticked or not, and one choice
for each question of a follow-up where it is asked. To ask something of all of them it is enough to ask one of each
class and to know how many sets the class holds:

- A question that no condition concerned names is left out; its choices only multiply the sets of every class. Choices
  that every condition concerned allows or forbids together are one class, of as many.
- Signals that no condition concerned names one by one count only by their number, as evidence is derived from it:
  of five such signals there are six classes, and the one with two ticked holds ten sets.
- Whether a follow-up is asked decides how many sets there are, so what its conditions name is never left out.

No set is left out or counted twice, so what is found is exact. The number of classes is the product of the kinds of
choices of the questions named, of at most three for each role whose evidence is named, of two for each signal named,
and where they are asked of the kinds of choices of the follow-ups named; it does not grow with anything else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import comb, prod

from advisor.decision.answers import Answers, query
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL
from advisor.decision.guide import NOT_ANSWERED, Condition, Guide, Question, Ticked
from advisor.decision.logic import Logic

Counted = frozenset[tuple[str, object]]
"""For each label what the number of its ticked signals amounts to."""

LARGEST = 100_000
"""Classes of one table beyond which nothing is asked: a quarter of a second each for a machine of two cores, of which
a proof asks for as many as there are remarks, signals and pairs of advice. The first guide has some hundreds."""


class TooLargeError(ValueError):
    """There are more classes than can be asked in the time of a request; says what makes them so many."""


@dataclass(frozen=True)
class Class:
    """Sets of answers that cannot be told apart: what holds for them, how many they are, and one of them.

    ``choices`` are those of the questions that were named, ``ticked`` one way to tick the signals. Of values that are
    not told apart ``holding`` has the first.
    """

    holding: int
    sets: int
    choices: Mapping[str, str]
    ticked: frozenset[str]


class Classes:
    """The classes of one guide that certain conditions can tell apart, beside those of its follow-ups.

    ``counted`` gives some signals a label: what ``amount`` makes of the number ticked of each label is told apart too.
    """

    def __init__(
        self,
        logic: Logic,
        conditions: Iterable[Condition],
        counted: Mapping[str, str] | None = None,
        amount: Callable[[int], object] = int,
    ) -> None:
        self.logic, self.guide, self.counted, self.amount = logic, logic.guide, counted or {}, amount
        self.conditions = [*asked_when(self.guide), *conditions]
        self.inputs = named_in(self.conditions)
        self.kinds = {
            question.key: self._kinds(question.key, [choice.key for choice in question.choices])
            for question in self.guide.questions
            if question.key in self.inputs
        }
        everyone = [question for question in self.guide.questions if not question.follow_up]
        self.questions = [question for question in everyone if question.key in self.inputs]
        self.signals = [signal.key for signal in self.guide.signals if signal.role in self.guide.question_about]
        self.groups = list(self._groups())
        self.factor = prod(len(question.choices) for question in everyone if question.key not in self.inputs)
        self.factor *= 2 ** (len(self.signals) - sum(map(len, self.groups)))
        self.levels = {role: self._levels(role) for role in logic.evidence_bits if EVIDENCE + role in self.inputs}

    def _kinds(self, name: str, values: Sequence[str]) -> list[tuple[str, int]]:
        """One value of each kind that the conditions tell apart, and how many there are of the kind."""
        concerned = [when[name] for when in self.conditions if name in when]
        kinds = Counter(tuple(value in allowed for allowed in concerned) for value in values)
        first = {tuple(value in allowed for allowed in concerned): value for value in reversed(values)}
        return [(first[kind], number) for kind, number in kinds.items()]

    def _levels(self, role: str) -> tuple[int, ...]:
        """The bit of evidence for each number of ticked signals; levels that are not told apart share one."""
        concerned = [when[EVIDENCE + role] for when in self.conditions if EVIDENCE + role in when]
        first: dict[tuple[bool, ...], int] = {}
        return tuple(
            first.setdefault(tuple(self.logic.evidence(ticked) in allowed for allowed in concerned), bit)
            for ticked, bit in enumerate(self.logic.evidence_bits[role])
        )

    def _groups(self) -> Iterator[tuple[str, ...]]:
        """Signals that count alike: each one that is named for itself, and the others of a role by their number."""
        for role in self.logic.evidence_bits:
            alike: dict[str, list[str]] = {}
            for signal in self.guide.signals_of[role]:
                if SIGNAL + signal.key in self.inputs:
                    yield (signal.key,)
                elif EVIDENCE + role in self.inputs or signal.key in self.counted:
                    alike.setdefault(self.counted.get(signal.key, ""), []).append(signal.key)
            yield from map(tuple, alike.values())

    def check(self) -> None:
        """Raise ``TooLargeError`` when there are too many before any follow-up; nothing is enumerated for that."""
        kinds = prod(len(self.kinds[question.key]) for question in self.questions)
        levels = prod(len(set(levels)) for levels in self.levels.values())
        singles = 2 ** sum(SIGNAL + key in self.inputs for key in self.signals)
        if max(kinds * levels * singles, prod(len(group) + 1 for group in self.groups)) > LARGEST:
            raise self._too_large()

    def _too_large(self) -> TooLargeError:
        singles = sum(SIGNAL + key in self.inputs for key in self.signals)
        return TooLargeError(
            f"This guide is too large to be proved: more than {LARGEST:,} kinds of visitors would have to be asked. "
            f"Conditions that belong together name {len(self.kinds)} questions, the evidence for {len(self.levels)} "
            f"roles and {singles} single signals. Ask fewer questions, or give them fewer choices, or let rules and "
            "remarks name fewer of them."
        )

    def __iter__(self) -> Iterator[Class]:
        self.check()
        number = 0
        ways_to_tick = [
            (bits, sets * self.factor, self._ticked(counts))
            for (bits, _), (sets, counts) in self._ways_to_tick().items()
        ]
        for choices, answered, times in self._every_kind(self.questions):
            for bits, sets, ticked in ways_to_tick:
                for holding, found, said in self._with_follow_ups(answered | bits, sets * times, choices):
                    number += 1
                    if number > LARGEST:
                        raise self._too_large()
                    yield Class(holding, found, said, ticked)

    def _every_kind(self, questions: Iterable[Question]) -> list[tuple[dict[str, str], int, int]]:
        """Every way to answer these questions that can be told apart: the choices, their bits, how many ways it is."""
        keys = [question.key for question in questions if question.key in self.kinds]
        found = []
        for kinds in product(*(self.kinds[key] for key in keys)):
            choices = {key: choice for key, (choice, _) in zip(keys, kinds, strict=True)}
            bits = sum(self.logic.bit[pair] for pair in choices.items())
            found.append((choices, bits, prod(number for _, number in kinds)))
        return found

    def _ways_to_tick(self) -> dict[tuple[int, Counted], tuple[int, tuple[int, ...]]]:
        """What the ticked signals amount to: how many ways lead there, and one of them as a number for each group."""
        ways: dict[tuple[int, Counted], tuple[int, tuple[int, ...]]] = {}
        labels_known = set(self.counted.values())
        for counts in product(*(range(len(group) + 1) for group in self.groups)):
            sets = prod(comb(len(group), count) for group, count in zip(self.groups, counts, strict=True))
            ticked = self._ticked(counts)
            labels = Counter(self.counted[key] for key in ticked if key in self.counted)
            amounts = frozenset((label, self.amount(labels[label])) for label in labels_known)
            known, first = ways.get((bits := self._bits(ticked), amounts), (0, counts))
            ways[bits, amounts] = (known + sets, first)
        return ways

    def _ticked(self, counts: tuple[int, ...]) -> frozenset[str]:
        return frozenset(key for group, count in zip(self.groups, counts, strict=True) for key in group[:count])

    def _bits(self, ticked: frozenset[str]) -> int:
        """The bits of signals and evidence, as far as they are named."""
        logic, bits = self.logic, 0
        for key in self.signals:
            if SIGNAL + key in self.inputs:
                bits |= logic.bit[SIGNAL + key, Ticked.YES if key in ticked else Ticked.NO]
        for role, levels in self.levels.items():
            bits |= levels[sum(signal.key in ticked for signal in self.guide.signals_of[role])]
        return bits

    def _with_follow_ups(
        self, holding: int, sets: int, choices: dict[str, str]
    ) -> list[tuple[int, int, dict[str, str]]]:
        """Each follow-up answered in every way where it is asked, and not answered where it is not."""
        states = [(holding, sets, choices)]
        for (_, conditions, unanswered), (ways, others) in zip(self.logic.follow_ups, self._ways_further, strict=True):
            after = []
            for held, number, said in states:
                if any(not held & forbidden for forbidden in conditions):
                    after += [(held | bits, number * times * others, said | chosen) for chosen, bits, times in ways]
                else:
                    after.append((held | unanswered, number, said))
            states = after
        return states

    @cached_property
    def _ways_further(self) -> list[tuple[list[tuple[dict[str, str], int, int]], int]]:
        """For each follow-up the ways to answer it, and the number of ways to answer what is not named in it."""
        return [
            (
                self._every_kind(page.questions),
                prod(len(question.choices) for question in page.questions if question.key not in self.inputs),
            )
            for page, _, _ in self.logic.follow_ups
        ]


def named_in(conditions: Iterable[Condition]) -> frozenset[str]:
    """The inputs that conditions name, but for the outcome, which is no answer."""
    return frozenset(name for when in conditions for name in when if name != OUTCOME)


def asked_when(guide: Guide) -> list[Condition]:
    """The conditions under which follow-ups are asked."""
    return [when for follow_up in guide.follow_ups for when in follow_up.asked_when]


def example(logic: Logic, found: Class) -> str:
    """One complete set of answers of a class, as the canonical query string: what was not named is answered anyhow."""
    guide = logic.guide
    choices = {q.key: found.choices.get(q.key, q.choices[0].key) for q in guide.questions if not q.follow_up}
    holding = logic.situation(Answers(choices, found.ticked)).everyone
    for page, conditions, unanswered in logic.follow_ups:
        if any(not holding & forbidden for forbidden in conditions):
            given = {q.key: found.choices.get(q.key, q.choices[0].key) for q in page.questions}
            choices |= given
            holding |= sum(logic.bit[pair] for pair in given.items())
        else:
            holding |= unanswered
    none_of = frozenset(
        question.key
        for role, question in guide.question_about.items()
        if not any(signal.key in found.ticked for signal in guide.signals_of[role])
    )
    in_order = {q.key: choices[q.key] for q in guide.questions if choices.get(q.key, NOT_ANSWERED) != NOT_ANSWERED}
    return query(guide, Answers(in_order, found.ticked, none_of))
