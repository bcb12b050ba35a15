"""One request to a checked address, with limits of time and size that the other side cannot extend."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import BadStatusLine, HTTPException
from threading import Event, Timer
from time import monotonic

import msgspec
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError

from advisor.delivery.webhooks.addresses import Target

SUCCESS, MULTI_STATUS = 200, 207
READ_SIZE = 64 * 1024

CONNECT_TIMEOUT = 5.0
"""Seconds for the connection and its TLS handshake."""

TOTAL_TIMEOUT = 15.0
"""Seconds from the first packet to the end of the answer, however slowly it arrives."""

MAX_RESPONSE_SIZE = 64 * 1024
"""Bytes of an answer that are read."""

GET_TIMEOUT = 30.0
"""Seconds from the first packet of a GET to the end of the answer."""

MAX_GET_SIZE = 20_000_000
"""Bytes of an answer to a GET; a larger one is an error."""

TOO_SLOW = f"It did not answer within {TOTAL_TIMEOUT:.0f} seconds."
GET_TOO_SLOW = f"It did not answer within {GET_TIMEOUT:.0f} seconds."
TOO_LARGE = f"Its answer has more than {MAX_GET_SIZE // 1_000_000} megabytes."
PACKED = "Its answer is compressed, although this site asked for it as it is."
NO_HTTP = "Its answer is not HTTP."


class Answer(msgspec.Struct, frozen=True):
    """An answer: status, headers with lower-case names, and the body as far as it was read."""

    status: int
    headers: dict[str, str]
    body: bytes


class NoAnswerError(Exception):
    """There was no answer. The message says why, for staff."""


def post(target: Target, addresses: Sequence[str], *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a POST to the first of the addresses that accepts a connection. Raises ``NoAnswerError``.

    It uses no proxy, follows no redirect and decompresses nothing. If time or size run out, the body is cut there.
    """
    seconds = TOTAL_TIMEOUT
    return _exchange("POST", target, addresses, headers, body, seconds=seconds, too_slow=TOO_SLOW, read=_read_beginning)


def get(target: Target, addresses: Sequence[str], *, headers: Mapping[str, str]) -> Answer:
    """Send a GET to the first of the addresses that accepts a connection. Raises ``NoAnswerError``.

    It uses no proxy and follows no redirect. Half an answer is none: time and size that run out are errors.
    """
    headers = {"Accept-Encoding": "identity", **headers}
    return _exchange(
        "GET", target, addresses, headers, None, seconds=GET_TIMEOUT, too_slow=GET_TOO_SLOW, read=_read_whole
    )


def report(target: Target, addresses: Sequence[str], *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a REPORT (RFC 3253), as ``get`` sends a GET."""
    headers = {"Accept-Encoding": "identity", **headers}
    return _exchange(
        "REPORT", target, addresses, headers, body, seconds=GET_TIMEOUT, too_slow=GET_TOO_SLOW, read=_read_whole
    )


def store(method: str, target: Target, addresses: Sequence[str], *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a PUT or a DELETE, as ``post`` sends a POST."""
    seconds = TOTAL_TIMEOUT
    return _exchange(method, target, addresses, headers, body, seconds=seconds, too_slow=TOO_SLOW, read=_read_beginning)


def _exchange(
    method: str,
    target: Target,
    addresses: Sequence[str],
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    seconds: float,
    too_slow: str,
    read: Callable[[BaseHTTPResponse], bytes],
) -> Answer:
    deadline = monotonic() + seconds
    connection = _connect(target, addresses, deadline)
    try:
        with _cut_off_at(deadline, connection, seconds) as is_over:
            try:
                connection.request(
                    method,
                    target.path,
                    body=body,
                    headers={"Host": target.host_header, **headers},
                    preload_content=False,
                    decode_content=False,
                )
                response = connection.getresponse()
                # The connection may be shut down within the headers, which then seem complete.
                if is_over.is_set():
                    raise NoAnswerError(too_slow)
                received = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, received, read(response))
            except (HTTPError, HTTPException, OSError) as error:
                # On a busy machine the timeout of the socket may come before the timer.
                is_slow = is_over.is_set() or isinstance(error, TimeoutError | ReadTimeoutError)
                raise NoAnswerError(too_slow if is_slow else _in_words(error)) from None
    finally:
        connection.close()


def _read_beginning(response: BaseHTTPResponse) -> bytes:
    """The beginning of the body. The status is valid even if reading the body fails."""
    parts, size = [], 0
    with closing(response), suppress(HTTPError, HTTPException, OSError):
        while size < MAX_RESPONSE_SIZE and (part := response.read1(MAX_RESPONSE_SIZE - size)):
            parts.append(part)
            size += len(part)
    return b"".join(parts)


def _read_whole(response: BaseHTTPResponse) -> bytes:
    """The body of a success, and nothing of any other answer."""
    with closing(response):
        if response.status not in (SUCCESS, MULTI_STATUS):
            return b""
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NoAnswerError(PACKED)
        parts, size = [], 0
        while part := response.read1(READ_SIZE):
            parts.append(part)
            size += len(part)
            if size > MAX_GET_SIZE:
                raise NoAnswerError(TOO_LARGE)
    return b"".join(parts)


def _connect(target: Target, addresses: Sequence[str], deadline: float) -> HTTPConnection:
    error: Exception = TimeoutError()
    for address in addresses:
        left = deadline - monotonic()
        if left <= 0:
            break
        connection = _new_connection(target, address, min(CONNECT_TIMEOUT, left))
        try:
            connection.connect()
        except (HTTPError, OSError) as refusal:
            connection.close()
            error = refusal
        else:
            return connection
    raise NoAnswerError(f"No connection: {_in_words(error)}")


def _new_connection(target: Target, address: str, timeout: float) -> HTTPConnection:
    """A connection to an IP address. The certificate must be for the name."""
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=timeout)
    return HTTPSConnection(
        address, target.port, timeout=timeout, server_hostname=target.host, ssl_context=ssl.create_default_context()
    )


@contextmanager
def _cut_off_at(deadline: float, connection: HTTPConnection, seconds: float) -> Iterator[Event]:
    """Shut the connection down when time is up, as the timeout of a socket starts again with every byte."""
    is_over = Event()
    # The connection drops its socket when the other side announces that it will close.
    sock = connection.sock

    def cut_off() -> None:
        is_over.set()
        if sock:
            with suppress(OSError):
                # The method of the plain socket, as that of the TLS socket is not thread-safe.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = Timer(max(0.0, deadline - monotonic()), cut_off)
    timer.daemon = True
    timer.start()
    # The timeout for sending and reading from now on.
    connection.timeout = seconds
    try:
        yield is_over
    finally:
        timer.cancel()


def _in_words(error: Exception) -> str:
    """An error without the connection object that urllib3 names first, and without what came in place of HTTP: that may
    repeat the message, and errors are stored longer than messages.
    """
    if type(error) is BadStatusLine:
        return NO_HTTP
    return f"{type(error).__name__}: {str(error).rpartition('>: ')[2] or error}"
