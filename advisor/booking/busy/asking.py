"""Asks the address of a calendar: for a file, or by CalDAV (RFC 4791) for what takes place in a span of time.

It also writes what takes place there. Each address on the way is checked as if it had been typed, by the guard of
webhooks.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from icalendar import Calendar

from advisor.booking.busy.expansion import NO_CALDAV
from advisor.delivery.webhooks import http_client
from advisor.delivery.webhooks.addresses import ForbiddenAddressError, Target, read_address, resolve
from advisor.delivery.webhooks.http_client import Answer

MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}

MOVED_AWAY = "It sent this site from one address to another more than five times."
OTHER_SERVER = "It points to another server, and the password is for the first one alone."

USER_AGENT = {"User-Agent": "Advisor"}
OF_REPORTS = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
OF_EVENTS = {"Content-Type": "text/calendar; charset=utf-8"}

CREDENTIALS_REFUSED = "It refuses the user name or the app password."

QUERY = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{since:%Y%m%dT%H%M%SZ}" end="{until:%Y%m%dT%H%M%SZ}"/>
</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>
"""

NAMED = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:prop-filter name="UID"><c:text-match collation="i;octet">{uid}</c:text-match></c:prop-filter>
</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>
"""

CALENDAR_DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"

MAX_ENTRIES = 5
"""Of one call: the one that this site wrote, and what programs of the host took from invitations."""

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
    body = QUERY.format(since=since.astimezone(UTC) - AROUND, until=until.astimezone(UTC) + AROUND).encode()
    return _ask_as(user, password, address, partial(http_client.report, body=body), OF_REPORTS)


def events_named(address: str, user: str, password: str, uid: str) -> list[str]:
    """The addresses of the events with a name in a calendar of CalDAV. Raises as ``query`` does.

    What is found is written over and deleted later. So a server is not believed that what it lists was asked for: an
    entry counts only on the server of the calendar, as one file, and with an event of this name in it.
    """
    body = NAMED.format(uid=escape(uid)).encode()
    answer = _ask_as(user, password, address, partial(http_client.report, body=body), OF_REPORTS)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise ReadingError(CREDENTIALS_REFUSED)
    if answer.status != HTTPStatus.MULTI_STATUS:
        raise ReadingError(f"It answered {answer.status} when it was asked for a call.")
    try:
        root = ElementTree.fromstring(answer.body)  # noqa: S314 - the parser limits entities, and the answer is small
    except ElementTree.ParseError:
        raise ReadingError(NO_CALDAV) from None
    found = []
    for response in root.iter("{DAV:}response"):
        where = _redirected(address, response.findtext("{DAV:}href", "").strip())
        if _is_beside(where, address) and uid in _names_of(response.findtext(f".//{CALENDAR_DATA}", "")):
            found.append(where)
    if len(found) > MAX_ENTRIES:
        raise ReadingError(f"It has more than {MAX_ENTRIES} entries of one call.")
    return found


def _is_beside(where: str, address: str) -> bool:
    """Whether an address is a file on the same server, and no folder."""
    try:
        one, other = read_address(where), read_address(address)
    except ForbiddenAddressError:
        return False
    same_server = (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
    return same_server and not one.path.partition("?")[0].endswith("/")


def _names_of(file: str) -> set[str]:
    """The names of the events in a calendar file; none in what is no such file."""
    try:
        return {str(event.get("UID", "")) for event in Calendar.from_ical(file).walk("VEVENT")}
    except ValueError:
        return set()


def put(address: str, user: str, password: str, file: bytes) -> Answer:
    """The answer to an event that is stored at an address. Raises as ``query`` does."""
    return _ask_as(user, password, address, partial(http_client.store, "PUT", body=file), OF_EVENTS)


def delete(address: str, user: str, password: str) -> Answer:
    """The answer when what is stored at an address is removed. Raises as ``query`` does."""
    return _ask_as(user, password, address, partial(http_client.store, "DELETE", body=b""), {})


def _ask_as(user: str, password: str, address: str, ask: Callable[..., Answer], headers: Mapping[str, str]) -> Answer:
    """The answer to a request with a user's password, redirects followed. The password goes to no server but that of
    the address; raises ``ReadingError`` for a redirect to another, and what ``fetch`` does.
    """
    credentials = b64encode(f"{user}:{password}".encode()).decode()
    sent = {**USER_AGENT, "Authorization": f"Basic {credentials}", **headers}
    first = read_address(address)

    def ask_target(target: Target) -> Answer:
        if (target.scheme, target.host, target.port) != (first.scheme, first.host, first.port):
            raise ReadingError(OTHER_SERVER)
        return ask(target, resolve(target), headers=sent)

    return _follow(address, ask_target)


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
