"""Behind the proxy that `docs/install` ships: TLS, visitors who send slowly, a site that is started anew."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.server import RunningSite, wait_for
from tests.site.shipped_proxy import HOST, MANY, Visitors, asked_all_the_while, needs_nginx, shipped_proxy
from tests.site.walks import CTO

HALF_SENT = MANY // 2

pytestmark = [pytest.mark.once, needs_nginx]


@pytest.fixture(scope="module")
def site() -> Iterator[RunningSite]:
    with RunningSite(settings_module="tests.site.behind_https", holds_port=True) as running:
        yield running


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory, site: RunningSite) -> Iterator[Visitors]:
    with shipped_proxy(tmp_path_factory.mktemp("proxy"), site) as visitors:
        yield visitors


def test_plain_http_leads_to_https(visitors: Visitors) -> None:
    with socket.create_connection(("127.0.0.1", visitors.plain_port), timeout=10) as connection:
        connection.sendall(b"GET /privacy/?a=1 HTTP/1.1\r\nHost: elsewhere.example.com\r\nConnection: close\r\n\r\n")
        head = b"".join(iter(lambda: connection.recv(4096), b"")).decode()

    assert head.startswith("HTTP/1.1 301")
    assert f"Location: https://{HOST}/privacy/?a=1\r\n" in head


def test_the_site_knows_that_its_visitors_use_https(visitors: Visitors) -> None:
    assert visitors.get("/") == 200
    assert visitors.get(CTO.result) == 200


def test_two_hundred_requests_that_never_end_are_not_felt(visitors: Visitors) -> None:
    head = f"POST {CTO.call} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 500\r\n\r\nname=".encode()
    with ExitStack() as open_connections:
        for number in range(HALF_SENT):
            connection = open_connections.enter_context(visitors.connect())
            # Half of them do not even end their head.
            connection.sendall(head if number % 2 else head[:60])

        statuses = [visitors.get("/") for _ in range(20)]

    assert statuses == [200] * 20


def test_nobody_is_refused_while_the_processes_are_started_anew(visitors: Visitors, site: RunningSite) -> None:
    before = set(site.worker_pids())
    with asked_all_the_while(visitors) as statuses:
        site.reload()
        wait_for(lambda: before.isdisjoint(pids := set(site.worker_pids())) and len(pids) == 2, seconds=30)

    assert set(statuses) == {200}


def test_nobody_is_refused_while_the_site_is_stopped_and_started(visitors: Visitors, site: RunningSite) -> None:
    with asked_all_the_while(visitors) as statuses:
        site.stop()
        site.start()

    assert set(statuses) == {200}
