"""From a place in a guide, as ``publish_checks`` and the proof name it, to the page where staff change it.

rules 3 -> the outcome table        signals messy-stack -> the page of that signal
roles fractional-cto need 3 reason -> that field in the need of that role
"""

from itertools import pairwise
from typing import Any

from django.urls import reverse

from advisor.content.guide_parts import parts_of
from advisor.content.models import PARTS, Guide, NeedRow, Scenario
from advisor.content.models.parts import guide_of
from advisor.decision.publish_checks import Blocker

BY_LIST_NAME = {model.part.list_name: model for model in PARTS if model.owner == "guide"}


def page_of(guide: Guide, name: str, *more: object) -> str:
    """The address of one of our own pages about a guide."""
    return reverse(f"admin:content_guide_{name}", args=[guide.pk, *more])


def list_of(guide: Guide, model: type[Any]) -> str:
    """Where the page of a guide lists all parts of one kind."""
    return f"{page_of(guide, 'overview')}#{model.part.list_name}"


def address_of(guide: Guide, place: str) -> str:
    """The page where what stands at a place is changed; the guide's words for a place that has no page of its own."""
    list_name, _, rest = place.partition(" ")
    key, _, further = rest.partition(" ")
    if further.partition(" ")[0] == NeedRow.part.list_name:
        return _address_of_need(guide, key, further.split()[1:])
    if not (model := BY_LIST_NAME.get(list_name)):
        return reverse("admin:content_guide_change", args=[guide.pk])
    if model.part.change_page:
        return reverse(f"admin:{model.part.change_page}", args=[guide.pk])
    page = f"admin:content_{model._meta.model_name}"
    if model is Scenario:
        return reverse(f"{page}_change", args=[key])
    if part := parts_of(guide, model).filter(key=key).first():
        return reverse(f"{page}_change", args=[part.pk])
    return f"{reverse(f'{page}_changelist')}?guide__id__exact={guide.pk}"


def home_of(part: Any) -> str:
    """Where whoever saved a part goes on: the page that shows all of its kind."""
    guide = guide_of(part)
    if isinstance(part, NeedRow):
        return page_of(guide, "need", part.role.key)
    if part == guide:
        return page_of(guide, "overview")
    page = part.part.table_page
    return reverse(f"admin:{page}", args=[guide.pk]) if page else list_of(guide, type(part))


def next_to(part: Any) -> Any | None:
    """The part of the same kind that comes after this one, in the guide's order."""
    parts = [*parts_of(guide_of(part), type(part))]
    return next((after for before, after in pairwise(parts) if before == part), None)


def _address_of_need(guide: Guide, role: str, place: list[str]) -> str:
    """The need of a role; the field of a row that the place names, counted from 1, if there is such a row."""
    page = page_of(guide, "need", role)
    number, *fields = place or [""]
    rows = NeedRow.objects.filter(role__guide=guide, role__key=role)
    if not number.isdecimal() or not 0 < int(number) <= len(rows):
        return page
    (field,) = fields if fields in (["reason"], ["doubt"]) else ["needed"]
    return f"{page}#{rows[int(number) - 1].pk}-{field}"


def place_in_words(place: str) -> str:
    """A place as staff call it: ``rules 3`` is "Rule 3", ``roles coach need 3`` is "Need of coach, row 3"."""
    match place.split(" "):
        case ["roles", role, "need", *numbered]:
            return f"Need of {role}{', row ' if numbered else ''}{' '.join(numbered)}"
        case _:
            pass
    list_name, _, rest = place.partition(" ")
    model = BY_LIST_NAME.get(list_name)
    name = model.part.name if model else list_name.replace("_", " ").capitalize()
    # A scenario is numbered by its row, which says nothing to anyone.
    return name if model is Scenario else f"{name} {rest.replace('_', ' ')}".strip()


def blockers_in_words(guide: Guide, blockers: list[Blocker]) -> list[tuple[str, str, str]]:
    """Each blocker as its place in words, what is wrong, and where to change it."""
    return [(place_in_words(blocker.place), blocker.message, address_of(guide, blocker.place)) for blocker in blockers]
