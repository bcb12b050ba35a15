"""All sets of answers at once: as classes of sets that a question about a guide cannot tell apart.

A set of answers is what a visitor can submit: one choice for each question, each signal ticked or not, and one choice
for each question of a follow-up where it is asked. To ask something of all of them it is enough to ask one of each
class and to know how many sets the class holds:

- A question that no condition concerned names is left out; its choices only multiply the sets of every class. Choices
  that every condition concerned allows or forbids together are one class, of as many.
- Signals that no condition concerned names one by one count only by their number, as evidence is derived from it:
  of five such signals there are at most five classes, as all that matters is which evidence their number amounts to,
  and to which it would with one more.
- Whether a follow-up is asked decides how many sets there are, so what its conditions name is never left out.

No set is left out or counted twice, so what is found is exact. The number of classes is the product of the kinds of
choices of the questions named, of at most five for each role whose evidence is named, of two for each signal named,
and where they are asked of the kinds of choices of the follow-ups named; it does not grow with anything else. It is
known before any class is made.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import comb, prod

import msgspec

from advisor.decision.answers import Answers, query
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL
from advisor.decision.counted import counted
from advisor.decision.guide import NOT_ANSWERED, Condition, Evidence, Guide, Question, Ticked
from advisor.decision.logic import Logic

LARGEST = 200_000
"""Classes that are told apart at once, beyond which nothing is asked: they are held in memory, some 80 MB of them."""


MOST_STEPS = 60_000_000
"""What is asked at most, in steps: to put a class to one row of a table is one. They take a machine of two cores some
three seconds, and five where everything is wrong. The first guide takes 750,000."""

MAKING = 10
"""Steps that making one class is worth."""


class TooLargeError(ValueError):
    """There is more to ask than can be asked in the time of a request; says what makes it so much."""


class Class(msgspec.Struct, frozen=True):
    """Sets of answers that cannot be told apart: what holds for them, how many they are, and one of them.

    ``choices`` are those of the questions that were named, ``ticked`` one way to tick the signals. Of values that are
    not told apart ``holding`` has the first.
    """

    holding: int
    sets: int
    choices: Mapping[str, str]
    ticked: frozenset[str]


Ways = dict[tuple[int, int], tuple[int, frozenset[str]]]
"""What ticked signals amount to: their bits, and the bits of the evidence that one more of each role would make. From
there to how many ways lead there, and one of them."""


class Classes:
    """The classes of one guide that certain conditions can tell apart, beside those of its follow-ups.

    Of a role whose evidence is named, what one more signal would make of it is told apart too. Where ``only`` is given,
    classes for which it does not hold may be left out.
    """

    def __init__(self, logic: Logic, conditions: Iterable[Condition], only: Condition | None = None) -> None:
        self.logic, self.guide, self.only = logic, logic.guide, only or {}
        self.conditions = [*asked_when(self.guide), *conditions]
        self.inputs = named_in(self.conditions)
        self.kinds = {
            question.key: self._kinds(question.key, [choice.key for choice in question.choices])
            for question in self.guide.questions
            if question.key in self.inputs
        }
        everyone = [question for question in self.guide.questions if not question.follow_up]
        self.questions = [question for question in everyone if question.key in self.inputs]
        self.levels = {
            role: levels(logic, role, self.conditions) for role in logic.evidence_bits if EVIDENCE + role in self.inputs
        }
        self.groups = {role: list(self._groups(role)) for role in logic.evidence_bits}
        signals = sum(len(self.guide.signals_of[role]) for role in self.groups)
        grouped = sum(len(group) for groups in self.groups.values() for group in groups)
        self.factor = prod(len(question.choices) for question in everyone if question.key not in self.inputs)
        self.factor *= 2 ** (signals - grouped)

    def _kinds(self, name: str, values: Sequence[str]) -> list[tuple[str, int]]:
        values = [value for value in values if value in self.only.get(name, values)]
        return kinds(values, [when[name] for when in self.conditions if name in when])

    def _groups(self, role: str) -> Iterator[tuple[str, ...]]:
        """Signals of a role that count alike: each one that is named for itself, the others by their number."""
        others = []
        for signal in self.guide.signals_of[role]:
            if SIGNAL + signal.key in self.inputs:
                yield (signal.key,)
            elif role in self.levels:
                others.append(signal.key)
        if others:
            yield tuple(others)

    @property
    def work(self) -> int:
        """How much is gone through to make them: the classes, and before that the ways to tick the signals."""
        return self.number + sum(prod(len(group) + 1 for group in groups) for groups in self.groups.values())

    @cached_property
    def number(self) -> int:
        """How many there are; none is made for that. Raises ``TooLargeError`` when they are too many."""
        self._refuse_above(prod(len(self.kinds[question.key]) for question in self.questions), len(self._ways_to_tick))
        decisive = sum(self.logic.input_bits[name] for name in named_in(asked_when(self.guide)))
        answered = Counter(bits & decisive for _, bits, _ in self._every_kind(self.questions))
        ticked = Counter(bits & decisive for bits, _ in self._ways_to_tick)
        states = Counter[int]()
        for (one, times), (other, more) in product(answered.items(), ticked.items()):
            states[one | other] += times * more
        for (_, conditions, unanswered), (ways, _) in zip(self.logic.follow_ups, self._ways_further, strict=True):
            given = Counter(bits & decisive for _, bits, _ in ways)
            after = Counter[int]()
            for held, number in states.items():
                if any(not held & forbidden for forbidden in conditions):
                    for bits, times in given.items():
                        after[held | bits] += number * times
                else:
                    after[held | unanswered & decisive] += number
            states = after
        self._refuse_above(found := sum(states.values()))
        return found

    def _refuse_above(self, *factors: int) -> None:
        if prod(factors) > LARGEST:
            singles = sum(SIGNAL + signal.key in self.inputs for signal in self.guide.signals)
            raise TooLargeError(
                f"This guide is too large to be proved: more than {LARGEST:,} kinds of visitors would have to be told "
                f"apart at once. Conditions that belong together name {counted(len(self.kinds), 'question')}, the "
                f"evidence for {counted(len(self.levels), 'role')} and {counted(singles, 'single signal')}. Ask fewer "
                "questions, or give them fewer choices, or let rules and remarks name fewer of them."
            )

    def __iter__(self) -> Iterator[Class]:
        self._refuse_above(self.number)
        ways_to_tick = [(bits, sets * self.factor, ticked) for (bits, _), (sets, ticked) in self._ways_to_tick.items()]
        for choices, answered, times in self._every_kind(self.questions):
            for bits, sets, ticked in ways_to_tick:
                for holding, found, said in self._with_follow_ups(answered | bits, sets * times, choices):
                    yield Class(holding, found, said, ticked)

    def _every_kind(self, questions: Iterable[Question]) -> list[tuple[dict[str, str], int, int]]:
        """Every way to answer these questions that can be told apart: the choices, their bits, how many ways it is."""
        keys = [question.key for question in questions if question.key in self.kinds]
        self._refuse_above(*(len(self.kinds[key]) for key in keys))
        found = []
        for kinds in product(*(self.kinds[key] for key in keys)):
            choices = {key: choice for key, (choice, _) in zip(keys, kinds, strict=True)}
            bits = sum(self.logic.bit[pair] for pair in choices.items())
            found.append((choices, bits, prod(number for _, number in kinds)))
        return found

    @cached_property
    def _ways_to_tick(self) -> Ways:
        """Every way to tick signals that can be told apart."""
        ways: Ways = {(0, 0): (1, frozenset())}
        for role in self.groups:
            of_role = self._ways_of(role)
            self._refuse_above(len(ways), len(of_role))
            joined: Ways = {}
            for ((bits, tipped), (sets, ticked)), ((more, tips), (times, also)) in product(
                ways.items(), of_role.items()
            ):
                what = bits | more, tipped | tips
                known, first = joined.get(what, (0, ticked | also))
                joined[what] = known + sets * times, first
            ways = joined
        return ways

    def _ways_of(self, role: str) -> Ways:
        """Every way to tick the signals of one role that can be told apart."""
        groups, ways = self.groups[role], Ways()
        self._refuse_above(*(len(group) + 1 for group in groups))
        for counts in product(*map(self._counts, groups)):
            sets = prod(comb(len(group), count) for group, count in zip(groups, counts, strict=True))
            ticked = frozenset(key for group, count in zip(groups, counts, strict=True) for key in group[:count])
            if self.logic.evidence(sum(counts)) not in self.only.get(EVIDENCE + role, tuple(Evidence)):
                continue
            tips = self.levels[role][: len(ticked) + 2][-1] if role in self.levels else 0
            what = self._bits(role, ticked), tips
            known, first = ways.get(what, (0, ticked))
            ways[what] = known + sets, first
        return ways

    def _counts(self, group: tuple[str, ...]) -> Sequence[int]:
        """How many signals of a group may be ticked."""
        if len(group) == 1 and (wanted := self.only.get(SIGNAL + group[0])):
            return [number for number, value in enumerate((Ticked.NO, Ticked.YES)) if value in wanted]
        return range(len(group) + 1)

    def _bits(self, role: str, ticked: frozenset[str]) -> int:
        """The bits of the signals and the evidence of a role, as far as they are named."""
        bits = self.levels[role][len(ticked)] if role in self.levels else 0
        for signal in self.guide.signals_of[role]:
            if SIGNAL + signal.key in self.inputs:
                bits |= self.logic.signal_bits[signal.key][0 if signal.key in ticked else 1]
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


def kinds(values: Iterable[str], concerned: Sequence[tuple[str, ...]]) -> list[tuple[str, int]]:
    """One value of each kind that lists of allowed values tell apart, and how many there are of the kind."""
    found: dict[tuple[bool, ...], tuple[str, int]] = {}
    for value in values:
        kind = tuple(value in allowed for allowed in concerned)
        first, number = found.get(kind, (value, 0))
        found[kind] = first, number + 1
    return list(found.values())


def levels(logic: Logic, role: str, conditions: Iterable[Condition]) -> tuple[int, ...]:
    """The bit of evidence for each number of ticked signals; levels that are not told apart share one."""
    concerned = [when[EVIDENCE + role] for when in conditions if EVIDENCE + role in when]
    first: dict[tuple[bool, ...], int] = {}
    return tuple(
        first.setdefault(tuple(logic.evidence(ticked) in allowed for allowed in concerned), bit)
        for ticked, bit in enumerate(logic.evidence_bits[role])
    )


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
