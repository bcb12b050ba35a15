"""``compare(old, new)``: for how many ways of answering another document of a guide comes to another outcome.

    a third role with a question of three choices: of three times as many sets of answers 12,288 move

A set of answers to one guide and one to the other belong together when they say the same to everything that both ask:
every question that both ask is answered alike, and every signal that both know is ticked in both or in neither. What
only one of them asks is answered in every way, and never counts as not answered. So a question that is new multiplies
the sets of answers by its choices, and so does one that is gone. A question of a follow-up is there where either guide
asks it.

Of a question that both have, only the choices are looked at that both have. Sets with a choice that only one of the two
has cannot be put to the other; they are counted apart, as added and as gone.

``outcomes_for`` says the same of one visitor, who answered the old one: what the new one may tell them.

It is exact: both guides are diagrams of the same variables (``answer_space``), and refused beyond ``MAX_NODES``.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache

import msgspec

from advisor.decision.answer_space import AnswerSpace, diagrams_of, once, variables_of
from advisor.decision.answers import Answers
from advisor.decision.conditions import NEED
from advisor.decision.diagrams import BEYOND, FALSE, Node, TooLargeError
from advisor.decision.guide import Guide, YesNo
from advisor.decision.logic import Logic, logic_of
from advisor.decision.walk import asked_pages, open_page

MAX_NODES = 1_500_000
"""Nodes of diagrams that a comparison works out at most."""


YES, NO = YesNo.YES.value, YesNo.NO.value


class OutcomeChange(msgspec.Struct, frozen=True):
    """Sets of answers that go from one outcome to another; "" where no rule matches. One of them, for each document."""

    before: str
    after: str
    count: int
    example: str
    example_after: str


class OutcomeCount(msgspec.Struct, frozen=True):
    """Sets of answers that only one of the documents has, by the outcome they lead to in it; "" where there is none."""

    outcome: str
    count: int
    example: str


class NeedChange(msgspec.Struct, frozen=True):
    """Of the sets of answers that can be put to both: for how many a role is needed now and was not, and the other way
    round.
    """

    role: str
    now: int
    no_more: int


class Comparison(msgspec.Struct, frozen=True):
    """What changes for which answers. ``answer_sets`` can be put to both documents; ``added`` hold a choice that only
    the new one has, ``gone`` one that only the old one has. ``needs`` has the roles about which the tables of both say
    something else to somebody.
    """

    answer_sets: int
    moves: tuple[OutcomeChange, ...]
    added: tuple[OutcomeCount, ...]
    gone: tuple[OutcomeCount, ...]
    needs: tuple[NeedChange, ...]

    @property
    def changed(self) -> int:
        """For how many sets of answers the outcome changes."""
        return sum(move.count for move in self.moves)


def compare(old: Guide, new: Guide) -> Comparison:
    """What changes with ``new`` in place of ``old``, the largest move first. Raises ``TooLargeError``."""
    try:
        return _compare(old, new)
    except BEYOND:
        raise TooLargeError(
            f"These two are too different to be compared for every set of answers: it takes more than {MAX_NODES:,} "
            "nodes, as together they tell apart too many combinations. Publish the changes in several steps to see "
            "what each of them does."
        ) from None


def _compare(old: Guide, new: Guide) -> Comparison:
    variables = variables_of(old, new)
    diagrams = diagrams_of(variables, MAX_NODES)
    before, after = (AnswerSpace(guide, variables, diagrams) for guide in (old, new))
    counted, nobody = once(before, after), diagrams.terminal(None)

    def pairs(one: Node, other: Node) -> tuple[Node, dict[tuple[str, str], int]]:
        """What the old guide and the new one give, and for how many sets of answers."""
        both = diagrams.if_then_else(counted, diagrams.pair(one, other), nobody)
        return both, {pair: count for pair, count in diagrams.counts(both).items() if isinstance(pair, tuple)}

    moves, counts = pairs(before.outcome, after.outcome)
    examples = diagrams.examples(moves)
    changes = []
    for (reached, reached_after), count in counts.items():
        if reached != reached_after:
            found = examples[reached, reached_after]
            changes.append(OutcomeChange(reached, reached_after, count, before.answers(found), after.answers(found)))
    needs = []
    for role in new.roles:
        if role.need and role.key in old.role and old.role[role.key].need:
            _, said = pairs(before.input(NEED + role.key), after.input(NEED + role.key))
            needs.append(NeedChange(role.key, said.get((NO, YES), 0), said.get((YES, NO), 0)))
    return Comparison(
        sum(counts.values()),
        tuple(sorted(changes, key=lambda change: (-change.count, change.before, change.after))),
        added=tuple(_only_in(new, old)),
        gone=tuple(_only_in(old, new)),
        needs=tuple(need for need in needs if need.now or need.no_more),
    )


def _only_in(guide: Guide, other: Guide) -> Iterator[OutcomeCount]:
    """The sets of answers to a guide that hold a choice which another one does not have; most of them first."""
    shared = {variable.question: variable.choices for variable in variables_of(guide, other)}
    fewer = [
        question.key for question in guide.questions if {c.key for c in question.choices} != {*shared[question.key]}
    ]
    if not fewer:
        return
    space = _space(guide)
    diagrams = space.diagrams
    only: Node = FALSE
    for key in fewer:
        lacks = diagrams.if_then_else(space.has_value(key, shared[key]), FALSE, space.asked(key))
        only = diagrams.either(lacks, only)
    reached = diagrams.if_then_else(diagrams.both(once(space), only), space.outcome, diagrams.terminal(None))
    counts = {outcome: count for outcome, count in diagrams.counts(reached).items() if isinstance(outcome, str)}
    examples = diagrams.examples(reached)
    for outcome, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield OutcomeCount(outcome, count, space.answers(examples[outcome]))


def outcomes_for(old: Guide, new: Guide, said: Answers) -> frozenset[str]:
    """Every outcome that ``new`` may come to for a visitor who gave these answers to ``old``.

    What both ask is answered as they did. A question that is new, or no longer has their choice, and a signal that is
    new, may be answered in every way. "" stands for no rule. Raises ``TooLargeError``.
    """
    logic = logic_of(new)
    shared_signals = logic.signal_bits.keys() & logic_of(old).signal_bits.keys()
    choices = {
        key: choice for key, choice in said.choices.items() if key in new.question and new.question[key].choice(choice)
    }
    answers = Answers(choices, said.signals & shared_signals)
    # Nothing is left to ask: no diagram is needed.
    if shared_signals == logic.signal_bits.keys() and open_page(asked_pages(new, answers), answers) is None:
        return frozenset([_outcome(logic, answers)])
    space = _space(new)
    given: dict[int, Collection[int]] = {}
    for place, (question, choices_here, signals) in enumerate(space.variables):
        if question in choices:
            given[place] = [choices_here.index(choices[question])]
        elif signals:
            # Signals of a group are only counted: those that are new may add to the number that was ticked.
            least = len(answers.signals & {*signals})
            given[place] = range(least, least + len({*signals} - shared_signals) + 1)
    try:
        return frozenset(map(str, space.diagrams.results(space.outcome, given)))
    except RecursionError:
        raise TooLargeError("There are too many questions and signals to complete what was said.") from None


def _outcome(logic: Logic, answers: Answers) -> str:
    try:
        return logic.outcome(logic.active_bits(logic.answer_bits(answers)))[1]
    except LookupError:
        return ""


@lru_cache(maxsize=4)
def _space(guide: Guide) -> AnswerSpace:
    """A guide as diagrams, kept while many visitors are asked about."""
    variables = variables_of(guide)
    return AnswerSpace(guide, variables, diagrams_of(variables, MAX_NODES))
