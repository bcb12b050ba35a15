"""Uses are counted up to a bound, for each of whom they are counted of, and anew in the next hour or day."""

from datetime import timedelta

import pytest
from django.db import transaction

from advisor.limits.actions import DAY, HOUR, Bound, BoundReachedError, count_use, mark_of, uses
from advisor.limits.data_policy import HOW_OFTEN
from advisor.limits.models import Usage
from tests.clock import NOW

pytestmark = pytest.mark.django_db

OF_NETWORK = Bound("call of network", 3, DAY, "203.0.113.0/24")
IN_ALL = Bound("call", 4, HOUR)


def test_no_more_uses_are_taken_than_the_bound_says() -> None:
    assert [count_use([OF_NETWORK], now=NOW) for _ in range(3)] == [[1], [2], [3]]

    with pytest.raises(BoundReachedError) as reached:
        count_use([OF_NETWORK], now=NOW)

    assert reached.value.bound == OF_NETWORK
    assert uses(OF_NETWORK, now=NOW) == 3


def test_each_network_has_its_own_number_and_all_together_have_one() -> None:
    others = [Bound(OF_NETWORK.what, 3, DAY, f"198.51.{number}.0/24") for number in range(4)]

    assert [count_use([other, IN_ALL], now=NOW) for other in others] == [[1, 1], [1, 2], [1, 3], [1, 4]]

    with pytest.raises(BoundReachedError) as reached:
        count_use([OF_NETWORK, IN_ALL], now=NOW)
    assert reached.value.bound == IN_ALL


def test_what_is_rolled_back_does_not_count() -> None:
    for _ in range(4):
        count_use([IN_ALL], now=NOW)

    with pytest.raises(BoundReachedError), transaction.atomic():
        count_use([OF_NETWORK, IN_ALL], now=NOW)

    assert uses(OF_NETWORK, now=NOW) == 0


@pytest.mark.parametrize(("bound", "span"), [(OF_NETWORK, timedelta(days=1)), (IN_ALL, timedelta(hours=1))])
def test_the_next_span_begins_anew(bound: Bound, span: timedelta) -> None:
    for _ in range(bound.most):
        count_use([bound], now=NOW)

    assert count_use([bound], now=NOW + span) == [1]


def test_neither_a_network_nor_an_address_can_be_read_from_what_is_kept() -> None:
    count_use([OF_NETWORK, Bound("call of address", 3, DAY, "asker@example.com")], now=NOW)

    for row in Usage.objects.values():
        assert "203" not in row["mark"]
        assert "asker" not in row["mark"]
    assert mark_of("call of address", "Asker@Example.com") == mark_of("call of address", "asker@example.com")
    assert mark_of("call of address", "203.0.113.0/24") != mark_of("call of network", "203.0.113.0/24")


def test_counts_go_the_day_after() -> None:
    count_use([OF_NETWORK], now=NOW)
    (rule,) = HOW_OFTEN.rules

    assert not rule.due(rule.cutoff(NOW)).exists()
    assert rule.remove(rule.due(rule.cutoff(NOW + timedelta(days=2)))) == 1
