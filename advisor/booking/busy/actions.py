"""The verbs of calendars for their page. Reading is left to the worker, which looks for what is due within seconds."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from advisor.booking.busy.writing import write_calls_ahead
from advisor.booking.models import BusyCalendar, Host
from advisor.delivery.webhooks.addresses import read_address
from advisor.encryption import UnreadableSecretError, decrypted, encrypted

MAX_CALENDARS = 5
"""Calendars of one host."""


class TooManyCalendarsError(Exception):
    """The host has ``MAX_CALENDARS`` already."""


class SameCalendarError(Exception):
    """The host has a calendar with this address already."""


class AnotherTakesCallsError(Exception):
    """Calls are written into another calendar of the host already."""


def as_https(address: str) -> str:
    """The address under which a calendar is read: programs write webcal:// for https://."""
    scheme, mark, rest = address.partition("://")
    return f"https://{rest}" if mark and scheme.lower() in {"webcal", "webcals"} else address


@transaction.atomic
def add_calendar(
    *,
    host: Host,
    address: str,
    when_stale: str,
    stale_after_hours: int,
    now: datetime,
    user_name: str = "",
    app_password: str = "",
    takes_calls: bool = False,
) -> BusyCalendar:
    """Add a calendar, due at once. The caller has checked the address. With a user name it is asked by CalDAV.

    Raises ``TooManyCalendarsError``, ``SameCalendarError`` and ``AnotherTakesCallsError``.
    """
    Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    calendars = list(BusyCalendar.objects.filter(host=host).defer("spans"))
    if any(_is_at(calendar, address) for calendar in calendars):
        raise SameCalendarError
    if len(calendars) >= MAX_CALENDARS:
        raise TooManyCalendarsError
    if takes_calls and any(calendar.takes_calls for calendar in calendars):
        raise AnotherTakesCallsError
    calendar = BusyCalendar.objects.create(
        host=host,
        address=encrypted(address),
        user_name=user_name,
        password=encrypted(app_password) if app_password else "",
        # What comes after the name of the server is the secret.
        shown_address=f"{read_address(address).host_header}/…",
        when_stale=when_stale,
        stale_after_hours=stale_after_hours,
        takes_calls=takes_calls,
        added_at=now,
        due_at=now,
    )
    if takes_calls:
        write_calls_ahead(calendar, now=now)
    return calendar


def _is_at(calendar: BusyCalendar, address: str) -> bool:
    try:
        return decrypted(calendar.address) == address
    except UnreadableSecretError:
        return False


@transaction.atomic
def change_policy(
    *, calendar: BusyCalendar, when_stale: str, stale_after_hours: int, now: datetime, takes_calls: bool = False
) -> None:
    """Change what happens when a calendar cannot be read, and whether calls are written into it: those ahead are
    written or removed at once. The worker may be storing what it read meanwhile. Raises ``AnotherTakesCallsError``.
    """
    Host.objects.select_for_update(no_key=True).get(pk=calendar.host_id)
    others = BusyCalendar.objects.filter(host=calendar.host_id, takes_calls=True).exclude(pk=calendar.pk)
    if takes_calls and others.exists():
        raise AnotherTakesCallsError
    found = BusyCalendar.objects.filter(pk=calendar.pk)
    took_calls = found.filter(takes_calls=True).exists()
    found.update(when_stale=when_stale, stale_after_hours=stale_after_hours, takes_calls=takes_calls)
    if took_calls != takes_calls:
        write_calls_ahead(calendar, now=now)


def read_now(*, calendar: BusyCalendar, now: datetime) -> None:
    """Have the worker read a calendar within seconds, as a whole: the versions that it names are not asked for."""
    _make_due(BusyCalendar.objects.filter(pk=calendar.pk), now)


def _make_due(calendars: QuerySet[BusyCalendar], now: datetime) -> None:
    """A reading that is under way does not count any more."""
    calendars.update(due_at=now, claimed_at=None, etag="", last_modified="")


READ_BY = ("zone", "email", "horizon_days")
"""The fields of a host by which their calendars are read."""


def read_anew_if_needed(*, host: Host, before: Host, now: datetime) -> None:
    """Have the calendars of a changed host read within seconds, if they mean something else now."""
    if any(getattr(host, name) != getattr(before, name) for name in READ_BY):
        _make_due(BusyCalendar.objects.filter(host=host), now)


def remove_calendar(*, calendar: BusyCalendar) -> None:
    """Remove a calendar with its address and its busy times."""
    calendar.delete()
