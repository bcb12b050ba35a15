"""CPU of a whole journey, from the landing to the result, against the same journey through a form wizard."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice

from advisor.decision.recommendation import recommend
from tests.load.measure import Client, Cost, Load, Peer, Reply, compare
from tests.load.visitors import FRAGMENT, Addresses, Walk

ROUNDS = 7
TIMES = 20
"""Journeys a round."""
WARM_UP = 10
SECONDS = 25
"""After which three rounds must do: a busy machine takes longer for the same CPU time."""

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
MANAGEMENT = re.compile(r'name="(\w+-current_step)"')

Journey = Callable[[Client, Addresses, Walk], Reply]
"""Goes from the landing to the result and gives the last answer of the server."""


def plain(client: Client, to: Addresses, walk: Walk) -> Reply:
    """Through our site without scripts: each answer is sent, redirected, and the next page is shown whole."""
    client.get("/")
    reply = client.get(to.page(walk.steps[0].page, walk.steps[0].before))
    for step in walk.steps:
        reply = client.get(to.sent(step))
    return reply


def swapped(client: Client, to: Addresses, walk: Walk) -> Reply:
    """Through our site with htmx: each answer is sent, and the next page comes at once as a fragment."""
    client.get("/")
    reply = client.get(to.page(walk.steps[0].page, walk.steps[0].before))
    for step in walk.steps:
        reply = client.get(to.sent(step), FRAGMENT)
    return reply


def named_wizard(client: Client, to: Addresses, walk: Walk) -> Reply:
    """Through the wizard with an address for each step: each answer is a POST, redirected to the next step."""
    return _wizard(client, to, walk, f"/{walk.steps[0].page.key}/")


def direct_wizard(client: Client, to: Addresses, walk: Walk) -> Reply:
    """Through the wizard with one address: each answer is a POST, answered with the next step."""
    return _wizard(client, to, walk, "/direct/")


def _wizard(client: Client, to: Addresses, walk: Walk, start: str) -> Reply:
    client.get("/")
    reply = client.get(start)
    for step in walk.steps:
        data = [("csrfmiddlewaretoken", _found(TOKEN, reply)), (_found(MANAGEMENT, reply), step.page.key)]
        data += [(f"{step.page.key}-{name}", value) for name, value in to.fields(step)]
        reply = client.post(reply.address, data)
    return reply


def _found(pattern: re.Pattern[str], reply: Reply) -> str:
    found = pattern.search(reply.text)
    if found is None:
        raise RuntimeError(f"{pattern.pattern} is not in {reply.address}")
    return found[1]


def measured(ours: tuple[Peer, Journey], theirs: tuple[Peer, Journey], to: Addresses, walks: Sequence[Walk]) -> Cost:
    """What our journey costs against the other, for the same answers in the same order."""
    return compare(
        _load(*ours, to, walks), _load(*theirs, to, walks), rounds=ROUNDS, times=TIMES, warm_up=WARM_UP, seconds=SECONDS
    )


def size(site: Peer, journey: Journey, to: Addresses, walks: Sequence[Walk]) -> tuple[float, float]:
    """The requests and the bytes of pages that one journey takes, the mean of these walks."""
    requests = received = 0
    for walk in walks:
        with Client(site) as client:
            journey(client, to, walk)
            requests += client.requests
            received += client.received
    return requests / len(walks), received / len(walks)


def _load(site: Peer, journey: Journey, to: Addresses, walks: Sequence[Walk]) -> Load:
    return Load(site, partial(_travel, site, journey, to, cycle(walks)))


def _travel(site: Peer, journey: Journey, to: Addresses, walks: Iterator[Walk], times: int) -> None:
    for walk in islice(walks, times):
        with Client(site) as client:
            reply = journey(client, to, walk)
        outcome = recommend(to.guide, walk.answers).outcome.key
        if f'data-outcome="{outcome}"' not in reply.text:
            raise RuntimeError(f"{reply.address} does not show the outcome “{outcome}”.")
