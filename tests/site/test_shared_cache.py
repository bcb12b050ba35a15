"""Behind an nginx that keeps what it may: everyone gets their own page, and every page is counted."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.load.visitors import CHROME
from tests.server import RunningSite, free_port, wait_for
from tests.site.client import Answer, ask
from tests.site.walks import CTO, GUIDE

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

CONFIGURATION = """
user root;
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host $http_host;
            proxy_cache pages;
            proxy_cache_valid any 10m;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light).")


class Proxied(RunningSite):
    """A site behind a proxy with a cache, which keeps what it is not told to ask for."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.behind, self._in = self.port, folder
        self._nginx: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        super().start()
        self.port = free_port()
        configuration = self._in / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=self._in, port=self.port, behind=self.behind))
        command = [str(NGINX), "-p", str(self._in), "-c", str(configuration)]
        self._nginx = subprocess.Popen(command, env={}, stderr=subprocess.DEVNULL)
        wait_for(self._proxy_answers)

    def stop(self) -> None:
        if self._nginx:
            self._nginx.terminate()
            self._nginx.wait(timeout=10)
            self._nginx = None
        super().stop()

    def _proxy_answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    with Proxied(tmp_path_factory.mktemp("nginx")) as running:
        yield running


def arrive(site: RunningSite, path: str, **headers: str) -> Answer:
    """What a browser shows in the end, which says all the way where its visitor came from."""
    for _ in range(4):
        answer = ask(site, path, headers={"User-Agent": CHROME, **headers})
        if not 300 <= answer.status < 400:
            return answer
        path = answer.location
    raise AssertionError(f"{path} leads on and on.")


def sources(page: str) -> set[str]:
    """The sites that the links of a page say its visitor came from."""
    return set(re.findall(r"utm_(?:referrer|entrance)=([\w.-]+)", page))


def test_the_cache_keeps_what_is_the_same_for_everyone(proxied: Proxied) -> None:
    (sheet,) = re.findall(r'href="(/static/advisor\.\w+\.css)"', ask(proxied, "/").text)

    seen = [ask(proxied, sheet).headers["X-Cache"] for _ in range(2)]

    assert seen == ["MISS", "HIT"]


@pytest.mark.parametrize("address", ["/", f"/{GUIDE}/", f"/{GUIDE}/software/", CTO.result, f"{CTO.result}&edition=1"])
def test_everyone_gets_a_page_that_knows_where_they_came_from(proxied: Proxied, address: str) -> None:
    first = arrive(proxied, address, Referer="https://partner.example/list")
    second = arrive(proxied, address, Referer="https://search.example/?q=cto")
    embedded = arrive(proxied, address, Referer="https://frame.example/", **{"Sec-Fetch-Dest": "iframe"})
    third = arrive(proxied, address)

    assert [answer.status for answer in (first, second, embedded, third)] == [200] * 4
    assert sources(first.text) == {"partner.example"}
    assert sources(second.text) == {"search.example"}
    assert sources(embedded.text) == {"frame.example", "embedded"}
    assert sources(third.text) == set()


def test_a_page_depends_on_its_address_alone(proxied: Proxied) -> None:
    address = f"{CTO.result}&edition=1&utm_referrer=partner.example&utm_entrance=embedded"
    languages = ["en-GB", "lv", ""]

    pages = {
        ask(proxied, address, headers={"User-Agent": agent, "Accept-Language": language, "Referer": referrer}).text
        for agent in (CHROME, "another browser")
        for language in languages
        for referrer in ("https://partner.example/", f"http://127.0.0.1:{proxied.port}/{GUIDE}/", "")
    }

    assert len(pages) == 1


def test_every_form_for_a_call_has_a_key_of_its_own(proxied: Proxied) -> None:
    forms = [ask(proxied, CTO.call, headers={"User-Agent": CHROME}).text for _ in range(4)]

    keys = {re.findall(r'name="key" value="([\w-]+)"', form)[0] for form in forms}
    assert len(keys) == 4


def test_every_visit_is_counted_once_and_under_its_own_source(tmp_path: Path) -> None:
    query = "SELECT source, sum(number) FROM funnel_count WHERE step = 'landing' GROUP BY source ORDER BY source"

    with Proxied(tmp_path) as site:
        for number in range(12):
            arrive(site, f"/{GUIDE}/", Referer=f"https://{'partner' if number % 3 else 'search'}.example/")
        for _ in range(5):
            arrive(site, f"/{GUIDE}/")
        site.stop()
        counted = {source: int(number) for source, number in site.database.query(query)}

    assert counted == {"": 5, "partner.example": 8, "search.example": 4}
