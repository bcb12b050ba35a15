"""The list of leads: saved filters, search, pages, and what is done with several at once."""

from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from advisor.content.models import Outcome
from advisor.decision.recommendation import Certainty
from advisor.http import NOT_IN_PAGES
from advisor.leads.assignment import WORK, absent, with_open_leads
from advisor.leads.desk import bulk, paging
from advisor.leads.desk.exporting import TAKE_OUT
from advisor.leads.desk.listing import NARROWING, NOBODY, VIEWS, count, filtered, found_by, narrowed, order_of
from advisor.leads.desk.pages import staff_page
from advisor.leads.lights import light_of
from advisor.leads.models import Employees, Lead, Status, Tag
from advisor.leads.priority import has_call, priority_parts
from advisor.leads.search import MOST

SELECTED = "_selected_action"
"""The name of the boxes that choose rows, as Django's own actions read it."""


def list_page(request: HttpRequest, extra: dict[str, Any]) -> HttpResponse:
    """One page of the leads that its address describes."""
    params, now = {name: NOT_IN_PAGES.sub("", request.GET[name]) for name in request.GET}, timezone.now()
    found, order = found_by(params), order_of(params)
    leads = narrowed(params, found, now=now)
    shown = paging.rows(
        leads.select_related("owner").prefetch_related("tags", "merged"),
        order,
        after=params.get("after", ""),
        before=params.get("before", ""),
    )
    kept = {name: value for name, value in params.items() if name in {*NARROWING, "view", "sort"} and value}
    context = extra | {
        "views": _views(kept, request.user, now),
        "rows": [
            (lead, light_of(lead, now.date()), priority_parts(lead, has_call=has_call(lead))) for lead in shown.leads
        ],
        # What only the search has found is counted already.
        "count": f"{len(found.keys):,}" if found and kept.keys() <= {"q", "sort"} else count(leads, order),
        "most": MOST if found and found.is_cut else 0,
        "order": order,
        "orders": [(_address(kept | {"sort": name}), paging.ORDERS[name].name) for name in ("newest", "priority")],
        "newer": _address(kept | {"before": shown.before}) if shown.before else "",
        "older": _address(kept | {"after": shown.after}) if shown.after else "",
        "first": _address(kept),
        "params": kept,
        "now": now,
        "left": set(absent().values_list("pk", flat=True)),
        "choices": _choices(kept, request.user),
        "is_narrowed": bool(kept.keys() & set(NARROWING)),
        "bulk": bulk.choices(request.user) if request.user.has_perm(WORK) else [],
        "export": _address(kept) if request.user.has_perm(TAKE_OUT) else "",
        "may_erase": request.user.has_perm("leads.delete_lead"),
    }
    return staff_page(request, "list.html", "Leads", context)


def work_on_chosen(request: HttpRequest) -> HttpResponse:
    """Do with the chosen leads what was asked for, and say what became of it."""
    choice = request.POST.get("action", "")
    work = bulk.work_named(choice, user=request.user, now=timezone.now()) if request.user.has_perm(WORK) else None
    keys = [int(key) for key in request.POST.getlist(SELECTED) if key.isascii() and key.isdecimal() and len(key) <= 18]
    chosen = Lead.objects.filter(pk__in=keys[: paging.SIZE])
    if work is None:
        messages.error(request, "Choose what to do with the leads.")
    elif not keys:
        messages.error(request, "Choose the leads first.")
    else:
        done, refusals = bulk.work_on(chosen, work, bulk.as_listed(request.POST.getlist("shown")))
        if done:
            messages.success(request, f"Done with {done} lead{'' if done == 1 else 's'}.")
        for refusal in refusals:
            messages.warning(request, refusal)
    return HttpResponseRedirect(request.get_full_path())


def _views(kept: dict[str, str], user: Any, now: Any) -> list[dict[str, Any]]:
    """The saved filters with their numbers, and which one this is."""
    me = str(user.pk)
    saved = [
        ("All", {}),
        ("Mine", {"view": "open", "owner": me}),
        ("New", {"status": Status.NEW.value}),
        (VIEWS["late"].name, {"view": "late"}),
        (VIEWS["calls"].name, {"view": "calls"}),
        (VIEWS["past-calls"].name, {"view": "past-calls"}),
        ("Nobody’s", {"view": "open", "owner": NOBODY}),
    ]
    current = {name: value for name, value in kept.items() if name != "sort"}
    return [
        {
            "name": name,
            "address": _address(params),
            "count": count(filtered(params, now=now), order_of(params)),
            "is_current": current == params,
        }
        for name, params in saved
    ]


def _choices(kept: dict[str, str], user: Any) -> list[dict[str, Any]]:
    """What narrows the list: name, label, what there is to choose, and what is chosen."""
    outcomes = dict(Outcome.objects.order_by("guide__number", "position").values_list("key", "name"))
    # Whoever has leads can be looked for, also who is given none any more.
    owners = sorted({(str(one.pk), str(one)) for one in [*bulk.owners(user), *with_open_leads()]}, key=itemgetter(1))
    fields: list[dict[str, Any]] = [
        {"name": "view", "label": "Which", "choices": [(key, view.name) for key, view in VIEWS.items() if key]},
        {"name": "status", "label": "Status", "choices": Status.choices},
        {"name": "owner", "label": "Owner", "choices": [*owners, (NOBODY, "Nobody")]},
        {"name": "outcome", "label": "Outcome", "choices": list(outcomes.items())},
        {"name": "certainty", "label": "Certainty", "choices": [(level.value, level.value) for level in Certainty]},
        {"name": "employees", "label": "Employees", "choices": Employees.choices},
        {"name": "tag", "label": "Tag", "choices": [(str(tag.pk), tag.name) for tag in Tag.objects.all()]},
    ]
    return [field | {"chosen": kept.get(field["name"], "")} for field in fields]


def _address(params: dict[str, str]) -> str:
    return f"?{urlencode(params)}"
