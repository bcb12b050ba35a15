"""Four thousand votes by a script move a sum by next to nothing, and two hundred visitors all count."""

from collections.abc import Iterable
from itertools import cycle, islice

import pytest
from pytest_django import DjangoAssertNumQueries

from advisor.assessment.fit import Verdict
from advisor.assessment.visit import Visit, visit_with
from advisor.content.editions import LoadedEdition
from advisor.feedback.actions import say
from advisor.feedback.models import MAX_PER_HOUR, MAX_PER_NETWORK, Tally
from advisor.feedback.sums import sums
from advisor.limits.networks import NETWORK_BITS
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
from tests.decision.answer_sets import said

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

REAL, SCRIPTED = 200, 4_000
SIGNAL = "signal.messy-stack"


@pytest.fixture
def visits(published: LoadedEdition) -> list[Visit]:
    """Several answers that give the same reason for the same outcome: a script would try them all."""
    query = ANSWERS["fractional-cto"]
    more = ["fundraising", "first-vp-engineering", "directionless-team", "fundraising&signal=first-vp-engineering"]
    queries = [query, *(query.replace("signal=messy-stack", f"signal=messy-stack&signal={one}") for one in more)]
    found = [visit_with(published, said(one)) for one in queries]
    assert {visit.recommendation.outcome.key for visit in found} == {"fractional-cto"}
    assert len({visit.code for visit in found}) == 5
    return found


def vote(visits: Iterable[Visit], networks: Iterable[str], verdict: Verdict) -> None:
    for visit, network in zip(visits, networks, strict=False):
        say(visit=visit, network=network, verdicts={SIGNAL: verdict.value}, line="", now=NOW)


def networks(number: int, *, first: int = 0) -> list[str]:
    """So many networks, as ``wide_network_of`` names them."""
    assert NETWORK_BITS[4] == 24
    return [f"10.{one // 256}.{one % 256}.0/24" for one in range(first, first + number)]


def result_of() -> tuple[int, int]:
    (one,) = sums(guide=GUIDE, edition=1, since=None)["fractional-cto"]
    return one.fits, one.votes


def test_two_hundred_count_and_four_thousand_from_four_hundred_addresses_of_four_networks_are_twelve(
    visits: list[Visit],
) -> None:
    vote(cycle(visits), networks(REAL), Verdict.FITS)
    assert result_of() == (REAL, REAL)

    # A hundred addresses in each: which of them it was makes no difference.
    vote(cycle(visits), islice(cycle(networks(4, first=10_000)), SCRIPTED), Verdict.DOES_NOT)

    fits, votes = result_of()
    assert (fits, votes) == (REAL, REAL + 4 * MAX_PER_NETWORK)
    assert fits / votes > 0.94
    assert Tally.objects.get().not_counted > 0


def test_four_hundred_networks_are_bounded_by_the_hour(visits: list[Visit]) -> None:
    vote(cycle(visits), networks(400, first=10_000), Verdict.DOES_NOT)

    assert result_of() == (0, MAX_PER_HOUR)


def test_a_vote_takes_as_many_queries_whatever_was_said_before(
    visits: list[Visit], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    vote(visits, networks(5), Verdict.FITS)

    with django_assert_max_num_queries(8):
        vote(visits[:1], networks(1, first=20_000), Verdict.FITS)
