"""Who is given a new lead."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from advisor.leads.models import Lead, Salesperson

COUNTED = timedelta(days=30)
"""How old a lead may be to count as work: what is open for longer takes no time any more."""


def at_work() -> QuerySet[Salesperson]:
    """The salespeople who are active and can still log in to the admin."""
    able = Salesperson.objects.filter(is_active=True, user__is_active=True, user__is_staff=True)
    return able.select_related("user")


def next_owner(guide_key: str, outcome: str, now: datetime) -> Any:
    """The account of who takes leads of this outcome and has the fewest open ones, or None where nobody does.

    Two leads that arrive together may go to the same person; the next one makes up for it, so nobody waits for a lock.
    """
    takes = Q(takes_every_outcome=True) | Q(outcomes__guide__key=guide_key, outcomes__key=outcome)
    people = {person.user_id: person.user for person in at_work().filter(takes).distinct().order_by("pk")}
    if not people:
        return None
    counted = Lead.objects.filter(is_open=True, owner__in=people, requested_at__gt=now - COUNTED)
    load = dict(counted.order_by().values_list("owner").annotate(Count("pk")))
    return people[min(people, key=lambda user_id: load.get(user_id, 0))]
