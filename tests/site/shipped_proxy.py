"""The nginx that `docs/install` ships, in front of sites of a test."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from string import Template

import pytest
import trustme

from tests.environment import ROOT
from tests.server import RunningSite, free_port, wait_for
from tests.site.client import Answer

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
{sites}
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{shipped}
}}
"""

MANY = 400
"""Connections from one address: all visitors of a test have the same."""

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light).")


def configuration(folder: Path, sites: list[RunningSite], *, plain: int, secure: int) -> str:
    """What the template says, as it is put in place, on ports of this test. Several sites are a group, as
    docs/operations.md has it for several machines.
    """
    servers = "".join(f"server 127.0.0.1:{site.port}; " for site in sites)
    shipped = Template((ROOT / "docs/install/nginx.conf.template").read_text()).safe_substitute(
        SITE_HOST=HOST,
        SITE_ADDRESS="advisor" if len(sites) > 1 else f"127.0.0.1:{sites[0].port}",
        NGINX_LOCAL_RESOLVERS="127.0.0.1",
        CERTIFICATES=str(folder),
    )
    lines = [line for line in shipped.splitlines() if "listen [::]" not in line]
    shipped = "\n".join(lines)
    for theirs, ours in PORTS.items():
        assert theirs in shipped
        shipped = shipped.replace(theirs, ours.format(plain=plain, secure=secure))
    shipped = shipped.replace("limit_conn addresses 40", f"limit_conn addresses {MANY}")
    group = f"upstream advisor {{ {servers}}}" if len(sites) > 1 else ""
    return AROUND.format(folder=folder, shipped=shipped, sites=group)


@dataclass(frozen=True)
class Visitors:
    """They come by the name of the site, over HTTPS, and trust the authority of this test alone."""

    context: ssl.SSLContext
    port: int
    plain_port: int

    def connect(self) -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return self.context.wrap_socket(raw, server_hostname=HOST)

    def ask(
        self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request on a connection of its own."""
        connection = HTTPSConnection(HOST, timeout=30)
        connection.sock = self.connect()
        with closing(connection):
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def get(self, path: str) -> int:
        """The status; 0 where no answer came."""
        try:
            return self.ask(path).status
        except (OSError, HTTPException):
            return 0


@contextmanager
def shipped_proxy(folder: Path, *sites: RunningSite) -> Iterator[Visitors]:
    """The proxy while it runs, as visitors see it."""
    authority = trustme.CA()
    certificate = authority.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "fullchain.pem", append=True)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    visitors = Visitors(context, port=free_port(), plain_port=free_port())
    text = configuration(folder, list(sites), plain=visitors.plain_port, secure=visitors.port)
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")], env={})
    try:
        wait_for(lambda: visitors.get("/healthz") == 200)
        yield visitors
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def asked_all_the_while(visitors: Visitors, *paths: str) -> Iterator[list[int]]:
    """Four visitors ask one page after the other; what they got. At the end each has come through some more."""
    stop, statuses = threading.Event(), list[int]()

    def keep_asking() -> None:
        while not stop.is_set():
            for path in paths or ["/"]:
                statuses.append(visitors.get(path))

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
