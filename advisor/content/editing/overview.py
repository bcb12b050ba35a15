"""Everything about one guide in one place."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.content.actions import make_default, offer_again, retire
from advisor.content.documents import says_the_same
from advisor.content.drafts import read_draft
from advisor.content.editing.pages import PUBLISH, READ, guide_page, render_staff
from advisor.content.editing.places import linked
from advisor.content.models import Guide
from advisor.content.offering import effects
from advisor.content.publishing import newest_edition
from advisor.decision.unfinished import unfinished

SECTIONS = (
    ("Roles", "role", "roles"),
    ("Signals", "signal", "signals"),
    ("Questions", "question", "questions"),
    ("Follow-ups", "followup", "followups"),
    ("Outcomes", "outcome", "outcomes"),
    ("Scenarios", "scenario", "scenarios"),
)
"""The parts that are edited one by one: heading, model and what its order is called in addresses."""

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
        "unfinished": linked(guide, unfinished(draft)),
        "sections": [section(guide, *named) for named in SECTIONS],
        "draft": draft,
        "may_publish": request.user.has_perm(PUBLISH),
    }
    return render_staff(request, "content/overview.html", guide, "Everything about this guide", context)


def section(guide: Guide, heading: str, model: str, order: str) -> dict[str, object]:
    """One kind of part: each with its page, and where to add one and to order them."""
    parts: list[Model] = list(getattr(guide, f"{model}_set").all())
    return {
        "heading": heading,
        "parts": [(str(part), reverse(f"admin:content_{model}_change", args=[part.pk])) for part in parts],
        "add": f"{reverse(f'admin:content_{model}_add')}?guide={guide.pk}",
        "order": reverse("admin:content_guide_order", args=[guide.pk, order]),
        "permission": f"content.add_{model}",
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
