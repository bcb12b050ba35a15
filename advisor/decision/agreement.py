"""What several people answered differently, and the least that they have to settle to get the same advice.

    one          software=yes  ai=no   -> fractional-cto
    the other    software=yes  ai=yes  -> both-roles
    they differ on ai; settled on ai=no, both get fractional-cto

Pure functions of a guide and of everyone's answers, which are complete, as those behind result codes are.
"""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide, YesNo
from advisor.decision.logic import logic_of
from advisor.decision.polarity import restating_questions

MAX_TRIED = 3_000
"""Settlements that are tried out in one search, each some microseconds for every person. Enough for three answers to
settle among a dozen differences."""

NOTHING_SAID = ""
"""The value of a question for whoever was not asked."""


class Difference(msgspec.Struct, frozen=True):
    """A question, or a single signal below it, on which not all say the same.

    ``values`` has one for each person, in their order: the choice or ``NOTHING_SAID``; for a signal yes or no.
    """

    question: str
    values: tuple[str, ...]
    signal: str = ""

    @property
    def given(self) -> tuple[str, ...]:
        """What was said, each value once, in the order of the people."""
        return tuple(dict.fromkeys(value for value in self.values if value != NOTHING_SAID))


class Settled(msgspec.Struct, frozen=True):
    """A difference, and the one of the given values that everyone takes."""

    difference: Difference
    value: str


class Settlement(msgspec.Struct, frozen=True):
    """What to settle, none where all get the same advice as it is, and the outcome that everyone gets then.

    Where it is not known to be the smallest, no single thing can be left out of it, but a smaller one may exist.
    """

    settled: tuple[Settled, ...]
    outcome: str
    is_smallest: bool = True


def differences(guide: Guide, everyone: Sequence[Answers]) -> tuple[Difference, ...]:
    """The questions and signals on which not all say the same, in the guide's order.

    "None of these" and nothing ticked are the same, as they are to the rules.
    """
    found: list[Difference] = []
    asked = logic_of(guide).signal_bits
    for question in guide.questions:
        found.append(
            Difference(question.key, tuple(answers.choices.get(question.key, NOTHING_SAID) for answers in everyone))
        )
        for signal in guide.signals_of.get(question.role, ()):
            if signal.key in asked:
                ticked = (signal.key in answers.signals for answers in everyone)
                values = tuple(YesNo.YES.value if is_ticked else YesNo.NO.value for is_ticked in ticked)
                found.append(Difference(question.key, values, signal.key))
    return tuple(difference for difference in found if len(set(difference.values)) > 1)


def smallest_settlement(guide: Guide, everyone: Sequence[Answers]) -> Settlement:
    """A smallest set of differences that, once each is settled on one of the values that were given, lets everyone get
    the same outcome without being asked anything that they have not answered.

    Of several equally small ones the one that is easiest to reconsider: first what somebody left open, then single
    signals, then sure answers, last a question that is about no role. Then one that settles on a sure answer, that
    fewest people have to change something for, and that comes first in the guide.

    Exact: subsets of the differences are tried by size, each with every combination of given values, so that the first
    size at which one holds is the smallest. There is always one, since everyone may take all answers of one person.
    Bounded: when the next size would need more than ``MAX_TRIED`` trials in all, what is left is taken from the answers
    of one person, and made smaller one thing at a time (``is_smallest`` is False then).
    """
    return _Search(guide, everyone).settlement()


Assignment = dict[int, str]
"""What each of some differences is settled on, by its place among all of them."""


class _Search:
    """One search for a settlement."""

    def __init__(self, guide: Guide, everyone: Sequence[Answers]) -> None:
        self.guide, self.everyone, self.logic = guide, everyone, logic_of(guide)
        self.differences = differences(guide, everyone)
        self.reluctance = [self._reluctance(difference) for difference in self.differences]
        self.bits = [self.logic.answer_bits(answers) for answers in everyone]

    def settlement(self) -> Settlement:
        tried, numbers = 0, [len(difference.given) for difference in self.differences]
        for size in range(len(self.differences) + 1):
            tried += _ways(numbers, size)
            if tried > MAX_TRIED:
                break
            if found := list(self._of_size(size, 0, {}, self.bits)):
                return self._settlement(min(found, key=self._preference))
        taken = [self._reduced(person) for person in range(len(self.everyone))]
        best = min(taken, key=lambda settled: (len(settled), self._preference(settled)))
        # Nothing smaller than the size that was not looked through does.
        return self._settlement(best, is_smallest=len(best) == size)

    def _of_size(self, size: int, first: int, settled: Assignment, bits: list[int]) -> Iterator[Assignment]:
        """What holds of the settlements with so many differences more, none before ``first``."""
        if not size:
            if self._outcome(settled, bits):
                yield settled
            return
        for place in range(first, len(self.differences) - size + 1):
            for value in self.differences[place].given:
                changed = self._with(bits, place, value)
                yield from self._of_size(size - 1, place + 1, {**settled, place: value}, changed)

    def _with(self, bits: list[int], place: int, value: str) -> list[int]:
        """Everyone's bits after one difference was settled."""
        difference = self.differences[place]
        if difference.signal:
            return [
                one if value == said else self.logic.with_signal_flipped(one, difference.signal)
                for one, said in zip(bits, difference.values, strict=True)
            ]
        return [
            one if value == said else self.logic.with_choice(one, difference.question, value)
            for one, said in zip(bits, difference.values, strict=True)
        ]

    def _outcome(self, settled: Assignment, bits: list[int]) -> str:
        """The outcome that everyone gets, or "" where they do not get the same or something more would be asked."""
        outcome = self.logic.reached(bits[0])
        if any(self.logic.reached(one) != outcome for one in bits[1:]):
            return ""
        answered = {self.differences[place].question for place in settled if not self.differences[place].signal}
        for answers, one in zip(self.everyone, bits, strict=True):
            for page in self.logic.course(one).follow_ups:
                if any(one.key not in answers.choices and one.key not in answered for one in page.questions):
                    return ""
        return outcome

    def _reduced(self, person: int) -> Assignment:
        """Everyone takes the answers of one person, but for what need not be settled. The hardest is left out first."""
        said = (difference.values[person] for difference in self.differences)
        settled = {place: value for place, value in enumerate(said) if value != NOTHING_SAID}
        hardest_first = sorted(settled, key=lambda place: (-self.reluctance[place], -place))
        before = None
        # What was needed may not be any more, once something else is left out.
        while settled != before:
            before = settled
            for left_out in hardest_first:
                fewer = {place: value for place, value in settled.items() if place != left_out}
                if self._outcome(fewer, self._with_all(fewer)):
                    settled = fewer
        return settled

    def _with_all(self, settled: Assignment) -> list[int]:
        bits = self.bits
        for place, value in settled.items():
            bits = self._with(bits, place, value)
        return bits

    def _preference(self, settled: Assignment) -> tuple[list[int], int, int, list[int]]:
        """What comes first is preferred; see ``smallest_settlement``."""
        left_open = sum(
            not self.differences[place].signal and value in self.guide.leaving_open[self.differences[place].question]
            for place, value in settled.items()
        )
        changes = sum(
            value != said
            for place, value in settled.items()
            for said in self.differences[place].values
            if said != NOTHING_SAID
        )
        return sorted((self.reluctance[place] for place in settled), reverse=True), left_open, changes, sorted(settled)

    def _reluctance(self, difference: Difference) -> int:
        """The place of a difference: the less, the easier to reconsider."""
        if difference.signal:
            return 1
        if difference.question in restating_questions(self.guide):
            return 3
        return 2 if self.guide.leaving_open[difference.question].isdisjoint(difference.given) else 0

    def _settlement(self, settled: Assignment, *, is_smallest: bool = True) -> Settlement:
        outcome = self._outcome(settled, self._with_all(settled))
        pairs = tuple(Settled(self.differences[place], settled[place]) for place in sorted(settled))
        return Settlement(pairs, outcome, is_smallest)


def _ways(numbers: Sequence[int], size: int) -> int:
    """How many ways there are to choose so many of several things, and one of the values of each."""
    ways = [1] + [0] * size
    for number in numbers:
        for chosen in range(size, 0, -1):
            ways[chosen] += ways[chosen - 1] * number
    return ways[size]
