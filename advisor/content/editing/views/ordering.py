"""The page that orders the parts of one kind: by buttons, or by dragging."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.editing.positions import StaleOrderError, apply_move, put_in_order
from advisor.content.guide_parts import parts_of
from advisor.content.models import PARTS, Guide

KINDS = {model.part.order_address: model for model in PARTS if model.part.order_address}
"""What can be put in order, as the address names it."""


def parts_of_kind(guide: Guide, kind: str) -> tuple[QuerySet[Any], str]:
    """The parts of one kind in their order, and what they are called. Raises ``Http404`` for a kind we do not know."""
    if kind not in KINDS:
        raise Http404(f"There is no order of “{kind}”.")
    return parts_of(guide, KINDS[kind]), KINDS[kind].part.plural


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
def order(request: HttpRequest, guide: Guide, kind: str) -> HttpResponse:
    """The parts of one kind, each with buttons and a handle to move it."""
    parts, title = parts_of_kind(guide, kind)
    return _order(request, guide, parts, f"Order of: {title.lower()}")


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
def choices(request: HttpRequest, guide: Guide, key: str) -> HttpResponse:
    """The choices of one question."""
    question = get_object_or_404(guide.question_set, key=key)
    return _order(request, guide, question.choice_set.all(), f"Order of the answers: {question.text}")


def _order(request: HttpRequest, guide: Guide, parts: QuerySet[Any], title: str) -> HttpResponse:
    if request.method == "POST":
        return _move(request, guide, parts)
    names = [(str(part.pk), str(part)) for part in parts]
    direction, _, key = request.GET.get("moved", "").partition(":")
    ends = {"up": names[0][0], "down": names[-1][0]} if names else {}
    # The button that was pressed has the focus again; at the end of the list it is the other one that can be pressed.
    pressed = {"up": "down", "down": "up"}.get(direction, "") if ends.get(direction) == key else direction
    context = {"parts": names, "shown": ",".join(key for key, _ in names), "focus": (pressed, key)}
    return render_staff(request, "content/ordering.html", guide, title, context)


def _move(request: HttpRequest, guide: Guide, parts: QuerySet[Any]) -> HttpResponse:
    shown = request.POST.get("shown", "").split(",")
    move = request.POST.get("move", "")
    wanted, key = apply_move(shown, move)
    if dragged := request.POST.get("order"):
        wanted, key = dragged.split(","), request.POST.get("dragged", "")
    try:
        put_in_order(guide=guide, parts=parts, shown=shown, wanted=wanted)
    except StaleOrderError:
        messages.error(request, "Nothing was moved: the list was changed meanwhile. Here it is as it stands now.")
        return redirect(request.path)
    if key not in wanted:
        return redirect(request.path)
    part = parts.get(pk=key)
    messages.success(request, f"“{part}” is now number {wanted.index(key) + 1} of {len(wanted)}.")
    return redirect(f"{request.path}?moved={move or f'up:{key}'}")
