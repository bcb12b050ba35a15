"""Taking a request for a call."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

import msgspec
from django.db import IntegrityError, transaction

from advisor.assessment.attribution import first_and_last_touch
from advisor.assessment.visit import Visit
from advisor.content.models import Edition
from advisor.decision import answers as reading
from advisor.decision import result_code
from advisor.delivery.models import EventType
from advisor.leads.assignment import next_owner
from advisor.leads.lead_alerts import notify_staff
from advisor.leads.models import EventKind, Lead, Person, Submission
from advisor.leads.payloads import announce_lead
from advisor.leads.priority import points_of
from advisor.leads.recommendation_snapshot import take_snapshot
from advisor.leads.search.index import add_words
from advisor.leads.search.words import words_of
from advisor.text import as_mail_carries_it


class SentBeforeError(Exception):
    """A form with this key was sent before, and it held something else."""


@transaction.atomic
def request_call(
    *,
    key: str,
    visit: Visit,
    details: Mapping[str, str],
    consent: str,
    now: datetime,
    slot: str = "",
    admit: Callable[[Person], None] | None = None,
) -> tuple[Lead, bool]:
    """Keep a request, with the recommendation as it was seen; the same form sent again gets the first request back.
    A new one is given to whoever has the least to do.

    Whether it is new comes with it. ``slot`` is what the form said of a time, in a form to compare. The key goes in
    first: of two that arrive together the second waits for the first, and then finds it. ``admit`` is asked about a new
    one while the person is locked, and may raise. Raises ``SentBeforeError`` when a form with this key held something
    else.
    """
    digest = _digest(visit, details, slot)
    try:
        with transaction.atomic():
            submission = Submission.objects.create(key=key, digest=digest)
    except IntegrityError:
        before = Submission.objects.select_related("lead").get(key=key)
        if before.digest != digest or before.lead is None:
            raise SentBeforeError from None
        return before.lead, False
    # Locked, so that nobody erases them in this moment.
    people = Person.objects.select_for_update()
    person, _ = people.get_or_create(email=address_of_person(details["email"]), defaults={"created_at": now})
    if admit:
        admit(person)
    first_touch, last_touch = first_and_last_touch(visit.attribution)
    seen = take_snapshot(visit)
    lead = Lead(
        **details,
        person=person,
        requested_at=now,
        consent=consent,
        consented_at=now,
        edition=Edition.objects.defer("document").get(guide__key=visit.guide.key, number=visit.published.number),
        answers=reading.query(visit.guide, visit.answers),
        outcome=seen.outcome,
        certainty=seen.certainty,
        roles=len(visit.guide.outcome[seen.outcome].roles),
        owner=next_owner(visit.guide.key, seen.outcome, now),
        seen=msgspec.to_builtins(seen),
        result_code=result_code.write(visit.guide, visit.published.number, visit.answers),
        first_touch=first_touch,
        last_touch=last_touch,
    )
    # The messages about it say why; it need not be computed again for them.
    lead.recommendation = visit.recommendation
    lead.priority = points_of(lead, has_call=False)
    lead.save()
    add_words(lead, words_of(lead))
    if lead.owner:
        lead.events.create(at=now, kind=EventKind.OWNER, words=f"Given to {lead.owner}")
    submission.lead = lead
    submission.save(update_fields=["lead"])
    announce_lead(lead, EventType.LEAD_CREATED, now)
    notify_staff(lead, now=now)
    return lead, True


def address_of_person(email: str) -> str:
    """The address by which a person is known, however it was typed."""
    return as_mail_carries_it(email).lower()


def _digest(visit: Visit, details: Mapping[str, str], slot: str) -> str:
    """What makes two forms the same: the details, the edition, the answers and the time."""
    held = [visit.canonical_result, sorted(details.items()), slot]
    return sha256(msgspec.json.encode(held)).hexdigest()
