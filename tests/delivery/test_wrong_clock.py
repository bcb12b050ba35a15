"""What a worker does beside removing while its clock is wrong: no reminder, no digest, no endpoint is lost to it."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth import get_user_model

from advisor.delivery.job_runner import run_due_jobs
from advisor.delivery.models import Endpoint, EventType, Message, State
from advisor.delivery.outbox import LEASE_LENGTH, MAX_TIME_AHEAD, claim
from advisor.delivery.worker import Worker
from advisor.leads.models import Frequency, Lead, LeadAlert
from tests.clock import CLOCK, RunningClock
from tests.delivery.smtp import MailServer
from tests.delivery.workers import running, stop
from tests.delivery.writing import DAY, HOUR, MINUTE, NOON, SECOND, Clock, write
from tests.environment import ROOT
from tests.server import Database, environment, manage, new_database, wait_for

YEAR = 365 * DAY
WRONG = NOON + 3 * YEAR


class OneRound:
    """A worker that looks once, at that time, as it does every second."""

    def __init__(self, *times: datetime) -> None:
        self.clock = Clock(times[0])
        self._later = list(times[1:])
        self.worker = Worker(clock=self.clock, rest=self._rest, dice=Random(1))
        self.worker.run()

    def _rest(self, seconds: float) -> None:
        if self._later:
            self.clock.now = self._later.pop(0)
        else:
            self.worker.stop()


def reminder() -> Message:
    return write(subject="In an hour", due_at=NOON + 6 * DAY, expires_at=NOON + 7 * DAY)


@pytest.mark.django_db
def test_reminders_are_neither_sent_nor_dropped_and_what_is_due_at_any_time_goes_out(mail_server: MailServer) -> None:
    waits, goes = reminder(), write(to="now@example.com")

    OneRound(WRONG)

    waits.refresh_from_db()
    goes.refresh_from_db()
    assert (waits.state, waits.attempts) == (State.WAITING, 0)
    assert goes.state == State.SENT
    assert mail_server.recipients == ["now@example.com"]


@pytest.mark.django_db
def test_a_clock_that_jumps_while_the_worker_runs_is_noticed_at_once(mail_server: MailServer) -> None:
    waits = reminder()

    OneRound(NOON, NOON + SECOND, WRONG)

    waits.refresh_from_db()
    assert (waits.state, mail_server.recipients) == (State.WAITING, [])


@pytest.mark.django_db
def test_it_goes_on_by_itself_when_the_clock_is_right_again(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    reminder()
    write(now=NOON + 6 * DAY, due_at=NOON + 9 * DAY, expires_at=NOON + 10 * DAY)

    with caplog.at_level(logging.INFO, "advisor.delivery.worker"):
        OneRound(WRONG, WRONG + SECOND, NOON + 6 * DAY, NOON + 6 * DAY + SECOND)

    said = [line for line in caplog.messages if "clock" in line or "Reminders" in line]
    assert mail_server.recipients == ["visitor@example.com"]
    assert len(said) == 2
    assert said[1] == "The clock is trusted again"


@pytest.mark.django_db
def test_an_endpoint_is_not_given_up_for_having_failed_for_years() -> None:
    endpoint = Endpoint.objects.create(name="CRM", address="https://8.8.8.8/", events=[EventType.LEAD_CREATED])
    Endpoint.objects.update(failures=10, failing_since=NOON - HOUR)
    message = write()
    Message.objects.update(channel="webhook", to="", endpoint=endpoint)

    OneRound(WRONG)

    message.refresh_from_db()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, message.attempts) == (True, 0)


@pytest.mark.django_db
def test_what_another_worker_has_in_hand_is_left_to_it() -> None:
    message = write()
    claim(worker="another", now=NOON)

    OneRound(WRONG)

    message.refresh_from_db()
    assert (message.leased_by, message.attempts) == ("another", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [3 * YEAR, -3 * YEAR], ids=str)
def test_no_daily_mail_tells_of_the_wrong_days(lead: Lead, wrong: timedelta) -> None:
    user = get_user_model().objects.create(
        username="daily", email="daily@example.com", is_staff=True, is_superuser=True
    )
    alert = LeadAlert.objects.create(user=user, frequency=Frequency.DAILY, notified_until=NOON - DAY)
    Lead.objects.update(requested_at=NOON, consented_at=NOON)
    Message.objects.update(created_at=NOON)

    run_due_jobs(Clock(NOON + wrong))

    alert.refresh_from_db()
    assert alert.notified_until == NOON - DAY
    assert not Message.objects.filter(key__startswith="digest").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"leased_by": "gone", "lease_until": WRONG + LEASE_LENGTH},
        {"attempts": 1, "due_at": WRONG + MINUTE, "last_error": "451"},
    ],
    ids=["in hand for years", "to be tried again in years"],
)
def test_what_a_wrong_clock_put_off_for_years_is_taken_up_by_the_right_one(fields: dict[str, object]) -> None:
    message = write()
    Message.objects.update(**fields)

    taken = claim(worker="next", now=NOON)

    assert taken == message


@pytest.mark.django_db
def test_what_is_put_off_as_usual_waits() -> None:
    retried, planned = write(due_at=NOON + MAX_TIME_AHEAD), write(due_at=NOON + MAX_TIME_AHEAD + DAY)
    Message.objects.filter(pk=retried.pk).update(attempts=1, last_error="451")

    assert claim(worker="next", now=NOON) is None
    assert planned.attempts == 0


LEADS = """
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from tests.leads.asking import ask
lead = ask(Client(SERVER_NAME="127.0.0.1"))
for number in range({number} - 1):
    lead.pk, lead.requested_at = None, timezone.now() - timedelta(days=300)
    lead.consented_at = lead.requested_at
    lead.save(force_insert=True)
"""

COUNT = "SELECT count(*) FROM leads_lead"
HELD = "SELECT number, reason FROM delivery_heldremoval WHERE ended_at IS NULL"
DONE = "SELECT count(*) FROM delivery_chore WHERE done_at IS NOT NULL"


@pytest.fixture
def database() -> Iterator[Database]:
    made = new_database(seeded=True)
    yield made
    made.drop()


def start(database: Database, log: Path, apart: timedelta, *arguments: str) -> subprocess.Popen[bytes]:
    """A process of ``manage.py`` whose clock is so far from the one of the site."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.delivery.settings"}
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(database, clock=RunningClock(CLOCK.now() + apart), **settings),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@pytest.mark.slow
@pytest.mark.parametrize("years", [3, -3])
def test_a_worker_years_off_leaves_every_lead(database: Database, tmp_path: Path, years: int) -> None:
    manage("shell", "--no-imports", "--command", LEADS.format(number=60), database=database)
    log = tmp_path / "log"

    worker = start(database, log, years * YEAR, "deliver")
    with running(worker):
        wait_for(lambda: "The clock of this machine says" in log.read_text(), seconds=60)
        wait_for(lambda: years < 0 or database.query(HELD), seconds=60)
        status = stop(worker)

    assert status == 0
    assert database.query(COUNT) == [(60,)]
    assert database.query(DONE) == [(0,)]
    if years > 0:
        ((number, reason),) = database.query(HELD)
        assert number >= 60
        assert "The clock of this machine says" in reason


@pytest.mark.slow
@pytest.mark.parametrize("hours", [1, -1])
def test_an_hour_off_is_not_worth_a_word(database: Database, tmp_path: Path, hours: int) -> None:
    manage("shell", "--no-imports", "--command", LEADS.format(number=3), database=database)
    log = tmp_path / "log"

    process = start(database, log, hours * HOUR, "retention")
    status = process.wait(timeout=60)

    assert status == 0
    assert "0 were removed for good." in log.read_text()
    assert database.query(HELD) == []
