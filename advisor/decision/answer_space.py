"""All sets of answers at once: what a guide makes of them, as decision diagrams.

A set of answers is what a visitor can submit: one choice for each question, each signal ticked or not, and one choice
for each question of a follow-up where it is asked. The variables of the diagrams are the questions and the numbers of
ticked signals, in the guide's order, the signals of a role beside the question about it. Everything that a condition
may name is a function of them: ``evidence:fractional-cto`` of one number, ``need:fractional-cto`` of what its rows
name, the outcome of what the rules name.

Signals that are only counted together are one variable: how many of them are ticked. Five of them can be two in ten
ways, so that this value counts ten times. A signal that a row names for itself, as something rests on it, is a
variable of its own; where only remarks name it, it stays in its group, and remarks say what they want of it beside
their function (``Remarked``).

A question of a follow-up has a value where it is not asked, too, and counts as not answered there. So an assignment of
the variables always stands for a set of answers, and nothing that cannot be is ever looked at. To count each set once,
only those assignments are counted that have the first choice where nothing is asked (``once``).

Two guides may share their variables: see ``comparison``.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from math import comb
from typing import NamedTuple

from advisor.decision.answers import Answers, query
from advisor.decision.conditions import BALANCE, EVIDENCE, NEED, OUTCOME, SIGNAL
from advisor.decision.diagrams import FALSE, TRUE, Assignment, Diagrams, Node
from advisor.decision.first_match import FirstMatch
from advisor.decision.guide import EVEN, NOT_ANSWERED, Condition, Guide, YesNo
from advisor.decision.logic import logic_of
from advisor.decision.walk import asked_pages, split_stale

NO_CHOICE = ""
"""The only value of a question that cannot be answered, as two guides that share it have no choice in common."""

Told = Callable[[str], None]
"""Told which table is worked out next, by its place: ``rules``, ``roles fractional-cto need``."""

Race = tuple[int, str, frozenset[tuple[str, int]]]
"""How far the balance is: the most signals of a role, who has so many, and the signals of roles that are not done."""


class Variable(NamedTuple):
    """A question with its choices, or signals of which it says how many are ticked."""

    question: str = ""
    choices: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[int, ...]:
        """In how many ways it has each of its values."""
        number = len(self.signals)
        return tuple(comb(number, ticked) for ticked in range(number + 1)) if number else (1,) * len(self.choices)


class Remarked(NamedTuple):
    """When a remark is made: where its function is true, and of the signals of groups these are ticked, those not."""

    node: Node
    ticked: frozenset[str]
    unticked: frozenset[str]


def deciding_conditions(guide: Guide) -> list[Condition]:
    """The conditions that something else rests on: all but those of remarks."""
    return [
        *(row.when for role in guide.roles for row in role.need),
        *(when for follow_up in guide.follow_ups for when in follow_up.asked_when),
        *(rule.when for rule in guide.rules),
    ]


def variables_of(*guides: Guide) -> tuple[Variable, ...]:
    """What these guides ask, in the order of the last one; what is gone there comes after what it came after.

    A question that several ask has the choices that all of them have. Signals are one variable that count for the same
    roles in each guide and are named for themselves in none.
    """
    order: list[str] = []
    for guide in reversed(guides):
        place = 0
        for name in _asked_in(guide):
            if name in order:
                place = order.index(name) + 1
            else:
                order.insert(place, name)
                place += 1
    choices = {key: [choice.key for choice in q.choices] for guide in guides for key, q in guide.question.items()}
    for guide in guides:
        for key, question in guide.question.items():
            choices[key] = [choice for choice in choices[key] if question.choice(choice)]
    named = {name for guide in guides for when in deciding_conditions(guide) for name in when}
    roles_of = [
        {signal.key: role for role in guide.question_about for signal in guide.signals_of[role]} for guide in guides
    ]
    groups: dict[object, list[str]] = defaultdict(list)
    for name in order:
        if name.startswith(SIGNAL):
            key = name.removeprefix(SIGNAL)
            roles = tuple(counting.get(key) for counting in roles_of)
            groups[name if name in named else roles].append(key)
    starts = {SIGNAL + keys[0]: tuple(keys) for keys in groups.values()}
    return tuple(
        Variable(signals=starts[name])
        if name in starts
        else Variable(question=name, choices=tuple(choices[name]) or (NO_CHOICE,))
        for name in order
        if name in starts or not name.startswith(SIGNAL)
    )


def by_use(guide: Guide, variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """These variables in another order: first what most conditions name that something rests on."""
    used = Counter(name for when in deciding_conditions(guide) for name in when)

    def uses(variable: Variable) -> int:
        if variable.question:
            return used[variable.question]
        signals = [guide.signal[key] for key in variable.signals]
        return max(max(used[SIGNAL + signal.key], used[EVIDENCE + signal.role]) for signal in signals)

    return tuple(sorted(variables, key=uses, reverse=True))


def _asked_in(guide: Guide) -> list[str]:
    """Each question, and after it the signals that are asked below it."""
    names: list[str] = []
    for question in guide.questions:
        names.append(question.key)
        if question is guide.question_about.get(question.role):
            names += [SIGNAL + signal.key for signal in guide.signals_of[question.role]]
    return names


def diagrams_of(variables: Sequence[Variable], max_nodes: int) -> Diagrams:
    """Diagrams of these variables."""
    return Diagrams([variable.ways for variable in variables], max_nodes)


class AnswerSpace:
    """What one guide makes of every set of answers.

    ``diagrams`` have the ``variables``, which are those of the guide and may be more. Whoever asks for a function that
    takes too many nodes gets ``TooLargeError``.
    """

    def __init__(
        self, guide: Guide, variables: Sequence[Variable], diagrams: Diagrams, told: Told = lambda place: None
    ) -> None:
        self.guide, self.logic = guide, logic_of(guide)
        self.variables, self.diagrams, self.told = variables, diagrams, told
        self.place = {variable.question: place for place, variable in enumerate(variables) if variable.question}
        self.place |= {SIGNAL + key: place for place, variable in enumerate(variables) for key in variable.signals}
        self._inputs: dict[str, Node] = {}
        self._cells: dict[tuple[str, frozenset[str]], Node] = {}
        self._asked: dict[str, Node] = {}
        self._rows_of_needs: dict[str, Node] = {}

    @cached_property
    def rule(self) -> Node:
        """The number of the rule that decides; 0 where none does."""
        return self._first_match("rules", [rule.when for rule in self.guide.rules])

    @cached_property
    def outcome(self) -> Node:
        """The outcome; "" where no rule matches."""
        outcomes = ["", *(rule.outcome for rule in self.guide.rules)]
        return self.diagrams.translate(self.rule, lambda number: outcomes[number])

    def row_of_need(self, role: str) -> Node:
        """The number of the row that decides whether a role is needed; 0 where none does."""
        if role not in self._rows_of_needs:
            whens = [row.when for row in self.guide.role[role].need]
            self._rows_of_needs[role] = self._first_match(f"roles {role} need", whens)
        return self._rows_of_needs[role]

    def _first_match(self, table: str, conditions: Sequence[Condition]) -> Node:
        """The number of the first of these conditions that holds; 0 where none does."""
        inputs = {name: self.input(name) for when in conditions for name in when}
        self.told(table)
        return FirstMatch(self.diagrams, inputs, conditions).number()

    def condition(self, when: Condition) -> Node:
        """Whether a condition holds. One that asks for the outcome does not hold where there is none."""
        found = TRUE
        for name, values in when.items():
            found = self.diagrams.both(self.cell(name, values), found)
        return found

    def cell(self, name: str, values: Iterable[str]) -> Node:
        """Whether an input has one of these values."""
        allowed = frozenset(values)
        if (name, allowed) not in self._cells:
            self._cells[name, allowed] = self.diagrams.translate(self.input(name), lambda value: value in allowed)
        return self._cells[name, allowed]

    def input(self, name: str) -> Node:
        """What a condition may name, as the function that gives its value."""
        if name not in self._inputs:
            self._inputs[name] = self._input(name)
        return self._inputs[name]

    def _input(self, name: str) -> Node:
        diagrams = self.diagrams
        if name in self.guide.question:
            return diagrams.if_then_else(self.asked(name), self._variable(name), diagrams.terminal(NOT_ANSWERED))
        if name == BALANCE:
            return self._balance()
        if name == OUTCOME:
            return self.outcome
        if name.startswith(EVIDENCE):
            return self._evidence(name.removeprefix(EVIDENCE))
        if name.startswith(NEED):
            role = name.removeprefix(NEED)
            says = [YesNo.YES.value if row.needed else YesNo.NO.value for row in self.guide.role[role].need]
            return diagrams.translate(self.row_of_need(role), lambda row: [YesNo.NO.value, *says][row])
        return diagrams.node(self.place[name], [diagrams.terminal(value.value) for value in (YesNo.NO, YesNo.YES)])

    def _variable(self, question: str) -> Node:
        place = self.place[question]
        return self.diagrams.node(place, [*map(self.diagrams.terminal, self.variables[place].choices)])

    def _numbers(self, role: str) -> list[int]:
        """The variables that say how many of a role's signals are ticked, in order."""
        return sorted({self.place[SIGNAL + signal.key] for signal in self.guide.signals_of[role]})

    def _evidence(self, role: str) -> Node:
        return self.diagrams.from_states(
            self._numbers(role),
            start=0,
            step=lambda ticked, _, more: ticked + more,
            end=lambda ticked: self.logic.evidence(ticked).value,
        )

    def _balance(self) -> Node:
        """The role that leads. Of the roles whose signals are all read only the best is remembered."""
        role_at = {place: role for role in self.logic.evidence_bits for place in self._numbers(role)}
        last = {role: place for place, role in sorted(role_at.items())}

        def step(state: Race, place: int, more: int) -> Race:
            most, leading, open_counts = state
            role, counts = role_at[place], dict(open_counts)
            counts[role] = counts.get(role, 0) + more
            if place == last[role]:
                ticked = counts.pop(role)
                if ticked == most:
                    leading = EVEN
                elif ticked > most:
                    most, leading = ticked, role
            return most, leading, frozenset(counts.items())

        start: Race = (0, EVEN, frozenset())
        return self.diagrams.from_states(sorted(role_at), start, step, end=lambda state: state[1])

    def asked(self, question: str) -> Node:
        """Whether a question is asked."""
        page = self.guide.page_of[question]
        if page.follow_up is None:
            return TRUE
        if page.key not in self._asked:
            found = FALSE
            for when in page.follow_up.asked_when:
                found = self.diagrams.either(self.condition(when), found)
            self._asked[page.key] = found
        return self._asked[page.key]

    def remarked(self, when: Condition) -> Remarked:
        """When a remark is made."""
        grouped = {
            name: {*values}
            for name, values in when.items()
            if name.startswith(SIGNAL) and len(self.variables[self.place[name]].signals) > 1
        }
        node = self.condition({name: values for name, values in when.items() if name not in grouped})
        ticked, unticked = (
            frozenset(name.removeprefix(SIGNAL) for name, values in grouped.items() if values == {one})
            for one in (YesNo.YES, YesNo.NO)
        )
        return self._within(Remarked(node, ticked, unticked))

    def both_made(self, one: Remarked, other: Remarked) -> str:
        """A set of answers for which two remarks are made; "" for none."""
        ticked, unticked = one.ticked | other.ticked, one.unticked | other.unticked
        if ticked & unticked:
            return ""
        nodes = [self._within(Remarked(remarked.node, ticked, unticked)).node for remarked in (one, other)]
        found = self.diagrams.common_example(*nodes)
        return "" if found is None else self.answers(found, ticked, unticked)

    def _within(self, remarked: Remarked) -> Remarked:
        """The same with a function that only looks at numbers of signals that there can be."""
        ranges = {place: range(least, most + 1) for place, (least, most) in self._limits(*remarked[1:]).items()}
        return remarked._replace(node=self.diagrams.within(remarked.node, ranges))

    def _limits(self, ticked: frozenset[str], unticked: frozenset[str]) -> dict[int, tuple[int, int]]:
        """Of how many signals a variable tells at least and at most, as these are ticked and those are not."""
        found = {}
        for place in {self.place[SIGNAL + key] for key in ticked | unticked}:
            signals = self.variables[place].signals
            found[place] = len(ticked & {*signals}), len(signals) - len(unticked & {*signals})
        return found

    def count(self, remarked: Remarked, once: Node) -> int:
        """For how many sets of answers a remark is made."""
        ways = {}
        for place, (least, most) in self._limits(remarked.ticked, remarked.unticked).items():
            values = range(len(self.variables[place].signals) + 1)
            ways[place] = [comb(most - least, value - least) if value >= least else 0 for value in values]
        return self.diagrams.counts(self.diagrams.both(once, remarked.node), ways).get(True, 0)

    def has_value(self, question: str, choices: Iterable[str]) -> Node:
        """Whether the variable of a question has one of these values, whether it is asked or not."""
        allowed = frozenset(choices)
        return self.diagrams.translate(self._variable(question), lambda choice: choice in allowed)

    def answers(
        self, assignment: Assignment, ticked: frozenset[str] = frozenset(), unticked: frozenset[str] = frozenset()
    ) -> str:
        """The first set of answers that an assignment stands for, as the canonical query string; of the signals these
        are ticked, and those are not.
        """
        guide, limits = self.guide, self._limits(ticked, unticked)
        choices, chosen = {}, set[str]()
        for place, variable in enumerate(self.variables):
            value = assignment.get(place, 0)
            if variable.question in guide.question and variable.choices != (NO_CHOICE,):
                choices[variable.question] = variable.choices[value]
            elif signals := variable.signals:
                least, most = limits.get(place, (0, len(signals)))
                # Those that must be ticked come first, those that must not come last.
                in_order = sorted(signals, key=lambda key: (key in unticked) - (key in ticked))
                chosen |= {*in_order[: min(max(value, least), most)]} & self.logic.signal_bits.keys()
        answers, _ = split_stale(asked_pages(guide, Answers(choices, frozenset(chosen))), Answers(choices))
        none_of = frozenset(
            question.key
            for role, question in guide.question_about.items()
            if not any(signal.key in chosen for signal in guide.signals_of[role])
        )
        return query(guide, Answers(answers.choices, frozenset(chosen), none_of))


def once(*spaces: AnswerSpace) -> Node:
    """Whether an assignment is counted: it has the first choice wherever none of the guides asks. So of those that
    stand for the same answers one is.
    """
    variables, diagrams = spaces[0].variables, spaces[0].diagrams
    found = TRUE
    # The last first, so that each is put before what it leads to.
    for question, choices, _ in reversed(variables):
        asking = [space for space in spaces if question in space.guide.question]
        if asking:
            asked = FALSE
            for space in asking:
                asked = diagrams.either(space.asked(question), asked)
            can_be_asked = FALSE if choices == (NO_CHOICE,) else TRUE
            has_first = asking[0].has_value(question, choices[:1])
            found = diagrams.both(diagrams.if_then_else(asked, can_be_asked, has_first), found)
    return found
