"""Two guides at once: every way to answer both of them, as classes of ways that neither can tell apart.

A set of answers to one guide and one to the other belong together when they say the same to everything that both ask:
every question that both ask is answered alike, and every signal that both know is ticked in both or in neither. What
only one of them asks is answered in every way. So a question that is new multiplies the sets of answers by its choices,
and so does one that is gone.

Of a question that both have, only the choices are looked at that both have: who gave another one cannot be in both.

As in ``classes``, what no condition names only multiplies, and signals that are not named one by one count by their
number. The classes are bounded by ``LARGEST``, and by ``MOST_STEPS`` with the rows of both tables.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import comb, prod

import msgspec

from advisor.decision.classes import LARGEST, MAKING, MOST_STEPS, TooLargeError, asked_when, kinds, levels, named_in
from advisor.decision.conditions import EVIDENCE, SIGNAL
from advisor.decision.guide import Guide, Page, Question
from advisor.decision.logic import Logic

Both = tuple[int, int]
"""What holds in the one guide, and in the other."""

OLD, NEW = 0, 1

Label = tuple[int, str]
"""A role in one of the guides."""

Ways = dict[tuple[Both, tuple[tuple[Label, int], ...]], tuple[int, frozenset[str]]]
"""What ticked signals amount to, and the numbers that are not evidence yet: how many ways lead there, and one of them.
"""


class JoinedClass(msgspec.Struct, frozen=True):
    """Ways to answer both guides that neither tells apart: what holds in each, how many they are, and one of them.

    ``choices`` has every question that either asks, and none besides.
    """

    holding: Both
    sets: int
    choices: Mapping[str, str]
    ticked: frozenset[str]


class Side:
    """One of the two guides."""

    def __init__(self, logic: Logic) -> None:
        self.logic, self.guide = logic, logic.guide
        self.conditions = [*(rule.when for rule in self.guide.rules), *asked_when(self.guide)]
        self.named = named_in(self.conditions)
        self.mask = sum(logic.input_bits[name] for name in self.named)
        self.levels = {
            role: levels(logic, role, self.conditions) for role in logic.evidence_bits if EVIDENCE + role in self.named
        }
        self.everyone = {question.key for question in self.guide.questions if not question.follow_up}

    def answered(self, question: str, choice: str) -> int:
        """The bit of an answer, if it counts in this guide."""
        return self.logic.bit[question, choice] if question in self.named else 0

    def turned(self, signal: str, *, is_ticked: bool) -> int:
        """The bit of a signal, if it counts one by one in this guide."""
        if SIGNAL + signal not in self.named:
            return 0
        return self.logic.signal_bits[signal][0 if is_ticked else 1]

    def role_of(self, signal: str) -> str:
        """The role for whose evidence a signal counts; "" for none."""
        found = self.guide.signal.get(signal)
        return found.role if found and found.role in self.levels else ""


class Joined:
    """The classes of two guides. ``known`` are the signals that either asks for. Raises ``TooLargeError``."""

    def __init__(self, old: Logic, new: Logic) -> None:
        self.sides = Side(old), Side(new)
        self.questions: dict[str, Question] = {
            question.key: question for side in self.sides for question in side.guide.questions
        }
        self.known = list(dict.fromkeys(key for side in self.sides for key in side.logic.signal_bits))
        self.kinds = {key: self._kinds(key) for key in self.questions}
        rows = sum(len(side.guide.rules) for side in self.sides)
        self.most = min(LARGEST, MOST_STEPS // (rows + MAKING))

    def _kinds(self, key: str) -> list[tuple[str, int]]:
        """One choice of each kind of those that both guides have, where both have the question."""
        asking = [side for side in self.sides if key in side.guide.question]
        shared = shared_choices(key, *(side.guide for side in asking))
        return kinds(shared, [when[key] for side in asking for when in side.conditions if key in when])

    def _refuse_above(self, number: int) -> None:
        if number > self.most:
            raise TooLargeError(
                f"These two are too different to be compared for every set of answers: more than {self.most:,} kinds "
                "of visitors would have to be told apart at once. Publish the changes in several steps to see what "
                "each of them does."
            )

    def __iter__(self) -> Iterator[JoinedClass]:
        answered, ways = list(self._answered()), self._ways_to_tick
        self._refuse_above(len(answered) * len(ways))
        made = 0
        for choices, (old, new), times in answered:
            for (old_too, new_too), (sets, ticked) in ways.items():
                for found in self._with_follow_ups((old | old_too, new | new_too), sets * times, choices):
                    self._refuse_above(made := made + 1)
                    yield JoinedClass(*found, ticked)

    def _answered(self) -> Iterator[tuple[dict[str, str], Both, int]]:
        """Every way to answer what one of the guides asks of everyone."""
        keys = [key for key in self.questions if any(key in side.everyone for side in self.sides)]
        self._refuse_above(prod(len(self.kinds[key]) for key in keys))
        for found in product(*(self.kinds[key] for key in keys)):
            choices = {key: choice for key, (choice, _) in zip(keys, found, strict=True)}
            old, new = (
                sum(side.answered(key, choice) for key, choice in choices.items() if key in side.everyone)
                for side in self.sides
            )
            yield choices, (old, new), prod(number for _, number in found)

    @cached_property
    def _ways_to_tick(self) -> dict[Both, tuple[int, frozenset[str]]]:
        """Every way to tick the signals of either guide: what it amounts to in each, how many ways it is, and one.

        Group by group; the number ticked for a role is kept until its last group, and is evidence from then on.
        """
        groups = list(self._groups())
        last = {label: place for place, (labels, _) in enumerate(groups) for label in labels}
        ways: Ways = {(self._without_signals(last), ()): (2 ** self._not_counted(groups), frozenset())}
        for place, (labels, keys) in enumerate(groups):
            self._refuse_above(len(ways) * (len(keys) + 1))
            after: Ways = {}
            for ((held, counts), (sets, ticked)), number in product(ways.items(), range(len(keys) + 1)):
                added = {label: dict(counts).get(label, 0) + number for label in labels}
                total = {**dict(counts), **added}
                bits = [*held]
                for label in [label for label in labels if last[label] == place]:
                    side, role = label
                    bits[side] |= self.sides[side].levels[role][total.pop(label)]
                if len(keys) == 1:
                    for where, one in enumerate(self.sides):
                        bits[where] |= one.turned(keys[0], is_ticked=number == 1)
                what = (bits[OLD], bits[NEW]), tuple(sorted(total.items()))
                known, first = after.get(what, (0, ticked | {*keys[:number]}))
                after[what] = known + sets * comb(len(keys), number), first
            ways = after
        return {held: found for (held, _), found in ways.items()}

    def _groups(self) -> Iterable[tuple[tuple[Label, ...], tuple[str, ...]]]:
        """Signals that count alike: the roles for whose evidence they do, by guide, and their keys."""
        alike: dict[tuple[tuple[Label, ...], str], list[str]] = {}
        for key in self.known:
            labels = tuple((place, role) for place, side in enumerate(self.sides) if (role := side.role_of(key)))
            alone = key if any(SIGNAL + key in side.named for side in self.sides) else ""
            if labels or alone:
                alike.setdefault((labels, alone), []).append(key)
        return sorted((labels, tuple(keys)) for (labels, _), keys in alike.items())

    def _not_counted(self, groups: Sequence[tuple[object, tuple[str, ...]]]) -> int:
        """How many signals make no difference to anything."""
        return len(self.known) - sum(len(keys) for _, keys in groups)

    def _without_signals(self, last: Mapping[Label, int]) -> Both:
        """What holds of roles whose evidence is named and that have no signal."""
        old, new = (
            sum(found[0] for role, found in side.levels.items() if (place, role) not in last)
            for place, side in enumerate(self.sides)
        )
        return old, new

    def _with_follow_ups(
        self, holding: Both, sets: int, choices: dict[str, str]
    ) -> list[tuple[Both, int, dict[str, str]]]:
        """Each follow-up answered in every way where one of the guides asks it; what was said to one holds for both."""
        states = [(holding, sets, choices)]
        for place, side in enumerate(self.sides):
            for page, conditions, unanswered in side.logic.follow_ups:
                after = []
                for held, number, said in states:
                    if any(not held[place] & forbidden for forbidden in conditions):
                        for chosen, times in self._ways_further(page, said):
                            bits = sum(side.answered(key, {**said, **chosen}[key]) for key in keys_of(page))
                            after.append((_with(held, place, bits), number * times, {**said, **chosen}))
                    else:
                        after.append((_with(held, place, unanswered & side.mask), number, said))
                states = after
        return states

    def _ways_further(self, page: Page, said: Mapping[str, str]) -> Iterator[tuple[dict[str, str], int]]:
        """Every way to answer what is still open on a page."""
        keys = [key for key in keys_of(page) if key not in said]
        for found in product(*(self.kinds[key] for key in keys)):
            yield {key: choice for key, (choice, _) in zip(keys, found, strict=True)}, prod(times for _, times in found)


def shared_choices(key: str, *guides: Guide) -> list[str]:
    """The choices of a question that every guide which has the question has."""
    of_each = [[choice.key for choice in guide.question[key].choices] for guide in guides if key in guide.question]
    return [choice for choice in of_each[0] if all(choice in choices for choices in of_each)]


def keys_of(page: Page) -> list[str]:
    """The questions of a page."""
    return [question.key for question in page.questions]


def _with(held: Both, place: int, bits: int) -> Both:
    old, new = held
    return (old | bits, new) if place == OLD else (old, new | bits)
