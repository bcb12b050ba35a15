"""Reads the calendars of hosts, in the worker: asks for what is new, finds the busy times, and stores them.

A calendar is claimed by one worker, read outside of any transaction, and stored in one. A result counts only for the
latest claim. What is stored replaces what was known as a whole, under the lock on the host that bookings take as well.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from advisor.booking.busy import expansion
from advisor.booking.busy.asking import CREDENTIALS_REFUSED, ReadingError, fetch, query
from advisor.booking.busy.expansion import BusyTimes, ExpansionOrder
from advisor.booking.busy.notices import tell_of_busy_calls, tell_of_stale_calendars
from advisor.booking.models import TAKES_CALLS, BusyCalendar, Call, Host
from advisor.delivery.attempt_result import short_line
from advisor.delivery.webhooks import http_client
from advisor.delivery.webhooks.addresses import ForbiddenAddressError
from advisor.delivery.webhooks.http_client import NoAnswerError
from advisor.encryption import UnreadableSecretError, decrypted, renewed

logger = logging.getLogger(__name__)

READ_INTERVAL = timedelta(minutes=10)
RETRY_DELAYS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""The delay after each failure in a row; the last one from then on."""

CLAIM_LENGTH = timedelta(minutes=10)
"""Longer than any reading. Then another worker may read it."""

MAX_WAIT = 90.0
"""Seconds until the process that understands a file counts as lost; it has 60 of a processor."""

NOT_MODIFIED, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, GONE = 304, 401, 403, 404, 410

DAY = timedelta(days=1)
BEYOND_THE_HORIZON = 2 * DAY
"""The last day of the horizon ends somewhere in it, by the clock of the host, and a call and its buffer after that."""

SPARE = DAY
"""How much more is read, so that a calendar that does not change need be sent once a day only."""

KEPT_AS_OURS = timedelta(days=60)
"""For how long after a call its event counts as ours. Its calendar may have it at the time that it was moved from."""

KEY_CHANGED = "Its address cannot be decrypted, as SECRET_KEY was changed. Remove it, and add it again."
NOT_UNDERSTOOD = "What is at its address could not be understood within a minute and two gigabytes of memory."
REFUSALS = {
    UNAUTHORIZED: "It asks for a password. A secret address works without one.",
    FORBIDDEN: "It does not let this site read it. Perhaps the secret address was taken back.",
    NOT_FOUND: "Nothing is at its address any more. Perhaps the secret address was renewed.",
    GONE: "Nothing is at its address any more. Perhaps the secret address was renewed.",
}


@dataclass(frozen=True)
class Reading:
    """What an attempt found. ``busy`` is None if nothing has changed since the last one."""

    busy: BusyTimes | None
    covers_until: datetime
    etag: str = ""
    last_modified: str = ""


def frequent_job(clock: Callable[[], datetime]) -> None:
    """Read the calendars that are due, and tell of those that cannot be read for too long. Raises database errors."""
    forget_calendars_of_closed_accounts()
    while calendar := claim(now=clock()):
        read(calendar, now=clock())
    tell_of_stale_calendars(now=clock())


def forget_calendars_of_closed_accounts() -> None:
    """Forget the busy times of hosts who cannot log in any more. If they come back, they are read anew."""
    closed = BusyCalendar.objects.filter(host__user__is_active=False, read_at__isnull=False)
    # First without writing: on SQLite that blocks every other writer.
    if closed.exists():
        closed.update(spans=[], read_at=None, covers_until=None, etag="", last_modified="", unreadable_events=0)


def claim(*, now: datetime) -> BusyCalendar | None:
    """Claim the calendar that has been due longest; None if none is due. Hosts who take no calls are left alone."""
    hosts = Host.objects.filter(TAKES_CALLS).values("pk")
    due = BusyCalendar.objects.filter(due_at__lte=now, host__in=hosts).order_by("due_at", "pk")
    # First without a lock: on SQLite a transaction blocks every other writer.
    if not due.exists():
        return None
    with transaction.atomic():
        calendar = due.select_for_update(skip_locked=True, of=("self",)).first()
        if calendar:
            calendar.claimed_at, calendar.due_at = now, now + CLAIM_LENGTH
            calendar.save(update_fields=["claimed_at", "due_at"])
    return calendar


def read(calendar: BusyCalendar, *, now: datetime) -> None:
    """Read a claimed calendar and store the result, whatever it is. Raises database errors."""
    try:
        reading = attempt(calendar, now)
    except ReadingError as error:
        record_failure(calendar, str(error), now=now)
        logger.warning("Calendar %d was not read", calendar.pk)
    else:
        record_success(calendar, reading, now=now)
        logger.info("Calendar %d was read", calendar.pk)


def attempt(calendar: BusyCalendar, now: datetime) -> Reading:
    """Ask the address, and find the busy times in what it sends. Raises ``ReadingError``."""
    needed = now + calendar.host.horizon_days * DAY + BEYOND_THE_HORIZON
    until = needed + SPARE
    is_enough = calendar.covers_until is not None and calendar.covers_until >= needed
    versions = {"If-None-Match": calendar.etag, "If-Modified-Since": calendar.last_modified}
    known = {name: value for name, value in versions.items() if value and is_enough}
    try:
        answer = _ask(calendar, known, now, until)
    except UnreadableSecretError:
        raise ReadingError(KEY_CHANGED) from None
    except (ForbiddenAddressError, NoAnswerError) as refusal:
        raise ReadingError(str(refusal)) from None
    if answer.status == NOT_MODIFIED and known and calendar.covers_until:
        return Reading(None, calendar.covers_until, calendar.etag, calendar.last_modified)
    if answer.status == UNAUTHORIZED and calendar.user_name:
        raise ReadingError(CREDENTIALS_REFUSED)
    if answer.status != (http_client.MULTI_STATUS if calendar.user_name else http_client.SUCCESS):
        raise ReadingError(REFUSALS.get(answer.status, f"It answered {answer.status}."))
    busy = understand(answer.body, order_for(calendar, now, until))
    if calendar.user_name:
        return Reading(busy, until)
    # A value that does not fit is not one to send back.
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    return Reading(busy, until, etag if is_header(etag, 500) else "", modified if is_header(modified, 100) else "")


def _ask(calendar: BusyCalendar, known: dict[str, str], now: datetime, until: datetime) -> http_client.Answer:
    address = decrypted(calendar.address)
    if calendar.user_name:
        return query(address, calendar.user_name, decrypted(calendar.password), now - DAY, until)
    return fetch(address, known)


def is_header(value: str, length: int) -> bool:
    """Whether a value can be stored and sent back."""
    return len(value) <= length and value.isascii() and value.isprintable()


def order_for(calendar: BusyCalendar, now: datetime, until: datetime) -> ExpansionOrder:
    """What is wanted of a file: from a day ago on, as a day of the host may have begun then."""
    host = calendar.host
    ours = Call.objects.filter(ends_at__gt=now - KEPT_AS_OURS)
    return ExpansionOrder(
        zone=host.zone,
        addresses=sorted({host.email, host.user.email} - {""}),
        own=[call.calendar_uid for call in ours.only("uid", "uid_domain")],
        since=int((now - DAY).timestamp()),
        until=int(until.timestamp()),
        is_caldav=bool(calendar.user_name),
    )


def understand(file: bytes, order: ExpansionOrder) -> BusyTimes:
    """The busy times in a file, by a process of its own. Raises ``ReadingError``."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and the file is only its input
            [sys.executable, "-I", expansion.__file__],
            input=json.dumps(order).encode() + b"\n" + file,
            capture_output=True,
            timeout=MAX_WAIT,
            check=True,
            # Neither keys nor addresses of this process are its business.
            env={},
        )
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        # Without its output, which may repeat lines of the file.
        logger.error("A calendar was not understood: %s", type(error).__name__)
        raise ReadingError(NOT_UNDERSTOOD) from None
    answer: BusyTimes = json.loads(done.stdout)
    if answer["error"]:
        raise ReadingError(answer["error"])
    return answer


@transaction.atomic
def record_success(calendar: BusyCalendar, reading: Reading, *, now: datetime) -> None:
    """Store what was read. Before a booking has the lock on the host, or after it is through, and never in between."""
    locked = _lock(calendar)
    if locked is None:
        return
    if reading.busy is not None:
        locked.spans, locked.unreadable_events = reading.busy["spans"], reading.busy["unreadable"]
    locked.address = renewed(locked.address)
    locked.password = locked.password and renewed(locked.password)
    locked.covers_until, locked.etag, locked.last_modified = reading.covers_until, reading.etag, reading.last_modified
    locked.read_at, locked.due_at, locked.claimed_at = locked.claimed_at, now + READ_INTERVAL, None
    locked.failures, locked.failing_since, locked.last_error, locked.told_at = 0, None, "", None
    locked.save()
    tell_of_busy_calls(locked.host, now=now)


@transaction.atomic
def record_failure(calendar: BusyCalendar, error: str, *, now: datetime) -> None:
    """Store an error. What was known stays, less what is over."""
    locked = _lock(calendar)
    if locked is None:
        return
    locked.failures += 1
    locked.failing_since, locked.last_error = locked.failing_since or now, short_line(error)
    locked.due_at, locked.claimed_at = now + RETRY_DELAYS[min(locked.failures, len(RETRY_DELAYS)) - 1], None
    locked.spans = [span for span in locked.spans if span[1] > (now - DAY).timestamp()]
    locked.save()


def _lock(calendar: BusyCalendar) -> BusyCalendar | None:
    """The calendar as it is now, locked after its host; None if it was removed, or another claim counts by now."""
    Host.objects.select_for_update(no_key=True).get(pk=calendar.host_id)
    still_ours = BusyCalendar.objects.filter(pk=calendar.pk, claimed_at=calendar.claimed_at)
    return still_ours.select_for_update(of=("self",)).first()
