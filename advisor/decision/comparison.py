"""``compare(old, new)``: for how many possible visitors another document of a guide comes to another outcome.

Every set of answers that a visitor can submit to the old one is put to the new one as it stands: what the new one does
not ask for is dropped, and what it asks beside that counts as not answered. It is exact, and bounded by ``LARGEST``
classes, like one table of a proof.
"""

import msgspec

from advisor.decision.answers import Answers
from advisor.decision.classes import Class, Classes, asked_when, example, named_in
from advisor.decision.conditions import EVIDENCE, SIGNAL
from advisor.decision.guide import Guide
from advisor.decision.logic import Logic


class Move(msgspec.Struct, frozen=True):
    """Sets of answers that go from one outcome to another; "" where no rule matches. The example is for the old."""

    before: str
    after: str
    count: int
    example: str


class Comparison(msgspec.Struct, frozen=True):
    """What changes for whom. ``asks_more`` counts the sets that the new document would ask something further."""

    answer_sets: int
    moves: tuple[Move, ...]
    asks_more: int

    @property
    def changed(self) -> int:
        """For how many sets of answers the outcome changes."""
        return sum(move.count for move in self.moves)


def compare(old: Guide, new: Guide) -> Comparison:
    """What changes with ``new`` in place of ``old``, the largest move first. Raises ``TooLargeError``."""
    before, after = Logic(old), Logic(new)
    answer_sets = asks_more = 0
    moves: dict[tuple[str, str], Move] = {}
    for found in _classes(before, after):
        answers = _put_to(new, found)
        holding = after.holding(after.situation(answers))
        answer_sets += found.sets
        if _asks_more(before, after, found, answers, holding):
            asks_more += found.sets
        move = _outcome(before, found.holding), _outcome(after, holding)
        if move[0] != move[1]:
            known = moves.get(move) or Move(*move, 0, example(before, found))
            moves[move] = msgspec.structs.replace(known, count=known.count + found.sets)
    by_size = sorted(moves.values(), key=lambda move: (-move.count, move.before, move.after))
    return Comparison(answer_sets, tuple(by_size), asks_more)


def _classes(before: Logic, after: Logic) -> Classes:
    """The sets of answers to the old guide that the tables of either can tell apart."""
    old, new = before.guide, after.guide
    of_old = [rule.when for rule in old.rules]
    of_new = [*(rule.when for rule in new.rules), *asked_when(new)]
    answers = [
        {
            name: values
            for name, values in when.items()
            if name in old.question or name.removeprefix(SIGNAL) in old.signal
        }
        for when in of_new
    ]
    # A choice that is gone leaves its question open, so such choices are told apart from those that stay.
    staying = [
        {question.key: tuple(choice.key for choice in new.question[question.key].choices)}
        for question in old.questions
        if question.key in new.question
        and any(new.question[question.key].choice(choice.key) is None for choice in question.choices)
    ]
    counted = {signal.key: signal.role for signal in new.signals if EVIDENCE + signal.role in named_in(of_new)}
    return Classes(before, [*of_old, *answers, *staying], counted, lambda _, ticked: after.evidence(ticked))


def _put_to(new: Guide, found: Class) -> Answers:
    """The answers of a class, as far as the new guide knows them."""
    choices = {
        question: choice
        for question, choice in found.choices.items()
        if question in new.question and new.question[question].choice(choice)
    }
    return Answers(choices, found.ticked & new.signal.keys())


def _asks_more(before: Logic, after: Logic, found: Class, answers: Answers, holding: int) -> bool:
    """Whether the new guide asks something that these answers to the old one do not say."""
    return any(
        after.is_asked(page, holding) and not _is_answered(before, found, answers, question.key)
        for page in after.guide.pages
        for question in page.questions
    )


def _is_answered(before: Logic, found: Class, answers: Answers, question: str) -> bool:
    if question in found.choices:
        return question in answers.choices
    page = before.guide.page_of.get(question)
    return page is not None and before.is_asked(page, found.holding)


def _outcome(logic: Logic, holding: int) -> str:
    return next((outcome for forbidden, outcome in logic.rules if not holding & forbidden), "")
