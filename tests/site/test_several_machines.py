"""Two machines with a worker each, one PostgreSQL, and the shipped proxy in front: one story, as starting it all takes
longest.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import pytest

from advisor.accounts.throttle import MAX_OF_NAME
from advisor.booking.admission import AT_ONCE_OF_NETWORK
from advisor.limits.stamps import stamp_of
from tests.delivery.smtp import MailServer
from tests.delivery.workers import running, start_worker
from tests.server import RunningSite, is_postgresql, new_database, wait_for
from tests.site.client import URLENCODED, Answer, OpenForm, ask, new_key, open_form
from tests.site.hosting import add_host, offered
from tests.site.shipped_proxy import HOST, Visitors, asked_all_the_while, needs_nginx, shipped_proxy
from tests.site.test_burst import LONG_AGO
from tests.site.walks import CTO, GUIDE

pytestmark = [
    needs_nginx,
    pytest.mark.skipif(not is_postgresql(), reason="Several machines share a PostgreSQL: set DATABASE_URL."),
]

WALK = [f"/{GUIDE}/", *map(CTO.at, CTO.pages), CTO.result, CTO.call]
LIVE = f"/{GUIDE}/result/?{CTO.query}"
HANDED_ON = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
"""What the proxy adds, for who asks a certain machine."""


@dataclass(frozen=True)
class Machines:
    """What runs."""

    first: RunningSite
    second: RunningSite
    workers: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]
    visitors: Visitors
    mail: MailServer

    @property
    def both(self) -> tuple[RunningSite, RunningSite]:
        return self.first, self.second

    def count(self, rows: str) -> int:
        ((number,),) = self.first.database.query(f"SELECT count(*) FROM {rows}")
        return int(number)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    database, settings = new_database(seeded=True), "tests.site.with_machines"
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer())
        first = stack.enter_context(RunningSite(settings_module=settings, database=database))
        second = stack.enter_context(RunningSite(settings_module=settings, database=database, workers=1))
        add_host(first)
        workers = start_worker(database, mail.url, tmp_path / "one"), start_worker(database, mail.url, tmp_path / "two")
        stack.enter_context(running(*workers))
        visitors = stack.enter_context(shipped_proxy(tmp_path, first, second))
        yield Machines(first, second, workers, visitors, mail)


def post(site: RunningSite, form: OpenForm, **fields: str) -> Answer:
    """What one machine answers to a form, wherever it was opened."""
    headers = form.headers() | HANDED_ON | {"Origin": f"https://{HOST}"}
    return ask(site, form.path, method="POST", headers=headers, body=urlencode(form.hidden | fields).encode())


def typed(form: OpenForm, number: int, slot: str) -> dict[str, str]:
    """What somebody typed who took their time."""
    key = new_key()
    email = f"founder-{number}@company-{number}.example.com"
    return form.filled(key=key, stamp=stamp_of(key, now=LONG_AGO), email=email, slot=slot, zone="UTC")


def edition_served(site: RunningSite) -> str:
    text = ask(site, LIVE, headers=HANDED_ON).text
    return "1" if "edition=1" in text else "2" if "edition=2" in text else text


def test_two_machines_are_one_site(machines: Machines) -> None:
    first, second = machines.both

    # What is published is live on both; no process of either goes back to what was before.
    assert [edition_served(site) for site in machines.both] == ["1", "1"]
    first.manage("publish", GUIDE)
    wait_for(lambda: {edition_served(site) for site in machines.both for _ in range(10)} == {"2"})

    # One dies while visitors walk, and nobody notices; what was opened there is sent to the other.
    form = open_form(second, CTO.call, HANDED_ON)
    times = offered(ask(first, f"{CTO.call}&zone=UTC", headers=HANDED_ON).text)
    with asked_all_the_while(machines.visitors, *WALK) as statuses:
        second.kill()
    assert set(statuses) == {200}
    origin = {"Origin": f"https://{HOST}"}
    body = urlencode(typed(form, 0, times[0])).encode()
    booked = machines.visitors.ask(form.path, method="POST", headers=form.headers(URLENCODED) | origin, body=body)
    assert (booked.status, "/thanks/" in booked.location) == (302, True)
    second.start()

    # Limits count across: of one network the first few are taken at once, whichever machine they come to.
    for number, site in zip(range(1, AT_ONCE_OF_NETWORK + 2), cycle(machines.both), strict=False):
        post(site, form, **typed(form, number, times[2 * number]))
    assert machines.count("booking_call") == 1 + AT_ONCE_OF_NETWORK
    assert machines.count("booking_intake WHERE state = 'waiting'") == 1

    # So do locks.
    door = open_form(first, "/admin/login/", HANDED_ON)
    failures = [
        post(site, door, username="chief", password="wrong").text
        for site, _ in zip(cycle(machines.both), range(MAX_OF_NAME), strict=False)
    ]
    refused = [post(site, door, username="chief", password="wrong").text for site in machines.both]
    assert ["too many attempts" in text for text in failures + refused] == [False] * MAX_OF_NAME + [True, True]

    # Both workers sent, nothing twice; then one is enough.
    everybody = {f"founder-{number}@company-{number}.example.com" for number in range(AT_ONCE_OF_NETWORK + 2)}
    wait_for(lambda: everybody <= set(machines.mail.recipients), seconds=30)
    machines.workers[0].kill()
    first.manage("shell", "--no-imports", "--command", MAIL)
    wait_for(lambda: "the-last@example.com" in machines.mail.recipients, seconds=30)
    identities = [mail["Message-ID"] for mail in machines.mail.received]
    assert len(identities) == len(set(identities))


MAIL = """
from django.utils import timezone
from advisor.delivery.actions import send_mail
send_mail(key="last", about="call 0", to="the-last@example.com", subject="x", text="x", html="", now=timezone.now())
"""
