"""Where the site runs: without static files, asked by a machine's address, behind a proxy that says nothing."""

from collections.abc import Iterator

import pytest

from advisor.hosting import PROXY_IS_SILENT
from tests.server import RunningSite
from tests.site.client import Answer, ask, document, words
from tests.site.walks import CTO, PAGES

pytestmark = pytest.mark.once

NAME = "advisor.example.com"
BY_ADDRESS = {"Host": "10.0.3.17:8000"}


@pytest.fixture(scope="module")
def bare() -> Iterator[RunningSite]:
    with RunningSite(workers=1, settings_module="tests.site.without_static_files") as running:
        yield running


@pytest.fixture(scope="module")
def https() -> Iterator[RunningSite]:
    with RunningSite(workers=1, settings_module="tests.site.behind_https") as running:
        yield running


@pytest.mark.parametrize("path", [*PAGES.values(), "/admin/login/", "/nothing-here/"], ids=[*PAGES, "staff", "missing"])
def test_without_collected_files_every_page_is_there_without_its_looks(bare: RunningSite, path: str) -> None:
    answer = ask(bare, path)

    assert answer.status == (404 if path == "/nothing-here/" else 200)
    assert answer.text.rstrip().endswith("</html>")
    assert "Traceback" not in bare.log


def test_without_collected_files_it_is_up_and_not_ready_and_says_what_to_do(bare: RunningSite) -> None:
    up, ready = ask(bare, "/healthz"), ask(bare, "/readyz")

    assert up.status == 200
    assert ready.status == 503
    assert ready.text == "no static files are collected: run manage.py collectstatic and start the server anew\n"


@pytest.mark.parametrize("path", ["/static/advisor.0123456789ab.css", "/static/advisor.css", "/nothing-here/"])
def test_what_is_missing_is_kept_by_no_proxy(bare: RunningSite, path: str) -> None:
    answer = ask(bare, path)

    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.3.17", "10.0.3.17:8000", "[fd00::17]:8000", "web-7d9f.internal", "a b", ""])
def test_health_is_told_to_whoever_asks_by_any_host(site: RunningSite, path: str, host: str) -> None:
    assert ask(site, path, headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "path", ["/", CTO.result, "/admin/login/", "/robots.txt", "/healthz/", "/readyz?", "//healthz"]
)
def test_nothing_else_is_answered_to_a_host_that_is_not_ours(site: RunningSite, path: str) -> None:
    answer = ask(site, path, headers=BY_ADDRESS)

    assert answer.status == (200 if path == "/readyz?" else 400)


def through_proxy(site: RunningSite, path: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(site, path, headers={"Host": NAME} | named)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="it says nothing"),
        pytest.param({"X_Forwarded_Proto": "http", "Sec_Fetch_Site": "none"}, id="it says http and the browser https"),
    ],
)
def test_behind_a_proxy_that_is_not_set_up_the_page_says_so_instead_of_leading_to_itself(
    https: RunningSite, headers: dict[str, str]
) -> None:
    answer = through_proxy(https, CTO.result, **headers)

    assert (answer.status, answer.location) == (503, "")
    said = words(document(answer.text).find("body/main"))
    assert "X-Forwarded-Proto" in said
    assert "no-store" in answer.headers["Cache-Control"]
    assert CTO.outcome not in answer.text


def test_the_log_says_it_once_and_readyz_until_a_request_came_over_https(https: RunningSite) -> None:
    for _ in range(20):
        through_proxy(https, "/")
    silent = ask(https, "/readyz")

    shown = through_proxy(https, "/", X_Forwarded_Proto="https")
    spoken = ask(https, "/readyz")

    assert https.log.count("the proxy in front does not say") == 1
    assert (silent.status, silent.text) == (200, f"ready\nbut {PROXY_IS_SILENT}\n")
    assert shown.status == 200
    assert (spoken.status, spoken.text) == (200, "ready\n")


def test_plain_http_is_still_redirected_and_shows_nothing(https: RunningSite) -> None:
    answer = through_proxy(https, f"{CTO.result}&x=1", X_Forwarded_Proto="http")

    assert (answer.status, answer.location) == (301, f"https://{NAME}{CTO.result}&x=1")
    assert answer.body == b""


def test_health_needs_no_https(https: RunningSite) -> None:
    assert ask(https, "/healthz", headers=BY_ADDRESS).status == ask(https, "/readyz", headers=BY_ADDRESS).status == 200
