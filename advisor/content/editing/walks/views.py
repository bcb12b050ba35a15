"""The pages of the walks inside the admin. Each is saved as one goes on, or goes back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.content.drafts import read_draft
from advisor.content.editing.pages import ADD, EDIT, guide_page, render_staff, staff_page
from advisor.content.editing.places import blockers_in_words, page_of
from advisor.content.editing.views.overview import checks
from advisor.content.editing.walks.guide_steps import GUIDE_STEPS, GuideWords
from advisor.content.editing.walks.role_steps import ROLE_STEPS, RoleWords
from advisor.content.editing.walks.steps import Step, with_room
from advisor.content.models import Guide, Role
from advisor.decision.publish_checks import publish_blockers
from advisor.http import HelpfulNotFound
from advisor.posts import refusal_of, shows_again

MORE = "more"
"""The button that adds empty lines and saves nothing."""
BACK = "back"
"""The button that saves, and leads to the page before."""


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def add_role(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The first page of a role that is not there yet."""
    return _show(request, guide, None, RoleWords, ROLE_STEPS)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def role_step(request: HttpRequest, guide: Guide, key: str, step: str) -> HttpResponse:
    """A page of a role that is there."""
    role = _role(guide, key=key)
    if step not in ROLE_STEPS:
        raise Http404
    return _show(request, guide, role, ROLE_STEPS[step], ROLE_STEPS)


@require_safe
@guide_page(EDIT)
def role_done(request: HttpRequest, guide: Guide, key: str) -> HttpResponse:
    """What is still open in the guide, now that the role is there."""
    role = _role(guide, key=key)
    draft = read_draft(guide)
    blockers = publish_blockers(draft)
    found = checks(guide, draft, blockers)
    context = {
        "role": role,
        "steps": _steps(guide, role, ROLE_STEPS, ""),
        "unfinished": blockers_in_words(guide, blockers),
        "checks": found,
        "is_whole": not blockers and not found.get("failing") and found.get("proof") == "done" and not found["faults"],
    }
    return render_staff(request, "content/walk_done.html", guide, f"“{role}”: what is still open", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(ADD)
@shows_again
def begin_guide(request: HttpRequest) -> HttpResponse:
    """The first page of a guide that is not there yet."""
    return _show(request, Guide(), None, GuideWords, GUIDE_STEPS)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def guide_step(request: HttpRequest, guide: Guide, step: str) -> HttpResponse:
    """A page of a guide that is there."""
    if step not in GUIDE_STEPS:
        raise Http404
    return _show(request, guide, None, GUIDE_STEPS[step], GUIDE_STEPS)


@transaction.atomic
def _show(
    request: HttpRequest, guide: Guide, role: Role | None, kind: type[Step], steps: Mapping[str, type[Step]]
) -> HttpResponse:
    """A page of a walk; sent, it is saved and leads on. Nothing is saved while anything is wrong."""
    data, pressed = (request.POST, request.POST.get("go", "")) if request.method == "POST" else (None, "")
    is_refused = refusal_of(request) is not None
    if data is not None and guide.pk and not is_refused:
        # What is compared and numbered below stays as it is until it is written.
        guide = Guide.objects.select_for_update().get(pk=guide.pk)
        role = _role(guide, pk=role.pk) if role else None
    elif data is not None and not is_refused:
        # One new guide at a time, so that each gets a key of its own.
        list(Guide.objects.select_for_update().order_by("pk").values_list("pk"))
    step = _made(kind, guide, role, data, pressed)
    if not step.is_open():
        messages.info(request, f"First comes this page, “{steps[step.needs].title}”, as the next one rests on it.")
        return redirect(_address(guide, role, step.needs, steps))
    if data is not None and (is_refused or pressed == MORE):
        step.hush()
    elif data is not None and step.is_valid():
        if note := step.save():
            messages.info(request, note)
        return redirect(_next(step, steps, go_back=pressed == BACK))
    return _render(request, step, steps)


def _role(guide: Guide, **which: Any) -> Role:
    if role := guide.role_set.filter(**which).first():
        found: Role = role
        return found
    raise HelpfulNotFound("This role is not in the guide any more; somebody may have deleted it.")


def _made(kind: type[Step], guide: Guide, role: Role | None, data: QueryDict | None, pressed: str) -> Step:
    """The page as it was sent; where more lines were asked for, with more."""
    step = kind(guide, role, data)
    if data is not None and pressed == MORE and step.lines is not None:
        return kind(guide, role, with_room(data, str(step.lines.prefix)))
    return step


def _render(request: HttpRequest, step: Step, steps: Mapping[str, type[Step]]) -> HttpResponse:
    guide, role, names = step.guide, step.role, list(steps)
    errors = [] if step.data is None else list(step.summary)
    what = f"“{role}”" if role else "Add a role" if steps is ROLE_STEPS else "Add a guide"
    context: dict[str, Any] = {
        "step": step,
        "errors": errors,
        "steps": _steps(guide, role, steps, step.name),
        "role": role,
        "is_first": step.name == names[0],
        "guides": Guide.objects.all() if not guide.pk else (),
    }
    title = f"{'Error: ' if errors else ''}{what}: {step.title.lower()}"
    if guide.pk:
        return render_staff(request, step.template, guide, title, context)
    frame = admin.site.each_context(request) | {"title": title, "opts": Guide._meta}
    return TemplateResponse(request, step.template, frame | context)


def _address(guide: Guide, role: Role | None, name: str, steps: Mapping[str, type[Step]]) -> str:
    if steps is ROLE_STEPS:
        return page_of(guide, "role_step", role.key, name) if role else page_of(guide, "add_role")
    return page_of(guide, "guide_step", name) if guide.pk else reverse("admin:content_guide_begin")


def _steps(
    guide: Guide, role: Role | None, steps: Mapping[str, type[Step]], current: str
) -> list[tuple[str, str, bool]]:
    """Every page of a walk: its title, its address, which is "" until what it is about is there, and whether it is
    this one.
    """
    is_there = role is not None or (steps is GUIDE_STEPS and guide.pk is not None)
    return [
        (step.title, _address(guide, role, name, steps) if is_there else "", name == current)
        for name, step in steps.items()
    ]


def _next(step: Step, steps: Mapping[str, type[Step]], *, go_back: bool) -> str:
    """Where a page leads once it is saved."""
    names, guide, role = list(steps), step.guide, step.role
    place = names.index(step.name) + (-1 if go_back else 1)
    if place < 0:
        return page_of(guide, "overview")
    if place < len(names):
        return _address(guide, role, names[place], steps)
    return page_of(guide, "role_done", role.key) if role else page_of(guide, "add_role")
