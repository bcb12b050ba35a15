"""Who is given the next lead or call."""

from advisor.leads.assignment import least_loaded


def test_the_one_with_the_least_for_their_weight_is_next() -> None:
    weights = {"ann": 1, "ben": 3}

    assert least_loaded({1: "ann", 2: "ben"}, {1: 1, 2: 3}, weight=weights.__getitem__) == "ben"
    assert least_loaded({1: "ann", 2: "ben"}, {2: 6}, weight=weights.__getitem__) == "ann"


def test_among_equals_the_first_is_next() -> None:
    assert least_loaded({7: "ann", 3: "ben"}, {}) == "ann"
