"""The verbs of requests as they come in: take one at once or let its address be confirmed first, confirm it, and decide
on many that are alike.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from advisor.assessment.visit import Visit, visit_at
from advisor.booking.actions import CallNotChangeableError, NotFreeError, PhoneNeededError, cancel, request_with_call
from advisor.booking.admission import OpenCallError, admit, domain_mark, network_mark
from advisor.booking.announcements import ask_to_confirm
from advisor.booking.availability import (
    free_hosts,
    holds,
    hosts_for,
    hosts_for_phone,
    least_busy_host,
    upcoming_calls,
)
from advisor.booking.models import HOLD_LENGTH, BlockedSource, Call, Host, Intake, IntakeState, digest_of
from advisor.booking.slots import SLOT_LENGTH
from advisor.content.editions import edition_cache
from advisor.delivery.actions import withdraw
from advisor.leads.actions.requesting import SentBeforeError, address_of_person
from advisor.leads.actions.sales import InvalidTransitionError, set_status
from advisor.leads.changes import MergedError
from advisor.leads.models import Lead, Status, Submission
from advisor.limits.actions import DAY

MAX_HOLDS = 20
"""Times that are held at one moment in all. Beyond, whoever confirms first gets a time."""

MAX_HOLDS_OF_NETWORK = 1

LAST_RANK = 9
"""Mail of the ninth and of each further request of a network on a day goes out after all other mail."""

BLOCKED_REASON = "It was not asked for by a person."


class RequestClosedError(Exception):
    """The link has expired, or staff have decided on the request."""


def ask_for_call(
    *,
    key: str,
    visit: Visit,
    details: Mapping[str, str],
    consent: str,
    network: str,
    now: datetime,
    begins: datetime | None = None,
    zone: str = "",
) -> Lead | None:
    """Take a request at once, and return its lead; or let its address be confirmed first, and return None. Without
    limits each is taken at once, and where it came from is not kept.

    Raises ``OpenCallError``, ``AddressUsedUpError``, ``TooManyRequestsError``, and the errors of ``request_with_call``.
    """
    intake = Intake(
        key=key,
        digest=_digest(visit, details, begins),
        token=digest_of(token := token_urlsafe(32)),
        state=IntakeState.PASSED,
        asked_at=now,
        network=network_mark(network),
        domain=domain_mark(details["email"]),
        guide=visit.guide.key,
        edition=visit.published.number,
        query=visit.query,
        consent=consent,
        begins_at=begins,
        ends_at=begins + SLOT_LENGTH if begins else None,
        zone=zone,
    )
    with transaction.atomic():
        at_once, of_network = True, 1
        if not _was_taken(intake):
            if _waits(intake):
                return None
            if begins:
                # Before the address is looked at: a time that is never free tells nobody who has a call ahead.
                hosts = hosts_for(visit.guide.key, visit.recommendation.outcome.key)
                _reachable(list(hosts), begins, details["phone"], now)
            at_once, of_network = admit(email=details["email"], network=network, now=now)
        # Asked again: of two that came together, the second waited while it was counted.
        if at_once or _was_taken(intake):
            lead = _request(intake, visit, details, now)
            if settings.FORM_LIMITS and not Intake.objects.filter(Q(key=key) | Q(lead=lead)).exists():
                intake.lead = lead
                intake.save(force_insert=True)
            return lead
        if _waits(intake):
            return None
        _wait(intake, visit, details, now)
        ask_to_confirm(intake, token, rank=min(of_network, LAST_RANK), now=now)
    return None


def _was_taken(intake: Intake) -> bool:
    """Whether a form with this key was taken."""
    return Submission.objects.filter(key=intake.key).exists()


def _waits(intake: Intake) -> bool:
    """Whether this very form waits already. Raises ``SentBeforeError`` if the one with its key held something else, or
    is waited for no longer.
    """
    before = Intake.objects.filter(key=intake.key).first()
    if before and (before.digest != intake.digest or before.state != IntakeState.WAITING):
        raise SentBeforeError
    return before is not None


def _wait(intake: Intake, visit: Visit, details: Mapping[str, str], now: datetime) -> None:
    """Keep a request until its address is confirmed, with its time as far as times can be held."""
    ahead = upcoming_calls(now).filter(lead__person__email=address_of_person(details["email"]))
    if intake.begins_at and ahead.exists():
        raise OpenCallError
    intake.state, intake.details = IntakeState.WAITING, dict(details)
    if intake.begins_at:
        hosts = hosts_for(visit.guide.key, visit.recommendation.outcome.key)
        free = _reachable(list(hosts.select_for_update(of=("self",))), intake.begins_at, details["phone"], now)
        held = holds(now)
        if held.count() < MAX_HOLDS and held.filter(network=intake.network).count() < MAX_HOLDS_OF_NETWORK:
            intake.host, intake.held_until = least_busy_host(free, now), now + HOLD_LENGTH
    intake.save(force_insert=True)


def _reachable(hosts: list[Host], begins: datetime, phone: str, now: datetime) -> list[Host]:
    free = free_hosts(hosts, now, begins)
    if not free:
        raise NotFreeError
    if not (reachable := hosts_for_phone(free, phone)):
        raise PhoneNeededError
    return reachable


def visit_of_intake(intake: Intake) -> Visit:
    """The answers that a request came with."""
    return visit_at(edition_cache.edition(intake.guide, intake.edition), QueryDict(intake.query))


def confirm(
    *,
    intake: Intake,
    now: datetime,
    begins: datetime | None = None,
    zone: str = "",
    by: str = "",
) -> Lead:
    """Take a request whose address is confirmed, or that staff release: ``by`` is their user name.

    ``begins`` is another time than was asked for. Once; again it returns the same lead. Raises ``RequestClosedError``,
    and what ``request_with_call`` does: then it waits on.
    """
    with transaction.atomic():
        if (locked := _locked(intake)) is None:
            raise RequestClosedError
        intake = locked
        if intake.lead:
            return intake.lead
        if not (intake.state == IntakeState.WAITING and (by or intake.can_be_confirmed(now))):
            raise RequestClosedError
        details = intake.details
        if begins:
            intake.begins_at, intake.ends_at, intake.zone = begins, begins + SLOT_LENGTH, zone
        intake.state = IntakeState.RELEASED if by else IntakeState.CONFIRMED
        intake.details, intake.held_until, intake.decided_by = {}, None, by
        # Its own hold must not stand in its way.
        fields = ["state", "details", "held_until", "decided_by", "begins_at", "ends_at", "zone"]
        intake.save(update_fields=fields)
        intake.lead = _request(intake, visit_of_intake(intake), details, now)
        intake.save(update_fields=["lead"])
    return intake.lead


def _request(intake: Intake, visit: Visit, details: Mapping[str, str], now: datetime) -> Lead:
    return request_with_call(
        key=intake.key,
        visit=visit,
        details=details,
        consent=intake.consent,
        begins=intake.begins_at,
        zone=intake.zone,
        now=now,
    )


def recent_or_waiting(now: datetime) -> QuerySet[Intake]:
    """The requests of the last day, and those that wait."""
    return Intake.objects.filter(Q(asked_at__gt=now - DAY) | Q(state=IntakeState.WAITING))


def of_the_burst(now: datetime, *, network: str = "", domain: str = "") -> QuerySet[Intake]:
    """Of these, those from one network or mail domain, by its mark."""
    return recent_or_waiting(now).filter(Q(network=network) if network else Q(domain=domain))


def release(*, intakes: Iterable[Intake], by: str, now: datetime) -> tuple[int, int]:
    """Take these as if they were confirmed. Returns how many were taken, and how many could not be."""
    done = failed = 0
    for intake in intakes:
        try:
            confirm(intake=intake, by=by, now=now)
        except (RequestClosedError, NotFreeError, PhoneNeededError, OpenCallError, SentBeforeError):
            failed += 1
        else:
            done += 1
    return done, failed


def cancel_and_block(*, network: str = "", domain: str = "", label: str, by: str, now: datetime) -> int:
    """Drop all requests of a burst that are alike, cancel their calls, mark their leads as spam, and take no more of
    them for some days. Returns how many there were. ``label`` is how staff know them.
    """
    blocked = {"blocked_at": now, "by": by, "label": label}
    BlockedSource.objects.update_or_create(mark=network or domain, defaults=blocked)
    number = 0
    alike = of_the_burst(now, network=network, domain=domain)
    for intake in alike.exclude(state=IntakeState.BLOCKED).order_by("pk"):
        _drop(intake, by, now)
        number += 1
    return number


def unblock(*, mark: str) -> None:
    """Take requests from there again. What was cancelled stays so."""
    BlockedSource.objects.filter(mark=mark).delete()


def _locked(intake: Intake) -> Intake | None:
    """A request as it is now, locked; None if it was erased a moment ago."""
    return Intake.objects.select_for_update(of=("self",)).filter(pk=intake.pk).first()


def _drop(intake: Intake, by: str, now: datetime) -> None:
    with transaction.atomic():
        if (locked := _locked(intake)) is None:
            return
        intake = locked
        if intake.lead:
            for call in Call.objects.filter(lead=intake.lead):
                _cancel(call, by, now)
            _mark_as_spam(intake.lead, by, now)
        withdraw(about=intake.topic)
        intake.state, intake.details, intake.held_until, intake.decided_by = IntakeState.BLOCKED, {}, None, by
        intake.save(update_fields=["state", "details", "held_until", "decided_by"])


def _cancel(call: Call, by: str, now: datetime) -> None:
    try:
        cancel(call=call, reason=BLOCKED_REASON, now=now, by=by)
    except CallNotChangeableError:
        return


def _mark_as_spam(lead: Lead, by: str, now: datetime) -> None:
    try:
        set_status(lead=lead, status=Status.SPAM, by=by, now=now)
    except (InvalidTransitionError, MergedError):
        return


def _digest(visit: Visit, details: Mapping[str, str], begins: datetime | None) -> str:
    held = [visit.canonical_result, sorted(details.items()), str(begins)]
    return sha256(msgspec.json.encode(held)).hexdigest()
