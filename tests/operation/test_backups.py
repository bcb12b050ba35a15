"""Backups of a database in use, and what comes back from them: on whichever database the run has."""

import gzip
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tests.clock import NOW, RunningClock
from tests.server import Database, demonstrated_database, empty_database, is_postgresql, manage

SUFFIX = "pgdump" if is_postgresql() else "sqlite3.gz"
TABLES = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    if is_postgresql()
    else "SELECT name FROM sqlite_master WHERE type = 'table'"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Path]]:
    """A database in use that stays as it is, and a backup of it."""
    database = demonstrated_database()
    yield database, back_up(database, tmp_path_factory.mktemp("made"))
    database.drop()


@pytest.fixture
def used() -> Iterator[Database]:
    """A database with leads, calls, messages and steps."""
    database = demonstrated_database()
    yield database
    database.drop()


@pytest.fixture
def other() -> Iterator[Database]:
    """A new installation, whose database has no table yet."""
    database = empty_database()
    yield database
    database.drop()


def contents(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables."""
    return {
        str(table): sorted(map(repr, database.query(f'SELECT * FROM "{table}"'))) for (table,) in database.query(TABLES)
    }


def count(database: Database, table: str) -> int:
    ((number,),) = database.query(f"SELECT count(*) FROM {table}")
    return int(number)


def back_up(database: Database, folder: Path, *, recipient: str = "") -> Path:
    """Where the new backup is."""
    said = manage("backup", database=database, BACKUP_FOLDER=str(folder), BACKUP_RECIPIENT=recipient)
    return Path(said.partition(" (")[0])


def run_worker(database: Database, folder: Path | str) -> None:
    """Have the worker do what is due. A database server does not hear of the time that tests state."""
    manage(
        *("deliver", "--once"),
        database=database,
        BACKUP_FOLDER=str(folder),
        DJANGO_SETTINGS_MODULE="tests.delivery.settings",
    )


def erase_person(database: Database) -> int:
    """Have a member of staff erase the person of the first lead, as the admin does; the key of the person."""
    ((person,),) = database.query("SELECT person_id FROM leads_lead ORDER BY id LIMIT 1")
    script = (
        "from django.utils import timezone; from django.contrib.auth.models import User; "
        "from advisor.leads.models import Person; from advisor.leads.privacy import erase; "
        f"erase(subject=Person.objects.get(pk={person}), by=User.objects.first(), now=timezone.now())"
    )
    manage("shell", "--command", script, database=database)
    return int(person)


def test_what_is_restored_into_a_new_installation_is_what_was_backed_up(
    made: tuple[Database, Path], other: Database
) -> None:
    used, path = made
    before = contents(used)

    said = manage("restore", str(path), database=other)

    assert re.fullmatch(rf"advisor-20261127T12\d{{4}}Z\.{SUFFIX}", path.name)
    assert "The database is as it was on 27 November 2026 at 12:" in said
    after = contents(other)
    assert {table: rows for table, rows in after.items() if rows != before[table]}.keys() <= {"delivery_message"}
    assert before.keys() == after.keys()
    assert count(other, "leads_lead") > 10


def test_the_guards_of_the_database_come_back_with_it(made: tuple[Database, Path], other: Database) -> None:
    manage("restore", str(made[1]), database=other)

    with pytest.raises(RuntimeError, match=r"cannot be changed|edition"):
        manage(
            *("shell", "--command"),
            "from advisor.content.models import Edition; Edition.objects.update(number=9)",
            database=other,
        )


def test_a_backup_is_readable_by_its_owner_only(made: tuple[Database, Path]) -> None:
    _, path = made

    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_whoever_was_erased_after_a_backup_is_erased_again(used: Database, folder: Path) -> None:
    path = back_up(used, folder)
    people = count(used, "leads_person")
    gone = erase_person(used)

    said = manage("restore", str(path), "--replace", database=used, clock=RunningClock(NOW + timedelta(hours=1)))

    assert "Erased again, as they were erased since: 1." in said
    assert used.query("SELECT count(*) FROM leads_person WHERE id = ?", gone) == [(0,)]
    assert count(used, "leads_person") == people - 1


def test_whoever_was_erased_is_erased_again_though_the_database_is_lost(
    used: Database, other: Database, folder: Path
) -> None:
    path = back_up(used, folder)
    gone = erase_person(used)
    run_worker(used, folder)

    manage("restore", str(path), database=other)

    assert (folder / "erased.json").exists()
    assert other.query("SELECT count(*) FROM leads_person WHERE id = ?", gone) == [(0,)]
    assert other.query("SELECT count(*) FROM leads_lead WHERE person_id = ?", gone) == [(0,)]


def test_whose_key_was_erased_before_the_backup_stays(used: Database, other: Database, folder: Path) -> None:
    """It may be another person's by then, where an older backup was restored in between."""
    folder.mkdir()
    ((person,),) = used.query("SELECT max(id) FROM leads_person")
    (folder / "erased.json").write_text(f'[{{"at":"2026-11-20T00:00:00Z","kind":"person","key":{person}}}]')

    manage("restore", str(back_up(used, folder)), database=other)

    assert other.query("SELECT count(*) FROM leads_person WHERE id = ?", person) == [(1,)]


def test_a_damaged_list_of_the_erased_stops_a_restore_and_is_made_anew_by_the_worker(
    used: Database, other: Database, folder: Path
) -> None:
    path = back_up(used, folder)
    erase_person(used)
    (folder / "erased.json").write_text('[{"at":"2026-11')

    with pytest.raises(RuntimeError, match=r"erased\.json beside the backup is damaged"):
        manage("restore", str(path), database=other)
    run_worker(used, folder)

    assert other.query(TABLES) == []
    assert '"person"' in (folder / "erased.json").read_text()
    assert (folder / "erased.json.damaged").read_text() == '[{"at":"2026-11'


def test_a_restore_says_where_the_list_of_the_erased_is_missing(made: tuple[Database, Path], other: Database) -> None:
    assert "There is no erased.json beside the backup" in manage("restore", str(made[1]), database=other)


def test_what_was_due_is_not_sent_twice(used: Database, other: Database, folder: Path) -> None:
    due = "SELECT count(*) FROM delivery_message WHERE state = 'waiting' AND due_at < '2026-11-27 13:00:00'"
    script = (
        "from django.utils import timezone; from advisor.delivery.actions import send_mail; "
        "send_mail(key='k', about='a', to='ann@example.com', subject='s', text='t', html='', now=timezone.now())"
    )
    manage("shell", "--command", script, database=used)
    assert used.query(due) != [(0,)]

    manage("restore", str(back_up(used, folder)), database=other, clock=RunningClock(NOW + timedelta(hours=1)))

    assert other.query(due) == [(0,)]
    ((state, error),) = other.query("SELECT state, last_error FROM delivery_message WHERE key = 'k'")
    assert (state, error) == ("withdrawn", "Restored from a backup: it may have been sent since that was taken.")


def test_a_database_in_use_is_replaced_only_when_told_so(made: tuple[Database, Path]) -> None:
    used, path = made
    before = contents(used)

    with pytest.raises(RuntimeError, match="The database is in use: it holds people or logins"):
        manage("restore", str(path), database=used)

    assert contents(used) == before


def test_an_encrypted_backup_is_restored_with_its_key_alone(
    used: Database, other: Database, folder: Path, tmp_path: Path
) -> None:
    ours, theirs = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, key in {"ours": ours, "theirs": theirs}.items():
        (tmp_path / name).write_text(f"# created by age-keygen\n# public key: {key.to_public()}\n{key}\n")

    path = back_up(used, folder, recipient=str(ours.to_public()))

    assert path.name.endswith(f".{SUFFIX}.age")
    assert path.read_bytes().startswith(b"age-encryption.org/v1")
    with pytest.raises(RuntimeError, match="is encrypted: name the file with its private key by --identity"):
        manage("restore", str(path), database=other)
    with pytest.raises(RuntimeError, match=r"was not encrypted for the key in .*theirs, or is damaged"):
        manage("restore", str(path), "--identity", str(tmp_path / "theirs"), database=other)
    assert other.query(TABLES) == []
    manage("restore", str(path), "--identity", str(tmp_path / "ours"), database=other)
    assert count(other, "leads_lead") == count(used, "leads_lead")


@pytest.mark.parametrize("left", [0, 20, 5000])
def test_half_a_backup_changes_nothing(made: tuple[Database, Path], tmp_path: Path, left: int) -> None:
    used, whole = made
    path = tmp_path / whole.name
    path.write_bytes(whole.read_bytes()[:left])
    before = contents(used)

    with pytest.raises(RuntimeError, match=r"is damaged|Nothing was restored"):
        manage("restore", str(path), "--replace", database=used)

    assert contents(used) == before


def test_a_backup_of_the_other_kind_of_database_is_refused(other: Database, tmp_path: Path) -> None:
    name = "sqlite3.gz" if is_postgresql() else "pgdump"
    path = tmp_path / f"advisor-20261127T120000Z.{name}"
    path.write_bytes(gzip.compress(b""))

    with pytest.raises(RuntimeError, match=r"is a backup of (SQLite, and .* PostgreSQL|PostgreSQL, and .* SQLite)"):
        manage("restore", str(path), database=other)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("copy.sqlite3", "is not the name of a backup"), (f"advisor-20261127T120000Z.{SUFFIX}", "cannot be read")],
)
def test_what_is_no_backup_is_refused(other: Database, tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(RuntimeError, match=reason):
        manage("restore", str(tmp_path / name), database=other)


def test_the_worker_makes_one_each_night_and_removes_old_ones(used: Database, folder: Path) -> None:
    folder.mkdir()
    kept, old = f"advisor-20261120T020000Z.{SUFFIX}", f"advisor-20261001T020000Z.{SUFFIX}"
    for name in (kept, old, "something-else"):
        (folder / name).write_bytes(b"")

    run_worker(used, folder)

    names = {path.name for path in folder.iterdir()}
    assert {kept, "something-else"} < names
    assert old not in names
    assert len([name for name in names if name.startswith("advisor-20261127T12")]) == 1
    ((report,),) = used.query("SELECT report FROM delivery_chore WHERE name = 'Backup'")
    assert re.fullmatch(rf"advisor-20261127T12\d{{4}}Z\.{SUFFIX}, [\d.]+ KB; 2 kept, 1 older removed\.", report)


def test_what_a_backup_that_was_killed_has_left_goes_with_the_next(made: tuple[Database, Path], folder: Path) -> None:
    for name, age in {".unfinished-old": 7, ".unfinished-new": 1}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "copy.sqlite3").write_bytes(b"of people")
        then = (NOW - timedelta(hours=age)).timestamp()
        os.utime(folder / name, (then, then))

    path = back_up(made[0], folder)

    assert {one.name for one in folder.iterdir()} == {path.name, ".unfinished-new"}


def test_without_a_folder_the_worker_says_so_and_makes_none(used: Database) -> None:
    run_worker(used, "")

    assert used.query("SELECT report FROM delivery_chore WHERE name = 'Backup'") == [
        ("BACKUP_FOLDER is not set, so this site makes no backups of its own.",)
    ]


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (("", ""), "Set BACKUP_FOLDER to a folder for backups"),
        (("/proc/backups", ""), "/proc/backups cannot be written to"),
        (("/tmp", "age1nobody"), "BACKUP_RECIPIENT is not a public key of age"),
    ],
)
def test_why_none_could_be_made_is_said(made: tuple[Database, Path], where: tuple[str, str], reason: str) -> None:
    folder, recipient = where

    with pytest.raises(RuntimeError, match=reason):
        manage("backup", database=made[0], BACKUP_FOLDER=folder, BACKUP_RECIPIENT=recipient)
