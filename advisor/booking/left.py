"""What people who left have left behind: open leads, and calls that lie ahead."""

from datetime import datetime
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, QuerySet

from advisor.booking.actions import ClosedError, NotFreeError, PhoneNeededError, give_to, give_to_another
from advisor.booking.models import TAKES_CALLS, Call, CallStatus, Host
from advisor.leads.actions import MergedError, assign
from advisor.leads.assignment import absent, next_owner
from advisor.leads.changes import locked_to_work_on
from advisor.leads.models import Lead

MOST = 500
"""How many leads are given on at one click: what takes longer than a request may is done by several."""


class LeftBehind(msgspec.Struct, frozen=True):
    """An account that is not at work any more, with what waits for somebody else."""

    user: Any
    leads: int
    calls: int


def open_leads_of(user: Any) -> QuerySet[Lead]:
    """The open leads of an account; None for those of nobody."""
    return Lead.objects.filter(is_open=True, owner=user)


def calls_ahead_of(user: Any, now: datetime) -> QuerySet[Call]:
    """The calls that an account is going to hold as a host."""
    return Call.objects.filter(host__user=user, status=CallStatus.BOOKED, begins_at__gt=now)


def left_behind(now: datetime) -> list[LeftBehind]:
    """Who left open leads, or calls ahead that are offered to nobody any more."""
    leads = Lead.objects.filter(is_open=True, owner__in=list(absent().values_list("pk", flat=True)))
    by_owner = dict(leads.order_by().values_list("owner").annotate(Count("pk")))
    stopped = Host.objects.exclude(TAKES_CALLS)
    calls = Call.objects.filter(host__in=stopped, status=CallStatus.BOOKED, begins_at__gt=now)
    by_host = dict(calls.order_by().values_list("host__user").annotate(Count("pk")))
    users = get_user_model().objects.filter(pk__in=by_owner.keys() | by_host.keys()).order_by("username")
    return [LeftBehind(user, by_owner.get(user.pk, 0), by_host.get(user.pk, 0)) for user in users]


def give_leads_on(*, user: Any, to: Any, by: str, now: datetime) -> int:
    """Give the open leads of an account, or of nobody, to another one; how many it were, ``MOST`` at a time.

    ``to`` is None for whoever takes the outcome of each and has the least to do. Where nobody does it stays as it is.
    """
    given = 0
    for lead in open_leads_of(user).select_related("edition__guide").defer("edition__document").order_by("pk")[:MOST]:
        taker = to or next_owner(lead.edition.guide.key, lead.outcome, now, besides=user)
        if taker and _give_lead(lead, user, taker, by, now):
            given += 1
    return given


@transaction.atomic
def _give_lead(lead: Lead, user: Any, taker: Any, by: str, now: datetime) -> bool:
    try:
        lead = locked_to_work_on(lead)
    except (MergedError, Lead.DoesNotExist):
        return False
    # Somebody else may have taken it meanwhile.
    if lead.owner != user or not lead.is_open:
        return False
    assign(lead=lead, owner=taker, by=by, now=now)
    return True


def give_calls_on(*, user: Any, to: Host | None, by: str, now: datetime) -> tuple[int, list[str]]:
    """Give the calls ahead of an account to another host; how many it were, and what is to say of the others.

    ``to`` is None for whoever is free at the time of each and has the least to do.
    """
    given, refusals = 0, []
    calls = calls_ahead_of(user, now).select_related("lead", "host").order_by("begins_at")
    for call in calls:
        try:
            if to:
                give_to(call=call, host=to, now=now, by=by)
            else:
                give_to_another(call=call, now=now, by=by)
        except NotFreeError:
            refusals.append(f"{call}: {f'{to} has another call then' if to else 'no other host is free then'}.")
        except PhoneNeededError:
            refusals.append(f"{call}: {to} phones visitors, and this one left no number.")
        except ClosedError:
            refusals.append(f"{call}: it was changed or has begun meanwhile.")
        else:
            given += 1
    return given, refusals
