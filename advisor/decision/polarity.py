"""Which answers speak for needing a role, and which against it, by the role's own table.

An answer speaks for a role when, beside whatever else was said, it can turn "not needed" into "needed" and never the
other way round, compared with no answer. So it follows from the table, and an editor declares nothing.

    software=yes -> for a fractional CTO;  both=ai -> against;  signal:strong-cto-no-ai -> against
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from advisor.decision.conditions import SIGNAL, Vocabulary, guide_vocabulary
from advisor.decision.diagrams import BEYOND, FALSE, TRUE, Diagrams, Node
from advisor.decision.first_match import FirstMatch
from advisor.decision.guide import NOT_ANSWERED, Guide, NeedRow, Role, Signal, YesNo

MAX_NODES = 20_000
"""What is worked out at most for all tables of a guide, as a visitor may wait for it: some tenths of a second. The
first guide takes some hundred.
"""


class Polarity(StrEnum):
    """What an answer says about a role."""

    FOR = "for"
    AGAINST = "against"


def polarities(
    rows: Sequence[NeedRow], vocabulary: Vocabulary, max_nodes: int = MAX_NODES
) -> dict[tuple[str, str], Polarity]:
    """(Input, value) to what it says, for the questions and single signals that a table names; without an entry it says
    neither, or both. A table that is too large to be worked out has no entries.
    """
    names = [name for name in vocabulary if any(name in row.when for row in rows)]
    diagrams = Diagrams([(1,) * len(vocabulary[name]) for name in names], max_nodes)
    found: dict[tuple[str, str], Polarity] = {}
    try:
        moves = Moves(diagrams, _need(diagrams, rows, vocabulary, names))
        for place, name in enumerate(names):
            values = vocabulary[name]
            nothing = YesNo.NO if name.startswith(SIGNAL) else NOT_ANSWERED
            for number, value in enumerate(values if nothing in values else ()):
                moved = moves.between(place, values.index(nothing), number)
                if moved == {(False, True)}:
                    found[name, value] = Polarity.FOR
                elif moved == {(True, False)}:
                    found[name, value] = Polarity.AGAINST
    except BEYOND:
        return {}
    return found


def _need(diagrams: Diagrams, rows: Sequence[NeedRow], vocabulary: Vocabulary, names: Sequence[str]) -> Node:
    """Whether the role is needed, as a function of the inputs alone: each may have any value beside any other."""
    inputs = {
        name: diagrams.node(place, [diagrams.terminal(value) for value in vocabulary[name]])
        for place, name in enumerate(names)
    }
    decided = FirstMatch(diagrams, inputs, [row.when for row in rows]).number()
    return diagrams.translate(decided, lambda number: number > 0 and rows[number - 1].needed)


class Moves:
    """How a function of yes and no changes with one variable."""

    def __init__(self, diagrams: Diagrams, function: Node) -> None:
        self.diagrams, self.nodes = diagrams, diagrams.nodes(function)
        self.known: dict[tuple[Node, Node], frozenset[tuple[bool, bool]]] = {}

    def between(self, variable: int, before: int, after: int) -> frozenset[tuple[bool, bool]]:
        """Every way in which another value of a variable changes the function, whatever the others are. Raises
        ``TooLargeError``.
        """
        children = [
            self.diagrams.children_of[node] for node in self.nodes if self.diagrams.variable_of[node] == variable
        ]
        return frozenset().union(*(self._between(one[before], one[after]) for one in children))

    def _between(self, one: Node, other: Node) -> frozenset[tuple[bool, bool]]:
        if one == other:
            return frozenset()
        two = one, other
        if two not in self.known:
            self.diagrams.count()
            if one in TRUTH and other in TRUTH:
                self.known[two] = frozenset({(one == TRUE, other == TRUE)})
            else:
                pairs = zip(*self.diagrams.aligned(one, other), strict=True)
                self.known[two] = frozenset().union(*(self._between(*pair) for pair in pairs))
        return self.known[two]


TRUTH = frozenset({FALSE, TRUE})


class SaidAbout(NamedTuple):
    """What a question says about one role: by each of its choices, and by the signals below it."""

    question: str
    choices: Mapping[str, Polarity]
    signals: list[tuple[Signal, Polarity]]


@lru_cache(maxsize=64)
def said_about_roles(guide: Guide) -> dict[str, list[SaidAbout]]:
    """Role to the questions that say something about it, in the guide's order; kept for the guides in use."""
    return {role.key: _said_about(guide, role) for role in guide.roles if role.need or role.key in guide.question_about}


@lru_cache(maxsize=64)
def restating_questions(guide: Guide) -> frozenset[str]:
    """The questions that ask which of the roles it is: whoever answers one says the outcome themselves."""
    asked = {question.key for question in guide.questions if not question.role and not question.follow_up}
    said = said_about_roles(guide)
    by_role = [{one.question for one in said[role.key] if one.choices} for role in guide.roles if role.need]
    return frozenset(asked.intersection(*by_role) if by_role else ())


def _said_about(guide: Guide, role: Role) -> list[SaidAbout]:
    """By the role's table or, without one, by the question about it; the role's own signals always speak for it."""
    if role.need:
        tables = sum(bool(other.need) for other in guide.roles)
        said = polarities(role.need, guide_vocabulary(guide), MAX_NODES // tables)
    else:
        asked = guide.question_about[role.key]
        said = {(asked.key, choice.key): Polarity.FOR for choice in asked.choices if choice.affirms}
    said |= {(SIGNAL + signal.key, YesNo.YES): Polarity.FOR for signal in guide.signals_of[role.key]}
    found = []
    for question in guide.questions:
        # Whoever is not sure says nothing.
        choices = {
            choice.key: said[question.key, choice.key]
            for choice in question.choices
            if (question.key, choice.key) in said and not choice.unsure
        }
        signals = [
            (signal, said[SIGNAL + signal.key, YesNo.YES])
            for signal in guide.signals_of.get(question.role, ())
            if (SIGNAL + signal.key, YesNo.YES) in said
        ]
        if choices or signals:
            found.append(SaidAbout(question.key, choices, signals))
    return found
