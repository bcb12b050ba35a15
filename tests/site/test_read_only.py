"""A container whose root cannot be written to, and to which nothing is mounted at /tmp."""

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from tests.environment import ROOT
from tests.server import environment, free_port, new_database, wait_for

READ_ONLY = 'mount -o remount,bind,ro / && exec "$@"'

TEMPORARY = """
from importlib import import_module
import_module("advisor.settings")
import tempfile
print(tempfile.gettempdir())
"""


def in_a_read_only_root(*command: str) -> list[str]:
    """A command in a file system of its own, in which nothing can be written but memory."""
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", READ_ONLY, "sh", *command]


def test_what_comes_and_goes_is_kept_in_memory() -> None:
    database = new_database(seeded=False)
    settings = environment(database)
    settings.pop("TMPDIR", None)

    command = in_a_read_only_root(sys.executable, "-c", TEMPORARY)
    finished = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    database.drop()

    assert (finished.stdout, finished.stderr) == ("/dev/shm\n", "")


def test_the_server_serves(tmp_path: Path) -> None:
    database, port, log = new_database(seeded=False), free_port(), tmp_path / "log"
    settings = environment(database, HOST="127.0.0.1", PORT=str(port), WEB_CONCURRENCY="1")
    settings.pop("TMPDIR", None)
    command = in_a_read_only_root(sys.executable, "-m", "gunicorn", "-c", "python:advisor.server")

    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=output)
    try:
        wait_for(lambda: "Worker ready" in log.read_text() or server.poll() is not None, seconds=30)
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            status = response.status
    finally:
        server.terminate()
        server.wait(timeout=30)
        database.drop()

    assert status == 200
    assert "Traceback" not in log.read_text()
