"""CPU of each page of the walk against bare Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

from tests.load.measure import Cost, Crowd, Load, Peer, compare
from tests.load.visitors import Addresses, Walk

ROUNDS = 11
TIMES = 200
"""Requests a round; every round asks for addresses that were not asked for before, as long as there are any."""
WARM_UP = 300
SECONDS = 10
"""After which three rounds must do: a busy machine takes longer for the same CPU time."""

PLAIN: dict[str, str] = {}
COMPRESSED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
"""As Chromium and Firefox ask."""
WITHOUT_ZSTD = {"Accept-Encoding": "gzip, deflate, br"}
"""As Safari asked for long."""
OTHER_TIMES = {"HX-Request": "true", "HX-Target": "times"}
"""How htmx asks for the times of another zone, clock or week."""


@dataclass(frozen=True)
class Kind:
    """One kind of page and the different addresses under which it was come across, in the order of the walks, with its
    budgets as it is and compressed.
    """

    name: str
    budget: float
    compressed: float
    addresses: Sequence[str]


def kinds(to: Addresses, walks: Sequence[Walk]) -> Iterator[Kind]:
    """The landing, each page of questions and the result, as they come in the walk and when they are come back to."""
    yield Kind("landing", 1.4, 1.6, ["/"])
    yield Kind("landing, come back to", 1.4, 1.6, _different([to.landing(walk.answers) for walk in walks]))
    for page in to.guide.pages:
        found = [to.page(page, step.before) for walk in walks for step in walk.steps if step.page is page]
        kind = "follow-up" if page.follow_up else "question"
        yield Kind(f"{kind} “{page.key}”", 1.6, 1.8, _different(found))
    changed = [to.page(step.page, walk.answers) for walk in walks for step in walk.steps]
    yield Kind("any question, come back to", 1.6, 1.8, _different(changed))
    yield Kind("result", 2.6, 3.0, _different([to.result(walk.answers) for walk in walks]))


def _different(addresses: Sequence[str]) -> list[str]:
    return list(islice(dict.fromkeys(addresses), WARM_UP + ROUNDS * TIMES))


def measured(
    site: Peer, bare: Peer, kind: Kind, *, headers: dict[str, str], rounds: int = ROUNDS, times: int = TIMES
) -> Cost:
    """What a page costs; the site is warmed up with addresses that are not measured, where there are enough."""
    with Crowd(site, headers) as visitors, Crowd(bare, headers) as others:
        page = Load(site, partial(_ask, visitors, cycle(kind.addresses)))
        hello = Load(bare, partial(_ask, others, cycle(["/"])))
        return compare(page, hello, rounds=rounds, times=times, warm_up=min(WARM_UP, 2 * times), seconds=SECONDS)


def _ask(crowd: Crowd, addresses: Iterator[str], times: int) -> None:
    crowd.ask(islice(addresses, times))
