"""Writes booked calls into the calendars that hosts chose for them, by CalDAV (RFC 4791): in the worker, through the
outbox.

A message names a calendar and a call, and holds nothing else. What is written is the call as it is when the message is
sent, so it does not matter in which order messages go out, how often, and what became of the call meanwhile. Afterwards
the call is looked at again: of several workers, the one that writes last has written what holds.
"""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from time import monotonic

import msgspec
from django.conf import settings
from django.urls import reverse

from advisor.booking.availability import uncancelled_calls, upcoming_calls
from advisor.booking.busy.asking import CREDENTIALS_REFUSED, ReadingError, delete, events_named, put
from advisor.booking.busy.reading import KEY_CHANGED
from advisor.booking.calendars import entry
from advisor.booking.models import BusyCalendar, Call, Host
from advisor.delivery.actions import send_to_calendar
from advisor.delivery.attempt_result import AttemptResult, short_line
from advisor.delivery.models import Message
from advisor.delivery.webhooks.addresses import ForbiddenAddressError
from advisor.delivery.webhooks.http_client import NoAnswerError
from advisor.encryption import UnreadableSecretError, decrypted

MAX_ROUNDS = 3
"""How often a call that changes while it is written is written anew by one attempt."""

CHANGED_MEANWHILE = "The call was changed again and again while it was written."
WRITTEN = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}
REMOVED = {*WRITTEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
REFUSALS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: CREDENTIALS_REFUSED,
    HTTPStatus.FORBIDDEN: "It does not let this site write into it.",
    HTTPStatus.NOT_FOUND: "Nothing is at its address any more.",
}


class Order(msgspec.Struct, frozen=True):
    """Which call is to be brought into line in which calendar. The call may be erased by then."""

    calendar: int
    uid: str


def write_call(call: Call, hosts: Iterable[Host], *, now: datetime) -> None:
    """Have the worker bring a call into line in the calendars of these hosts, in the transaction of its change."""
    for calendar in BusyCalendar.objects.filter(host__in=hosts, takes_calls=True).order_by("pk").only("pk", "host_id"):
        _order(calendar, call, str(call.sequence), now)


def write_calls_ahead(calendar: BusyCalendar, *, now: datetime) -> None:
    """The same for all calls ahead of a host, when their calendar begins or ends to take them."""
    for call in upcoming_calls(now).filter(host=calendar.host_id):
        _order(calendar, call, f"{now:%Y%m%dT%H%M%S.%f}", now)


def _order(calendar: BusyCalendar, call: Call, version: str, now: datetime) -> None:
    order = Order(calendar.pk, call.calendar_uid)
    send_to_calendar(
        key=f"calendar-{calendar.pk}-{call.uid}-{version}",
        about=f"host {calendar.host_id}",
        subject="A call in the calendar of its host",
        text=msgspec.json.encode(order).decode(),
        now=now,
    )


def send(message: Message) -> AttemptResult:
    """Do what a message asks for. Every failure becomes a result."""
    order = msgspec.json.decode(message.text, type=Order)
    start, error = monotonic(), ""
    try:
        _bring_into_line(order)
    except UnreadableSecretError:
        error = KEY_CHANGED
    except (ReadingError, ForbiddenAddressError, NoAnswerError) as refusal:
        error = str(refusal)
    return AttemptResult(error=short_line(error), milliseconds=int((monotonic() - start) * 1000))


def _bring_into_line(order: Order) -> None:
    for _ in range(MAX_ROUNDS):
        # Whoever removes a calendar keeps what is in it.
        calendar = BusyCalendar.objects.filter(pk=order.calendar).defer("spans").first()
        if calendar is None:
            return
        wanted = _wanted(calendar, order.uid)
        _write(calendar, order.uid, wanted)
        if _wanted(calendar, order.uid) == wanted:
            return
    raise ReadingError(CHANGED_MEANWHILE)


def _wanted(calendar: BusyCalendar, uid: str) -> str:
    """What the calendar should hold of a call; "" for nothing."""
    takes_calls = BusyCalendar.objects.filter(pk=calendar.pk, takes_calls=True).exists()
    calls = uncancelled_calls().filter(uid=uid.partition("@")[0], host=calendar.host_id)
    call = calls.select_related("host", "lead").first() if takes_calls else None
    if call is None:
        return ""
    return entry(call, settings.SITE_URL + reverse("admin:booking_call_change", args=[call.pk]))


def _write(calendar: BusyCalendar, uid: str, file: str) -> None:
    """Make a calendar hold a file under a name, or nothing.

    Where the host took the call from an invitation, it may lie at an address of their program's choice.
    """
    address = decrypted(calendar.address)
    user, password = calendar.user_name, decrypted(calendar.password)
    found = events_named(address, user, password, uid)
    if file:
        where = found[0] if found else f"{address.rstrip('/')}/{uid.partition('@')[0]}.ics"
        _check(put(where, user, password, file.encode()).status, WRITTEN)
    else:
        for where in found:
            _check(delete(where, user, password).status, REMOVED)


def _check(status: int, good: set[HTTPStatus]) -> None:
    if status not in good:
        raise ReadingError(REFUSALS.get(status, f"It answered {status} when a call was written."))
