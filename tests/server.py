"""The real site for a test: Gunicorn as ``make run`` starts it, on a free port, with a database of its own.

SQLite in a temporary folder, or PostgreSQL when DATABASE_URL names it. What migrations and the first guide make is
made once for each test process and copied from then on.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
from psycopg import sql

from tests.clock import CLOCK, DAY_BEFORE, RunningClock
from tests.environment import ROOT, for_a_process

NUMBERS = count(1)


class Database(Protocol):
    """A database of one site; a site that is stopped can be looked into until it is dropped."""

    url: str

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a SELECT finds; a placeholder is ``?``."""

    def holding(self, statement: str) -> AbstractContextManager[Callable[[], bool]]:
        """A transaction that has run a statement, and commits when it is left; what it gives tells whether somebody
        waits for it by now.
        """

    def take_away(self) -> None:
        """Make it unreachable, whoever is connected."""

    def bring_back(self) -> None:
        """Make it reachable again, with all that was in it."""

    def drop(self) -> None:
        """Leave nothing behind."""


class SqliteDatabase:
    """A file in a temporary folder."""

    def __init__(self, template: Path | None) -> None:
        self._folder = TemporaryDirectory(prefix="advisor-site-")
        self.path = Path(self._folder.name) / "site.sqlite3"
        self.url = f"sqlite:///{self.path}"
        if template:
            shutil.copy(template, self.path)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, timeout=10)) as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def holding(self, statement: str) -> Iterator[Callable[[], bool]]:
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=10)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(statement)
            # SQLite does not tell who waits.
            soon = time.monotonic() + 0.5
            yield lambda: time.monotonic() > soon
            connection.execute("COMMIT")

    def take_away(self) -> None:
        # Whoever closes it last removes what lies beside it; moved under their hands, it would be lost.
        wait_for(lambda: self._files() == [self.path])
        self.path.rename(self._away)
        # Where SQLite finds nothing it makes an empty file, and where it finds a folder it gives up.
        self.path.mkdir()

    def bring_back(self) -> None:
        self.path.rmdir()
        self._away.rename(self.path)

    def drop(self) -> None:
        self._folder.cleanup()

    @property
    def _away(self) -> Path:
        return self.path.with_name("away.sqlite3")

    def _files(self) -> list[Path]:
        return list(self.path.parent.glob(f"{self.path.name}*"))


class PostgresDatabase:
    """A database beside the one that DATABASE_URL names, on the same server."""

    def __init__(self, template: str) -> None:
        self.name = f"advisor_site_{os.getpid()}_{next(NUMBERS)}"
        self.url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        self._order("CREATE DATABASE {} TEMPLATE {}", self.name, template)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.replace("?", "%s").encode(), values).fetchall()

    @contextmanager
    def holding(self, statement: str) -> Iterator[Callable[[], bool]]:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock'"
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode())
            yield lambda: bool(self.query(waiting, self.name))

    def take_away(self) -> None:
        self._order("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.name)
        with self._server() as server:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])

    def bring_back(self) -> None:
        self._order("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name)

    def drop(self) -> None:
        self._order("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    @staticmethod
    def _server() -> psycopg.Connection[Any]:
        return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def _order(self, statement: str, *names: str) -> None:
        with self._server() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def is_postgresql() -> bool:
    """Whether DATABASE_URL asks for PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:"))


@cache
def template(*, seeded: bool) -> SqliteDatabase | PostgresDatabase:
    """What new databases are copied from; made once, and dropped by ``drop_templates``."""
    made = copy_of(template(seeded=False) if seeded else None)
    MADE.append(made)
    manage(*(["seed"] if seeded else ["migrate", "--verbosity", "0"]), database=made, clock=RunningClock(DAY_BEFORE))
    return made


def copy_of(original: SqliteDatabase | PostgresDatabase | None) -> SqliteDatabase | PostgresDatabase:
    """A new database that holds what the original holds, or nothing."""
    if is_postgresql():
        return PostgresDatabase(original.name if isinstance(original, PostgresDatabase) else "template0")
    return SqliteDatabase(original.path if isinstance(original, SqliteDatabase) else None)


MADE: list[SqliteDatabase | PostgresDatabase] = []


def drop_templates() -> None:
    """Leave nothing behind."""
    template.cache_clear()
    while MADE:
        MADE.pop().drop()


def environment(database: Database, *, clock: RunningClock | None = CLOCK, **settings: str) -> dict[str, str]:
    """What ``make run`` sets, for one site; without a clock, its processes have that of the machine."""
    return for_a_process(
        **{
            "SITE_URL": "http://127.0.0.1",
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "advisor.settings",
            **(clock.environment() if clock else {}),
            **settings,
        }
    )


def manage(*arguments: str, database: Database, clock: RunningClock | None = CLOCK, **settings: str) -> str:
    """Run ``manage.py``; a failure is an error that shows what it said."""
    finished = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(database, clock=clock, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def wait_for[Found](look: Callable[[], Found], *, seconds: float = 10) -> Found:
    """What ``look`` finds first that is true; an error after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Nothing came within {seconds} seconds.")
        time.sleep(0.02)
    return found


class RunningSite:
    """Gunicorn with its workers and a database. A context manager; what it made is gone when it is left.

    The database is empty unless ``migrated``, and without a guide unless ``seeded``. The server and what is run with
    ``manage`` have one clock.
    """

    def __init__(
        self,
        *,
        migrated: bool = True,
        seeded: bool = True,
        workers: int = 2,
        settings_module: str = "advisor.settings",
        clock: RunningClock | None = CLOCK,
    ) -> None:
        self.clock = clock
        self.database: Database = copy_of(template(seeded=seeded) if migrated else None)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = TemporaryDirectory(prefix="advisor-log-")
        self._log_file = Path(self._folder.name) / "log"
        self._settings = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "WEB_CONCURRENCY": str(workers),
            "DJANGO_SETTINGS_MODULE": settings_module,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.database.drop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "python:advisor.server"],
                cwd=ROOT,
                env=environment(self.database, clock=self.clock, **self._settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._answers, seconds=30)

    def stop(self) -> None:
        """Stop the server and its workers; nobody else's."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def manage(self, *arguments: str, **settings: str) -> str:
        """Run ``manage.py`` on this site's database."""
        return manage(*arguments, database=self.database, clock=self.clock, **settings)

    @property
    def log(self) -> str:
        """What the server and its workers have written."""
        return self._log_file.read_text(encoding="utf-8", errors="replace")

    def log_since(self, start: int) -> str:
        """What was written after the log had so many characters."""
        return self.log[start:]

    def worker_pids(self) -> list[int]:
        """The processes that answer; the one that started them is not among them."""
        if self._process is None:
            return []
        pid = self._process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"The server did not start:\n{self.log}")
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False
