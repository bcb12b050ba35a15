"""The real site for a test: Gunicorn as ``make run`` starts it, on a free port, with a database of its own.

SQLite in a temporary folder, or PostgreSQL when DATABASE_URL names it. What migrations and the first guide make is
made once for a test run and copied from then on, by all of its processes.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Protocol, Self
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from tests.clock import CLOCK, DAY_BEFORE, NOW, RunningClock
from tests.environment import ROOT, for_a_process

NUMBERS = count(1)

RUN = "ADVISOR_TEST_RUN"
"""Names the test run in the environment. The process that sets it removes, at its end, what the run shared."""


class Database(Protocol):
    """A database of one site; a site that is stopped can be looked into until it is dropped."""

    url: str

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a SELECT finds; a placeholder is ``?``."""

    def holding(self, statement: str) -> AbstractContextManager[Callable[[], bool]]:
        """A transaction that has run a statement, and commits when it is left; what it gives tells whether somebody
        waits for it by now.
        """

    def restore(self, script: str) -> None:
        """Fill it, while it is empty, from the SQL of a dump."""

    def take_away(self) -> None:
        """Make it unreachable, whoever is connected."""

    def bring_back(self) -> None:
        """Make it reachable again, with all that was in it."""

    def drop(self) -> None:
        """Leave nothing behind."""


class SqliteDatabase:
    """A file in a temporary folder."""

    def __init__(self, template: str = "") -> None:
        self._folder = TemporaryDirectory(prefix="advisor-site-")
        self.path = Path(self._folder.name) / "site.sqlite3"
        self.url = f"sqlite:///{self.path}"
        if template:
            shutil.copy(shared_folder() / template, self.path)

    def keep_as(self, template: str) -> None:
        """Move it to where other processes find it under this name, and this very state of the site's next test run."""
        keep_for_later(template, self.path)
        self.path.rename(shared_folder() / template)
        self.drop()

    @staticmethod
    def is_kept(template: str) -> bool:
        """Whether a process of this run has made this template, or a run before it."""
        kept = shared_folder() / template
        if not kept.exists():
            with suppress(FileNotFoundError):
                shutil.copy(LATER / f"{state_of_the_site()}-{template}", kept)
        return kept.exists()

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

    def restore(self, script: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(script)

    def take_away(self) -> None:
        # Whoever closes it last removes what lies beside it; moved under their hands, it would be lost.
        wait_for(lambda: self._files() == [self.path])
        self.path.rename(self._away)
        wait_for(self._put_folder)

    def _put_folder(self) -> bool:
        """Where SQLite finds nothing it makes an empty file, and where it finds a folder it gives up."""
        self.path.unlink(missing_ok=True)
        with suppress(FileExistsError):
            self.path.mkdir()
            return True
        return False

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


LATER = ROOT / ".pytest_cache/databases"
"""What migrations make takes 44 of them some ten seconds, and is the same until something of the site changes."""
MADE_FROM = (
    "advisor/**/*.py",
    "fixtures/*",
    "requirements*.txt",
    "tests/clock/*.py",
    "tests/environment.py",
    "tests/server.py",
)


@cache
def state_of_the_site() -> str:
    """Names all that a new database depends on, down to the letter."""
    found = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            found.update(f"\n{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def keep_for_later(template: str, path: Path) -> None:
    """Keep a template for the test runs to come; those of another state of the site go."""
    LATER.mkdir(parents=True, exist_ok=True)
    for old in LATER.iterdir():
        if not old.name.startswith(state_of_the_site()):
            old.unlink(missing_ok=True)
    # A copy has its name only once it is whole.
    copy = LATER / f"{state_of_the_site()}-{os.getpid()}"
    shutil.copy(path, copy)
    copy.rename(LATER / f"{state_of_the_site()}-{template}")


class PostgresDatabase:
    """A database beside the one that DATABASE_URL names, on the same server."""

    def __init__(self, template: str = "") -> None:
        self.name = f"advisor_site_{os.getpid()}_{next(NUMBERS)}"
        self.url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        self._order("CREATE DATABASE {} TEMPLATE {}", self.name, self._kept(template) if template else "template0")

    def keep_as(self, template: str) -> None:
        """Give it the name under which other processes find it."""
        self._order("ALTER DATABASE {} RENAME TO {}", self.name, self._kept(template))

    @classmethod
    def is_kept(cls, template: str) -> bool:
        """Whether a process of this run has made this template."""
        with cls._server() as server:
            found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [cls._kept(template)])
            return found.fetchone() is not None

    @classmethod
    def drop_kept(cls) -> None:
        """Drop the templates of this run."""
        for template in (*TEMPLATES.values(), DEMONSTRATED):
            cls._drop(cls._kept(template))

    @staticmethod
    def _kept(template: str) -> str:
        return f"advisor_{template}_{os.environ[RUN]}"

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.replace("?", "%s").encode(), values).fetchall()

    @contextmanager
    def holding(self, statement: str) -> Iterator[Callable[[], bool]]:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock'"
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode())
            yield lambda: bool(self.query(waiting, self.name))

    def restore(self, script: str) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(script.encode())

    def take_away(self) -> None:
        self._order("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.name)
        with self._server() as server:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])

    def bring_back(self) -> None:
        self._order("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name)

    def drop(self) -> None:
        self._drop(self.name)

    @staticmethod
    def _server() -> psycopg.Connection[Any]:
        return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    @classmethod
    def _drop(cls, name: str) -> None:
        def is_dropped() -> bool:
            # The server itself may be vacuuming it, which only its owner can stop.
            with suppress(InsufficientPrivilege):
                cls._order("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
                return True
            return False

        wait_for(is_dropped)

    @classmethod
    def _order(cls, statement: str, *names: str) -> None:
        with cls._server() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def is_postgresql() -> bool:
    """Whether DATABASE_URL asks for PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:"))


TEMPLATES = {False: "migrated", True: "seeded"}
"""What new databases are copied from, by whether they hold the first guide."""

DEMONSTRATED = "demonstrated"
"""What those with the data of ``manage.py demo`` are copied from."""


def shared_folder() -> Path:
    """What the processes of this test run share."""
    return Path(gettempdir()) / f"advisor-tests-{os.environ[RUN]}"


def new_database(*, seeded: bool) -> SqliteDatabase | PostgresDatabase:
    """A database as migrations leave it, with the first guide if ``seeded``."""
    make_template(seeded=seeded)
    return database_class()(TEMPLATES[seeded])


def empty_database() -> SqliteDatabase | PostgresDatabase:
    """A database without a table."""
    return database_class()()


def database_class() -> type[SqliteDatabase | PostgresDatabase]:
    """The database that DATABASE_URL asks for."""
    return PostgresDatabase if is_postgresql() else SqliteDatabase


def demonstrated_database() -> SqliteDatabase | PostgresDatabase:
    """A database with the data of ``manage.py demo``."""
    make_demonstrated()
    return database_class()(DEMONSTRATED)


@cache
def make_template(*, seeded: bool) -> None:
    """Make what new databases are copied from, unless a process of this run has made it; others wait meanwhile."""
    if seeded:
        make_template(seeded=False)
        keep_template(TEMPLATES[seeded], lambda: new_database(seeded=False), "seed", at=DAY_BEFORE)
    else:
        keep_template(TEMPLATES[seeded], empty_database, "migrate", "--verbosity", "0", at=DAY_BEFORE)


@cache
def make_demonstrated() -> None:
    """The same for those with demonstration data."""
    make_template(seeded=True)
    keep_template(DEMONSTRATED, lambda: new_database(seeded=True), "demo", at=NOW)


def keep_template(
    name: str, begin: Callable[[], SqliteDatabase | PostgresDatabase], *command: str, at: datetime
) -> None:
    """Run a command on a database, and keep it under this name."""
    with (shared_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if database_class().is_kept(name):
            return
        made = begin()
        manage(*command, database=made, clock=RunningClock(at))
        made.keep_as(name)


def begin_run() -> None:
    """Name this test run, unless the process that started this one has done so."""
    if RUN not in os.environ:
        os.environ[RUN] = uuid4().hex
        shared_folder().mkdir()
        atexit.register(end_run)


def end_run() -> None:
    """Leave nothing behind."""
    if is_postgresql():
        PostgresDatabase.drop_kept()
    shutil.rmtree(shared_folder())


begin_run()


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


def wait_for[Found](look: Callable[[], Found], *, seconds: float = 30) -> Found:
    """What ``look`` finds first that is true; an error after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Nothing came within {seconds} seconds.")
        time.sleep(0.02)
    return found


class RunningSite:
    """Gunicorn with its workers and a database. A context manager; what it made is gone when it is left.

    The database is empty unless ``migrated``, and without a guide unless ``seeded``; or it is the one given. The
    server and what is run with ``manage`` have one clock. With ``holds_port`` whoever comes while it is stopped waits
    for the next start, as systemd has it by ``advisor.socket``. ``variables`` are further ones of its environment.
    Visitors come by the name ``host``.
    """

    def __init__(
        self,
        *,
        migrated: bool = True,
        seeded: bool = True,
        workers: int = 2,
        settings_module: str = "advisor.settings",
        clock: RunningClock | None = CLOCK,
        database: Database | None = None,
        holds_port: bool = False,
        variables: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.clock = clock
        self.database: Database = database or (new_database(seeded=seeded) if migrated else empty_database())
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        self._folder = TemporaryDirectory(prefix="advisor-log-")
        self._log_file = Path(self._folder.name) / "log"
        self._settings = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "WEB_CONCURRENCY": str(workers),
            "DJANGO_SETTINGS_MODULE": settings_module,
            **(variables or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._held = socket.create_server(("127.0.0.1", self.port), backlog=1024) if holds_port else None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._held:
            self._held.close()
        self.database.drop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command, held = [sys.executable, "-m", "gunicorn", "-c", "python:advisor.server"], list[int]()
        if self._held:
            # See sd_listen_fds(3): the first is number 3.
            held = [self._held.fileno()]
            hand_over = f'exec 3<&{held[0]}; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
            command = ["bash", "-c", hand_over, "bash", *command]
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                pass_fds=held,
                env=environment(self.database, clock=self.clock, **self._settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._answers, seconds=60)

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

    def kill(self) -> None:
        """End the server and its workers in the middle of whatever they do."""
        process, self._process = self._process, None
        assert process
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

    def reload(self) -> None:
        """Have the server start new processes and let the old ones end in peace, as ``systemctl reload`` does."""
        assert self._process
        self._process.send_signal(signal.SIGHUP)

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
