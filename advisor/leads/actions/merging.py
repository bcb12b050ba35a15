"""Making one of two leads that are the same."""

from datetime import datetime

from django.db import transaction

from advisor.leads.changes import lock_group, save_and_record, set_first_response
from advisor.leads.models import EventKind, Lead


class CannotMergeError(Exception):
    """These two cannot be made one; says why."""


@transaction.atomic
def merge(*, keep: Lead, other: Lead, by: str, now: datetime) -> Lead:
    """Make ``other`` a part of ``keep``: every row stays where it is, and the page of the one that is kept shows both.

    What only the other one has, of owner, next step, first response and tags, the kept one takes over. What was merged
    into the other one before goes with it. Raises ``CannotMergeError``.
    """
    if keep.pk == other.pk:
        raise CannotMergeError("A lead cannot be merged with itself.")
    pair = {keep.pk, other.pk}
    locked = lock_group(lambda: pair | {*Lead.objects.filter(merged_into__in=pair).values_list("pk", flat=True)})
    if not pair <= locked.keys():
        raise CannotMergeError("One of the two was erased.")
    keep, other = locked[keep.pk], locked[other.pk]
    if keep.merged_into_id or other.merged_into_id:
        raise CannotMergeError("One of the two was merged before. Open the one that was kept.")
    keep.owner = keep.owner or other.owner
    for one, response in ((keep, other.responded_at), (other, keep.responded_at)):
        # Who was answered before they asked again still waits for an answer to that.
        if response and response >= one.requested_at:
            set_first_response(one, response)
            one.responded_at = min(filter(None, [one.responded_at, response]))
    if keep.is_open and not keep.next_step:
        keep.next_step, keep.next_step_on = other.next_step, other.next_step_on
    other.next_step, other.next_step_on, other.merged_into = "", None, keep
    keep.tags.add(*other.tags.all())
    # Neither says a name: each is erased for itself.
    words = f"Merged into the request of {keep.requested_at:%-d %B %Y}"
    Lead.objects.filter(merged_into=other).update(merged_into=keep)
    fields = ("merged_into", "next_step", "next_step_on", "responded_at")
    save_and_record(other, *fields, kind=EventKind.MERGED, words=words, by=by, now=now)
    words = f"The request of {other.requested_at:%-d %B %Y} was merged into this one"
    fields = ("owner", "responded_at", "next_step", "next_step_on")
    save_and_record(keep, *fields, kind=EventKind.MERGED, words=words, by=by, now=now)
    return keep
