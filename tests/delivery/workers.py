"""Real workers: processes of ``manage.py deliver`` on a database of their own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clock import CLOCK
from tests.environment import ROOT
from tests.server import Database, environment, manage

WRITE = """
from django.utils import timezone
from advisor.delivery.actions import send_mail
for number in range({count}):
    send_mail(
        key=f"call-{{number}}-confirmation-1", about=f"call {{number}}", to=f"visitor-{{number}}@example.com",
        subject="Your call is booked", text="See you then.", html="", now=timezone.now(),
    )
"""

TELL = """
from django.utils import timezone
from advisor.delivery.models import Endpoint, EventType
from advisor.delivery.webhooks.actions import tell_endpoints
Endpoint.objects.create(name="CRM", address="{address}", events=["lead.created"])
tell_endpoints(event=EventType.LEAD_CREATED, key="lead-7-created", about="lead 7", data=dict, now=timezone.now())
"""

LATER = """
from datetime import timedelta
from django.db.models import F
from advisor.delivery.models import Message
from advisor.delivery.outbox import LEASE_LENGTH
Message.objects.filter(lease_until__isnull=False).update(lease_until=F("lease_until") - LEASE_LENGTH)
"""


def write(database: Database, count: int) -> None:
    """Put so many messages into the outbox, to visitor-0@example.com and so on."""
    manage("shell", "--no-imports", "--command", WRITE.format(count=count), database=database)


def let_leases_run_out(database: Database) -> None:
    """As if five minutes had passed since they were taken."""
    manage("shell", "--no-imports", "--command", LATER, database=database)


def write_webhook(database: Database, address: str) -> None:
    """Put one webhook to this address into the outbox."""
    manage("shell", "--no-imports", "--command", TELL.format(address=address), database=database)


def start_worker(
    database: Database, email_url: str, log: Path, *arguments: str, **settings: str
) -> subprocess.Popen[bytes]:
    """A worker that sends to this server and writes into this log."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", "deliver", *arguments],
            cwd=ROOT,
            env=environment(
                database,
                clock=CLOCK,
                EMAIL_URL=email_url,
                DJANGO_SETTINGS_MODULE="tests.delivery.settings",
                **settings,
            ),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextmanager
def running(*workers: subprocess.Popen[bytes]) -> Iterator[None]:
    """Workers that are gone afterwards, whatever happens."""
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def stop(worker: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> int:
    """The exit status of a worker that was asked to stop."""
    worker.send_signal(number)
    return worker.wait(timeout=60)
