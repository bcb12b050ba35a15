"""The verbs by which staff move a call to a time and a host of their choice, and book one for a lead.

Staff may overrule the rules of a host, having asked them; never another call, a time that is kept for somebody, the
past, or what makes the call impossible.
"""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from advisor.booking import announcements
from advisor.booking.actions import (
    NotFreeError,
    PhoneNeededError,
    lock_changeable,
    not_free_on_conflict,
    record_event,
    save_change,
    settle,
)
from advisor.booking.admission import refuse_second_call
from advisor.booking.availability import hosts_for_phone, is_busy_elsewhere, periods_of, reason_against
from advisor.booking.busy.writing import write_call
from advisor.booking.models import Call, CallStatus, Host, mail_domain
from advisor.booking.periods import overlap
from advisor.booking.slots import SLOT_LENGTH, UnavailableReason
from advisor.leads.models import EventKind, Lead, Person
from advisor.metrics import calls_booked


class RefusedTimeError(NotFreeError):
    """A rule speaks against the time. ``can_be_overruled`` by staff who have asked the host."""

    def __init__(self, reason: UnavailableReason, *, can_be_overruled: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.can_be_overruled = can_be_overruled


class HasCallError(Exception):
    """The lead has a call that is not cancelled, or is merged into another lead."""


def move_by_staff(*, call: Call, host: Host, begins: datetime, now: datetime, by: str, anyway: bool = False) -> Call:
    """Move a call to a time and a host. ``anyway`` overrules the rules of the host. The same changes nothing.

    Raises ``CallNotChangeableError``, ``RefusedTimeError``, ``NotFreeError`` if the host takes no calls, and
    ``PhoneNeededError``.
    """
    with not_free_on_conflict(), transaction.atomic():
        hosts = _locked_hosts({call.host_id, host.pk})
        call = lock_changeable(call, now)
        if (call.host_id, call.begins_at) == (host.pk, begins):
            return call
        host = hosts[host.pk]
        _check(host, begins, call.lead.phone, now, except_for=call, anyway=anyway)
        return settle(call, host=host, begins=begins, zone=call.zone, now=now, by=by)


def book_for(
    *, lead: Lead, host: Host, begins: datetime, zone: str, now: datetime, by: str, anyway: bool = False
) -> Call:
    """Book a call for a lead, who reads its times in ``zone``. A call that was cancelled makes way: what became of it
    stays in the history.

    Raises ``HasCallError``, ``OpenCallError`` if the person has another call ahead, and what ``move_by_staff`` does.
    """
    with not_free_on_conflict(), transaction.atomic():
        person = Person.objects.select_for_update().get(pk=lead.person_id)
        host = _locked_hosts({host.pk})[host.pk]
        call = Call.objects.select_for_update(of=("self",)).filter(lead=lead).first()
        lead = Lead.objects.select_for_update(of=("self",)).select_related("edition__guide").get(pk=lead.pk)
        if lead.merged_into_id or (call and call.status != CallStatus.CANCELLED):
            raise HasCallError
        refuse_second_call(person, now=now)
        _check(host, begins, lead.phone, now, anyway=anyway)
        call = call or Call(lead=lead, booked_at=now, changed_at=now)
        call.lead, call.host, call.zone = lead, host, zone
        call.begins_at, call.ends_at = begins, begins + SLOT_LENGTH
        call.busy_told_at = now if is_busy_elsewhere(host, now, begins) else None
        _save_booked(call, now)
        announcements.announce_booking(call, now=now)
        write_call(call, [host], now=now)
        record_event(call, EventKind.BOOKED, "", now, by)
        transaction.on_commit(calls_booked.inc)
    return call


def _save_booked(call: Call, now: datetime) -> None:
    if call.pk is None:
        call.save(force_insert=True)
        return
    # Calendars have removed the cancelled one, and some do not bring back what they have removed.
    call.uid, call.uid_domain = uuid4(), mail_domain()
    call.status, call.reason, call.booked_at = CallStatus.BOOKED, "", now
    when = "host", "zone", "begins_at", "ends_at", "busy_told_at"
    save_change(call, now, *when, "uid", "uid_domain", "status", "reason", "booked_at")


def _locked_hosts(keys: set[int]) -> dict[int, Host]:
    hosts = Host.objects.select_related("user").select_for_update(of=("self",)).filter(pk__in=keys)
    return {host.pk: host for host in hosts.order_by("pk")}


def _check(
    host: Host, begins: datetime, phone: str, now: datetime, *, anyway: bool, except_for: Call | None = None
) -> None:
    if not host.takes_calls:
        raise NotFreeError
    if not hosts_for_phone([host], phone):
        raise PhoneNeededError
    wanted = begins, begins + SLOT_LENGTH
    taken = periods_of([host], now, *wanted, except_for)[host.pk]
    if begins <= now:
        raise RefusedTimeError(UnavailableReason.PAST, can_be_overruled=False)
    if any(overlap(period, wanted) for period in taken):
        raise RefusedTimeError(UnavailableReason.TAKEN, can_be_overruled=False)
    if not anyway and (reason := reason_against(host, now, begins, except_for)):
        raise RefusedTimeError(reason, can_be_overruled=True)
