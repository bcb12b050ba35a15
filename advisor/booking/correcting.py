"""Correcting what a person said about themselves, with what follows from it for their calls."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from advisor.booking import announcements
from advisor.booking.actions import PhoneNeededError, changed
from advisor.booking.models import Call, Place, new_token
from advisor.leads.actions import correct, fields_in_words, lock_people
from advisor.leads.models import Lead


@transaction.atomic
def correct_details(*, lead: Lead, details: Mapping[str, str], reason: str, by: str, now: datetime) -> int:
    """Correct details of a person, in their calls as well; in how many requests.

    A call ahead is announced anew to both, at the new address. The page of a call gets another address with the
    person: whoever reads the old mail could cancel it there. A request that nobody has answered is confirmed once more.
    Raises ``PhoneNeededError`` where a call by phone lies ahead and the number is taken away.
    """
    # In the order in which erasing locks: people, calls, leads.
    lock_people(lead, details["email"])
    locked = Call.objects.select_for_update(of=("self",)).select_related("host").filter(lead__person=lead.person_id)
    calls = {call.lead_id: call for call in locked.order_by("pk")}
    done = correct(lead=lead, details=details, reason=reason, by=by, now=now)
    for one in done:
        call = calls.get(one.lead.pk)
        if call:
            call.lead = one.lead
            _correct_call(call, one.fields, now)
        elif "email" in one.fields and one.lead.is_open and not one.lead.responded_at:
            announcements.confirmed_again(one.lead, now=now)
    return len(done)


def _correct_call(call: Call, fields: tuple[str, ...], now: datetime) -> None:
    is_ahead = call.can_be_changed(now)
    if is_ahead and call.host.place == Place.PHONE and not call.lead.phone:
        raise PhoneNeededError
    if "email" in fields:
        call.token = new_token()
    changed(call, now, "token")
    if is_ahead:
        announcements.corrected(call, what=fields_in_words(fields), now=now)
