"""Which leads the list shows: the saved filters, what narrows them, and numbers that do not grow with the table."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from django.db.models import Q, QuerySet

from advisor.decision.recommendation import Certainty
from advisor.leads.assignment import absent
from advisor.leads.desk.paging import ORDERS, Order
from advisor.leads.models import Employees, Lead, Status
from advisor.leads.search import Found, matching

COUNTED = 200
"""Up to so many are counted; a number that is larger says no more than that."""

GOES_ON = timedelta(hours=1)
"""For so long after it has begun a call is still listed with those to come: who is late for it has to find it."""

NOBODY = "nobody"
NARROWING = ("status", "owner", "tag", "outcome", "certainty", "employees", "q")


class View(msgspec.Struct, frozen=True):
    """A saved filter, and the order it comes in when none is asked for."""

    name: str
    order: str = "newest"


VIEWS = {
    "": View("All"),
    "open": View("Open"),
    "late": View("Late", "step"),
    "calls": View("Coming calls", "call"),
    "past-calls": View("Past calls", "past-call"),
    "merged": View("Merged"),
}


def filtered(params: Mapping[str, str], *, now: datetime) -> QuerySet[Lead]:
    """The leads that the list shows with these parameters of its address, unordered and on all pages.

    What is not known is passed over. Where nothing asks for them, spam and leads that were merged are left out.
    """
    return narrowed(params, found_by(params), now=now)


def found_by(params: Mapping[str, str]) -> Found | None:
    """What the search finds; None where nothing is looked for."""
    query = params.get("q", "").replace("\0", "").strip()
    return matching(query) if query else None


def narrowed(params: Mapping[str, str], found: Found | None, *, now: datetime) -> QuerySet[Lead]:
    """The same, with what the search has found already."""
    leads = _seen_through(params.get("view", ""), now)
    if found:
        leads = leads.filter(pk__in=found.keys)
    for name, allowed in (("status", Status.values), ("employees", Employees.values)):
        if params.get(name) in allowed:
            leads = leads.filter(**{name: params[name]})
    if params.get("certainty") in list(Certainty):
        leads = leads.filter(certainty=params["certainty"])
    if outcome := params.get("outcome", "").replace("\0", ""):
        leads = leads.filter(outcome=outcome)
    if (owner := params.get("owner", "")) == NOBODY:
        leads = leads.filter(_nobodys())
    elif _is_key(owner):
        leads = leads.filter(owner=int(owner))
    if _is_key(tag := params.get("tag", "")):
        leads = leads.filter(tags=int(tag))
    if not found and params.get("view", "") not in VIEWS.keys() - {""}:
        leads = leads.filter(merged_into=None)
        if "status" not in params or params["status"] not in Status.values:
            leads = leads.exclude(status=Status.SPAM)
    return leads


def _nobodys() -> Q:
    """Without an owner, or open and with one who does not work on leads any more.

    Where nobody has left it is the condition alone that an index answers in order.
    """
    left = list(absent().values_list("pk", flat=True))
    return Q(owner=None) | Q(owner__in=left, is_open=True) if left else Q(owner=None)


def _seen_through(view: str, now: datetime) -> QuerySet[Lead]:
    leads = Lead.objects.all()
    match view:
        case "open":
            return leads.filter(is_open=True)
        case "late":
            return leads.filter(next_step_on__lt=now.date())
        case "calls":
            return leads.filter(call_at__gt=now - GOES_ON)
        case "past-calls":
            return leads.filter(call_at__lte=now)
        case "merged":
            return leads.filter(merged_into__isnull=False)
        case _:
            return leads


def order_of(params: Mapping[str, str]) -> Order:
    """The order that is asked for, or the one of the view. By due date and by call only what has one is listed."""
    usual = VIEWS.get(params.get("view", ""), VIEWS[""]).order
    asked = params.get("sort", "")
    return ORDERS[asked if asked in {"newest", "priority"} else usual]


def count(leads: QuerySet[Lead], order: Order) -> str:
    """How many there are, in words that stay short: "12", or "more than 200".

    Counted in the order they are shown in, so that the same index finds them: left to itself PostgreSQL goes through
    the table for the first of them, and what is new lies at its end.
    """
    number = leads.order_by(*order.sorted_by())[: COUNTED + 1].count()
    return f"more than {COUNTED:,}" if number > COUNTED else f"{number:,}"


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
