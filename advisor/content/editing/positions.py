"""The order of a guide's parts: numbers from 1 to n, and what moves them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from advisor.content.models import Guide
from advisor.content.models.parts import guide_of

MAX_POSITION = 32767
"""The highest number that a position can be in PostgreSQL."""


class StaleOrderError(Exception):
    """Something was added, deleted or moved since the list was shown."""


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
    park_positions(moving, taken=[part.position for part in now.values()])
    for part in moving:
        part.position = places[part.pk]
        part.save()


def park_positions(moving: Sequence[Any], *, taken: Sequence[int]) -> None:
    """Give parts a place at the far end, so that on the way to their new ones no two stand at the same place."""
    busy = {*taken, *range(len(taken) + len(moving) + 1)}
    free = (place for place in range(MAX_POSITION, 0, -1) if place not in busy)
    for part, place in zip(moving, free, strict=False):
        type(part)._default_manager.filter(pk=part.pk).update(position=place)


def append_position(part: Any) -> None:
    """Give a new part the place after all others of its kind; one that has no place, such as a cell, stays without.

    Within the transaction that saves it, as until then nobody else may take that place.
    """
    if hasattr(part, "position"):
        Guide.objects.select_for_update().get(pk=guide_of(part).pk)
        beside = type(part)._default_manager.filter(**{part.owner: getattr(part, part.owner)})
        last = beside.aggregate(last=Max("position"))["last"]
        part.position = (last or 0) + 1


def apply_move(keys: Sequence[str], move: str) -> tuple[list[str], str]:
    """The order after a button such as ``up:12``, and the part that it moved; a button we do not know moves nothing."""
    order = list(keys)
    direction, _, key = move.partition(":")
    if key in order:
        place = order.index(key)
        order.remove(key)
        order.insert(max(place - 1, 0) if direction == "up" else place + 1, key)
    return order, key
