"""Debian's Chromium before a running site. A page that breaks the policy or leaves the site fails its test."""

import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.clock import CLOCK
from tests.server import RunningSite

# While Playwright runs, Django takes its event loop for one of our own and refuses the database to every other test
# of this process.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# On a machine under load a page that asks every two seconds may be heard only at the third time.
expect.set_options(timeout=20_000)

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is found. The headless shell draws no window, and takes a third of the time of the others."""
LOST = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "htmx:sendError", "htmx:timeout", "htmx:afterRequest")
"""What Chromium and htmx say of a connection that was lost."""
# A stated clock knows of no navigation and of nothing that was loaded; our own scripts ask for both.
REMEMBER_ENTRIES = "window[Symbol.for('entries')] = performance.getEntriesByType.bind(performance);"
RESTORE_ENTRIES = "performance.getEntriesByType = window[Symbol.for('entries')];"
REPORT_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", event =>
        console.error(`The policy was broken: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium as it is installed; nothing is downloaded, and it stays off the network."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium-headless-shell).")
    return {
        "executable_path": executable,
        # Under faketime (``make test-times``) Chromium takes seconds for each page where one of its clocks is real.
        "env": {**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "0"},
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="session")
def site() -> Iterator[RunningSite]:
    """A site with the first guide, one for each test process; whatever its visitors do, it meets no exception."""
    with RunningSite(workers=1) as running:
        yield running
        assert "Traceback" not in running.log


@pytest.fixture(scope="session")
def base_url(site: RunningSite) -> str:
    """Where a path in a test leads to."""
    return site.url


@dataclass
class Watch:
    """What the pages of one browser context did that they should not."""

    expected: Collection[int]
    may_abort: bool
    loses_connection: bool = False
    problems: list[str] = field(default_factory=list)
    sent_on: set[Request] = field(default_factory=set)
    """What was answered by "go to another page"; the browser leaves before it has noted that this answer is over."""

    def over(self, context: BrowserContext) -> None:
        """Look over everything this context does from now on."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfailed", self._on_failure)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium's words, and htmx's.
        phrases = ("responded with a status of {}", "Response Status Error Code {}")
        told = [phrase.format(status) for status in self.expected for phrase in phrases]
        if self.loses_connection:
            told += LOST
        if message.type in {"error", "warning"} and not any(phrase in message.text for phrase in told):
            self.problems.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"error: {error.error}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        # A link that begins a mail opens another program.
        if parts.scheme not in {"data", "mailto"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.problems.append(f"left the site: {request.url}")

    def _on_response(self, response: Response) -> None:
        # The site's script goes itself to the page of a step that is refused.
        is_refused_step = response.status in self.expected and "hx-request" in response.request.headers
        if "hx-redirect" in response.headers or is_refused_step:
            self.sent_on.add(response.request)

    def _on_failure(self, request: Request) -> None:
        may_abort = self.may_abort or request in self.sent_on
        may_be = (may_abort and request.failure == "net::ERR_ABORTED") or (
            self.loses_connection and request.failure in LOST
        )
        if not may_be:
            self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")


class NewVisitor(Protocol):
    """Makes a visitor with a browser of their own."""

    def __call__(
        self,
        *,
        width: int = 1280,
        scripts: bool = True,
        expected: Collection[int] = (),
        may_abort: bool = False,
        loses_connection: bool = False,
        in_real_time: bool = False,
        **options: Any,
    ) -> Page:
        """A blank page.

        ``expected`` are the statuses of refusals that this visitor is going to meet; one who ``may_abort`` does not
        wait for every answer. A page that has just appeared takes no presses for most of a second; this is over at
        once, except ``in_real_time``.
        """


@pytest.fixture
def new_visitor(new_context: CreateContextCallback) -> Iterator[NewVisitor]:
    """Visitors, each looked over; a test fails when one of them saw what nobody should."""
    watches: list[Watch] = []

    def new(
        *,
        width: int = 1280,
        scripts: bool = True,
        expected: Collection[int] = (),
        may_abort: bool = False,
        loses_connection: bool = False,
        in_real_time: bool = False,
        **options: Any,
    ) -> Page:
        watch = Watch(expected, may_abort, loses_connection)
        watches.append(watch)
        context = new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            **options,
        )
        context.set_default_timeout(30_000)
        context.add_init_script(REMEMBER_ENTRIES)
        context.clock.set_system_time(CLOCK.now())
        context.add_init_script(RESTORE_ENTRIES)
        watch.over(context)
        page = context.new_page()
        if not in_real_time:
            animations = context.new_cdp_session(page)
            animations.send("Animation.enable")
            animations.send("Animation.setPlaybackRate", {"playbackRate": 1000})
        return page

    yield new
    assert [problem for watch in watches for problem in watch.problems] == []
