"""A real CalDAV server on this machine, in a process of its own with a folder of its own."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from icalendar import Calendar, Event

from tests.environment import for_a_process
from tests.server import free_port, wait_for

USER, PASSWORD = "host", "app-password-of-the-host"

CONFIGURATION = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""


class Radicale:
    """A server with one calendar of one user."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/{USER}/calendar/"

    def put(self, name: str, file: bytes) -> None:
        """Store an event, as a calendar program does."""
        self._ask("PUT", self.address + f"{name}.ics", file, "text/calendar")

    def make_calendar(self) -> None:
        self._ask("MKCALENDAR", self.address)

    def remove(self, name: str) -> None:
        self._ask("DELETE", self.address + name)

    def events(self) -> dict[str, Event]:
        """All events by the name that they have in calendars. Fails if two have the same."""
        events = Calendar.from_ical(self._ask("GET", self.address)).events
        found = {str(event["UID"]): event for event in events}
        assert len(found) == len(events)
        return found

    def answers(self) -> bool:
        try:
            self._ask("OPTIONS", self.address)
        except URLError:
            return False
        return True

    def _ask(self, method: str, address: str, body: bytes | None = None, kind: str = "text/xml") -> bytes:
        credentials = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": kind}
        with urlopen(Request(address, data=body, headers=headers, method=method), timeout=10) as answer:
            content: bytes = answer.read()
            return content


@contextmanager
def running(folder: Path) -> Iterator[Radicale]:
    """The server, until the test is over."""
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
    (folder / "configuration").write_text(CONFIGURATION.format(port=port, folder=folder), "utf-8")
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "configuration")]
    with subprocess.Popen(command, env=for_a_process()) as process:
        try:
            server = Radicale(port)
            wait_for(server.answers)
            server.make_calendar()
            yield server
        finally:
            process.terminate()
            process.wait(timeout=10)
