"""A table whose first matching row decides, as one diagram: all its rows are read at once, variable by variable.

What must be remembered on the way is which rows may still decide, and how far the inputs are that are functions of
several variables, as needs are. Laid over each other one by one, rows make diagrams on the way that are far larger than
the last one: most of what is told apart there turns out to be decided by an earlier row.
"""

from collections.abc import Mapping, Sequence

from advisor.decision.diagrams import Diagrams, Node
from advisor.decision.guide import Condition

Open = tuple[tuple[int, Node], ...]
"""Inputs that were begun to be read, by number, each with the function that is left of it."""


class FirstMatch:
    """One table. Rows are bits of a whole number, the first row the lowest bit.

    ``inputs`` has the function of each input that a row names.
    """

    def __init__(self, diagrams: Diagrams, inputs: Mapping[str, Node], conditions: Sequence[Condition]) -> None:
        self.diagrams, self.end = diagrams, len(diagrams.sizes)
        self.roots = [*inputs.values()]
        self.naming = [sum(1 << row for row, when in enumerate(conditions) if name in when) for name in inputs]
        self.allowing = [
            {
                diagrams.terminal(value): sum(
                    1 << row for row, when in enumerate(conditions) if value in when.get(name, (value,))
                )
                for value in diagrams.results(root)
            }
            for name, root in inputs.items()
        ]
        asked = [diagrams.variables([root]) for root in self.roots]
        last = {name: max(variables, default=-1) for name, variables in zip(inputs, asked, strict=True)}
        self.begun_at: list[list[int]] = [[] for _ in range(self.end)]
        for number, variables in enumerate(asked):
            if variables:
                self.begun_at[min(variables)].append(number)
        self.named_from = [0] * (self.end + 1)
        for variable in reversed(range(self.end)):
            named = self.named_from[variable + 1]
            for number in self.begun_at[variable]:
                named |= self.naming[number]
            self.named_from[variable] = named
        self.superseded = [[0] * len(conditions) for _ in range(self.end + 1)]
        for row, when in enumerate(conditions):
            for later in range(row + 1, len(conditions)):
                # From here on whatever the later row asks for is asked for by this one, or less.
                other = conditions[later]
                strict = [name for name in when if not {*other.get(name, ("",))} <= {*when[name]}]
                for variable in range(max((last[name] + 1 for name in strict), default=0), self.end + 1):
                    self.superseded[variable][row] |= 1 << later
        self.known: list[dict[tuple[int, Open], Node]] = [{} for _ in range(self.end + 1)]
        self.met: list[dict[tuple[int, Open], Node]] = [{} for _ in range(self.end + 1)]
        self.rows = len(conditions)

    def number(self) -> Node:
        """The number of the first row that holds, counted from 1, and 0 where none does. Raises ``TooLargeError``."""
        left = (1 << self.rows) - 1
        for root, allowing in zip(self.roots, self.allowing, strict=True):
            left &= allowing.get(root, left)
        return self._from(0, left, ())

    def _from(self, variable: int, left: int, begun: Open) -> Node:
        """The result of the rows that are left, from a variable on."""
        met = self.met[variable]
        if (found := met.get((left, begun))) is None:
            met[left, begun] = found = self._reduced(variable, left, begun)
        return found

    def _reduced(self, variable: int, left: int, begun: Open) -> Node:
        """The same, with no more remembered than can still make a difference."""
        self.diagrams.count()
        given, naming = (left, begun), self.naming
        undecided = self.named_from[variable]
        for number, _ in begun:
            undecided |= naming[number]
        if sure := left & ~undecided:
            # The first row that holds for sure hides those below it.
            left &= ((sure & -sure) << 1) - 1
        superseded, rest = self.superseded[variable], left
        while rest:
            first = rest & -rest
            left &= ~superseded[first.bit_length() - 1]
            rest = (rest ^ first) & left
        if not left & undecided:
            return self.diagrams.terminal((left & -left).bit_length())
        if begun:
            begun = tuple(one for one in begun if naming[one[0]] & left)
        if (left, begun) != given:
            return self._from(variable, left, begun)
        return self._read(variable, left, begun)

    def _read(self, variable: int, left: int, begun: Open) -> Node:
        """Read the next variable that matters."""
        variable_of, children_of = self.diagrams.variable_of, self.diagrams.children_of
        naming, allowing = self.naming, self.allowing
        while True:
            read = [(number, self.roots[number]) for number in self.begun_at[variable] if naming[number] & left]
            kept: list[tuple[int, Node]] = []
            for one in begun:
                (read if variable_of[one[1]] == variable else kept).append(one)
            if read:
                break
            variable += 1
        found = self.known[variable].get((left, begun))
        if found is None:
            children = []
            for value in range(self.diagrams.sizes[variable]):
                still, open_inputs = left, kept
                for number, node in read:
                    child = children_of[node][value]
                    rows = allowing[number].get(child)
                    if rows is None:
                        open_inputs = [*open_inputs, (number, child)]
                    else:
                        still &= rows
                children.append(self._from(variable + 1, still, tuple(sorted(open_inputs))))
            self.known[variable][left, begun] = found = self.diagrams.node(variable, children)
        return found
