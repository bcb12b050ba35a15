"""Which leads the list shows: the saved filters, what narrows them, and numbers that do not grow with the table."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from advisor.decision.recommendation import Certainty
from advisor.http import NOT_ALLOWED_IN_HTML
from advisor.leads.assignment import absent_owners
from advisor.leads.desk.paging import ORDERS, Order
from advisor.leads.models import Employees, Lead, Status
from advisor.leads.search.index import Matches, find_leads
from advisor.text import parse_key

MAX_COUNTED = 200
"""Up to so many are counted; a number that is larger says no more than that."""

CALL_GRACE = timedelta(hours=1)
"""For so long after it has begun a call is still listed with those to come: who is late for it has to find it."""

NOBODY = "nobody"
FILTER_PARAMS = ("status", "owner", "tag", "outcome", "certainty", "employees", "q")


class SavedFilter(msgspec.Struct, frozen=True):
    """A saved filter, and the order it comes in when none is asked for."""

    name: str
    order: str = "newest"


SAVED_FILTERS = {
    "": SavedFilter("All"),
    "open": SavedFilter("Open"),
    "late": SavedFilter("Late", "step"),
    "calls": SavedFilter("Coming calls", "call"),
    "past-calls": SavedFilter("Past calls", "past-call"),
    "merged": SavedFilter("Merged"),
}


def params_of(request: HttpRequest) -> dict[str, str]:
    """The parameters of an address, without characters that a page cannot hold."""
    return {name: NOT_ALLOWED_IN_HTML.sub("", request.GET[name]) for name in request.GET}


def filters_in(params: Mapping[str, str], *more: str) -> dict[str, str]:
    """The parameters that say which leads are listed, and ``more`` that go along."""
    return {name: value for name, value in params.items() if name in {*FILTER_PARAMS, "view", *more} and value}


def search_of(params: Mapping[str, str]) -> Matches | None:
    """What the search finds; None where nothing is looked for."""
    query = params.get("q", "").replace("\0", "").strip()
    return find_leads(query) if query else None


def filtered(params: Mapping[str, str], matches: Matches | None = None, *, now: datetime) -> QuerySet[Lead]:
    """The leads that the list shows with these parameters of its address, unordered and on all pages.

    What is not known is passed over. Where nothing asks for them, spam and leads that were merged are left out.
    ``matches`` is what ``search_of`` has found, where that is known already.
    """
    matches = matches or search_of(params)
    leads = _leads_in_view(params.get("view", ""), now)
    if matches:
        leads = leads.filter(pk__in=matches.keys)
    for name, allowed in (("status", Status.values), ("employees", Employees.values)):
        if params.get(name) in allowed:
            leads = leads.filter(**{name: params[name]})
    if params.get("certainty") in list(Certainty):
        leads = leads.filter(certainty=params["certainty"])
    if outcome := params.get("outcome", "").replace("\0", ""):
        leads = leads.filter(outcome=outcome)
    if (owner := params.get("owner", "")) == NOBODY:
        leads = leads.filter(_nobodys())
    elif (owner_key := parse_key(owner)) is not None:
        leads = leads.filter(owner=owner_key)
    if (tag_key := parse_key(params.get("tag", ""))) is not None:
        leads = leads.filter(tags=tag_key)
    if not matches and params.get("view", "") not in SAVED_FILTERS.keys() - {""}:
        leads = leads.filter(merged_into=None)
        if "status" not in params or params["status"] not in Status.values:
            leads = leads.exclude(status=Status.SPAM)
    return leads


def _nobodys() -> Q:
    """Without an owner, or open and with one who does not work on leads any more.

    Where nobody has left it is the condition alone that an index answers in order.
    """
    left = list(absent_owners().values_list("pk", flat=True))
    return Q(owner=None) | Q(owner__in=left, is_open=True) if left else Q(owner=None)


def _leads_in_view(view: str, now: datetime) -> QuerySet[Lead]:
    leads = Lead.objects.all()
    match view:
        case "open":
            return leads.filter(is_open=True)
        case "late":
            return leads.filter(next_step_on__lt=now.date())
        case "calls":
            return leads.filter(call_at__gt=now - CALL_GRACE)
        case "past-calls":
            return leads.filter(call_at__lte=now)
        case "merged":
            return leads.filter(merged_into__isnull=False)
        case _:
            return leads


def order_of(params: Mapping[str, str]) -> Order:
    """The order that is asked for, or the one of the view. By due date and by call only what has one is listed."""
    usual = SAVED_FILTERS.get(params.get("view", ""), SAVED_FILTERS[""]).order
    asked = params.get("sort", "")
    return ORDERS[asked if asked in {"newest", "priority"} else usual]


def count(leads: QuerySet[Lead], order: Order) -> str:
    """How many there are, in words that stay short: "12", or "more than 200".

    Counted in the order they are shown in, so that the same index finds them: left to itself PostgreSQL goes through
    the table for the first of them, and what is new lies at its end.
    """
    number = leads.order_by(*order.sorted_by())[: MAX_COUNTED + 1].count()
    return f"more than {MAX_COUNTED:,}" if number > MAX_COUNTED else f"{number:,}"
