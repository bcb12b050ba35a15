"""The chores of each day: done once, by one of several workers, and again when they did not succeed."""

import logging
from datetime import datetime
from threading import Event

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from pytest_django import Settings

from advisor.delivery import chores, housekeeping
from advisor.delivery.chores import register
from advisor.delivery.housekeeping import AGAIN, Housekeeper, do_chores
from advisor.delivery.models import Chore
from tests.content.admin_pages import admin_list, read_admin
from tests.delivery.smtp import MailServer
from tests.delivery.writing import DAY, HOUR, NOON, SECOND, Clock, work_off, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_other_chores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "registered", {})
    monkeypatch.setattr(housekeeping, "registered", chores.registered)


class Dusting:
    """A chore that counts its days, and fails as long as it has troubles left."""

    def __init__(self, *troubles: Exception) -> None:
        self.done: list[datetime] = []
        self._troubles = list(troubles)

    def __call__(self, now: datetime) -> str:
        if self._troubles:
            raise self._troubles.pop(0)
        self.done.append(now)
        return "Dusted two shelves."


def do_at(now: datetime) -> None:
    do_chores(Clock(now))


def test_it_is_done_once_a_day_and_its_report_is_kept() -> None:
    dusting = Dusting()
    register("dusting", dusting)

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
    register("dusting", dusting, hour=15)

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

    register("dusting", both)

    do_at(NOON)

    assert dusting.done == [NOON]


def test_of_two_workers_that_come_together_one_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look of one and its row the other has made the row."""
    dusting = Dusting()
    register("dusting", dusting)
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
    register("dusting", dusting)
    Chore.objects.create(name="dusting", day=NOON.date(), began_at=NOON, again_at=NOON + AGAIN)

    do_at(NOON + AGAIN - SECOND)
    early = list(dusting.done)
    do_at(NOON + AGAIN)

    chore = Chore.objects.get()
    assert early == []
    assert (dusting.done, chore.attempts, chore.done_at) == ([NOON + AGAIN], 2, NOON + AGAIN)


@pytest.mark.parametrize("trouble", [OperationalError("the disk is full"), KeyError("a shelf")], ids=repr)
def test_one_that_fails_is_logged_kept_and_begun_again_and_the_next_is_done_all_the_same(
    caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    failing, next_one = Dusting(trouble), Dusting()
    register("dusting", failing)
    register("sweeping", next_one)

    with caplog.at_level(logging.INFO, "advisor.delivery"):
        do_at(NOON)
    kept = Chore.objects.get(name="dusting")
    do_at(NOON + AGAIN)

    assert kept.done_at is None
    assert kept.last_error == f"{type(trouble).__name__}: {trouble}"
    assert "dusting was not done" in caplog.text
    assert (failing.done, next_one.done) == ([NOON + AGAIN], [NOON])
    assert Chore.objects.get(name="dusting").last_error == ""


def test_of_what_the_database_says_no_values_of_rows_are_kept() -> None:
    said = IntegrityError("duplicate key\nDETAIL:  Key (email)=(asker@example.com) already exists.")
    register("dusting", Dusting(said))

    do_at(NOON)

    assert Chore.objects.get().last_error == "IntegrityError: duplicate key"


def test_no_mail_waits_for_a_chore_and_a_worker_that_stops_waits_for_it(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, ended = Event(), Event(), Event()

    def slow(clock: Clock) -> None:
        begun.set()
        go_on.wait(20)
        ended.set()

    monkeypatch.setattr(housekeeping, "do_chores", slow)
    write()

    with Housekeeper(clock=Clock()):
        assert begun.wait(20)
        work_off()
        sent = len(mail_server.received)
        go_on.set()

    assert sent == 1
    assert ended.is_set()


@pytest.mark.parametrize("group", ["sales", "owner"])
def test_staff_read_what_was_done_and_what_was_not(request: pytest.FixtureRequest, group: str) -> None:
    client: Client = request.getfixturevalue(group)
    register("dusting", Dusting())
    register("sweeping", Dusting(KeyError("a broom")))
    do_at(NOON)

    rows = read_admin(client, admin_list(Chore)).texts("table[@id='result_list']/tbody/tr")

    assert any("dusting" in row and "Done" in row and "Dusted two shelves." in row for row in rows)
    assert any("sweeping" in row and "Failed" in row and "a broom" in row for row in rows)


def test_the_front_page_names_what_was_not_done(sales: Client) -> None:
    register("dusting", Dusting(), hour=0)
    register("sweeping", Dusting(KeyError("a broom")), hour=0)
    do_chores()

    found = read_admin(sales, "/admin/").text("ul[@class='messagelist']")

    assert "“sweeping” was not done on" in found
    assert "dusting" not in found
