"""A copy of the whole database as one file, and the way back; on SQLite and on PostgreSQL, while the site runs.

SQLite copies itself (https://www.sqlite.org/backup.html); PostgreSQL has ``pg_dump`` and ``psql`` for it.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo


class DumpError(Exception):
    """The database could not be copied or replaced. Says why, for whoever runs the site."""


class Dump(Protocol):
    """One kind of database."""

    suffix: str

    def write(self, path: Path) -> None:
        """Copy the database as it is at one instant into a new file, and check the copy. Raises ``DumpError``."""

    def read(self, path: Path) -> None:
        """Replace all that is in the database by a copy, or leave all of it as it is. Raises ``DumpError``."""


class SqliteDump:
    """The copy is a database of its own, which any tool for SQLite opens."""

    suffix = ".sqlite3"

    def write(self, path: Path) -> None:
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
                _check_sqlite(copy)
        except sqlite3.Error as error:
            raise DumpError(f"the database could not be copied: {error}") from error

    def read(self, path: Path) -> None:
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
                _check_sqlite(copy)
                # An empty file is a sound database, too.
                if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone():
                    raise DumpError("the copy holds no tables of this site")
                copy.backup(connection.connection)
        except sqlite3.Error as error:
            raise DumpError(f"the database could not be replaced: {error}") from error
        # Django reads some facts about a database once for each connection.
        connection.close()


def _check_sqlite(copy: sqlite3.Connection) -> None:
    (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DumpError(f"the copy is damaged: {found}")


class PostgresDump:
    """The copy has the custom format of ``pg_dump``, which is compressed and readable by every later PostgreSQL."""

    suffix = ".pgdump"

    def write(self, path: Path) -> None:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        _run("pg_restore", "--list", str(path), with_database=False)

    def read(self, path: Path) -> None:
        script = path.with_suffix(".sql")
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path), with_database=False)
        connection.close()
        _run(
            *("psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"),
            *("--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public", f"--file={script}"),
        )


def _run(program: str, *arguments: str, with_database: bool = True) -> None:
    """Run a program of PostgreSQL. The password is not among its arguments, which everyone on the machine may read."""
    parameters = _connection_parameters() if with_database else {}
    password = parameters.pop("password", None)
    database = [f"--dbname={make_conninfo(**parameters)}"] if with_database else []
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    try:
        finished = subprocess.run(  # noqa: S603 (no argument comes from a visitor)
            [program, *database, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise DumpError(f"{program} is not installed (Debian: apt-get install postgresql-client)") from error
    if finished.returncode:
        reason = " ".join(finished.stderr.split())[-500:]
        raise DumpError(f"{program} failed: {reason}")


def _connection_parameters() -> dict[str, Any]:
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name in known}


def dump() -> Dump:
    """The kind that fits the database of this site."""
    return PostgresDump() if connection.vendor == "postgresql" else SqliteDump()
