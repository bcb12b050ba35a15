"""Real receivers of webhooks on this machine, each in threads of the test that starts it."""

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple, Self

import pytest
from standardwebhooks import Webhook

from advisor.delivery.models import Endpoint, EventType

Answer = Callable[["Handler"], None]


class Request(NamedTuple):
    """What came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    """Hands each request to its receiver."""

    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver = self.server.receiver
        receiver.requests.append(Request(self.path, dict(self.headers.items()), body))
        receiver.on_request()
        # Whoever sends a webhook hangs up when it has heard enough.
        with suppress(OSError):
            receiver.answer(self)

    def do_REPORT(self) -> None:
        self.do_POST()

    def do_GET(self) -> None:
        receiver = self.server.receiver
        receiver.requests.append(Request(self.path, dict(self.headers.items()), b""))
        receiver.on_request()
        with suppress(OSError):
            receiver.answer(self)

    def log_message(self, *_: object) -> None:
        """Nothing: what came in is in ``requests``."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: "Receiver"

    def handle_error(self, *_: object) -> None:
        """Nothing: some tests break connections on purpose."""


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Answers with this."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class Receiver:
    """An endpoint that ``answer``s, which can be changed while it runs. A context manager.

    ``requests`` holds what came in. One with a TLS context speaks https.
    """

    def __init__(
        self,
        answer: Answer | None = None,
        *,
        on_request: Callable[[], None] = lambda: None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.answer = answer or says(204)
        self.on_request = on_request
        self.requests: list[Request] = []
        self.is_over = Event()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.receiver = self
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        # Looked at often, as each test waits for it in the end.
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]
        return port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/advisor?source=test"

    def hangs(self, handler: Handler) -> None:
        """Says nothing for as long as it runs."""
        self.is_over.wait(60)

    def drips(self, handler: Handler) -> None:
        """Sends a byte of a header now and then, and never the end of it."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.is_over.wait(0.02):
            handler.wfile.write(b"a")
            handler.wfile.flush()

    def drips_its_body(self, handler: Handler, header: bytes = b"Content-Length: 1000000") -> None:
        """Sends a head at once and then a byte now and then."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\n")
        while not self.is_over.wait(0.02):
            handler.wfile.write(b"a")
            handler.wfile.flush()

    def drips_until_it_closes(self, handler: Handler) -> None:
        """The same without saying how much it is."""
        self.drips_its_body(handler, b"Connection: close")

    def sends_a_gigabyte(self, handler: Handler) -> None:
        """As fast as it is taken; ``sent`` counts the bytes."""
        self.sent = 0
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        part = b"a" * 65536
        while self.sent < 1 << 30:
            handler.wfile.write(part)
            self.sent += len(part)


def make_endpoint(receiver: Receiver | None = None, **fields: Any) -> Endpoint:
    """An endpoint that wants everything."""
    address = receiver.address if receiver else "https://8.8.8.8/hooks/advisor"
    return Endpoint.objects.create(**{"name": "CRM", "address": address, "events": [*EventType.values]} | fields)


def verified(request: Request, secret: str) -> Any:
    """What a receiver reads. Raises when the signature does not fit, or is from another time than now."""
    return Webhook(secret).verify(request.body, dict(request.headers))


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: dict[str, list[str]]) -> list[str]:
    """Have names resolved so, the last answer from then on; the list of names that were asked for."""
    resolver, asked, left = socket.getaddrinfo, [], list(answers)

    def resolved(host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if not any(host in answer for answer in answers):
            return resolver(host, port, *args, **kwargs)
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [entry for address in found[host] for entry in resolver(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return asked
