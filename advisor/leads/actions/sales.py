"""What sales does with a lead, and what comes of its call. Each verb locks it first, and does nothing where nothing
would change.

All raise ``Lead.DoesNotExist`` for a lead that was erased meanwhile, and the verbs of sales ``MergedError`` for one
that was merged into another one. ``by`` is a user name.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from advisor.leads.changes import (
    lock_to_work_on,
    lock_with_merged,
    save_and_record,
    save_with_priority,
    set_first_response,
)
from advisor.leads.models import BY_HAND, OPEN, RESPONSE_KINDS, EventKind, Lead, Status, Tag

ALLOWED_TRANSITIONS: Mapping[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.CONTACTED, Status.LOST, Status.SPAM),
    Status.CONTACTED: (Status.QUALIFIED, Status.LOST, Status.SPAM),
    Status.QUALIFIED: (Status.WON, Status.LOST),
    Status.WON: (Status.QUALIFIED,),
    Status.LOST: (Status.CONTACTED,),
    Status.SPAM: (Status.NEW,),
}
"""From each status to those that may follow; no others may. What was settled can be taken up again."""


class InvalidTransitionError(Exception):
    """A lead of this status cannot get that one."""

    def __init__(self, before: Status, after: Status) -> None:
        allowed = " or ".join(move.label for move in ALLOWED_TRANSITIONS[before])
        super().__init__(f"A lead that is {before.label} cannot become {after.label}, only {allowed}.")


class ReasonNeededError(Exception):
    """A lead is lost for a reason."""


class ClosedLeadError(Exception):
    """There is no next step for a lead that is won, lost or spam."""


class NoteError(Exception):
    """A note is of a kind that is written by hand, and says something."""


@transaction.atomic
def set_status(*, lead: Lead, status: Status, by: str, now: datetime, reason: str = "") -> Lead:
    """Move a lead on, or back. A reason is for Lost and for nothing else; a next step ends with the work on a lead.

    Raises ``InvalidTransitionError`` for a move that is not in ``ALLOWED_TRANSITIONS``, and ``ReasonNeededError``.
    """
    lead = lock_to_work_on(lead)
    before = Status(lead.status)
    if status == before:
        return lead
    if status not in ALLOWED_TRANSITIONS[before]:
        raise InvalidTransitionError(before, status)
    reason = reason.strip() if status == Status.LOST else ""
    if status == Status.LOST and not reason:
        raise ReasonNeededError
    words = f"{before.label} → {status.label}" + (f": {reason}" if reason else "")
    lead.status, lead.lost_reason = status, reason
    if status not in OPEN and lead.next_step:
        words += f". Next step dropped: {lead.next_step}"
        lead.next_step, lead.next_step_on = "", None
    answered = set_first_response(lead, now) if status == Status.CONTACTED else ()
    fields = ("status", "lost_reason", "next_step", "next_step_on", *answered)
    save_and_record(lead, *fields, kind=EventKind.STATUS, words=words, by=by, now=now)
    return lead


@transaction.atomic
def assign(*, lead: Lead, owner: Any, by: str, now: datetime) -> Lead:
    """Give a lead to a member of staff, or to nobody: None."""
    lead = lock_to_work_on(lead)
    if lead.owner == owner:
        return lead
    words = f"{lead.owner or 'Nobody'} → {owner or 'nobody'}"
    lead.owner = owner
    save_and_record(lead, "owner", kind=EventKind.OWNER, words=words, by=by, now=now)
    return lead


@transaction.atomic
def release(*, owner: Any, by: str, now: datetime) -> int:
    """Take all leads from an account that is about to be deleted, closed and merged ones too. Return their number.

    The database would empty their owner by itself, and say so nowhere.
    """
    keys = list(Lead.objects.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        lead = lock_with_merged(key)[key]
        lead.owner = None
        save_and_record(
            lead, "owner", kind=EventKind.OWNER, words=f"{owner} → nobody: the account was deleted", by=by, now=now
        )
    return len(keys)


@transaction.atomic
def plan(*, lead: Lead, step: str, on: date | None, by: str, now: datetime) -> Lead:
    """Say what is next and until when; "" and None for nothing. Raises ``ClosedLeadError`` unless the lead is open."""
    lead = lock_to_work_on(lead)
    step = step.strip()
    on = on if step else None
    if (lead.next_step, lead.next_step_on) == (step, on):
        return lead
    if lead.status not in OPEN:
        raise ClosedLeadError
    words = f"{step}, by {on:%-d %B %Y}" if on else f"Done or dropped: {lead.next_step}"
    lead.next_step, lead.next_step_on = step, on
    save_and_record(lead, "next_step", "next_step_on", kind=EventKind.NEXT_STEP, words=words, by=by, now=now)
    return lead


@transaction.atomic
def tag(*, lead: Lead, tags: Iterable[Tag], by: str, now: datetime) -> Lead:
    """Give a lead these tags and no others."""
    lead = lock_to_work_on(lead)
    before, after = set(lead.tags.all()), set(tags)
    if before == after:
        return lead
    lead.tags.set(after)
    added = [f"+ {one.name}" for one in sorted(after - before, key=str)]
    gone = [f"– {one.name}" for one in sorted(before - after, key=str)]
    save_and_record(lead, kind=EventKind.TAGS, words=", ".join(added + gone), by=by, now=now)
    return lead


@transaction.atomic
def note(*, lead: Lead, kind: EventKind, words: str, by: str, now: datetime) -> Lead:
    """Write down what was said or done. Having reached them is a response. Raises ``NoteError``."""
    words = words.strip()
    if kind not in BY_HAND or not words:
        raise NoteError
    lead = lock_to_work_on(lead)
    answered = set_first_response(lead, now) if kind in RESPONSE_KINDS else ()
    save_and_record(lead, *answered, kind=kind, words=words, by=by, now=now)
    return lead


@transaction.atomic
def record_call(
    *, lead: Lead, kind: EventKind, call_at: datetime | None, words: str, now: datetime, by: str = ""
) -> None:
    """Say what happened to the call of a lead, which is at ``call_at``; None for none any more.

    A call that was held is a response. The one that the lead was merged into, if any, is kept in step.
    """
    group = lock_with_merged(lead.pk)
    lead = group[lead.pk]
    target = group[lead.merged_into_id] if lead.merged_into_id else None
    lead.call_at = call_at
    answered = set_first_response(lead, call_at or now) if kind in RESPONSE_KINDS else ()
    save_and_record(lead, "call_at", *answered, kind=kind, words=words, by=by, now=now)
    if target:
        save_with_priority(target, *(set_first_response(target, call_at or now) if kind in RESPONSE_KINDS else ()))
