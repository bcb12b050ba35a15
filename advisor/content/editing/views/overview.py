"""Everything about one guide in one place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.content.actions import delete_unpublished, make_default, offer_again, retire
from advisor.content.documents import says_the_same
from advisor.content.drafts import read_draft
from advisor.content.editing.pages import ADD, PUBLISH, READ, guide_page, render_staff
from advisor.content.editing.places import blockers_in_words
from advisor.content.guide_parts import in_document_order, parts_of
from advisor.content.models import Guide
from advisor.content.offering import effects
from advisor.content.publishing import newest_edition
from advisor.decision.publish_checks import publish_blockers

SECTIONS = [model for model in in_document_order() if not (model.part.table_page or model.part.change_page)]
"""The parts that are edited one by one."""

STATES = {
    "default": (make_default, "Make it the default guide"),
    "retire": (retire, "Retire it"),
    "offer": (offer_again, "Offer it again"),
}
"""What can be done about what visitors are offered: what does it, and what its button says."""


@require_safe
@guide_page(READ)
def overview(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The guide's own page: what is unfinished, all of its parts, and what can be done with it."""
    draft, live = read_draft(guide), newest_edition(guide)
    context = {
        "live": live,
        "differs": live is not None and not says_the_same(live, draft),
        "unfinished": blockers_in_words(guide, publish_blockers(draft)),
        "sections": [section(guide, model) for model in SECTIONS],
        "draft": draft,
        "may_publish": request.user.has_perm(PUBLISH),
    }
    return render_staff(request, "content/overview.html", guide, "Everything about this guide", context)


def section(guide: Guide, model: type[Any]) -> dict[str, object]:
    """One kind of part: each with its page, and where to add one and to order them."""
    name = model._meta.model_name
    return {
        "id": model.part.list_name,
        "heading": model.part.plural,
        "parts": [
            (str(part), reverse(f"admin:content_{name}_change", args=[part.pk])) for part in parts_of(guide, model)
        ],
        "add": f"{reverse(f'admin:content_{name}_add')}?guide={guide.pk}",
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
