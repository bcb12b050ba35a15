"""``compare(old, new)``: for how many ways of answering another document of a guide comes to another outcome.

    a third role with a question of three choices: 512,000 sets of answers become 1,536,000, and of these 12,288 move

Counted is over the larger set: all answers to both documents (``joined`` says which belong together), so that what only
one of them asks is answered in every way and never counts as not answered. Sets with a choice that only one of the two
has cannot be put to the other; they are counted apart, as added and as gone.

``outcomes_for`` says the same of one visitor, who answered the old one: what the new one may tell them.

It is exact, and bounded as ``joined`` and ``classes`` say.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from advisor.decision.answers import Answers, query
from advisor.decision.classes import Class, Classes, TooLargeError, example
from advisor.decision.conditions import SIGNAL
from advisor.decision.guide import Guide, Ticked
from advisor.decision.joined import NEW, OLD, Joined, JoinedClass, shared_choices
from advisor.decision.logic import Logic, logic_of
from advisor.decision.walk import asked_pages, open_page, split_stale

MOST_WAYS = 2_000
"""Kinds of ways in which one visitor's answers are completed at most."""


class Move(msgspec.Struct, frozen=True):
    """Sets of answers that go from one outcome to another; "" where no rule matches. One of them, for each document."""

    before: str
    after: str
    count: int
    example: str
    example_after: str


class Reached(msgspec.Struct, frozen=True):
    """Sets of answers that only one of the documents has, by the outcome they lead to in it; "" where there is none."""

    outcome: str
    count: int
    example: str


class Comparison(msgspec.Struct, frozen=True):
    """What changes for which answers. ``answer_sets`` can be put to both documents; ``added`` hold a choice that only
    the new one has, ``gone`` one that only the old one has.
    """

    answer_sets: int
    moves: tuple[Move, ...]
    added: tuple[Reached, ...]
    gone: tuple[Reached, ...]

    @property
    def changed(self) -> int:
        """For how many sets of answers the outcome changes."""
        return sum(move.count for move in self.moves)


def compare(old: Guide, new: Guide) -> Comparison:
    """What changes with ``new`` in place of ``old``, the largest move first. Raises ``TooLargeError``."""
    before, after = Logic(old), Logic(new)
    answer_sets = 0
    counts = Counter[tuple[str, str]]()
    first: dict[tuple[str, str], JoinedClass] = {}
    outcome_before, outcome_after = (lru_cache(None)(_Outcome(logic)) for logic in (before, after))
    for found in Joined(before, after):
        answer_sets += found.sets
        move = outcome_before(found.holding[OLD]), outcome_after(found.holding[NEW])
        if move[0] != move[1]:
            counts[move] += found.sets
            first.setdefault(move, found)
    moves = [
        Move(*move, count, _example(old, first[move]), _example(new, first[move])) for move, count in counts.items()
    ]
    return Comparison(
        answer_sets,
        tuple(sorted(moves, key=lambda move: (-move.count, move.before, move.after))),
        added=tuple(_only_in(after, old)),
        gone=tuple(_only_in(before, new)),
    )


class _Outcome:
    """The outcome of a guide where certain bits hold; "" where no rule matches."""

    def __init__(self, logic: Logic) -> None:
        self.rules = logic.rules

    def __call__(self, holding: int) -> str:
        return next((outcome for forbidden, outcome in self.rules if not holding & forbidden), "")


def _example(guide: Guide, found: JoinedClass) -> str:
    """The answers of a class, as far as one of the guides asks them."""
    choices = {q.key: found.choices[q.key] for q in guide.questions if q.key in found.choices}
    answers = Answers(choices, found.ticked & logic_of(guide).signal_bits.keys())
    answers, _ = split_stale(asked_pages(guide, answers), answers)
    none_of = frozenset(
        question.key
        for role, question in guide.question_about.items()
        if not any(signal.key in answers.signals for signal in guide.signals_of[role])
    )
    return query(guide, Answers(answers.choices, answers.signals, none_of))


def _only_in(logic: Logic, other: Guide) -> Iterator[Reached]:
    """The sets of answers to a guide that hold a choice which another one does not have; most of them first."""
    guide = logic.guide
    shared = {
        question.key: tuple(shared_choices(question.key, guide, other))
        for question in guide.questions
        if question.key in other.question and len(shared_choices(question.key, guide, other)) < len(question.choices)
    }
    if not shared:
        return
    counts = Counter[str]()
    first: dict[str, Class] = {}
    outcome = _Outcome(logic)
    for found in Classes(logic, [*(rule.when for rule in guide.rules), *({key: few} for key, few in shared.items())]):
        if any(found.choices[key] not in few for key, few in shared.items() if key in found.choices):
            counts[reached := outcome(found.holding)] += found.sets
            first.setdefault(reached, found)
    for reached, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield Reached(reached, count, example(logic, first[reached]))


def outcomes_for(old: Guide, new: Guide, said: Answers) -> frozenset[str]:
    """Every outcome that ``new`` may come to for a visitor who gave these answers to ``old``.

    What both ask is answered as they did; whatever ``new`` asks beside that, or has no such choice for any more, may be
    answered in every way. "" stands for no rule. Raises ``TooLargeError`` where that is more than ``MOST_WAYS``.
    """
    logic, outcome = logic_of(new), _Outcome(logic_of(new))
    both = logic.signal_bits.keys() & logic_of(old).signal_bits.keys()
    choices = {
        key: choice for key, choice in said.choices.items() if key in new.question and new.question[key].choice(choice)
    }
    answers = Answers(choices, said.signals & both)
    if both == logic.signal_bits.keys() and open_page(asked_pages(new, answers), answers) is None:
        return frozenset([outcome(logic.holding(logic.situation(answers)))])
    ticked: dict[str, tuple[str, ...]] = {
        SIGNAL + key: (Ticked.YES if key in said.signals else Ticked.NO,) for key in both
    }
    only = ticked | {key: (choice,) for key, choice in choices.items()}
    each = [{name: values} for name, values in ticked.items()]
    classes = Classes(logic, [*(rule.when for rule in new.rules), *each], only)
    if classes.number > MOST_WAYS:
        raise TooLargeError("There is too much that this visitor was not asked.")
    return frozenset(outcome(found.holding) for found in classes)
