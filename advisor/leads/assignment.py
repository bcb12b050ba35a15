"""Who works on leads: who is given a new one, and whose leads nobody works on any more."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from advisor.leads.models import Lead, Salesperson
from advisor.leads.rights import WORK_ON_LEADS

WORKLOAD_AGE = timedelta(days=30)
"""How old a lead may be to count as work: what is open for longer takes no time any more."""


def accounts_that_work_on_leads() -> QuerySet[Any]:
    """The accounts that can log in to the admin and work on leads there."""
    return get_user_model().objects.with_perm(WORK_ON_LEADS).filter(is_staff=True)


def active_salespeople() -> QuerySet[Salesperson]:
    """The salespeople who are active and can still work on leads."""
    return Salesperson.objects.filter(is_active=True, user__in=accounts_that_work_on_leads()).select_related("user")


def owners_of_open_leads() -> QuerySet[Any]:
    """The accounts that have open leads: an index is asked once for each, as there are few accounts."""
    own = Lead.objects.filter(is_open=True, owner=OuterRef("pk"))
    return get_user_model().objects.filter(Exists(own)).order_by("username")


def absent_owners() -> QuerySet[Any]:
    """The accounts with open leads on which nobody works: they cannot any more, or are no active salespeople now."""
    return owners_of_open_leads().filter(~Q(pk__in=accounts_that_work_on_leads()) | Q(salesperson__is_active=False))


def takes_outcome(guide_key: str, outcome: str) -> Q:
    """Salespeople, or hosts, who take this outcome of a guide. A query may name one twice, once for each outcome."""
    return Q(takes_every_outcome=True) | Q(outcomes__guide__key=guide_key, outcomes__key=outcome)


def least_loaded[T](
    candidates: Mapping[int, T], load: Mapping[int, int], weight: Callable[[T], int] = lambda _: 1
) -> T:
    """Return who has the least to do for their weight; among equals, the first. Both mappings have the same keys."""
    key = min(candidates, key=lambda key: (load.get(key, 0) + 1) / weight(candidates[key]))
    return candidates[key]


def next_owner(guide_key: str, outcome: str, now: datetime, *, exclude: Any = None) -> Any:
    """The account of who takes leads of this outcome and has the fewest open ones, or None where nobody does.

    ``exclude`` is an account that is not asked. Two leads that arrive together may go to the same person; the next one
    makes up for it, so nobody waits for a lock.
    """
    asked = active_salespeople().filter(takes_outcome(guide_key, outcome)).distinct().order_by("pk")
    people = {person.user_id: person.user for person in asked if person.user != exclude}
    if not people:
        return None
    counted = Lead.objects.filter(is_open=True, owner__in=people, requested_at__gt=now - WORKLOAD_AGE)
    load = dict(counted.order_by().values_list("owner").annotate(Count("pk")))
    return least_loaded(people, load)
