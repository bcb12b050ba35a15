"""Asks the address of a calendar: for a file, or by CalDAV (RFC 4791) for what takes place in a span of time.

Each address on the way is checked as if it had been typed, by the guard of webhooks.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from advisor.delivery.webhooks import http_client
from advisor.delivery.webhooks.addresses import Target, read_address, resolve
from advisor.delivery.webhooks.http_client import Answer

MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}

MOVED_AWAY = "It sent this site from one address to another more than five times."
OTHER_SERVER = "It points to another server, and the password is for the first one alone."

USER_AGENT = {"User-Agent": "Advisor"}

QUERY = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{since:%Y%m%dT%H%M%SZ}" end="{until:%Y%m%dT%H%M%SZ}"/>
</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>
"""

AROUND = timedelta(days=1)
"""Servers may take times without a zone for UTC."""


class ReadingError(Exception):
    """A calendar could not be read. The message says why, for the host, and never holds the address."""


def fetch(address: str, headers: Mapping[str, str]) -> Answer:
    """The answer of an address, or of where it points.

    Raises ``ForbiddenAddressError``, ``NoAnswerError`` and ``ReadingError``, as ``query`` does.
    """
    sent = {**USER_AGENT, "Accept": "text/calendar, */*;q=0.1", **headers}
    return _follow(address, lambda target: http_client.get(target, resolve(target), headers=sent))


def query(address: str, user: str, password: str, since: datetime, until: datetime) -> Answer:
    """The answer of a CalDAV server about the events between two instants."""
    credentials = b64encode(f"{user}:{password}".encode()).decode()
    sent = {
        **USER_AGENT,
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/xml; charset=utf-8",
        "Depth": "1",
    }
    body = QUERY.format(since=since.astimezone(UTC) - AROUND, until=until.astimezone(UTC) + AROUND).encode()
    first = read_address(address)

    def ask(target: Target) -> Answer:
        if (target.scheme, target.host, target.port) != (first.scheme, first.host, first.port):
            raise ReadingError(OTHER_SERVER)
        return http_client.report(target, resolve(target), headers=sent, body=body)

    return _follow(address, ask)


def _follow(address: str, ask: Callable[[Target], Answer]) -> Answer:
    for _ in range(MAX_REDIRECTS + 1):
        answer = ask(read_address(address))
        if answer.status not in REDIRECTS or not answer.headers.get("location"):
            return answer
        address = _redirected(address, answer.headers["location"])
    raise ReadingError(MOVED_AWAY)


def _redirected(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        raise ReadingError("It points to something that is not an address.") from None
