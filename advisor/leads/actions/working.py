"""What sales does with a lead. Each verb locks it first, and does nothing where nothing would change.

All raise ``MergedError`` for a lead that was merged into another one, and ``Lead.DoesNotExist`` for one that was
erased meanwhile. ``by`` is a user name.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from advisor.leads.changes import first_response, locked_to_work_on, locked_with_all_of_it, write
from advisor.leads.models import BY_HAND, OPEN, REACHED, EventKind, Lead, Status, Tag

MOVES: Mapping[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.CONTACTED, Status.LOST, Status.SPAM),
    Status.CONTACTED: (Status.QUALIFIED, Status.LOST, Status.SPAM),
    Status.QUALIFIED: (Status.WON, Status.LOST),
    Status.WON: (Status.QUALIFIED,),
    Status.LOST: (Status.CONTACTED,),
    Status.SPAM: (Status.NEW,),
}
"""From each status to those that may follow; no others may. What was settled can be taken up again."""


class MoveError(Exception):
    """A lead of this status cannot get that one."""

    def __init__(self, before: Status, after: Status) -> None:
        allowed = " or ".join(move.label for move in MOVES[before])
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

    Raises ``MoveError`` for a move that is not in ``MOVES``, and ``ReasonNeededError``.
    """
    lead = locked_to_work_on(lead)
    before = Status(lead.status)
    if status == before:
        return lead
    if status not in MOVES[before]:
        raise MoveError(before, status)
    reason = reason.strip() if status == Status.LOST else ""
    if status == Status.LOST and not reason:
        raise ReasonNeededError
    words = f"{before.label} → {status.label}" + (f": {reason}" if reason else "")
    lead.status, lead.lost_reason = status, reason
    if status not in OPEN and lead.next_step:
        words += f". Next step dropped: {lead.next_step}"
        lead.next_step, lead.next_step_on = "", None
    answered = first_response(lead, now) if status == Status.CONTACTED else ()
    fields = ("status", "lost_reason", "next_step", "next_step_on", *answered)
    write(lead, *fields, kind=EventKind.STATUS, words=words, by=by, now=now)
    return lead


@transaction.atomic
def assign(*, lead: Lead, owner: Any, by: str, now: datetime) -> Lead:
    """Give a lead to a member of staff, or to nobody: None."""
    lead = locked_to_work_on(lead)
    if lead.owner == owner:
        return lead
    words = f"{lead.owner or 'Nobody'} → {owner or 'nobody'}"
    lead.owner = owner
    write(lead, "owner", kind=EventKind.OWNER, words=words, by=by, now=now)
    return lead


@transaction.atomic
def release(*, owner: Any, by: str, now: datetime) -> int:
    """Take all leads from an account that is about to be deleted, closed and merged ones too; how many it were.

    The database would empty their owner by itself, and say so nowhere.
    """
    keys = list(Lead.objects.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        lead = locked_with_all_of_it(key)[key]
        lead.owner = None
        write(lead, "owner", kind=EventKind.OWNER, words=f"{owner} → nobody: the account was deleted", by=by, now=now)
    return len(keys)


@transaction.atomic
def plan(*, lead: Lead, step: str, on: date | None, by: str, now: datetime) -> Lead:
    """Say what is next and until when; "" and None for nothing. Raises ``ClosedLeadError`` unless the lead is open."""
    lead = locked_to_work_on(lead)
    step = step.strip()
    on = on if step else None
    if (lead.next_step, lead.next_step_on) == (step, on):
        return lead
    if lead.status not in OPEN:
        raise ClosedLeadError
    words = f"{step}, until {on:%-d %B %Y}" if on else f"Done or dropped: {lead.next_step}"
    lead.next_step, lead.next_step_on = step, on
    write(lead, "next_step", "next_step_on", kind=EventKind.NEXT_STEP, words=words, by=by, now=now)
    return lead


@transaction.atomic
def tag(*, lead: Lead, tags: Iterable[Tag], by: str, now: datetime) -> Lead:
    """Give a lead these tags and no others."""
    lead = locked_to_work_on(lead)
    before, after = set(lead.tags.all()), set(tags)
    if before == after:
        return lead
    lead.tags.set(after)
    added = [f"+ {found.name}" for found in sorted(after - before, key=str)]
    gone = [f"– {found.name}" for found in sorted(before - after, key=str)]
    write(lead, kind=EventKind.TAGS, words=", ".join(added + gone), by=by, now=now)
    return lead


@transaction.atomic
def note(*, lead: Lead, kind: EventKind, words: str, by: str, now: datetime) -> Lead:
    """Write down what was said or done. Having reached them is a response. Raises ``NoteError``."""
    words = words.strip()
    if kind not in BY_HAND or not words:
        raise NoteError
    lead = locked_to_work_on(lead)
    answered = first_response(lead, now) if kind in REACHED else ()
    write(lead, *answered, kind=kind, words=words, by=by, now=now)
    return lead
