"""Everything about one guide in one place."""

from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.content.actions import delete_unpublished, make_default, offer_again, retire
from advisor.content.documents import says_the_same
from advisor.content.drafts import read_draft
from advisor.content.editing.pages import ADD, EDIT, PUBLISH, READ, guide_page, render_staff
from advisor.content.editing.places import BY_LIST_NAME, blockers_in_words, list_of, page_of
from advisor.content.editing.walks.role_steps import unfinished_step
from advisor.content.guide_parts import in_document_order, listed_kinds, parts_of
from advisor.content.models import Guide, Role
from advisor.content.offering import effects
from advisor.content.publishing import newest_edition, proof_or_progress
from advisor.content.scenarios import run_scenarios
from advisor.decision import guide as decision
from advisor.decision.plurals import pluralize
from advisor.decision.proof import Proof, TooLargeError
from advisor.decision.publish_checks import Blocker, is_provable, publish_blockers

STATES = {
    "default": (make_default, "Make it the default guide"),
    "retire": (retire, "Retire it"),
    "offer": (offer_again, "Offer it again"),
}
"""What can be done about what visitors are offered: what does it, and what its button says."""


class Task(NamedTuple):
    """One kind of part: how many there are, and what of it keeps the guide from being published."""

    name: str
    address: str
    permission: str
    has: str
    missing: list[Blocker]


@require_safe
@guide_page(READ)
def overview(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The guide's own page: what is unfinished, all of its parts, and what can be done with it."""
    draft, live = read_draft(guide), newest_edition(guide)
    blockers = publish_blockers(draft)
    context = {
        "live": live,
        "differs": live is not None and not says_the_same(live, draft),
        "unfinished": blockers_in_words(guide, blockers),
        "begun": begun(guide),
        "tasks": tasks(guide, draft, blockers),
        "checks": checks(guide, draft, blockers),
        "sections": [section(guide, model) for model in listed_kinds()],
        "draft": draft,
        "may": {permission for permission in (READ, EDIT) if request.user.has_perm(permission)},
        "may_publish": request.user.has_perm(PUBLISH),
    }
    return render_staff(request, "content/overview.html", guide, "Everything about this guide", context)


def begun(guide: Guide) -> list[tuple[str, str]]:
    """What a walk began and did not come to the end of: in words, and where it goes on."""
    found = [] if guide.rule_set.exists() else [("Go on with the guide", page_of(guide, "guide_step", "wording"))]
    for role in guide.role_set.all():
        if step := unfinished_step(role):
            found.append((f"Go on with “{role}”", page_of(guide, "role_step", role.key, step)))
    return found


def tasks(guide: Guide, draft: decision.Guide, blockers: list[Blocker]) -> list[Task]:
    """Every kind of part in the order in which a guide is written, each with what is still missing."""

    page = partial(page_of, guide)

    def missing(*lists: str, need: str = "") -> list[Blocker]:
        return [blocker for blocker in blockers if _list_of(blocker) in lists and _need_of(blocker) == need]

    def listed(name: str, called: str) -> Task:
        model, has = BY_LIST_NAME[name], pluralize(len(getattr(draft, name)), called)
        return Task(model.part.plural, list_of(guide, model), READ, has, missing(name))

    of_lists = {model.part.list_name for model in in_document_order()}
    words = {_list_of(blocker) for blocker in blockers} - of_lists
    dimensions, rules, remarks = len(draft.dimensions), len(draft.rules), len(draft.remarks)
    return [
        Task("Words of the guide", page("change"), READ, "", missing(*words, "shared_concerns", "faq")),
        listed("roles", "role"),
        Task("Comparison table", page("table"), EDIT, pluralize(dimensions, "row"), missing("dimensions")),
        listed("signals", "signal"),
        listed("questions", "question"),
        listed("follow_ups", "follow-up"),
        listed("outcomes", "outcome"),
        *[
            Task(
                f"When is “{role.name}” needed?",
                page("need", role.key),
                EDIT,
                pluralize(len(role.need), "row"),
                missing("roles", need=role.key),
            )
            for role in draft.roles
        ],
        Task("Outcome table", page("rules"), EDIT, pluralize(rules, "rule"), missing("rules")),
        Task("Remarks", page("remarks"), EDIT, pluralize(remarks, "remark"), missing("remarks")),
    ]


def _list_of(blocker: Blocker) -> str:
    return blocker.place.partition(" ")[0]


def _need_of(blocker: Blocker) -> str:
    """The role whose need a blocker is about; "" for one that is about something else."""
    match blocker.place.split():
        case ["roles", role, "need", *_]:
            return role
        case _:
            return ""


def checks(guide: Guide, draft: decision.Guide, blockers: list[Blocker]) -> dict[str, object]:
    """What the scenarios and the proof say about the draft, as far as anything can be asked of it yet."""
    if not is_provable(blockers):
        return {}
    runs = run_scenarios(guide, draft)
    found: dict[str, object] = {"scenarios": len(runs), "failing": sum(not run.passed for run in runs)}
    try:
        proof = proof_or_progress(draft)
    except TooLargeError:
        return found | {"proof": "too large"}
    if not isinstance(proof, Proof):
        return found | {"proof": "under way"}
    return found | {"proof": "done", "faults": len(proof.failures()), "answer_sets": proof.answer_sets}


def section(guide: Guide, model: type[Any]) -> dict[str, object]:
    """One kind of part: each with its page, and where to add one and to order them."""
    name = model._meta.model_name
    return {
        "id": model.part.list_name,
        "heading": model.part.plural,
        "parts": [
            (str(part), reverse(f"admin:content_{name}_change", args=[part.pk])) for part in parts_of(guide, model)
        ],
        "add": page_of(guide, "add_role")
        if model is Role
        else f"{reverse(f'admin:content_{name}_add')}?guide={guide.pk}",
        "to_add": "Add a role" if model is Role else "Add",
        "order": reverse("admin:content_guide_order", args=[guide.pk, model.part.order_address]),
        "permission": f"content.add_{name}",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(PUBLISH)
def state(request: HttpRequest, guide: Guide, change: str) -> HttpResponse:
    """Make a guide the default one, retire it, or offer it again: asked first, with what visitors will see of it."""
    if change not in STATES:
        raise Http404
    act, button = STATES[change]
    if request.method != "POST":
        back = reverse("admin:content_guide_overview", args=[guide.pk])
        context = {"effects": effects(change, guide), "button": button, "back": back}
        return render_staff(request, "content/confirm.html", guide, f"{button}?", context)
    try:
        act(guide=guide)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Done. Visitors see it within seconds.")
    return redirect("admin:content_guide_overview", guide.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(READ, ADD)
def throw_away(request: HttpRequest, guide: Guide) -> HttpResponse:
    """Delete a guide that was never published: asked first, as nothing brings it back."""
    if request.method == "POST":
        try:
            delete_unpublished(guide=guide)
        except ValidationError as error:
            messages.error(request, f"Nothing was deleted. {' '.join(error.messages)}")
            return redirect("admin:content_guide_overview", guide.pk)
        messages.success(request, f"“{guide}” is deleted.")
        return redirect("admin:content_guide_changelist")
    context = {
        "effects": [
            "Everything in this draft is deleted, with its history and its preview links; nothing brings it back.",
            "Visitors notice nothing, as it was never published.",
            "To keep it, export it as a file first: Import makes the same guide of that.",
        ],
        "button": "Delete the guide",
        "back": reverse("admin:content_guide_overview", args=[guide.pk]),
    }
    return render_staff(request, "content/confirm.html", guide, "Delete the guide?", context)
