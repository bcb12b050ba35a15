"""Diagrams say what going through every assignment says."""

from itertools import product
from math import prod
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.decision.diagrams import FALSE, TRUE, Diagrams, Node, TooLargeError

WAYS = ((1, 1), (1, 2, 1), (1, 1, 1), (1, 3))
EVERY = list(product(*(range(len(ways)) for ways in WAYS)))


def function(diagrams: Diagrams, random: Random, results: list[object], variable: int = 0) -> Node:
    """Some function of the variables from one on."""
    if variable == len(WAYS):
        return diagrams.terminal(random.choice(results))
    children = [function(diagrams, random, results, variable + 1) for _ in WAYS[variable]]
    return diagrams.node(variable, random.choices(children, k=len(children)))


def value(diagrams: Diagrams, node: Node, assignment: tuple[int, ...]) -> object:
    return diagrams.value(node, dict(enumerate(assignment)))


@given(st.integers())
def test_operations_give_what_they_give_for_each_assignment(seed: int) -> None:
    diagrams, random = Diagrams(WAYS, 10_000), Random(seed)
    condition = function(diagrams, random, [True, False])
    one, other = (function(diagrams, random, ["a", "b", 1]) for _ in range(2))

    chosen, paired = diagrams.if_then_else(condition, one, other), diagrams.pair(one, other)
    negated = diagrams.negation(condition)

    for assignment in EVERY:
        is_true = value(diagrams, condition, assignment)
        both = value(diagrams, one, assignment), value(diagrams, other, assignment)
        assert value(diagrams, chosen, assignment) == both[0 if is_true else 1]
        assert value(diagrams, paired, assignment) == both
        assert value(diagrams, negated, assignment) is (not is_true)
    assert diagrams.negation(negated) == condition


@given(st.integers())
def test_what_is_asked_of_a_function_is_what_each_assignment_gives(seed: int) -> None:
    diagrams, random = Diagrams(WAYS, 10_000), Random(seed)
    condition, node = function(diagrams, random, [True, False]), function(diagrams, random, ["a", "b", "c"])
    given_by = {assignment: value(diagrams, node, assignment) for assignment in EVERY}
    true = [assignment for assignment in EVERY if value(diagrams, condition, assignment)]

    counts = diagrams.counts(node)

    ways = {assignment: prod(WAYS[n][v] for n, v in enumerate(assignment)) for assignment in EVERY}
    assert counts == {
        result: sum(ways[one] for one in EVERY if given_by[one] == result) for result in {*given_by.values()}
    }
    assert diagrams.results(node, {1: [0, 2]}) == {given_by[one] for one in EVERY if one[1] != 1}
    assert diagrams.results_where(condition, node) == {given_by[one] for one in true}
    matters = {
        n for one, other in product(EVERY, EVERY) for n in differing(one, other) if given_by[one] != given_by[other]
    }
    assert diagrams.variables([node]) == matters
    for result, assignment in diagrams.examples(node).items():
        assert diagrams.value(node, assignment) == result
    common = diagrams.common_example(condition, diagrams.translate(node, lambda result: result == "a"))
    assert (common is None) == (not any(given_by[one] == "a" for one in true))
    kept = diagrams.within(node, {1: range(1, 2)})
    assert all(value(diagrams, kept, one) == given_by[one[0], 1, *one[2:]] for one in EVERY)


def differing(one: tuple[int, ...], other: tuple[int, ...]) -> list[int]:
    """The variable in which two assignments differ, if it is one alone."""
    places = [place for place in range(len(one)) if one[place] != other[place]]
    return places if len(places) == 1 else []


def test_functions_that_are_equal_are_one_node() -> None:
    diagrams = Diagrams(WAYS, 100)

    assert diagrams.node(0, [TRUE, TRUE]) == TRUE
    assert diagrams.node(0, [TRUE, FALSE]) == diagrams.node(0, [TRUE, FALSE])
    assert diagrams.terminal(1) != TRUE


def test_more_nodes_than_are_allowed_are_refused() -> None:
    diagrams = Diagrams(WAYS, 2)
    diagrams.node(0, [TRUE, FALSE])
    diagrams.node(0, [FALSE, TRUE])

    with pytest.raises(TooLargeError):
        diagrams.node(3, [TRUE, FALSE])
