"""Multi-valued decision diagrams: functions of many variables that each have a few values, as graphs that share parts.

    software (yes, no, unsure), ai (yes, no, unsure); 1 where both are yes, else 2:

        software -- yes ------------> ai -- yes --------> 1
                 \\- no, unsure -\\      \\- no, unsure -\\
                                 2                      2

A **node** asks for one variable and has a child for each of its values; a **terminal** is what the function gives. The
variables have one order, and on every path they come in it. Nodes that ask the same and lead to the same are one node,
and a node whose children are all the same is left out. So two functions that are equal are the same node, a function
depends on a variable exactly if one of its nodes asks for it, and to count is to go through the nodes once, however
many assignments they stand for. That is what makes a question about all assignments cheap: it costs as many nodes as
the function has, not as many as there are assignments.

How many nodes a function has depends on what must be remembered of the first variables when the last ones are read, and
that can be too much. So every node that an operation works out is counted, new or not, and beyond ``max_nodes`` of them
``TooLargeError`` is raised.

Nodes are whole numbers, ``FALSE`` and ``TRUE`` the first two. Variables are numbered from 0, their values too.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import mul
from typing import Any

Node = int

FALSE: Node = 0
TRUE: Node = 1

Assignment = Mapping[int, int]
"""Variable to its value. A variable that is not in it may have any; mostly the first is taken."""


class TooLargeError(ValueError):
    """There is more to work out than can be in the time of a request; says what makes it so much."""


BEYOND = (TooLargeError, RecursionError)
"""What an operation raises that goes too far. A diagram is as deep as it has variables, and Python bounds how deep."""


class Diagrams:
    """Functions of the same variables. ``ways`` has for each variable, in order, in how many ways it has each of its
    values: mostly one.
    """

    def __init__(self, ways: Sequence[Sequence[int]], max_nodes: int) -> None:
        self.ways = tuple(ways)
        self.sizes = tuple(map(len, ways))
        self.max_nodes = max_nodes
        self.work = 0
        """Nodes that were worked out so far."""
        self.variable_of: list[int] = []
        self.children_of: list[tuple[Node, ...]] = []
        self._unique: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._terminals: dict[tuple[type, Hashable], Node] = {}
        self._values: dict[Node, Hashable] = {}
        self.terminal(value=False)
        self.terminal(value=True)

    def terminal(self, value: Hashable) -> Node:
        """The function that gives this value whatever the variables are."""
        # By type as well: 1 is no ``TRUE``, though it equals ``True``.
        known = type(value), value
        if known not in self._terminals:
            self._terminals[known] = node = len(self.variable_of)
            self.variable_of.append(len(self.sizes))
            self.children_of.append(())
            self._values[node] = value
        return self._terminals[known]

    def node(self, variable: int, children: Sequence[Node]) -> Node:
        """The function that is the n-th of these where the variable has its n-th value. They know only later ones.

        Raises ``TooLargeError``.
        """
        self.count()
        first = children[0]
        for child in children:
            if child != first:
                break
        else:
            return first
        known = variable, tuple(children)
        node = self._unique.get(known)
        if node is None:
            self._unique[known] = node = len(self.variable_of)
            self.variable_of.append(variable)
            self.children_of.append(known[1])
        return node

    def count(self) -> None:
        """Count a node that is worked out. Raises ``TooLargeError``."""
        self.work += 1
        if self.work > self.max_nodes:
            raise TooLargeError(f"There are more than {self.max_nodes:,} nodes to work out.")

    def from_states[State: Hashable](
        self,
        variables: Sequence[int],
        start: State,
        step: Callable[[State, int, int], State],
        end: Callable[[State], Hashable],
    ) -> Node:
        """What an automaton gives that reads variables in their order: ``step(state, variable, value)`` is its next
        state, ``end`` what the last one means.
        """
        layers: list[dict[State, list[State]]] = []
        states = {start}
        for variable in variables:
            values = range(self.sizes[variable])
            layers.append({state: [step(state, variable, value) for value in values] for state in states})
            states = {after for reached in layers[-1].values() for after in reached}
        nodes = {state: self.terminal(end(state)) for state in states}
        for variable, layer in zip(reversed(variables), reversed(layers), strict=True):
            nodes = {
                state: self.node(variable, [nodes[after] for after in reached]) for state, reached in layer.items()
            }
        return nodes[start]

    def if_then_else(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """The one function where a condition is true, the other where it is false. Raises ``TooLargeError``."""
        variable_of, children_of, sizes, make = self.variable_of, self.children_of, self.sizes, self.node
        # Kept for this operation alone: others rarely meet the same three, and what is kept takes memory.
        known: dict[tuple[Node, Node, Node], Node] = {}

        def choose(condition: Node, then: Node, otherwise: Node) -> Node:
            if condition == TRUE or then == otherwise:
                return then
            if condition == FALSE:
                return otherwise
            if then == TRUE and otherwise == FALSE:
                return condition
            three = condition, then, otherwise
            if (found := known.get(three)) is not None:
                return found
            first, second, third = variable_of[condition], variable_of[then], variable_of[otherwise]
            variable = min(first, second, third)
            size = sizes[variable]
            conditions = children_of[condition] if first == variable else (condition,) * size
            thens = children_of[then] if second == variable else (then,) * size
            others = children_of[otherwise] if third == variable else (otherwise,) * size
            known[three] = node = make(variable, [*map(choose, conditions, thens, others)])
            return node

        return choose(condition, then, otherwise)

    def both(self, one: Node, other: Node) -> Node:
        """Whether both are true. Raises ``TooLargeError``."""
        return self.if_then_else(one, other, FALSE)

    def either(self, one: Node, other: Node) -> Node:
        """Whether one of them is true, or both. Raises ``TooLargeError``."""
        return self.if_then_else(one, TRUE, other)

    def negation(self, node: Node) -> Node:
        """Whether it is false. Raises ``TooLargeError``."""
        return self.if_then_else(node, FALSE, TRUE)

    def translate(self, node: Node, meaning: Callable[[Any], Hashable]) -> Node:
        """The function that gives ``meaning(value)`` wherever this one gives ``value``. Raises ``TooLargeError``."""
        done: dict[Node, Node] = {}

        def translated(part: Node) -> Node:
            if part not in done:
                if children := self.children_of[part]:
                    done[part] = self.node(self.variable_of[part], [*map(translated, children)])
                else:
                    done[part] = self.terminal(meaning(self._values[part]))
            return done[part]

        return translated(node)

    def within(self, node: Node, ranges: Mapping[int, range]) -> Node:
        """A function where these variables keep to a range: what is outside counts as the nearest value inside. Raises
        ``TooLargeError``.
        """
        known: dict[Node, Node] = {}

        def walk(node: Node) -> Node:
            if not (children := self.children_of[node]):
                return node
            if node not in known:
                variable = self.variable_of[node]
                after = [*map(walk, children)]
                if kept := ranges.get(variable):
                    after = [after[min(max(value, kept[0]), kept[-1])] for value in range(len(after))]
                known[node] = self.node(variable, after)
            return known[node]

        return walk(node) if ranges else node

    def pair(self, one: Node, other: Node) -> Node:
        """What two functions give, as tuples. Raises ``TooLargeError``."""
        known: dict[tuple[Node, Node], Node] = {}

        def walk(one: Node, other: Node) -> Node:
            two = one, other
            if two not in known:
                if self.variable_of[one] == self.variable_of[other] == len(self.sizes):
                    known[two] = self.terminal((self._values[one], self._values[other]))
                else:
                    variable = min(self.variable_of[one], self.variable_of[other])
                    known[two] = self.node(variable, [*map(walk, *self.aligned(one, other))])
            return known[two]

        return walk(one, other)

    def aligned(self, one: Node, other: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """What two functions are for each value of the first variable that either asks for."""
        variable = min(self.variable_of[one], self.variable_of[other])
        first, second = (
            self.children_of[node] if self.variable_of[node] == variable else (node,) * self.sizes[variable]
            for node in (one, other)
        )
        return first, second

    def nodes(self, *roots: Node) -> list[Node]:
        """The nodes of functions, terminals included, each before those it leads to."""
        found = {*roots}
        left = [*found]
        while left:
            for child in self.children_of[left.pop()]:
                if child not in found:
                    found.add(child)
                    left.append(child)
        return sorted(found, key=self.variable_of.__getitem__)

    def counts(self, node: Node, other_ways: Mapping[int, Sequence[int]] | None = None) -> dict[Any, int]:
        """In how many ways the variables give what; some of them may have their values in other ways than usually."""
        ways = [(other_ways or {}).get(variable, usual) for variable, usual in enumerate(self.ways)]
        before = [*accumulate(map(sum, ways), mul, initial=1)]
        # In so many ways the variables before a node lead to it.
        leading = dict.fromkeys(nodes := self.nodes(node), 0)
        leading[node] = before[self.variable_of[node]]
        for one in nodes:
            variable, number = self.variable_of[one], leading[one]
            for value, child in enumerate(self.children_of[one]):
                between = before[self.variable_of[child]] // before[variable + 1]
                leading[child] += number * ways[variable][value] * between
        return {self._values[one]: leading[one] for one in nodes if leading[one] and one in self._values}

    def results(self, node: Node, given: Mapping[int, Collection[int]] | None = None) -> set[Any]:
        """What a function may give where some variables have one of the given values."""
        given = given or {}
        seen, left, found = {node}, [node], set[Any]()
        while left:
            one = left.pop()
            if one in self._values:
                found.add(self._values[one])
                continue
            children, values = self.children_of[one], given.get(self.variable_of[one])
            for child in children if values is None else [children[value] for value in values]:
                if child not in seen:
                    seen.add(child)
                    left.append(child)
        return found

    def variables(self, nodes: Iterable[Node]) -> set[int]:
        """The variables that functions depend on: for some values of the others, another value gives another result."""
        return {self.variable_of[one] for one in self.nodes(*nodes) if one not in self._values}

    def examples(self, node: Node) -> dict[Any, dict[int, int]]:
        """Everything that a function may give, each with its first assignment by the order of variables and values."""
        leads_to = self._leads_to(node)
        results = {bit: one for one, bit in leads_to.items() if one in self._values}
        found = {}
        for bit, terminal in results.items():
            at, assignment = node, dict[int, int]()
            while at != terminal:
                children = self.children_of[at]
                value = next(value for value, child in enumerate(children) if leads_to[child] & bit)
                assignment[self.variable_of[at]] = value
                at = children[value]
            found[self._values[terminal]] = assignment
        return found

    def _leads_to(self, node: Node) -> dict[Node, int]:
        """For each node of a function the terminals it leads to, as bits."""
        nodes = self.nodes(node)
        found = {one: 1 << place for place, one in enumerate(one for one in nodes if one in self._values)}
        for one in reversed(nodes):
            if one not in found:
                found[one] = 0
                for child in self.children_of[one]:
                    found[one] |= found[child]
        return found

    def results_where(self, condition: Node, node: Node) -> set[Any]:
        """What a function may give where a condition is true. Raises ``TooLargeError``."""
        leads_to = self._leads_to(node)
        seen, left, found = {(condition, node)}, [(condition, node)], 0
        while left:
            one, other = left.pop()
            if one == TRUE:
                found |= leads_to[other]
            # Where all that can be found is found there is no need to look.
            elif one != FALSE and leads_to[other] & ~found:
                self.count()
                new = {*zip(*self.aligned(one, other), strict=True)} - seen
                seen |= new
                left += new
        return {self._values[one] for one, bit in leads_to.items() if one in self._values and bit & found}

    def common_example(self, one: Node, other: Node) -> dict[int, int] | None:
        """The first assignment for which both are true; None where there is none. Raises ``TooLargeError``."""
        hopeless = set[tuple[Node, Node]]()

        def walk(one: Node, other: Node) -> dict[int, int] | None:
            if one == FALSE or other == FALSE or (one, other) in hopeless:
                return None
            if one == TRUE and other == TRUE:
                return {}
            self.count()
            variable = min(self.variable_of[one], self.variable_of[other])
            for value, (child, other_child) in enumerate(zip(*self.aligned(one, other), strict=True)):
                if (found := walk(child, other_child)) is not None:
                    return {variable: value, **found}
            hopeless.add((one, other))
            return None

        return walk(one, other)

    def value(self, node: Node, assignment: Assignment) -> Hashable:
        """What a function gives; variables that are not assigned have their first value."""
        while node not in self._values:
            node = self.children_of[node][assignment.get(self.variable_of[node], 0)]
        return self._values[node]
