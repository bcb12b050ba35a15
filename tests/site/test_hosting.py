"""Where the site runs: without static files, asked by a machine's address, behind a proxy that says nothing."""

import re
from collections.abc import Iterator

import pytest

from advisor.hosting import HTTPS_UNSAID, NO_PROTOCOL
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


@pytest.fixture
def fresh() -> Iterator[RunningSite]:
    """Behind HTTPS, by a process that has seen nothing of its proxy yet."""
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


BROWSER = {"Sec_Fetch_Site": "none"}

FAULTS = {
    "it says nothing but where a request comes from": ({"X_Forwarded_For": "192.0.2.7"}, NO_PROTOCOL),
    "it says nothing in particular": ({"X_Forwarded_Proto": " ", "Via": "1.1 proxy"}, NO_PROTOCOL),
    "it says nothing at all to a browser": (BROWSER, HTTPS_UNSAID),
    "it says http to a browser on https": (BROWSER | {"X_Forwarded_Proto": "http"}, HTTPS_UNSAID),
}


@pytest.mark.parametrize("case", FAULTS)
def test_behind_a_proxy_that_is_not_set_up_the_page_says_so_instead_of_leading_to_itself(
    fresh: RunningSite, case: str
) -> None:
    headers, fault = FAULTS[case]

    answer = through_proxy(fresh, CTO.result, **headers)

    assert (answer.status, answer.location) == (503, "")
    said = words(document(answer.text).find("body/main"))
    assert fault in said
    assert "no-store" in answer.headers["Cache-Control"]
    assert CTO.outcome not in answer.text


DIRECT = {
    "a program": {},
    "a browser": {"User_Agent": "Mozilla/5.0", "Upgrade_Insecure_Requests": "1"},
    "a browser on the same machine": BROWSER | {"Host": "localhost:8000"},
    "a browser on the same machine, by number": BROWSER | {"Host": "127.0.0.1:8000"},
    "a browser on the same machine, by a long number": BROWSER | {"Host": "[::1]:8000"},
    "a health check by address": {"Host": "10.0.3.17:8000", "User_Agent": "ELB-HealthChecker/2.0"},
    "a visitor over http, as the proxy says": {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Proto": "http"},
}


def test_of_a_request_that_no_silent_proxy_passed_on_nothing_is_said(fresh: RunningSite) -> None:
    answers = {case: through_proxy(fresh, "/", **headers) for case, headers in DIRECT.items()}
    ready = ask(fresh, "/readyz")

    for case, answer in answers.items():
        # By an address that is not ours it is not answered, as ever.
        assert answer.status in {301, 400}, case
        assert "X-Forwarded-Proto" not in answer.text, case
    assert ready.text == "ready\n"
    assert "X-Forwarded-Proto" not in fresh.log


def test_a_program_that_poses_as_a_browser_over_http_raises_no_alarm_once_the_proxy_has_spoken(
    fresh: RunningSite,
) -> None:
    through_proxy(fresh, "/", X_Forwarded_Proto="https")

    answer = through_proxy(fresh, "/", X_Forwarded_Proto="http", **BROWSER)

    assert (answer.status, answer.location) == (301, f"https://{NAME}/")
    assert ask(fresh, "/readyz").text == "ready\n"


def test_the_log_says_it_once_and_readyz_until_a_request_came_over_https(fresh: RunningSite) -> None:
    for _ in range(20):
        through_proxy(fresh, "/", X_Forwarded_For="192.0.2.7")
    silent = ask(fresh, "/readyz")

    shown = through_proxy(fresh, "/", X_Forwarded_Proto="https")
    spoken = ask(fresh, "/readyz")

    assert fresh.log.count(NO_PROTOCOL) == 1
    assert (silent.status, silent.text) == (200, f"ready\nbut {NO_PROTOCOL}\n")
    assert shown.status == 200
    assert (spoken.status, spoken.text) == (200, "ready\n")


def test_behind_https_cookies_are_taken_from_this_host_alone(https: RunningSite) -> None:
    answer = through_proxy(https, "/admin/login/", X_Forwarded_Proto="https")

    cookies = answer.headers.get_all("Set-Cookie", [])
    assert any(cookie.startswith("__Host-csrftoken=") for cookie in cookies)
    for cookie in cookies:
        name, *parts = re.split("=|; ", cookie)
        assert name.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path"} <= set(parts)
        assert "Domain" not in parts


@pytest.mark.parametrize("path", ["/", CTO.result, CTO.call, "/nothing-here/", "/healthz", "/static/nothing.css"])
def test_every_answer_says_who_may_keep_it_and_that_it_uses_no_device(https: RunningSite, path: str) -> None:
    answer = through_proxy(https, path, X_Forwarded_Proto="https")

    assert answer.headers["Cache-Control"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_plain_http_is_still_redirected_and_shows_nothing(https: RunningSite) -> None:
    answer = through_proxy(https, f"{CTO.result}&x=1", X_Forwarded_Proto="http")

    assert (answer.status, answer.location) == (301, f"https://{NAME}{CTO.result}&x=1")
    assert answer.body == b""


def test_health_needs_no_https(https: RunningSite) -> None:
    assert ask(https, "/healthz", headers=BY_ADDRESS).status == ask(https, "/readyz", headers=BY_ADDRESS).status == 200
