"""Behind the proxy that `docs/install` ships: TLS, visitors who send slowly, a site that is started anew."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from string import Template

import pytest
import trustme

from tests.environment import ROOT
from tests.server import RunningSite, free_port, wait_for
from tests.site.walks import CTO

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
HOST = "advisor.example.com"
PORTS = {"listen 80 ": "listen 127.0.0.1:{plain} ", "listen 443 ssl": "listen 127.0.0.1:{secure} ssl"}
"""Those of the template belong to root; tests have others. An address of IPv6 is not to be had everywhere."""

AROUND = """
user root;
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{shipped}
}}
"""

HALF_SENT = 200

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)."),
]


def configuration(folder: Path, site: RunningSite, *, plain: int, secure: int) -> str:
    """What the template says, as it is put in place, on ports of this test."""
    shipped = Template((ROOT / "docs/install/nginx.conf.template").read_text()).safe_substitute(
        SITE_HOST=HOST,
        SITE_ADDRESS=f"127.0.0.1:{site.port}",
        NGINX_LOCAL_RESOLVERS="127.0.0.1",
        CERTIFICATES=str(folder),
    )
    lines = [line for line in shipped.splitlines() if "listen [::]" not in line]
    shipped = "\n".join(lines)
    for theirs, ours in PORTS.items():
        assert theirs in shipped
        shipped = shipped.replace(theirs, ours.format(plain=plain, secure=secure))
    # All visitors of this test have one address.
    shipped = shipped.replace("limit_conn addresses 40", f"limit_conn addresses {2 * HALF_SENT}")
    return AROUND.format(folder=folder, shipped=shipped)


class Visitors:
    """They come by the name of the site, over HTTPS, and trust the authority of this test alone."""

    def __init__(self, authority: trustme.CA, port: int) -> None:
        self._context = ssl.create_default_context()
        authority.configure_trust(self._context)
        self._port = port

    def connect(self) -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        return self._context.wrap_socket(raw, server_hostname=HOST)

    def get(self, path: str) -> int:
        """The status; 0 where no answer came."""
        connection = HTTPSConnection(HOST, timeout=30)
        try:
            connection.sock = self.connect()
            with closing(connection):
                connection.request("GET", path)
                return connection.getresponse().status
        except (OSError, HTTPException):
            return 0


@pytest.fixture(scope="module")
def site() -> Iterator[RunningSite]:
    with RunningSite(settings_module="tests.site.behind_https", holds_port=True) as running:
        yield running


@pytest.fixture(scope="module")
def plain_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory, site: RunningSite, plain_port: int) -> Iterator[Visitors]:
    folder, secure = tmp_path_factory.mktemp("proxy"), free_port()
    authority = trustme.CA()
    certificate = authority.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "fullchain.pem", append=True)
    (folder / "nginx.conf").write_text(configuration(folder, site, plain=plain_port, secure=secure))
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")], env={})
    visitors = Visitors(authority, secure)
    try:
        wait_for(lambda: visitors.get("/healthz") == 200)
        yield visitors
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_plain_http_leads_to_https(visitors: Visitors, plain_port: int) -> None:
    with socket.create_connection(("127.0.0.1", plain_port), timeout=10) as connection:
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


@contextmanager
def asked_all_the_while(visitors: Visitors) -> Iterator[list[int]]:
    """Four visitors ask one page after the other; what they got. At the end each has come through some more."""
    stop, statuses = threading.Event(), list[int]()

    def keep_asking() -> None:
        while not stop.is_set():
            statuses.append(visitors.get("/"))

    with ThreadPoolExecutor(4) as threads:
        for _ in range(4):
            threads.submit(keep_asking)
        try:
            wait_for(lambda: len(statuses) > 8)
            yield statuses
            seen = len(statuses)
            wait_for(lambda: len(statuses) > seen + 20, seconds=30)
        finally:
            stop.set()


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
