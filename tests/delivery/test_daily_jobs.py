"""Daily jobs: each runs once a day, on one of several workers, and again if it failed."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from pytest_django import Settings

from advisor.delivery import job_runner
from advisor.delivery.daily_jobs import DEFAULT_HOUR, DailyJob
from advisor.delivery.job_runner import RETRY_DELAY, JobRunner, run_due_jobs
from advisor.delivery.models import Chore
from tests.content.admin_pages import admin_list, read_admin
from tests.delivery.smtp import MailServer
from tests.delivery.writing import DAY, HOUR, NOON, SECOND, Clock, send_due, write

pytestmark = pytest.mark.django_db


jobs: list[DailyJob] = []
"""The only ones in these tests."""


@pytest.fixture(autouse=True)
def _no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.clear()
    monkeypatch.setattr(job_runner, "daily_jobs", lambda: jobs)


def add_job(name: str, run: Callable[[datetime], str], *, hour: int = DEFAULT_HOUR) -> None:
    jobs.append(DailyJob(name, run, hour))


class Dusting:
    """A job that counts its days, and fails as long as it has troubles left."""

    def __init__(self, *troubles: Exception) -> None:
        self.done: list[datetime] = []
        self._troubles = list(troubles)

    def __call__(self, now: datetime) -> str:
        if self._troubles:
            raise self._troubles.pop(0)
        self.done.append(now)
        return "Dusted two shelves."


def do_at(now: datetime) -> None:
    run_due_jobs(Clock(now))


def test_it_is_done_once_a_day_and_its_report_is_kept() -> None:
    dusting = Dusting()
    add_job("dusting", dusting)

    for now in (NOON, NOON + HOUR, NOON + DAY):
        do_at(now)

    assert dusting.done == [NOON, NOON + DAY]
    assert list(Chore.objects.values_list("day", "report", "done_at", "again_at", "attempts")) == [
        ((NOON + DAY).date(), "Dusted two shelves.", NOON + DAY, None, 1),
        (NOON.date(), "Dusted two shelves.", NOON, None, 1),
    ]


def test_it_is_not_done_before_its_hour_by_the_clock_of_the_settings(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Riga"
    dusting = Dusting()
    add_job("dusting", dusting, hour=15)

    do_at(NOON + HOUR - SECOND)
    early = list(dusting.done)
    do_at(NOON + HOUR)

    assert early == []
    assert dusting.done == [NOON + HOUR]


def test_what_another_worker_has_in_hand_is_left_to_it() -> None:
    dusting = Dusting()

    def both(now: datetime) -> str:
        do_at(now)
        return dusting(now)

    add_job("dusting", both)

    do_at(NOON)

    assert dusting.done == [NOON]


def test_of_two_workers_that_come_together_one_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look of one and its row the other has made the row."""
    dusting = Dusting()
    add_job("dusting", dusting)
    make = Chore.objects.create

    def make_late(**fields: object) -> Chore:
        monkeypatch.setattr(Chore.objects, "create", make)
        make(**fields)
        return make(**fields)

    monkeypatch.setattr(Chore.objects, "create", make_late)

    do_at(NOON)

    assert dusting.done == []


def test_what_a_dead_worker_had_in_hand_is_taken_up_an_hour_later() -> None:
    dusting = Dusting()
    add_job("dusting", dusting)
    Chore.objects.create(name="dusting", day=NOON.date(), began_at=NOON, again_at=NOON + RETRY_DELAY)

    do_at(NOON + RETRY_DELAY - SECOND)
    early = list(dusting.done)
    do_at(NOON + RETRY_DELAY)

    chore = Chore.objects.get()
    assert early == []
    assert (dusting.done, chore.attempts, chore.done_at) == ([NOON + RETRY_DELAY], 2, NOON + RETRY_DELAY)


@pytest.mark.parametrize("trouble", [OperationalError("the disk is full"), KeyError("a edition cache")], ids=repr)
def test_one_that_fails_is_logged_kept_and_begun_again_and_the_next_is_done_all_the_same(
    caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    failing, next_one = Dusting(trouble), Dusting()
    add_job("dusting", failing)
    add_job("sweeping", next_one)

    with caplog.at_level(logging.INFO, "advisor.delivery"):
        do_at(NOON)
    kept = Chore.objects.get(name="dusting")
    do_at(NOON + RETRY_DELAY)

    assert kept.done_at is None
    assert kept.last_error == f"{type(trouble).__name__}: {trouble}"
    assert "dusting was not done" in caplog.text
    assert (failing.done, next_one.done) == ([NOON + RETRY_DELAY], [NOON])
    assert Chore.objects.get(name="dusting").last_error == ""


def test_of_what_the_database_says_no_values_of_rows_are_kept() -> None:
    said = IntegrityError("duplicate key\nDETAIL:  Key (email)=(asker@example.com) already exists.")
    add_job("dusting", Dusting(said))

    do_at(NOON)

    assert Chore.objects.get().last_error == "IntegrityError: duplicate key"


def test_no_mail_waits_for_a_daily_job_and_a_worker_that_stops_waits_for_it(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, ended = Event(), Event(), Event()

    def slow(clock: Clock) -> None:
        begun.set()
        go_on.wait(20)
        ended.set()

    monkeypatch.setattr(job_runner, "run_due_jobs", slow)
    write()

    with JobRunner(clock=Clock()):
        assert begun.wait(20)
        send_due()
        sent = len(mail_server.received)
        go_on.set()

    assert sent == 1
    assert ended.is_set()


@pytest.mark.parametrize("group", ["sales", "owner"])
def test_staff_read_what_was_done_and_what_was_not(request: pytest.FixtureRequest, group: str) -> None:
    client: Client = request.getfixturevalue(group)
    add_job("dusting", Dusting())
    add_job("sweeping", Dusting(KeyError("a broom")))
    do_at(NOON)

    rows = read_admin(client, admin_list(Chore)).texts("table[@id='result_list']/tbody/tr")

    assert any("dusting" in row and "Done" in row and "Dusted two shelves." in row for row in rows)
    assert any("sweeping" in row and "Failed" in row and "a broom" in row for row in rows)


def test_the_front_page_names_what_was_not_done(sales: Client) -> None:
    add_job("dusting", Dusting(), hour=0)
    add_job("sweeping", Dusting(KeyError("a broom")), hour=0)
    run_due_jobs()

    found = read_admin(sales, "/admin/").text("ul[@class='messagelist']")

    assert "“sweeping” was not done on" in found
    assert "dusting" not in found
