"""The one way in which a lead changes once it is there: under a lock, with its priority kept in step, and recorded."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from advisor.assessment.counting import origin_by_first_touch
from advisor.delivery.models import EventType
from advisor.funnel.actions import count_response
from advisor.leads.models import Event, EventKind, Lead
from advisor.leads.payloads import announce_lead
from advisor.leads.priority import has_call, points_of
from advisor.leads.search.index import index_event


class MergedError(Exception):
    """This lead was merged into another one, which is worked on instead."""


def lock_leads(*keys: int) -> dict[int, Lead]:
    """These leads as they stand, by key; nobody else changes them until the transaction ends.

    All are locked in the order of their keys, so that of two who want the same ones the second waits for the first.
    Whoever only adds to their history does not have to wait.
    """
    chosen = Lead.objects.filter(pk__in=keys).select_related("owner").defer("edition__document")
    return {lead.pk: lead for lead in chosen.select_for_update(of=("self",), no_key=True).order_by("pk")}


def lock_group(which: Callable[[], set[int]]) -> dict[int, Lead]:
    """The leads that belong together by what the database says, locked.

    That may have changed while they were waited for. Then all are let go, as going on from there would break the order.
    """
    while True:
        with transaction.atomic():
            wanted = which()
            leads = lock_leads(*wanted)
            if which() <= wanted:
                return leads
            transaction.set_rollback(rollback=True)


def lock_with_merged(key: int) -> dict[int, Lead]:
    """A lead, the one that it was merged into, and all that were merged into that: locked, as they share their calls
    and responses. Raises ``Lead.DoesNotExist`` for one that was erased.
    """

    def all_of_it() -> set[int]:
        target = Lead.objects.values_list("merged_into", flat=True).get(pk=key) or key
        return {key, target, *Lead.objects.filter(merged_into=target).values_list("pk", flat=True)}

    return lock_group(all_of_it)


def lock_to_work_on(lead: Lead) -> Lead:
    """One lead as it stands, locked. Raises ``MergedError``, or ``Lead.DoesNotExist`` for one that was erased."""
    locked = lock_with_merged(lead.pk)[lead.pk]
    if locked.merged_into_id:
        raise MergedError
    return locked


ANNOUNCED_KINDS = {
    EventKind.STATUS,
    EventKind.OWNER,
    EventKind.NEXT_STEP,
    EventKind.TAGS,
    EventKind.MERGED,
    EventKind.CORRECTED,
}
"""What changes something that other systems are told about; calls have events of their own."""


def save_and_record(lead: Lead, *fields: str, kind: EventKind, words: str, by: str, now: datetime) -> Event:
    """Save these fields of a lead that is locked, and say what happened, to other systems as well."""
    save_with_priority(lead, *fields)
    if kind in ANNOUNCED_KINDS:
        announce_lead(lead, EventType.LEAD_CHANGED, now)
    event = lead.events.create(at=now, kind=kind, words=words, by=by)
    index_event(lead, event)
    return event


def save_with_priority(lead: Lead, *fields: str) -> None:
    """Save these fields of a lead that is locked, and the priority that follows from them."""
    lead.priority = points_of(lead, has_call=has_call(lead))
    lead.save(update_fields=["priority", *fields])


def set_first_response(lead: Lead, at: datetime) -> Iterable[str]:
    """Note and count that they were answered, unless they were before; the field to save.

    All that they had asked for by then, and that was merged into this lead, is answered with it.
    """
    merged = lead.merged.filter(responded_at=None, requested_at__lte=at).order_by("pk")
    for other in merged.select_related("edition__guide").defer("edition__document"):
        _respond(other, at)
        other.save(update_fields=["responded_at"])
    if lead.responded_at:
        return ()
    _respond(lead, at)
    return ("responded_at",)


def _respond(lead: Lead, at: datetime) -> None:
    lead.responded_at = max(at, lead.requested_at)
    origin = origin_by_first_touch(lead.edition.guide.key, lead.edition.number, lead.first_touch)
    count_response(origin=origin, asked=lead.requested_at, answered=lead.responded_at)
