"""Bookings by the hundred while processes are killed with -9: no lead lost, no slot doubled, every mail sent.

Web processes and the worker of the outbox are killed in turn. ``SOAK=1000`` in the environment makes it a thousand
bookings; docs/booking.md has what that took.
"""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import pytest

from tests.delivery.smtp import MailServer
from tests.delivery.workers import let_leases_run_out, running, start_worker, stop
from tests.server import RunningSite, wait_for
from tests.site.client import OpenForm, ask, new_key, open_form
from tests.site.hosting import add_host, free
from tests.site.walks import CTO

BOOKINGS = int(os.environ.get("SOAK", "100"))
VISITORS = 6
BETWEEN_KILLS = 1.0
PATIENCE = 60
"""Seconds that a visitor goes on trying."""
TO_BOTH = 2
"""Mails of a booking that are due at once: one to the visitor, one to the host."""


@pytest.fixture
def hosted() -> Iterator[RunningSite]:
    with RunningSite() as running:
        for name in ("The host", "Another host"):
            add_host(running, name)
        yield running


def times(site: RunningSite, enough: int) -> list[str]:
    """The first so many times that are offered, week after week."""
    found = free(site)
    while len(found) < enough:
        found += [value for value in free(site, week=found[-1][:10]) if value > found[-1]]
    # The first ones may pass while it runs.
    return found[8 : 8 + enough]


def sent(site: RunningSite, form: OpenForm, fields: dict[str, str]) -> int:
    """The status of one attempt, 0 where no answer came."""
    try:
        with closing(HTTPConnection("127.0.0.1", site.port, timeout=20)) as connection:
            connection.request("POST", form.path, urlencode(form.filled(**fields)), form.headers())
            return connection.getresponse().status
    except (OSError, HTTPException):
        return 0


def book(site: RunningSite, form: OpenForm, number: int, slot: str) -> None:
    """Book a time; where no answer comes, the same form is sent again until there is one."""
    fields = {"key": new_key(), "email": f"asker-{number}@example.com", "slot": slot, "zone": "UTC"}
    deadline = time.monotonic() + PATIENCE
    while (status := sent(site, form, fields)) != 302:
        assert status in {0, 502, 503}, status
        assert time.monotonic() < deadline, "The site does not answer any more."
        time.sleep(0.05)


def mails(site: RunningSite) -> dict[str, str]:
    """Message-ID and state of each mail. Reminders are left out: whether one falls due meanwhile is up to the clock."""
    found = site.database.query("SELECT key, message_id, state FROM delivery_message")
    return {str(message_id): str(state) for key, message_id, state in found if "reminder" not in key}


def states(site: RunningSite) -> Counter[str]:
    """How many mails are in which state."""
    return Counter(mails(site).values())


def bookings(site: RunningSite) -> int:
    """How many calls were booked by now."""
    return int(site.database.query("SELECT count(*) FROM booking_call")[0][0])


def keep_killing(site: RunningSite, workers: list[subprocess.Popen[bytes]], url: str, log: Path, stop: Event) -> int:
    """Kills a web process or the worker of the outbox, one a second; how many. A killed worker is started again.

    It waits for a booking after each: on a busy machine a web process takes longer than a second to start, and none
    would ever answer.
    """
    kills, booked = 0, -1
    while not stop.wait(BETWEEN_KILLS):
        if (now_booked := bookings(site)) == booked:
            continue
        booked = now_booked
        if kills % 2:
            os.kill(random.choice(wait_for(site.worker_pids)), signal.SIGKILL)
        else:
            workers[-1].kill()
            workers[-1].wait()
            workers.append(start_worker(site.database, url, log))
        kills += 1
    return kills


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_while_processes_are_killed(hosted: RunningSite, tmp_path: Path) -> None:
    form, slots, log, done = open_form(hosted, CTO.call), times(hosted, BOOKINGS // 2), tmp_path / "log", Event()
    # Each time is there twice, as two hosts are.
    wanted = list(enumerate([*slots, *slots]))
    with MailServer() as server, ThreadPoolExecutor(VISITORS + 1) as threads:
        workers = [start_worker(hosted.database, server.url, log)]
        killer = threads.submit(keep_killing, hosted, workers, server.url, log, done)
        try:
            visitors = [threads.submit(book, hosted, form, number, slot) for number, slot in wanted]
            for visitor in visitors:
                visitor.result()
        finally:
            done.set()
            kills = killer.result()
            stop(workers[-1])
        # What a killed worker had in hand is taken up when its lease has run out.
        let_leases_run_out(hosted.database)
        workers.append(start_worker(hosted.database, server.url, log))
        with running(workers[-1]):
            wait_for(lambda: states(hosted).keys() == {"sent"}, seconds=BOOKINGS)
        due = mails(hosted)
        copies = Counter(name for mail in server.received if (name := str(mail["Message-ID"])) in due)

    calls = hosted.database.query("SELECT host_id, begins_at, count(*) FROM booking_call GROUP BY host_id, begins_at")
    leads = hosted.database.query("SELECT email, count(*) FROM leads_lead GROUP BY email")
    assert kills > 2
    assert sorted(leads) == sorted((f"asker-{number}@example.com", 1) for number, _ in wanted)
    assert len(calls) == len(wanted)
    assert {count for _, _, count in calls} == {1}
    assert states(hosted) == {"sent": TO_BOTH * len(wanted)}
    # Killed between sending and recording, a worker may have sent one mail more, by the same Message-ID.
    assert copies.keys() == due.keys()
    assert sum(copies.values()) - len(copies) <= len(workers)
    assert ask(hosted, "/readyz").status == 200
