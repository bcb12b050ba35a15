"""What this room keeps: calls, which go with the request they belong to."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from advisor.assessment.keeping import Kept, declare
from advisor.booking import announcements
from advisor.booking.models import KEPT, Call
from advisor.leads.models import Lead
from advisor.leads.privacy import before_erasing, logged, signs_of_life


def has_call(since: datetime) -> Q:
    """A call that ended, ends or was changed since then."""
    calls = Call.objects.filter(Q(ends_at__gte=since) | Q(changed_at__gte=since), lead=OuterRef("pk"))
    return Q(Exists(calls))


def tell_hosts(leads: Sequence[Lead], now: datetime) -> None:
    """A host whose visitor is erased before the call is told, and reads nothing about the visitor in it."""
    calls = Call.objects.select_for_update(of=("self",)).select_related("host").filter(lead__in=leads)
    for call in calls.order_by("pk"):
        if call.can_be_changed(now):
            announcements.erased(call, now=now)


before_erasing.append(tell_hosts)
signs_of_life.append(has_call)
logged.append(Call)

declare(
    Kept(
        place=20,
        title="Your call",
        what="The time you chose, your time zone, who the call is with, whether it was moved, cancelled or held, and "
        "what was agreed.",
        why="To hold the call, and to learn whether our recommendations are right.",
        who="The people here who answer requests and hold calls.",
        until=f"As long as your request. The page to change or cancel it closes {KEPT.days} days after the call.",
    )
)
