"""When a calendar file says that its owner is busy. A process of its own: ``python expansion.py < order > answer``.

The order is one line of JSON (``ExpansionOrder``) and the file after it; the answer is JSON (``BusyTimes``). The
process has bounds of time and memory, as a file may ask for billions of events in one line. It gives way to everything
else on the machine, and is gone afterwards, with all that it read.

Of each event only what says when it takes place is looked at: every other line is dropped before the file is
understood. Busy are events that are confirmed or tentative. Not busy are events that are cancelled, shown as free
(TRANSP, or Microsoft's BUSYSTATUS), spent working elsewhere, or declined by the owner. Times without a zone, whole
days, and times of a zone that nobody knows are by the clock of the host.
"""

import json
import os
import re
import resource
import sys
import warnings
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypedDict
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component, FreeBusy
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MAX_SECONDS = 60
"""Of a processor."""

MAX_MEMORY = 2 * 1024**3
"""Bytes of addresses."""

MAX_SPANS = 10_000
"""Busy times that are returned. A year has 17,520 half hours, and nobody is busy in every other one."""

LINES_OF_EVENTS = frozenset(
    b"BEGIN END UID DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID SEQUENCE STATUS TRANSP FREEBUSY"
    b" X-MICROSOFT-CDO-BUSYSTATUS TZID TZOFFSETFROM TZOFFSETTO TZNAME X-WR-TIMEZONE".split()
)
UNUSED = frozenset({b"VALARM", b"VTODO", b"VJOURNAL"})
"""Components that say nothing about when somebody is busy."""

FREE_STATUSES = frozenset({"FREE", "WORKINGELSEWHERE"})

OUTLOOK_UID = "040000008200E00074C5B7101A82E008"
OUTLOOK_UID_MARK = b"vCal-Uid\x01\x00\x00\x00"
"""Outlook packs the name of an event from elsewhere into one of its own (MS-OXOCAL, 2.2.1.27)."""

NO_CALDAV = "What is at this address does not answer as CalDAV does."

DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


class ExpansionOrder(TypedDict):
    """The zone of the host, the addresses at which they are invited, the names of our own events, and from when until
    when busy times are wanted, in seconds since 1970. Whether the file is an answer of CalDAV, with calendars in it.
    """

    zone: str
    addresses: list[str]
    own: list[str]
    since: int
    until: int
    is_caldav: bool


class BusyTimes(TypedDict):
    """The busy times in seconds since 1970, in order and not touching; how many events could not be read; and an error
    in words, "" if there is none.
    """

    spans: list[tuple[int, int]]
    unreadable: int
    error: str


class NotACalendarError(ValueError):
    """The file is not a calendar, or not a whole one. The message says so for the host."""


def main() -> None:
    """Read the order and the file, and write the answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    os.nice(10)
    # The zones of the package alone, as everywhere on this site.
    zoneinfo.reset_tzpath(to=())
    order: ExpansionOrder = json.loads(sys.stdin.buffer.readline())
    json.dump(answer(sys.stdin.buffer.read(), order), sys.stdout)


def answer(file: bytes, order: ExpansionOrder) -> BusyTimes:
    """The busy times in a file."""
    try:
        spans, unreadable = busy_spans(file, order)
    except NotACalendarError as error:
        return BusyTimes(spans=[], unreadable=0, error=str(error))
    if len(spans) > MAX_SPANS:
        return BusyTimes(spans=[], unreadable=0, error=f"It has more than {MAX_SPANS:,} busy times, which is too many.")
    return BusyTimes(spans=spans, unreadable=unreadable, error="")


def busy_spans(file: bytes, order: ExpansionOrder) -> tuple[list[tuple[int, int]], int]:
    """The busy times in a file, and the number of events that could not be read. Raises ``NotACalendarError``."""
    zone, own = ZoneInfo(order["zone"]), frozenset(order["own"])
    declined = [f"mailto:{address}".lower().encode() for address in order["addresses"]]
    since, until = (datetime.fromtimestamp(seconds, UTC) for seconds in (order["since"], order["until"]))
    found: list[Span] = []
    unreadable = 0
    for calendar in _calendars(file, declined, is_caldav=order["is_caldav"]):
        calendar_zone = _usable_zone(calendar)
        for uid, events in _by_name(calendar).items():
            if own_name(uid) in own:
                continue
            # What one event has wrong with it must not hide the others.
            try:
                found += _spans_of(events, calendar_zone, zone, since, until)
                unreadable += any(event.errors for event in events)
            except Exception:  # noqa: BLE001 - libraries raise many, and each means that this event cannot be read
                unreadable += 1
        found += _free_busy(calendar, zone)
    return _joined(found, since, until), unreadable


def needed_lines(file: bytes, declined: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that say when something takes place, unfolded. An attendee is kept if it is the host, who declined."""
    depth = 0
    for line in re.sub(rb"\r?\n[ \t]", b"", file.removeprefix(b"\xef\xbb\xbf")).splitlines():
        name = re.split(rb"[:;]", line, maxsplit=1)[0].strip().upper()
        if name in (b"BEGIN", b"END") and line.partition(b":")[2].strip().upper() in UNUSED:
            depth += 1 if name == b"BEGIN" else -1
        elif depth == 0 and (name in LINES_OF_EVENTS or _is_refusal(name, line, declined)):
            yield line


def _is_refusal(name: bytes, line: bytes, declined: Iterable[bytes]) -> bool:
    if name != b"ATTENDEE" or b"PARTSTAT=DECLINED" not in line.upper():
        return False
    return any(line.lower().rstrip().endswith(address) for address in declined)


def calendar_data(file: bytes) -> bytes:
    """The calendars in an answer of CalDAV (RFC 4791, 9.6), one after the other. Raises ``NotACalendarError``."""
    try:
        root = ElementTree.fromstring(file)  # noqa: S314 - in a process with bounds, by a parser that limits entities
    except ElementTree.ParseError:
        raise NotACalendarError(NO_CALDAV) from None
    if root.tag != "{DAV:}multistatus":
        raise NotACalendarError(NO_CALDAV)
    found = root.iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
    return "\r\n".join((element.text or "").strip() for element in found).encode()


def _calendars(file: bytes, declined: Iterable[bytes], *, is_caldav: bool) -> list[Calendar]:
    if is_caldav:
        file = calendar_data(file)
        if not file:
            return []
    lines = list(needed_lines(file, declined))
    kinds = [line.strip().upper() for line in lines]
    if b"BEGIN:VCALENDAR" not in kinds:
        raise NotACalendarError("What is at this address is not a calendar. Perhaps it is a page to log in.")
    if kinds.count(b"BEGIN:VCALENDAR") != kinds.count(b"END:VCALENDAR"):
        raise NotACalendarError("The calendar at this address ends in the middle.")
    try:
        with warnings.catch_warnings():
            # It warns when it takes /vendor.example.com/Europe/Riga for Europe/Riga.
            warnings.simplefilter("ignore")
            return Calendar.from_ical(b"\r\n".join(lines).decode(errors="replace"), multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        raise NotACalendarError(f"The calendar at this address cannot be read ({type(error).__name__}).") from None


def _usable_zone(calendar: Calendar) -> str:
    """The zone of a whole calendar by its name of today; "" for none, or one that nobody knows."""
    name = str(calendar.get("X-WR-TIMEZONE", "")).strip()
    name = WINDOWS_TO_OLSON.get(name, name)
    return name if name in zoneinfo.available_timezones() else ""


def _by_name(calendar: Calendar) -> dict[str, list[Component]]:
    """The events by their UID: a series and its exceptions share it. An event without one stands for itself."""
    found: dict[str, list[Component]] = defaultdict(list)
    for number, event in enumerate(calendar.walk("VEVENT")):
        found[str(event.get("UID", "")) or f"{number} without a name"].append(event)
    return found


def own_name(uid: str) -> str:
    """The name of an event as whoever made it knows it."""
    if not uid.upper().startswith(OUTLOOK_UID):
        return uid
    try:
        _, mark, packed = bytes.fromhex(uid).partition(OUTLOOK_UID_MARK)
    except ValueError:
        return uid
    return packed.partition(b"\x00")[0].decode(errors="replace") if mark else uid


def _spans_of(
    events: list[Component], calendar_zone: str, zone: ZoneInfo, since: datetime, until: datetime
) -> list[Span]:
    """The busy times of one event or series. More is asked for, as the clock of the host may be a day off from UTC."""
    series = Calendar()
    if calendar_zone:
        series.add("X-WR-TIMEZONE", calendar_zone)
    for event in events:
        series.add_component(event)
    occurrences = recurring_ical_events.of(series).between(since - DAY, until + DAY)
    return [_span(occurrence, zone) for occurrence in occurrences if _is_busy(occurrence)]


def _is_busy(event: Component) -> bool:
    """Whether an event takes up its owner's time. Attendees are here only if they are the owner and have declined."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or "ATTENDEE" in event:
        return False
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() in FREE_STATUSES:
        return False
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _span(event: Component, zone: ZoneInfo) -> Span:
    return _instant(event.decoded("DTSTART"), zone), _instant(event.decoded("DTEND"), zone)


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    """An instant in UTC. A day begins at midnight by the clock of the host."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _free_busy(calendar: Calendar, zone: ZoneInfo) -> Iterator[Span]:
    """The busy times of a calendar that is published without events (VFREEBUSY)."""
    for component in calendar.walk("VFREEBUSY"):
        if isinstance(component, FreeBusy):
            for periods in _as_list(component.get("FREEBUSY", [])):
                if str(periods.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                    yield _instant(periods.start, zone), _instant(periods.end, zone)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _joined(spans: Iterable[Span], since: datetime, until: datetime) -> list[tuple[int, int]]:
    """The same times within the wanted ones, in order, where none overlaps or touches another."""
    found: list[tuple[int, int]] = []
    for begins, ends in sorted((max(begins, since), min(ends, until)) for begins, ends in spans):
        first, last = int(begins.timestamp()), int(ends.timestamp())
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


if __name__ == "__main__":
    main()
