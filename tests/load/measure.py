"""CPU time of a server's workers from /proc, a client that keeps them busy, and fair comparison of two loads."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from itertools import cycle
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

from tests.load.visitors import CHROME
from tests.server import RunningSite

SECONDS_PER_TICK = 1 / os.sysconf("SC_CLK_TCK")
LEAST_ROUNDS = 3


class Peer(RunningSite):
    """The site's server, or one with the same Gunicorn that serves other addresses behind the usual middlewares. It has
    the clock of the machine, as in production: another one would cost time.

    One worker, like the site that it is compared with: requests one after another occupy no more, and its memory
    is warm after the first few.
    """

    def __init__(self, urls: str | None = None) -> None:
        super().__init__(workers=1, clock=None)
        if urls:
            self._settings |= {"DJANGO_SETTINGS_MODULE": "tests.load.settings", "URLS": urls}


def cpu_seconds(site: RunningSite) -> float:
    """The CPU time that the workers of a server have used, in user and kernel mode."""
    return sum(_process_seconds(Path("/proc", str(pid))) for pid in site.worker_pids())


def _process_seconds(process: Path) -> float:
    """Nanoseconds of all threads where the kernel counts them, else ticks (mostly a hundredth of a second)."""
    threads = [(task / "schedstat") for task in (process / "task").iterdir()]
    if all(thread.exists() for thread in threads):
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
    # The name of the command, in parentheses, may contain spaces; utime and stime are fields 14 and 15.
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * SECONDS_PER_TICK


@dataclass(frozen=True)
class Reply:
    """An answer of the server, as it came over the wire."""

    address: str
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Client:
    """A visitor's browser without scripts: one keep-alive connection, one request after another, cookies kept."""

    def __init__(self, site: RunningSite, headers: Mapping[str, str] | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
        self._headers = {"User-Agent": CHROME, **(headers or {})}
        self._cookies: dict[str, str] = {}
        self.requests = 0
        self.received = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def rest(self) -> None:
        """Let go of the connection, until the next request: the server closes those that wait."""
        self._connection.close()

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Reply:
        """A page, after all redirects."""
        return self._followed(self._request("GET", address, headers))

    def post(self, address: str, data: list[tuple[str, str]]) -> Reply:
        """What a form leads to, after all redirects."""
        return self._followed(self.send(address, data))

    def send(self, address: str, data: list[tuple[str, str]]) -> Reply:
        """The answer to a form itself."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._request("POST", address, headers, urlencode(data))

    def _followed(self, reply: Reply) -> Reply:
        while reply.status in {301, 302, 303, 307, 308}:
            reply = self._request("GET", urljoin(reply.address, reply.headers["Location"]))
        if reply.status != 200:
            raise RuntimeError(f"{reply.address} was answered with {reply.status}:\n{reply.body[:1000]!r}")
        return reply

    def _request(
        self, method: str, address: str, headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> Reply:
        sent = self._headers | dict(headers or {})
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        parts = urlsplit(address)
        self._connection.request(method, parts._replace(scheme="", netloc="").geturl(), body, sent)
        response = self._connection.getresponse()
        reply = Reply(address, response.status, response.headers, response.read())
        for cookies in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookies).items():
                self._cookies[name] = morsel.value
        self.requests += 1
        self.received += len(reply.body)
        return reply


CROWD = 4
"""Connections that ask at once: a worker that is never left waiting spends its time on requests alone."""


class Crowd:
    """Visitors without cookies who ask for so many pages at once that the server is always busy."""

    def __init__(self, site: RunningSite, headers: Mapping[str, str] | None = None) -> None:
        self._headers = {"User-Agent": CHROME, **(headers or {})}
        self._connections = [HTTPConnection("127.0.0.1", site.port, timeout=10) for _ in range(CROWD)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def ask(self, addresses: Iterable[str]) -> None:
        """Ask for each of these pages, on every connection for the next as soon as it has answered. Connections are not
        kept between two calls: the server closes those that wait.
        """
        asked: deque[tuple[HTTPConnection, str]] = deque()
        for address, connection in zip(addresses, cycle(self._connections), strict=False):
            if len(asked) == CROWD:
                self._read(*asked.popleft())
            connection.request("GET", address, headers=self._headers)
            asked.append((connection, address))
        for one in asked:
            self._read(*one)
        self._close()

    def _close(self) -> None:
        for connection in self._connections:
            connection.close()

    def _read(self, connection: HTTPConnection, address: str) -> None:
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{address} was answered with {response.status}.")


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one unit of a load (a request, a journey), and how many times the other load's that is."""

    seconds: float
    other_seconds: float
    ratio: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Load:
    """Something to do to a server: ``run(n)`` does it ``n`` times."""

    site: RunningSite
    run: Callable[[int], None]

    def cpu(self, times: int) -> float:
        """The CPU seconds that one time costs, the mean of so many."""
        before = cpu_seconds(self.site)
        self.run(times)
        return (cpu_seconds(self.site) - before) / times


def compare(load: Load, other: Load, *, rounds: int, times: int, warm_up: int, seconds: float) -> Cost:
    """Do both by turns and take the median of the rounds' ratios, so that whatever slows the machine slows both.

    After so many seconds three rounds must do.
    """
    other.run(warm_up)
    load.run(warm_up)
    costs: list[tuple[float, float]] = []
    deadline = time.monotonic() + seconds
    while len(costs) < LEAST_ROUNDS or (len(costs) < rounds and time.monotonic() < deadline):
        others = other.cpu(times)
        costs.append((load.cpu(times), others))
    ratios = [ours / theirs for ours, theirs in costs]
    return Cost(
        median(ours for ours, _ in costs),
        median(theirs for _, theirs in costs),
        median(ratios),
        min(ratios),
        max(ratios),
    )
