"""``make run`` sends the messages of the outbox beside the site; both stop together, and neither outlives the other."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.delivery.workers import write
from tests.environment import ROOT
from tests.server import Database, environment, free_port, new_database, wait_for

pytestmark = pytest.mark.once


class RunningMake:
    """``make run`` in a session of its own, with a database, a port and a folder for mail."""

    def __init__(self, database: Database, folder: Path, target: str) -> None:
        self.port = free_port()
        self.mail = folder / "mail"
        self._log = folder / "log"
        settings = environment(
            database,
            HOST="127.0.0.1",
            PORT=str(self.port),
            SITE_URL=f"http://127.0.0.1:{self.port}",
            EMAIL_URL=f"filemail://{self.mail}",
        )
        # What the make around the tests tells its own recipes.
        inside = {name: value for name, value in settings.items() if not name.startswith(("MAKE", "MFLAGS"))}
        # As from a terminal: what runs in the background ignores Ctrl-C, and the tests may.
        command = ["env", "--default-signal=INT", "make", target]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=inside, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def is_up(self) -> bool:
        """Whether the site answers and the worker works."""
        assert self.process.poll() is None, self.log
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200 and "sends the messages of the outbox" in self.log
        except OSError:
            return False

    def pids(self, words: str = "") -> list[int]:
        """The processes of the session that are left, or those whose command ends with certain words."""
        left = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                session = int(stat.read_text().rpartition(")")[2].split()[3])
                command = stat.with_name("cmdline").read_text().replace("\0", " ").strip()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if session == self.process.pid and command and command.endswith(words):
                left.append(int(stat.parent.name))
        return left


@pytest.fixture
def database() -> Iterator[Database]:
    made = new_database(seeded=True)
    yield made
    made.drop()


@pytest.fixture(params=["run"])
def make(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningMake]:
    running = RunningMake(database, tmp_path, request.param)
    try:
        wait_for(running.is_up, seconds=90)
        yield running
    finally:
        for pid in running.pids():
            os.kill(pid, signal.SIGKILL)
        running.process.wait()


@pytest.mark.parametrize("make", ["run", "dev"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_mail_becomes_a_file_and_both_stop_when_asked(
    make: RunningMake, database: Database, number: signal.Signals
) -> None:
    write(database, 1)
    (mail,) = wait_for(lambda: list(make.mail.glob("*")), seconds=30)

    if number == signal.SIGINT:
        # As a terminal does it when Ctrl-C is pressed.
        os.killpg(make.process.pid, number)
    else:
        make.process.send_signal(number)
    make.process.wait(timeout=30)
    wait_for(lambda: not make.pids(), seconds=30)

    assert "To: visitor-0@example.com" in mail.read_text()
    assert f"files in {make.mail}/" in make.log
    assert "has stopped" in make.log
    assert "Traceback" not in make.log


@pytest.mark.parametrize("words", ["manage.py deliver", "advisor.server"])
def test_when_one_dies_the_other_does_not_go_on_alone(make: RunningMake, words: str) -> None:
    os.kill(min(make.pids(words)), signal.SIGKILL)

    status = make.process.wait(timeout=30)

    wait_for(lambda: not make.pids(), seconds=30)
    assert status != 0
