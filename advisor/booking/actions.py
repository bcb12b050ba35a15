"""The verbs of calls: book, move, cancel, give to another host, close.

Each verb locks the hosts that it may choose before it reads their calls. If two visitors want one slot, the second
therefore sees the call of the first. If the database still refuses a call, the verb raises ``NotFreeError`` as well.

Whatever locks several rows locks people first, then hosts, calls and leads, each by key, so that no two transactions
wait for each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db import IntegrityError, OperationalError, transaction

from advisor.assessment.counting import origin_of
from advisor.assessment.visit import Visit
from advisor.booking import announcements
from advisor.booking.admission import refuse_second_call
from advisor.booking.availability import (
    free_hosts,
    hosts_for,
    hosts_for_phone,
    is_busy_elsewhere,
    least_busy_host,
    upcoming_calls,
)
from advisor.booking.busy.writing import write_call
from advisor.booking.models import Call, CallStatus, FormerLink, Host, digest_of, new_token
from advisor.booking.slots import SLOT_LENGTH, slot_value
from advisor.booking.words import time_in_words
from advisor.funnel.actions import count_request
from advisor.leads.actions.requesting import request_call
from advisor.leads.actions.sales import record_call
from advisor.leads.models import EventKind, Lead
from advisor.metrics import calls_booked, leads

INVITATION_FIELDS = ("name", "email", "place", "place_details")
"""The fields of a host that invitations show."""

DEADLOCK = "40P01"
"""The code by which PostgreSQL ends one of several transactions that wait for each other."""


class NotFreeError(Exception):
    """The wanted time is not free."""


class HostIsBusyError(NotFreeError):
    """The host is busy at the wanted time by their own calendar."""


class PhoneNeededError(Exception):
    """Every host who is free at the wanted time calls by phone, and the visitor gave no number."""


class CallNotChangeableError(Exception):
    """The call has begun or is cancelled, so it stays as it is."""


@contextmanager
def not_free_on_conflict() -> Iterator[None]:
    """Raise ``NotFreeError`` in place of the database's error about two calls at the same time."""
    try:
        yield
    except IntegrityError as error:
        if "call_slot_once" in str(error) or "call_no_overlap" in str(error):
            raise NotFreeError from error
        # SQLite names the columns of a unique constraint instead.
        if "booking_call.begins_at" in str(error):
            raise NotFreeError from error
        raise
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == DEADLOCK:
            raise NotFreeError from error
        raise


def request_with_call(
    *,
    key: str,
    visit: Visit,
    details: Mapping[str, str],
    consent: str,
    now: datetime,
    begins: datetime | None = None,
    zone: str = "",
) -> Lead:
    """Store a request and, if ``begins`` is given, book the call: both or neither.

    A form that is sent again returns the first request. Raises ``OpenCallError``, ``NotFreeError``,
    ``PhoneNeededError``, and the errors of ``request_call``.
    """
    with not_free_on_conflict(), transaction.atomic():
        slot = slot_value(begins) if begins else ""
        admit = partial(refuse_second_call, now=now) if begins else None
        lead, is_new = request_call(
            key=key, visit=visit, details=details, consent=consent, now=now, slot=slot, admit=admit
        )
        if is_new and begins:
            call = _book(lead, visit.guide.key, begins, zone, now)
            announcements.announce_booking(call, now=now)
            write_call(call, [call.host], now=now)
            record_event(call, EventKind.BOOKED, "", now)
            transaction.on_commit(calls_booked.inc)
        elif is_new:
            announcements.announce_request(lead, now=now)
        if is_new:
            transaction.on_commit(leads.inc)
            count_request(
                origin=origin_of(visit),
                outcome=lead.outcome,
                certainty=lead.certainty,
                with_call=begins is not None,
                now=now,
            )
    return lead


def _book(lead: Lead, guide_key: str, begins: datetime, zone: str, now: datetime) -> Call:
    hosts = list(hosts_for(guide_key, lead.outcome).select_for_update(of=("self",)))
    free = free_hosts(hosts, now, begins)
    if not free:
        raise NotFreeError
    reachable = hosts_for_phone(free, lead.phone)
    if not reachable:
        raise PhoneNeededError
    return Call.objects.create(
        host=least_busy_host(reachable, now),
        lead=lead,
        begins_at=begins,
        ends_at=begins + SLOT_LENGTH,
        zone=zone,
        booked_at=now,
        changed_at=now,
    )


def move(*, call: Call, begins: datetime, zone: str, now: datetime, by: str = "") -> Call:
    """Move a call to another time, with the same host if possible. The same time changes nothing.

    Raises ``CallNotChangeableError`` or ``NotFreeError``.
    """
    with not_free_on_conflict(), transaction.atomic():
        hosts = _lock_hosts_for(call)
        call = lock_changeable(call, now)
        if call.begins_at == begins:
            return call
        free = _free_hosts(hosts, call, begins, now)
        host = call.host if call.host in free else least_busy_host(free, now)
        return settle(call, host=host, begins=begins, zone=zone, now=now, by=by)


def cancel(*, call: Call, reason: str, now: datetime, by: str = "") -> Call:
    """Cancel a call, unless it is already cancelled. Raises ``CallNotChangeableError`` if it has begun.

    ``by`` is the user name of staff, here and below; "" for a visitor.
    """
    with transaction.atomic():
        if Call.objects.select_for_update(of=("self",)).get(pk=call.pk).status == CallStatus.CANCELLED:
            return call
        call = lock_changeable(call, now)
        call.status, call.reason = CallStatus.CANCELLED, reason
        save_change(call, now, "status", "reason")
        announcements.announce_cancellation(call, by=by, now=now)
        write_call(call, [call.host], now=now)
        record_event(call, EventKind.CANCELLED, reason, now, by)
    return call


def give_to(
    *, call: Call, host: Host, now: datetime, by: str = "", although_busy: bool = False, only_from: int | None = None
) -> Call:
    """Give a call to another host at the same time. The hours of the host do not matter, as staff have asked them.

    ``only_from`` is the key of the host who is believed to have it; if somebody gave it away meanwhile, it stays.
    Raises ``CallNotChangeableError``, ``PhoneNeededError``, ``HostIsBusyError`` unless ``although_busy``, or
    ``NotFreeError`` if the host is not active or has another call.
    """
    with not_free_on_conflict(), transaction.atomic():
        host = Host.objects.select_related("user").select_for_update(of=("self",)).get(pk=host.pk)
        call = lock_changeable(call, now)
        if only_from not in {None, call.host_id}:
            raise CallNotChangeableError
        if call.host == host:
            return call
        if not host.takes_calls:
            raise NotFreeError
        if not hosts_for_phone([host], call.lead.phone):
            raise PhoneNeededError
        if not although_busy and is_busy_elsewhere(host, now, call.begins_at):
            raise HostIsBusyError
        return settle(call, host=host, begins=call.begins_at, zone=call.zone, now=now, by=by)


def give_to_another(*, call: Call, now: datetime, by: str = "", only_from: int | None = None) -> Call:
    """Give a call to the least busy of the other hosts who take its outcome and are free at that time.

    ``only_from`` is as in ``give_to``. Raises ``CallNotChangeableError``, or ``NotFreeError`` if there is no such host.
    """
    with not_free_on_conflict(), transaction.atomic():
        hosts = _lock_hosts_for(call)
        call = lock_changeable(call, now)
        if only_from not in {None, call.host_id}:
            raise CallNotChangeableError
        free = _free_hosts([host for host in hosts if host != call.host], call, call.begins_at, now)
        host = least_busy_host(free, now)
        return settle(call, host=host, begins=call.begins_at, zone=call.zone, now=now, by=by)


def _lock_hosts_for(call: Call) -> list[Host]:
    """Lock the hosts who take calls like this one, before the call itself is locked."""
    return list(hosts_for(call.lead.edition.guide.key, call.lead.outcome).select_for_update(of=("self",)))


def _free_hosts(hosts: Sequence[Host], call: Call, begins: datetime, now: datetime) -> list[Host]:
    """Those of locked hosts who could take a call at a time. Raises ``NotFreeError`` if there is none."""
    free = hosts_for_phone(free_hosts(hosts, now, begins, except_for=call), call.lead.phone)
    if not free:
        raise NotFreeError
    return free


def settle(call: Call, *, host: Host, begins: datetime, zone: str, now: datetime, by: str) -> Call:
    """Give a locked call another host or time, which was checked, and tell everybody concerned."""
    before, call.host = copy(call), host
    call.begins_at, call.ends_at, call.zone = begins, begins + SLOT_LENGTH, zone
    # Who gave it to somebody who is busy knows that.
    call.busy_told_at = now if is_busy_elsewhere(host, now, begins) else None
    save_change(call, now, "host", "begins_at", "ends_at", "zone", "busy_told_at")
    announcements.announce_move(call, before=before, now=now)
    write_call(call, [before.host, host], now=now)
    record_event(call, EventKind.MOVED, "", now, by)
    return call


def close(*, call: Call, status: CallStatus, reason: str, agreed: str, now: datetime, by: str = "") -> Call:
    """Record the result of a call that has begun: held, with the agreed outcome, or no-show.

    Raises ``CallNotChangeableError`` if the call was cancelled or has not begun.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
        if call.status == CallStatus.CANCELLED or call.begins_at > now:
            raise CallNotChangeableError
        is_news = call.status != status
        call.status, call.reason, call.agreed = status, reason, agreed
        call.changed_at = now
        call.save(update_fields=["status", "reason", "agreed", "changed_at"])
        if is_news:
            kind = EventKind.HELD if status == CallStatus.HELD else EventKind.NO_SHOW
            record_event(call, kind, reason, now, by)
    return call


def announce_changes(*, host: Host, before: Host, now: datetime) -> int:
    """Announce a changed host to everyone who has a call ahead with them. Returns the number of calls.

    ``before`` is the host as they were. Call it in the transaction that changes the host.
    """
    if all(getattr(host, name) == getattr(before, name) for name in INVITATION_FIELDS):
        return 0
    ahead = upcoming_calls(now).filter(host=host)
    calls = list(ahead.select_for_update(of=("self",)).select_related("lead__edition__guide"))
    for call in calls:
        call.host = host
        save_change(call, now)
        announcements.announce_host_change(call, before=before, now=now)
        write_call(call, [host], now=now)
    return len(calls)


def renew_feed(*, host: Host) -> None:
    """Give the calendar of a host another address. The old one stops working."""
    host.feed_token = new_token()
    host.save(update_fields=["feed_token"])


def lock_changeable(call: Call, now: datetime) -> Call:
    """Lock a call and return it. Raises ``CallNotChangeableError``."""
    call = Call.objects.select_for_update(of=("self",)).select_related("host", "lead__edition__guide").get(pk=call.pk)
    if not call.can_be_changed(now):
        raise CallNotChangeableError
    return call


def save_change(call: Call, now: datetime, *fields: str, renews_link: bool = True) -> None:
    """Save these fields of a locked call, and raise the number of changes by which calendars order its versions.

    The page of the visitor gets another address, which the mail about the change has. An old mail that was passed on
    opens nothing any more.
    """
    if renews_link:
        FormerLink.objects.create(call=call, digest=digest_of(call.token))
        call.token = new_token()
    call.changed_at = now
    call.sequence += 1
    call.save(update_fields=[*fields, "token", "changed_at", "sequence"])


def record_event(call: Call, kind: EventKind, reason: str, now: datetime, by: str = "") -> None:
    """Record in the history of the lead what became of its call."""
    words = f"{time_in_words(call.begins_at, ZoneInfo(call.host.zone))}, with {call.host}{reason and f': {reason}'}"
    at = None if kind == EventKind.CANCELLED else call.begins_at
    record_call(lead=call.lead, kind=kind, call_at=at, words=words, now=now, by=by)
