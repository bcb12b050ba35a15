"""Workers that are killed with -9 while forms arrive: what was confirmed is kept, and kept once.

``KILLS=200`` in the environment makes it two hundred; ``make torture`` does.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Event
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.server import RunningSite, wait_for
from tests.site.client import OpenForm, new_key, open_form
from tests.site.walks import CTO

KILLS = int(os.environ.get("KILLS", "30"))
BETWEEN_KILLS = 0.7
"""Seconds: a worker is back after half of one."""
LONGEST = 6 * KILLS
"""Seconds after which it ends, however few came through."""
VISITORS = 6
PATIENCE = 60
"""Seconds that a visitor goes on trying."""


@pytest.fixture
def own_site() -> Iterator[RunningSite]:
    with RunningSite() as running:
        yield running


def send(site: RunningSite, form: OpenForm, fields: dict[str, str]) -> int:
    """The status of one attempt, 0 where no answer came."""
    body = urlencode(form.filled(**fields))
    try:
        with closing(HTTPConnection("127.0.0.1", site.port, timeout=10)) as connection:
            connection.request("POST", form.path, body, form.headers())
            return connection.getresponse().status
    except (OSError, HTTPException):
        return 0


def keep_sending(
    site: RunningSite, form: OpenForm, stop: Event, key_for: Callable[[str], str], confirmed: list[str]
) -> None:
    """Adds the addresses of those who got their confirmation; whoever gets none tries again until there is one.

    ``key_for`` makes the key of an attempt from the visitor's first key. The first confirmation of the first
    form, and of every fifth from then on, is lost on its way, so that every visitor sends one again that was kept.
    """
    for turn in count():
        if stop.is_set():
            return
        email, first_key = f"{uuid4()}@example.com", new_key()
        loses_confirmation = turn % 5 == 0
        deadline = time.monotonic() + PATIENCE
        while (status := send(site, form, {"email": email, "key": key_for(first_key)})) != 302 or loses_confirmation:
            assert time.monotonic() < deadline, "The site does not answer any more."
            loses_confirmation = loses_confirmation and status != 302
            time.sleep(0.02)
        confirmed.append(email)


def send_while_killing(site: RunningSite, kills: int, key_for: Callable[[str], str]) -> tuple[list[str], int]:
    """The confirmed addresses, more than kills if the machine can, and how many workers were killed meanwhile.

    It waits for a confirmation after each kill: on a busy machine a worker takes longer than that to start, and none
    would ever answer.
    """
    confirmed: list[str] = []
    stop, killed, before, deadline = Event(), 0, 0, time.monotonic() + LONGEST
    forms = [open_form(site, CTO.call) for _ in range(VISITORS)]
    with ThreadPoolExecutor(VISITORS) as visitors:
        futures = [visitors.submit(keep_sending, site, form, stop, key_for, confirmed) for form in forms]
        try:
            while (killed < kills or len(confirmed) <= kills) and time.monotonic() < deadline:
                time.sleep(BETWEEN_KILLS)
                if killed < kills and len(confirmed) > before:
                    before = len(confirmed)
                    os.kill(random.choice(wait_for(site.worker_pids)), signal.SIGKILL)
                    killed += 1
        finally:
            stop.set()
        for future in futures:
            future.result()
    return confirmed, killed


def leads_by_address(site: RunningSite) -> Counter[str]:
    return Counter(dict(site.database.query("SELECT email, count(*) FROM leads_lead GROUP BY email")))


@pytest.mark.slow
def test_what_was_confirmed_is_kept_exactly_once_however_often_workers_are_killed(
    own_site: RunningSite, record_property: Callable[[str, object], None]
) -> None:
    confirmed, killed = send_while_killing(own_site, KILLS, lambda first_key: first_key)

    kept = leads_by_address(own_site)
    assert killed == KILLS
    assert len(confirmed) > KILLS
    assert {email: kept[email] for email in confirmed if kept[email] != 1} == {}
    assert len(kept) == len(confirmed)
    # For the report of ``make torture``.
    record_property("kills", killed)
    record_property("leads confirmed, none lost or doubled", len(confirmed))


@pytest.mark.slow
def test_a_lead_that_was_doubled_would_be_noticed(own_site: RunningSite) -> None:
    confirmed, _ = send_while_killing(own_site, 5, lambda _: new_key())

    kept = leads_by_address(own_site)
    assert any(kept[email] > 1 for email in confirmed)
