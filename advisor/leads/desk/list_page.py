"""The list of leads: saved filters, search, pages, and what is done with several at once."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from advisor.content.models import Outcome
from advisor.decision.recommendation import Certainty
from advisor.leads.assignment import absent_owners, owners_of_open_leads
from advisor.leads.desk import bulk, listing, paging
from advisor.leads.desk.next_step_status import next_step_status
from advisor.leads.desk.pages import staff_page
from advisor.leads.models import Employees, Lead, Status, Tag
from advisor.leads.priority import has_call, priority_scores
from advisor.leads.rights import EXPORT_LEADS, READ_LEADS, WORK_ON_LEADS
from advisor.leads.search.index import MAX_MATCHES
from advisor.posts import as_opened, refusal_of, shows_again
from advisor.rights import requires
from advisor.text import parse_key


@requires(READ_LEADS, WORK_ON_LEADS)
@shows_again
def lead_list(request: HttpRequest, model_admin: "ModelAdmin[Lead]") -> HttpResponse:
    """One page of the leads that its address describes. Sent, it does something with those that are ticked."""
    if refusal_of(request):
        ticked, choice = set(_ticked(request)), request.POST.get("action", "")
        as_opened(request)
        return _show(request, model_admin, {"ticked": ticked, "choice": choice})
    if request.method != "POST":
        return _show(request, model_admin, {})
    name = request.POST.get("action", "")
    action: Any = model_admin.get_actions(request).get(name)
    if action:
        chosen = model_admin.get_queryset(request).filter(pk__in=_ticked(request))
        answer: HttpResponse | None = action.func(model_admin, request, chosen)
        return answer or HttpResponseRedirect(request.get_full_path())
    if name in _action_names(model_admin):
        raise PermissionDenied
    return _apply_bulk_action(request)


def _show(request: HttpRequest, model_admin: "ModelAdmin[Lead]", extra: dict[str, Any]) -> HttpResponse:
    params, now = listing.params_of(request), timezone.now()
    matches, order = listing.search_of(params), listing.order_of(params)
    leads = listing.filtered(params, matches, now=now)
    shown = paging.page_of_leads(
        leads.select_related("owner").prefetch_related("tags", "merged"),
        order,
        after=params.get("after", ""),
        before=params.get("before", ""),
    )
    filters = listing.filters_in(params, "sort")
    is_search_alone = filters.keys() <= {"q", "sort"}
    context = extra | {
        "views": _views(filters, request.user, now),
        "rows": [
            (lead, next_step_status(lead, now.date()), priority_scores(lead, has_call=has_call(lead)))
            for lead in shown.leads
        ],
        # What only the search has found is counted already.
        "count": f"{len(matches.keys):,}" if matches and is_search_alone else listing.count(leads, order),
        "most": MAX_MATCHES if matches and matches.is_cut else 0,
        "order": order,
        "orders": [(_address(filters | {"sort": name}), paging.ORDERS[name].name) for name in ("newest", "priority")],
        "newer": _address(filters | {"before": shown.before}) if shown.before else "",
        "older": _address(filters | {"after": shown.after}) if shown.after else "",
        "first": _address(filters),
        "params": filters,
        "now": now,
        "left": set(absent_owners().values_list("pk", flat=True)),
        "choices": _choices(filters, request.user),
        "is_narrowed": bool(filters.keys() & set(listing.FILTER_PARAMS)),
        "bulk": _offered(request, model_admin),
        "export": _address(filters) if request.user.has_perm(EXPORT_LEADS) else "",
    }
    return staff_page(request, "list.html", "Leads", context)


def _ticked(request: HttpRequest) -> list[int]:
    return [key for text in request.POST.getlist(ACTION_CHECKBOX_NAME) if (key := parse_key(text)) is not None]


def _action_names(model_admin: "ModelAdmin[Lead]") -> set[str]:
    """All actions of Django's kind, also those that this account may not use."""
    own = (getattr(action, "__name__", str(action)) for action in model_admin.actions or ())
    return {*own, *(name for name, _ in model_admin.admin_site.actions)}


def _offered(request: HttpRequest, model_admin: "ModelAdmin[Lead]") -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be done with the leads that are ticked, in groups: value and label."""
    more = dict(model_admin.get_action_choices(request, default_choices=[]))
    is_erasing_offered = more.pop(delete_selected.__name__, None) is not None
    groups = [
        *(bulk.choices(request.user) if request.user.has_perm(WORK_ON_LEADS) else []),
        ("More", [(name, str(words)) for name, words in more.items()]),
        ("For good", [(delete_selected.__name__, "Erase")] if is_erasing_offered else []),
    ]
    return [(name, actions) for name, actions in groups if actions]


def _apply_bulk_action(request: HttpRequest) -> HttpResponse:
    """Do with the chosen leads what was asked for, and say what became of it."""
    choice = request.POST.get("action", "")
    keys, may_work = _ticked(request), request.user.has_perm(WORK_ON_LEADS)
    action = bulk.bulk_action(choice, user=request.user, now=timezone.now()) if may_work else None
    chosen = Lead.objects.filter(pk__in=keys[: paging.PAGE_SIZE])
    if action is None:
        messages.error(request, "Choose what to do with the leads.")
    elif not keys:
        messages.error(request, "Choose the leads first.")
    else:
        done, refusals = bulk.apply_to_leads(chosen, action, bulk.values_on_page(request.POST.getlist("shown")))
        if done:
            messages.success(request, f"Done with {done} lead{'' if done == 1 else 's'}.")
        for refusal in refusals:
            messages.warning(request, refusal)
    return HttpResponseRedirect(request.get_full_path())


def _views(filters: dict[str, str], user: Any, now: Any) -> list[dict[str, Any]]:
    """The saved filters with their numbers, and which one this is."""
    me = str(user.pk)
    saved = [
        ("All", {}),
        ("Mine", {"view": "open", "owner": me}),
        ("New", {"status": Status.NEW.value}),
        *((listing.SAVED_FILTERS[key].name, {"view": key}) for key in ("late", "calls", "past-calls")),
        ("Nobody’s", {"view": "open", "owner": listing.NOBODY}),
    ]
    current = {name: value for name, value in filters.items() if name != "sort"}
    return [
        {
            "name": name,
            "address": _address(params),
            "count": listing.count(listing.filtered(params, now=now), listing.order_of(params)),
            "is_current": current == params,
        }
        for name, params in saved
    ]


def _choices(filters: dict[str, str], user: Any) -> list[dict[str, Any]]:
    """What narrows the list: name, label, what there is to choose, and what is chosen."""
    outcomes = dict(Outcome.objects.order_by("guide__number", "position").values_list("key", "name"))
    # Whoever has leads can be looked for, also who is given none any more.
    owners = sorted(
        {(str(one.pk), str(one)) for one in [*bulk.owners(user), *owners_of_open_leads()]}, key=itemgetter(1)
    )
    fields: list[tuple[str, str, Iterable[tuple[str, Any]]]] = [
        ("view", "Which", [(key, saved.name) for key, saved in listing.SAVED_FILTERS.items() if key]),
        ("status", "Status", Status.choices),
        ("owner", "Owner", [*owners, (listing.NOBODY, "Nobody")]),
        ("outcome", "Outcome", outcomes.items()),
        ("certainty", "Certainty", [(level.value, level.value) for level in Certainty]),
        ("employees", "Employees", Employees.choices),
        ("tag", "Tag", [(str(tag.pk), tag.name) for tag in Tag.objects.all()]),
    ]
    return [
        {"name": name, "label": label, "choices": offered, "chosen": filters.get(name, "")}
        for name, label, offered in fields
    ]


def _address(params: dict[str, str]) -> str:
    return f"?{urlencode(params)}"
