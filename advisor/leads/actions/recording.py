"""What other rooms tell about a lead: what became of its call, and what was done with it."""

from datetime import datetime

from django.db import transaction

from advisor.leads.changes import first_response, locked_with_all_of_it, settle, write
from advisor.leads.models import REACHED, Event, EventKind, Lead


def record(*, lead: Lead, kind: EventKind, words: str, now: datetime, by: str = "") -> Event:
    """Add to the history of a lead what changes nothing about it: it was exported, or sent to a webhook.

    ``by`` is the user name of who did it, and empty for what comes by itself.
    """
    return lead.events.create(at=now, kind=kind, words=words, by=by)


@transaction.atomic
def record_call(
    *, lead: Lead, kind: EventKind, call_at: datetime | None, words: str, now: datetime, by: str = ""
) -> None:
    """Say what happened to the call of a lead, which is at ``call_at``; None for none any more.

    A call that was held is a response. The one that the lead was merged into, if any, is kept in step.
    """
    found = locked_with_all_of_it(lead.pk)
    lead = found[lead.pk]
    kept = found[lead.merged_into_id] if lead.merged_into_id else None
    lead.call_at = call_at
    answered = first_response(lead, call_at or now) if kind in REACHED else ()
    write(lead, "call_at", *answered, kind=kind, words=words, by=by, now=now)
    if kept:
        settle(kept, *(first_response(kept, call_at or now) if kind in REACHED else ()))
