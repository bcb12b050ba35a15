"""Booking a call, and everything that can become of it.

Each verb locks the hosts it may choose from before it looks, so that of two who want one slot the second sees the
first. What the database refuses all the same is answered as if it had been seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, OperationalError, transaction

from advisor.assessment.counting import where
from advisor.assessment.visit import Visit
from advisor.booking import announcements
from advisor.booking.availability import free_hosts, hosts_for, least_loaded, reachable_by
from advisor.booking.models import Call, CallStatus, Host, new_token
from advisor.booking.slots import LENGTH
from advisor.booking.words import time_in_words
from advisor.funnel.actions import count_request
from advisor.leads.actions import record_call, request_call
from advisor.leads.models import EventKind, Lead

MET_BY = ("name", "email", "place", "place_details")
"""What of a host stands in invitations."""

DEADLOCK = "40P01"
"""PostgreSQL's code for one of several that waited for each other."""


class NotFreeError(Exception):
    """The wanted time is not free, or not any more."""


class PhoneNeededError(Exception):
    """At the wanted time only a host is free who calls by phone, and no number was given."""


class ClosedError(Exception):
    """This call is over, or cancelled, and stays as it is."""


class CallsAheadError(Exception):
    """A host cannot stop while there are calls ahead; ``calls`` has them."""

    def __init__(self, calls: Sequence[Call]) -> None:
        super().__init__(", ".join(map(str, calls)))
        self.calls = calls


@contextmanager
def refusals_as_not_free() -> Iterator[None]:
    """What the database says when two wanted the same, in the words of this room."""
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
    """Keep a request and, where a time is given, book the call: both or neither.

    The same form sent again gets the first request, and its call. Raises ``NotFreeError``, ``PhoneNeededError``, and
    what ``request_call`` raises.
    """
    with refusals_as_not_free(), transaction.atomic():
        slot = f"{begins:%Y-%m-%dT%H:%MZ}" if begins else ""
        lead, is_new = request_call(key=key, visit=visit, details=details, consent=consent, now=now, slot=slot)
        if is_new and begins:
            call = _book(lead, visit.guide.key, begins, zone, now)
            announcements.booked(call, now=now)
            _tell(call, EventKind.BOOKED, "", now)
        elif is_new:
            announcements.requested(lead, now=now)
        if is_new:
            said = {"outcome": lead.outcome, "certainty": lead.certainty}
            count_request(where=where(visit), **said, with_call=begins is not None, now=now)
    return lead


def _book(lead: Lead, guide_key: str, begins: datetime, zone: str, now: datetime) -> Call:
    hosts = list(hosts_for(guide_key, lead.outcome).select_for_update(of=("self",)))
    free = free_hosts(hosts, now, begins)
    if not free:
        raise NotFreeError
    reachable = reachable_by(free, lead.phone)
    if not reachable:
        raise PhoneNeededError
    return Call.objects.create(
        host=least_loaded(reachable, now),
        lead=lead,
        begins_at=begins,
        ends_at=begins + LENGTH,
        zone=zone,
        booked_at=now,
        changed_at=now,
    )


def move(*, call: Call, begins: datetime, zone: str, now: datetime, by: str = "") -> Call:
    """Give a call another time, with the same host where possible.

    The same time again changes nothing. Raises ``ClosedError`` or ``NotFreeError``.
    """
    with refusals_as_not_free(), transaction.atomic():
        call = _ahead(call, now)
        if call.begins_at == begins:
            return call
        wanted = hosts_for(call.lead.edition.guide.key, call.lead.outcome)
        hosts = list(wanted.select_for_update(of=("self",)))
        free = reachable_by(free_hosts(hosts, now, begins, leaving_out=call), call.lead.phone)
        if not free:
            raise NotFreeError
        before = copy(call)
        call.host = call.host if call.host in free else least_loaded(free, now)
        call.begins_at, call.ends_at, call.zone = begins, begins + LENGTH, zone
        changed(call, now, "host", "begins_at", "ends_at", "zone")
        announcements.moved(call, before=before, now=now)
        _tell(call, EventKind.MOVED, "", now, by)
    return call


def cancel(*, call: Call, reason: str, now: datetime, by: str = "") -> Call:
    """Call it off. What is cancelled already stays as it is. Raises ``ClosedError`` for one that is over.

    ``by`` is the user name of staff, here and below; visitors have none.
    """
    with transaction.atomic():
        if Call.objects.select_for_update(of=("self",)).get(pk=call.pk).status == CallStatus.CANCELLED:
            return call
        call = _ahead(call, now)
        call.status, call.reason = CallStatus.CANCELLED, reason
        changed(call, now, "status", "reason")
        announcements.cancelled(call, now=now)
        _tell(call, EventKind.CANCELLED, reason, now, by)
    return call


def give_to(*, call: Call, host: Host, now: datetime, by: str = "") -> Call:
    """Give a call to another host at the same time, whatever their hours say: staff have asked them.

    Raises ``ClosedError``, ``PhoneNeededError``, or ``NotFreeError`` where the host is not active or has another call.
    """
    with refusals_as_not_free(), transaction.atomic():
        call = _ahead(call, now)
        if call.host == host:
            return call
        host = Host.objects.select_related("user").select_for_update(of=("self",)).get(pk=host.pk)
        if not host.takes_calls:
            raise NotFreeError
        if not reachable_by([host], call.lead.phone):
            raise PhoneNeededError
        return _given(call, host, now, by)


def give_to_another(*, call: Call, now: datetime, by: str = "") -> Call:
    """Give a call to whoever of the other hosts takes its outcome, is free then, and has the least to do.

    Raises ``ClosedError``, or ``NotFreeError`` where there is nobody.
    """
    with refusals_as_not_free(), transaction.atomic():
        call = _ahead(call, now)
        wanted = hosts_for(call.lead.edition.guide.key, call.lead.outcome).exclude(pk=call.host_id)
        hosts = list(wanted.select_for_update(of=("self",)))
        free = reachable_by(free_hosts(hosts, now, call.begins_at), call.lead.phone)
        if not free:
            raise NotFreeError
        return _given(call, least_loaded(free, now), now, by)


def _given(call: Call, host: Host, now: datetime, by: str) -> Call:
    before, call.host = copy(call), host
    changed(call, now, "host")
    announcements.moved(call, before=before, now=now)
    _tell(call, EventKind.MOVED, "", now, by)
    return call


def close(*, call: Call, status: CallStatus, reason: str, agreed: str, now: datetime, by: str = "") -> Call:
    """Say what came of a call that has begun: held, with what was agreed on, or nobody came.

    Raises ``ClosedError`` for one that was cancelled or has not begun.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
        if call.status == CallStatus.CANCELLED or call.begins_at > now:
            raise ClosedError
        is_news = call.status != status
        call.status, call.reason, call.agreed = status, reason, agreed
        call.changed_at = now
        call.save(update_fields=["status", "reason", "agreed", "changed_at"])
        if is_news:
            _tell(call, EventKind.HELD if status == CallStatus.HELD else EventKind.NO_SHOW, reason, now, by)
    return call


def deactivate(*, host: Host, now: datetime) -> None:
    """Offer no more calls with a host. Raises ``CallsAheadError`` while calls lie ahead."""
    with transaction.atomic():
        Host.objects.select_for_update().get(pk=host.pk)
        ahead = list(calls_ahead(host, now))
        if ahead:
            raise CallsAheadError(ahead)
        host.is_active = False
        host.save(update_fields=["is_active"])


def announce_changes(*, host: Host, before: Host, now: datetime) -> int:
    """Tell everyone who has a call ahead with this host what has changed about meeting them, in mail and calendar; the
    number of calls. ``before`` is the host as they were. Belongs into the transaction that changes the host.
    """
    if all(getattr(host, name) == getattr(before, name) for name in MET_BY):
        return 0
    ahead = host.call_set.filter(status=CallStatus.BOOKED, begins_at__gt=now)
    calls = list(ahead.select_for_update(of=("self",)).select_related("lead__edition__guide"))
    for call in calls:
        call.host = host
        changed(call, now)
        announcements.host_changed(call, before=before, now=now)
    return len(calls)


def calls_ahead(host: Host, now: datetime) -> Iterator[Call]:
    """The calls that a host is going to hold."""
    found = host.call_set.filter(status=CallStatus.BOOKED, begins_at__gt=now).select_related("lead")
    return found.iterator()


def renew_feed(*, host: Host) -> None:
    """Give a host's calendar another address; the old one shows nothing any more."""
    host.feed_token = new_token()
    host.save(update_fields=["feed_token"])


def _ahead(call: Call, now: datetime) -> Call:
    """The call as it stands, locked, if it can still be changed."""
    call = Call.objects.select_for_update(of=("self",)).select_related("host", "lead__edition__guide").get(pk=call.pk)
    if not call.can_be_changed(now):
        raise ClosedError
    return call


def changed(call: Call, now: datetime, *fields: str) -> None:
    """Save these fields of a call that is locked, as a change that calendars count."""
    call.changed_at = now
    call.sequence += 1
    call.save(update_fields=[*fields, "changed_at", "sequence"])


def _tell(call: Call, kind: EventKind, reason: str, now: datetime, by: str = "") -> None:
    """Write into the history of the lead what became of its call."""
    words = f"{time_in_words(call.begins_at, ZoneInfo(call.host.zone))}, with {call.host}" + (
        f": {reason}" if reason else ""
    )
    at = None if kind == EventKind.CANCELLED else call.begins_at
    record_call(lead=call.lead, kind=kind, call_at=at, words=words, now=now, by=by)
