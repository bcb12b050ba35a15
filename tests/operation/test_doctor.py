"""What the doctor finds, and what it says to do."""

import shutil
from collections import namedtuple
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from advisor.delivery import clock
from advisor.delivery.actions import send_mail
from advisor.delivery.models import ClockCheck
from advisor.environment import mailer
from advisor.operation import doctor
from advisor.operation.doctor import Finding, Level, examine
from tests.clock import NOW
from tests.delivery.smtp import MailServer
from tests.server import RunningSite, free_port, manage

pytestmark = pytest.mark.django_db

Usage = namedtuple("Usage", ["total", "used", "free"])


def found(subject: str, now: datetime = NOW) -> list[Finding]:
    return [finding for finding in examine(now) if finding.subject == subject]


def levels(subject: str, now: datetime = NOW) -> list[Level]:
    return [finding.level for finding in found(subject, now)]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where backups are."""
    settings.BACKUP_FOLDER = str(tmp_path)
    return tmp_path


def test_a_worker_that_noted_its_clock_lately_runs() -> None:
    ClockCheck.objects.create(pk=1, trusted_at=NOW - timedelta(minutes=2))

    assert levels("Worker") == [Level.GOOD]


def test_a_worker_that_stopped_is_a_fault_that_says_since_when() -> None:
    ClockCheck.objects.create(pk=1, trusted_at=NOW - timedelta(hours=2))

    (finding,) = found("Worker")
    assert finding.level is Level.FAULT
    assert finding.what.startswith("None has run since 27 November 2026, 10:00 UTC: no mail")
    assert finding.remedy.startswith("Start manage.py deliver")


def test_a_site_whose_worker_never_ran_says_so() -> None:
    (finding,) = found("Worker")

    assert finding.what.startswith("None has run so far")


def test_a_message_that_waits_for_long_is_a_warning() -> None:
    assert levels("Outbox") == [Level.GOOD]

    send_mail(key="one", about="x", to="ann@example.com", subject="s", text="t", html="", now=NOW - timedelta(hours=1))

    (finding,) = found("Outbox")
    assert (finding.level, finding.what) == (Level.WARNING, "1 message could not be sent, or not yet.")


@pytest.mark.parametrize(("apart", "level"), [(30, Level.GOOD), (121, Level.FAULT), (-121, Level.FAULT)])
def test_clocks_that_disagree_are_a_fault(monkeypatch: pytest.MonkeyPatch, apart: int, level: Level) -> None:
    monkeypatch.setattr(clock, "database_clock", lambda: NOW + timedelta(seconds=apart))

    (finding,) = found("Clock")
    assert (finding.level, finding.what) == (level, f"This machine and the database are {abs(apart)} seconds apart.")


def test_a_clock_in_doubt_is_a_fault() -> None:
    clock.check_clock(NOW)
    clock.check_clock(NOW + timedelta(days=3))

    assert levels("Clock") == [Level.FAULT]


def test_the_mail_server_is_asked_whether_it_lets_us_in(settings: Settings) -> None:
    with MailServer() as server:
        settings.MAILERS = {"default": mailer(server.url)}
        assert levels("Mail") == [Level.GOOD]
        assert server.asked == []
    (finding,) = found("Mail")
    assert (finding.level, finding.what) == (
        Level.FAULT,
        "The mail server does not let us in: ConnectionRefusedError.",
    )


def test_mail_into_files_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.MAILERS = {"default": mailer(f"filemail://{tmp_path}")}

    assert levels("Mail") == [Level.WARNING]


@pytest.mark.parametrize(("year", "level"), [(2027, Level.GOOD), (2028, Level.WARNING)])
def test_old_rules_of_time_zones_are_a_warning(monkeypatch: pytest.MonkeyPatch, year: int, level: Level) -> None:
    monkeypatch.setattr(doctor, "version", lambda _: "2026.6")

    assert levels("Time zones", NOW.replace(year=year)) == [level]


def test_a_database_that_is_away_is_a_fault_and_the_rest_is_said_all_the_same(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def fail() -> str:
        raise DatabaseError

    monkeypatch.setattr(doctor, "find_fault", fail)

    assert levels("Database") == [Level.FAULT]
    assert levels("Backup") == [Level.FAULT]


def test_a_site_that_does_not_answer_at_its_address_is_a_fault(settings: Settings) -> None:
    settings.SITE_URL = f"http://127.0.0.1:{free_port()}"

    (finding,) = found("Address")
    assert finding.level is Level.FAULT
    assert "/readyz does not answer" in finding.what


@pytest.mark.parametrize(
    ("free", "level"), [(3 * 1024**3, Level.GOOD), (1024**3, Level.WARNING), (100 * 1024**2, Level.FAULT)]
)
def test_a_disk_that_is_nearly_full_is_found(
    monkeypatch: pytest.MonkeyPatch, folder: Path, free: int, level: Level
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free))

    assert set(levels("Disk")) == {level}


@pytest.mark.parametrize(
    ("name", "level", "says"),
    [
        ("advisor-20261127T020000Z.sqlite3.gz.age", Level.GOOD, "27 November 2026, 02:00 UTC, 3 bytes, encrypted."),
        ("advisor-20261127T020000Z.pgdump", Level.WARNING, "3 bytes, not encrypted."),
        ("advisor-20261125T020000Z.pgdump.age", Level.FAULT, "The newest is of 25 November 2026"),
        (".unfinished", Level.FAULT, "There is none yet."),
    ],
)
def test_the_age_of_the_newest_backup_is_judged(folder: Path, name: str, level: Level, says: str) -> None:
    (folder / name).write_text("abc")

    (finding,) = found("Backup")
    assert finding.level is level
    assert says in finding.what.replace("\xa0", " ")


def test_a_site_without_backups_is_told_how_to_make_them(settings: Settings) -> None:
    settings.BACKUP_FOLDER = ""

    (finding,) = found("Backup")
    assert (finding.level, finding.remedy[:17]) == (Level.WARNING, "Set BACKUP_FOLDER")


def test_the_front_page_of_the_admin_says_that_there_is_no_backup(admin_client: Client, folder: Path) -> None:
    page = admin_client.get("/admin/").content.decode()

    assert "Backup: There is none yet. For whoever runs this site: Run manage.py backup" in page


def test_a_folder_that_cannot_be_read_is_a_fault_and_no_page_fails(
    admin_client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "disk_usage", refuse)

    page = admin_client.get("/admin/").content.decode()

    assert "cannot be read: Permission denied. For whoever runs this site: See that the folders" in page


def test_the_front_page_of_the_admin_says_nothing_of_what_is_good(admin_client: Client, folder: Path) -> None:
    (folder / "advisor-20261127T020000Z.pgdump.age").write_text("abc")

    assert "For whoever runs this site" not in admin_client.get("/admin/").content.decode()


def test_a_running_site_is_examined_by_the_command() -> None:
    with RunningSite(workers=1) as site, pytest.raises(RuntimeError) as error:
        manage("doctor", database=site.database, SITE_URL=site.url)

    said = str(error.value)
    assert "ok       Site: It can recommend." in said
    assert f"ok       Address: {site.url}/readyz says that the site is ready." in said
    assert "FAULT    Worker: None has run" in said
    assert "→ Start manage.py deliver" in said
