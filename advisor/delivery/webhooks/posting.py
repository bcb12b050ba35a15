"""One POST to an address that was checked: within a time and a size that the other side cannot stretch."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import BadStatusLine, HTTPException
from threading import Event, Timer
from time import monotonic

import msgspec
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from advisor.delivery.webhooks.addresses import Target

CONNECTING = 5.0
"""Seconds for a connection, and for agreeing on its encryption."""

IN_ALL = 15.0
"""Seconds from the first packet to the end of the answer, however it trickles in."""

MOST = 64 * 1024
"""Bytes of an answer that are read at all."""

TOO_SLOW = f"It did not answer within {IN_ALL:.0f} seconds."
NO_HTTP = "What it answered is no HTTP."


class Answer(msgspec.Struct, frozen=True):
    """What came back: status, headers with their names in small letters, and the body as far as it was read."""

    status: int
    headers: dict[str, str]
    body: bytes


class NoAnswerError(Exception):
    """There was none; it says why, in words."""


def post(target: Target, addresses: Sequence[str], *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send this to the first of the addresses that takes a connection. Raises ``NoAnswerError``.

    No proxy is asked, no redirect followed, nothing unpacked. What has come of the body when time or size run out is
    the body.
    """
    deadline = monotonic() + IN_ALL
    connection = _connected(target, addresses, deadline)
    try:
        with _cut_off_at(deadline, connection) as is_over:
            try:
                connection.request(
                    "POST",
                    target.path,
                    body=body,
                    headers={"Host": target.host_header, **headers},
                    preload_content=False,
                    decode_content=False,
                )
                response = connection.getresponse()
            except (HTTPError, HTTPException, OSError) as trouble:
                raise NoAnswerError(TOO_SLOW if is_over.is_set() else _in_words(trouble)) from None
            if is_over.is_set():
                # Cut off in the middle of the headers, which then look as if they had ended.
                raise NoAnswerError(TOO_SLOW)
            kept = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, kept, _read(response))
    finally:
        connection.close()


def _read(response: BaseHTTPResponse) -> bytes:
    """The beginning of the body; the status came before it and holds, whatever becomes of the rest."""
    parts, size = [], 0
    with closing(response), suppress(HTTPError, HTTPException, OSError):
        while size < MOST and (part := response.read1(MOST - size)):
            parts.append(part)
            size += len(part)
    return b"".join(parts)


def _connected(target: Target, addresses: Sequence[str], deadline: float) -> HTTPConnection:
    trouble: Exception = TimeoutError()
    for address in addresses:
        left = deadline - monotonic()
        if left <= 0:
            break
        connection = _connection(target, address, min(CONNECTING, left))
        try:
            connection.connect()
        except (HTTPError, OSError) as refusal:
            connection.close()
            trouble = refusal
        else:
            return connection
    raise NoAnswerError(f"No connection: {_in_words(trouble)}")


def _connection(target: Target, address: str, patience: float) -> HTTPConnection:
    """To an address in numbers; what is in the certificate has to be the name."""
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=patience)
    return HTTPSConnection(
        address, target.port, timeout=patience, server_hostname=target.host, ssl_context=ssl.create_default_context()
    )


@contextmanager
def _cut_off_at(deadline: float, connection: HTTPConnection) -> Iterator[Event]:
    """Shut the connection down when time is up: a timeout of sockets begins anew with every byte that comes."""
    is_over = Event()
    # Kept, as the connection lets go of it when the other side announces that it will close.
    sock = connection.sock

    def cut_off() -> None:
        is_over.set()
        if sock:
            with suppress(OSError):
                # That of the socket below the encryption, whose own is not made for being called from beside.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = Timer(max(0.0, deadline - monotonic()), cut_off)
    timer.daemon = True
    timer.start()
    # For what is sent and read from now on.
    connection.timeout = IN_ALL
    try:
        yield is_over
    finally:
        timer.cancel()


def _in_words(trouble: Exception) -> str:
    """Without the name of the connection object that urllib3 puts before it, and without what came in place of HTTP: it
    may be what was sent, and an error outlives the message it is about.
    """
    if type(trouble) is BadStatusLine:
        return NO_HTTP
    return f"{type(trouble).__name__}: {str(trouble).rpartition('>: ')[2] or trouble}"
