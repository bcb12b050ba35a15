"""The one way in which a lead changes once it is there: under a lock, with its priority kept in step, and recorded."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from advisor.assessment.counting import where_from
from advisor.delivery.models import EventType
from advisor.funnel.actions import count_response
from advisor.leads.indexing import index_event
from advisor.leads.models import Event, EventKind, Lead
from advisor.leads.payloads import announce_lead
from advisor.leads.priority import has_call, points_of


class MergedError(Exception):
    """This lead was merged into another one, which is worked on instead."""


def locked(*keys: int) -> dict[int, Lead]:
    """These leads as they stand, by key; nobody else changes them until the transaction ends.

    All are locked in the order of their keys, so that of two who want the same ones the second waits for the first.
    Whoever only adds to their history does not have to wait.
    """
    chosen = Lead.objects.filter(pk__in=keys).select_related("owner").defer("edition__document")
    return {lead.pk: lead for lead in chosen.select_for_update(of=("self",), no_key=True).order_by("pk")}


def locked_together(which: Callable[[], set[int]]) -> dict[int, Lead]:
    """The leads that belong together by what the database says, locked.

    That may have changed while they were waited for. Then all are let go, as going on from there would break the order.
    """
    while True:
        with transaction.atomic():
            wanted = which()
            found = locked(*wanted)
            if which() <= wanted:
                return found
            transaction.set_rollback(rollback=True)


def locked_with_all_of_it(key: int) -> dict[int, Lead]:
    """A lead, the one that it was merged into, and all that were merged into that: locked, as they share their calls
    and responses. Raises ``Lead.DoesNotExist`` for one that was erased.
    """

    def all_of_it() -> set[int]:
        kept = Lead.objects.values_list("merged_into", flat=True).get(pk=key) or key
        return {key, kept, *Lead.objects.filter(merged_into=kept).values_list("pk", flat=True)}

    return locked_together(all_of_it)


def locked_to_work_on(lead: Lead) -> Lead:
    """One lead as it stands, locked. Raises ``MergedError``, or ``Lead.DoesNotExist`` for one that was erased."""
    found = locked_with_all_of_it(lead.pk)[lead.pk]
    if found.merged_into_id:
        raise MergedError
    return found


TOLD = {EventKind.STATUS, EventKind.OWNER, EventKind.NEXT_STEP, EventKind.TAGS, EventKind.MERGED, EventKind.CORRECTED}
"""What changes something that other systems are told about; calls have events of their own."""


def write(lead: Lead, *fields: str, kind: EventKind, words: str, by: str, now: datetime) -> Event:
    """Save these fields of a lead that is locked, and say what happened, to other systems as well."""
    settle(lead, *fields)
    if kind in TOLD:
        announce_lead(lead, EventType.LEAD_CHANGED, now)
    event = lead.events.create(at=now, kind=kind, words=words, by=by)
    index_event(lead, event)
    return event


def settle(lead: Lead, *fields: str) -> None:
    """Save these fields of a lead that is locked, and the priority that follows from them."""
    lead.priority = points_of(lead, has_call=has_call(lead))
    lead.save(update_fields=["priority", *fields])


def first_response(lead: Lead, at: datetime) -> Iterable[str]:
    """Note and count that they were answered, unless they were before; the field to save.

    All that they had asked for by then, and that was merged into this lead, is answered with it.
    """
    merged = lead.merged.filter(responded_at=None, requested_at__lte=at).order_by("pk")
    for other in merged.select_related("edition__guide").defer("edition__document"):
        _answered(other, at)
        other.save(update_fields=["responded_at"])
    if lead.responded_at:
        return ()
    _answered(lead, at)
    return ("responded_at",)


def _answered(lead: Lead, at: datetime) -> None:
    lead.responded_at = max(at, lead.requested_at)
    where = where_from(lead.edition.guide.key, lead.edition.number, lead.first_touch)
    count_response(where=where, asked=lead.requested_at, answered=lead.responded_at)
