"""The order of a guide's parts: moved by buttons or by dragging, written from 1 to n."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.models import Choice, Guide
from advisor.content.models.parts import guide_of

KINDS = {
    "roles": ("role_set", "Roles"),
    "dimensions": ("dimension_set", "Dimensions"),
    "signals": ("signal_set", "Signals"),
    "questions": ("question_set", "Questions"),
    "outcomes": ("outcome_set", "Outcomes"),
    "followups": ("followup_set", "Follow-ups"),
    "remarks": ("remark_set", "Remarks"),
    "concerns": ("sharedconcern_set", "Shared concerns"),
    "faq": ("frequentquestion_set", "Questions people ask"),
    "scenarios": ("scenario_set", "Scenarios"),
}
"""What can be put in order, as the address names it: where a guide has it, and its name."""

LAST_POSITION = 32767
"""The highest number that a position can be in PostgreSQL."""


class StaleOrderError(Exception):
    """Something was added, deleted or moved since the list was shown."""


def ordered(guide: Guide, kind: str) -> tuple[QuerySet[Any], str]:
    """The parts of one kind in their order, and what they are called. Raises ``Http404`` for a kind we do not know."""
    try:
        name, title = KINDS[kind]
    except KeyError:
        raise Http404(f"There is no order of “{kind}”.") from None
    return getattr(guide, name).all(), title


@transaction.atomic
def put_in_order(*, guide: Guide, parts: QuerySet[Any], shown: Sequence[str], wanted: Sequence[str]) -> None:
    """Number the parts from 1 in the order wanted, those that change their place with a line in their history.

    Both orders are primary keys. Raises ``StaleOrderError`` if ``shown`` is not how they stand now, or ``wanted`` is
    not the same parts. The same move sent twice is one.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    now = {str(part.pk): part for part in parts.all()}
    if list(now) == list(wanted):
        return
    if list(now) != list(shown) or sorted(now) != sorted(wanted):
        raise StaleOrderError
    places = {now[key].pk: place for place, key in enumerate(wanted, 1)}
    moving = [now[key] for key in wanted if now[key].position != places[now[key].pk]]
    stand_aside(moving, taken=[part.position for part in now.values()])
    for part in moving:
        part.position = places[part.pk]
        part.save()


def stand_aside(moving: Sequence[Any], *, taken: Sequence[int]) -> None:
    """Give parts a place at the far end, so that on the way to their new ones no two stand at the same place."""
    busy = {*taken, *range(len(taken) + len(moving) + 1)}
    free = (place for place in range(LAST_POSITION, 0, -1) if place not in busy)
    for part, place in zip(moving, free, strict=False):
        type(part)._default_manager.filter(pk=part.pk).update(position=place)


def put_last(part: Any) -> None:
    """Give a new part the place after all others of its kind; one that has no place, such as a cell, stays without.

    Within the transaction that saves it, as until then nobody else may take that place.
    """
    if hasattr(part, "position"):
        Guide.objects.select_for_update().get(pk=guide_of(part).pk)
        owner = {"question": part.question} if isinstance(part, Choice) else {"guide": part.guide}
        last = type(part)._default_manager.filter(**owner).aggregate(last=Max("position"))["last"]
        part.position = (last or 0) + 1


def moved(keys: Sequence[str], move: str) -> tuple[list[str], str]:
    """The order after a button such as ``up:12``, and the part that it moved; a button we do not know moves nothing."""
    order = list(keys)
    direction, _, key = move.partition(":")
    if key in order:
        place = order.index(key)
        order.remove(key)
        order.insert(max(place - 1, 0) if direction == "up" else place + 1, key)
    return order, key


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
def order(request: HttpRequest, guide: Guide, kind: str) -> HttpResponse:
    """The parts of one kind, each with buttons and a handle to move it."""
    parts, title = ordered(guide, kind)
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
    wanted, key = moved(shown, move)
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
