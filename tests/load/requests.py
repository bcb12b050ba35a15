"""CPU of a request for a call against bare Django: the lead, the call and the mails that are queued."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import count
from urllib.parse import urljoin

from tests.load.measure import Client, Cost, Load, Peer, Reply, compare
from tests.load.visitors import Addresses, Walk

ROUNDS = 3
TIMES = 20
"""Requests a round; each needs a time that nobody has."""
WARM_UP = 5

DOUBLE = """
from django.contrib.auth import get_user_model
from advisor.booking.models import Host, new_token
for host in list(Host.objects.all()):
    windows = list(host.windows.all())
    user = get_user_model().objects.create(username=f"{host.user.username}-ii")
    host.pk, host.user, host.name, host.feed_token = None, user, f"{host.name} II", new_token()
    host._state.adding = True
    host.save()
    for window in windows:
        window.pk, window.host = None, host
        window.save()
"""
"""Makes as many hosts again, each with the hours of another."""

HIDDEN = re.compile(r'<input type="hidden" name="(stamp|csrfmiddlewaretoken)" value="([^"]*)"')
SLOT = re.compile(r'name="slot" value="([0-9TZ:-]+)"')
LATER = re.compile(r'<a href="([^"]+)"[^>]*>Next week')


def measured(site: Peer, bare: Peer, to: Addresses, walk: Walk) -> Cost:
    """What one request costs that is stored and answered with a redirect."""
    address = to.call(walk.answers)
    with Client(site) as visitor, Client(bare) as other:
        page = visitor.get(address)
        slots, fields = iter([*_slots(visitor, page)]), dict(HIDDEN.findall(page.text))
        send = partial(_send, visitor, address, fields, slots, count())
        return compare(
            Load(site, send),
            Load(bare, partial(_hello, other)),
            rounds=ROUNDS,
            times=TIMES,
            warm_up=WARM_UP,
            seconds=10,
        )


def _slots(visitor: Client, page: Reply) -> Iterator[str]:
    """Free times, far enough from each other that none takes away another."""
    while True:
        yield from list(dict.fromkeys(SLOT.findall(page.text)))[::4]
        later = LATER.search(page.text)
        if not later:
            return
        page = visitor.get(urljoin(page.address, later[1].replace("&amp;", "&")))


def _send(
    visitor: Client, address: str, fields: dict[str, str], slots: Iterator[str], numbers: Iterator[int], times: int
) -> None:
    for _ in range(times):
        number = next(numbers)
        asked = {
            "key": f"bench-{number:08}",
            "name": "The Asker",
            "email": f"asker-{number}@example.com",
            "company": "Engines Ltd",
            "phone": "+371 2000 0000",
            "consent": "on",
            "slot": next(slots),
            "zone": "Europe/Riga",
        }
        reply = visitor.send(address, [*(fields | asked).items()])
        if reply.status != 302:
            raise RuntimeError(f"A request for a call was answered with {reply.status}:\n{reply.text[:2000]}")
    visitor.rest()


def _hello(other: Client, times: int) -> None:
    for _ in range(times):
        other.get("/")
    other.rest()
