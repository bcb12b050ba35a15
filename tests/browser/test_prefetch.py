"""A page that a browser would fetch or render ahead is counted when it is shown, once.

Chromium renders nothing ahead for whoever drives it, so this one drives itself: from a page that is served in front of
the site, at the same address.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import CHROMIUM
from tests.environment import for_a_process
from tests.load.visitors import CHROME
from tests.server import RunningSite, wait_for
from tests.site.walks import GUIDE

COUNTED = "SELECT step, number FROM funnel_count WHERE source = ?"

OUTSIDE = """<!doctype html>
<script type="speculationrules">{{"{kind}": [{{"urls": ["{path}"], "eagerness": "immediate"}}]}}</script>
<script>
setInterval(async () => {{ if (await (await fetch("/go")).text() === "yes") location.href = "{path}" }}, 200)
</script>
"""


class Front(ThreadingHTTPServer):
    """Serves one page of its own, says when to leave it, and asks the site for all others."""

    def __init__(self, site: RunningSite, kind: str, path: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.site_port, self.path = site.port, path
        self.own = OUTSIDE.format(kind=kind, path=path).encode()
        self.asked: list[tuple[str, int]] = []
        """By which purpose the page was asked for, and what was answered."""


class Handler(BaseHTTPRequestHandler):
    server: Front

    def do_GET(self) -> None:
        if self.path == "/outside/":
            self._answer(200, self.server.own, {"Content-Type": "text/html"})
        elif self.path == "/go":
            self._answer(200, b"yes" if self.server.asked else b"no", {"Cache-Control": "no-store"})
        else:
            self._pass_on()

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _pass_on(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self.server.site_port, timeout=30)) as connection:
            headers = {name: value for name, value in self.headers.items() if name != "Host"}
            connection.request("GET", self.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        # Before it is shown, a redirect writes into its address that somebody comes from the page in front.
        is_shown = answer.status != HTTPStatus.FOUND
        if is_shown and urlsplit(self.path).path == urlsplit(self.server.path).path:
            self.server.asked.append((self.headers.get("Sec-Purpose", ""), answer.status))
        kept = {"content-type", "content-encoding", "cache-control", "location"}
        self._answer(answer.status, body, {name: value for name, value in answer.getheaders() if name.lower() in kept})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def in_front(site: RunningSite, kind: str, path: str) -> Iterator[Front]:
    with Front(site, kind, path) as front:
        Thread(target=front.serve_forever, daemon=True).start()
        yield front
        front.shutdown()


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("kind", ["prerender", "prefetch"])
def test_it_is_counted_when_it_is_shown(site: RunningSite, tmp_path: Path, kind: str) -> None:
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium).")
    source = f"looked-at-by-{kind}"
    with in_front(site, kind, f"/{GUIDE}/?utm_source={source}") as front:
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={tmp_path}"]
        address = f"http://127.0.0.1:{front.server_port}/outside/"
        browser = subprocess.Popen(
            [executable, *options, f"--user-agent={CHROME}", address],
            env=for_a_process(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for(lambda: len(front.asked) >= 2, seconds=60)
            wait_for(lambda: site.database.query(COUNTED, source), seconds=30)
        finally:
            # Debian's Chromium is started by a script, which would end alone.
            os.killpg(browser.pid, signal.SIGTERM)
            browser.wait(timeout=30)

    (purpose, refused), (none, shown) = front.asked
    assert (purpose.split(";")[0], refused) == ("prefetch", 503)
    assert (none, shown) == ("", 200)
    assert site.database.query(COUNTED, source) == [("landing", 1)]
