"""What can be measured inside this process: the decision, and the queries of each page."""

import timeit
from collections.abc import Sequence
from functools import partial
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide
from advisor.decision.proof import prove
from advisor.decision.recommendation import recommend
from tests.load.visitors import FRAGMENT, Addresses, Walk


def recommend_seconds(guide: Guide, walks: Sequence[Walk], *, parts: Sequence[str]) -> float:
    """The median over these walks of the best time of ``recommend()`` with these parts of what it finds."""

    def recommend_to(answers: Answers) -> None:
        recommendation = recommend(guide, answers)
        for part in parts:
            getattr(recommendation, part)

    return median(min(timeit.repeat(partial(recommend_to, walk.answers), number=10, repeat=5)) / 10 for walk in walks)


def proof_seconds(guide: Guide) -> float:
    """The median of five proofs of a guide."""
    return median(timeit.repeat(partial(prove, guide), number=1, repeat=5))


def most_queries(to: Addresses, walks: Sequence[Walk]) -> int:
    """The most queries that any page of these walks makes with the edition in memory, as a page and as a fragment."""
    addresses = {"/"}
    for walk in walks:
        addresses |= {to.landing(walk.answers), to.result(walk.answers)}
        for step in walk.steps:
            page, sent = to.page(step.page, step.before), to.sent(step)
            # Sent with nothing chosen, it comes back with an error.
            addresses |= {page, sent, f"{page}&asked={step.page.key}", to.page(step.page, walk.answers)}
    client = Client(SERVER_NAME="localhost")
    return max(_queries(client, address, headers) for address in sorted(addresses) for headers in ({}, FRAGMENT))


def _queries(client: Client, address: str, headers: dict[str, str]) -> int:
    """The queries of one page. Every two seconds a process looks for newer editions; the better of two tries in a
    row, some milliseconds apart, is without that look."""
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address, headers=headers)
        if response.status_code not in {200, 302}:
            raise RuntimeError(f"{address} was answered with {response.status_code}.")
        counts.append(len(queries))
    return min(counts)
