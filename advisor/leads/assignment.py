"""Who works on leads: who is given a new one, and whose leads nobody works on any more."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from advisor.leads.models import Lead, Salesperson

WORK = "leads.change_lead"
"""The right to work on leads."""

COUNTED = timedelta(days=30)
"""How old a lead may be to count as work: what is open for longer takes no time any more."""


def able_to_work() -> QuerySet[Any]:
    """The accounts that can log in to the admin and work on leads there."""
    return get_user_model().objects.with_perm(WORK).filter(is_staff=True)


def at_work() -> QuerySet[Salesperson]:
    """The salespeople who are active and can still work on leads."""
    return Salesperson.objects.filter(is_active=True, user__in=able_to_work()).select_related("user")


def with_open_leads() -> QuerySet[Any]:
    """The accounts that have open leads: an index is asked once for each, as there are few accounts."""
    own = Lead.objects.filter(is_open=True, owner=OuterRef("pk"))
    return get_user_model().objects.filter(Exists(own)).order_by("username")


def absent() -> QuerySet[Any]:
    """The accounts with open leads on which nobody works: they cannot any more, or are no active salespeople now."""
    return with_open_leads().filter(~Q(pk__in=able_to_work()) | Q(salesperson__is_active=False))


def next_owner(guide_key: str, outcome: str, now: datetime, *, besides: Any = None) -> Any:
    """The account of who takes leads of this outcome and has the fewest open ones, or None where nobody does.

    ``besides`` is an account that is not asked. Two leads that arrive together may go to the same person; the next one
    makes up for it, so nobody waits for a lock.
    """
    takes = Q(takes_every_outcome=True) | Q(outcomes__guide__key=guide_key, outcomes__key=outcome)
    asked = at_work().filter(takes).distinct().order_by("pk")
    people = {person.user_id: person.user for person in asked if person.user != besides}
    if not people:
        return None
    counted = Lead.objects.filter(is_open=True, owner__in=people, requested_at__gt=now - COUNTED)
    load = dict(counted.order_by().values_list("owner").annotate(Count("pk")))
    return people[min(people, key=lambda user_id: load.get(user_id, 0))]
