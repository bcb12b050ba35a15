"""The pages of one guide, for the sidebar that stands beside each of them."""

from functools import partial
from typing import NamedTuple

from django import template
from django.template import Context

from advisor.content.editing.pages import EDIT, READ
from advisor.content.editing.places import list_of, page_of
from advisor.content.guide_parts import listed_kinds
from advisor.content.models import Guide

register = template.Library()


class Link(NamedTuple):
    """A page of the guide, offered to who has the permission."""

    name: str
    address: str
    permission: str = READ


@register.simple_tag(takes_context=True)
def guide_links(context: Context, guide: Guide) -> list[tuple[str, list[Link]]]:
    """Headings, each with the pages below it that this member of staff may open."""
    page = partial(page_of, guide)
    groups = {
        "What visitors read": [
            Link("Words of the guide", page("change")),
            *[Link(model.part.plural, list_of(guide, model)) for model in listed_kinds()],
            Link("Comparison table", page("table"), EDIT),
            Link("Add a role", page("add_role"), EDIT),
        ],
        "What decides": [
            *[Link(f"Need: {role.name}", page("need", role.key), EDIT) for role in guide.role_set.all()],
            Link("Outcome table", page("rules"), EDIT),
            Link("Remarks", page("remarks"), EDIT),
        ],
        "Check and publish": [
            Link("Proof", page("proof")),
            Link("Drawing of the logic", page("drawing")),
            Link("Preview", page("previews"), EDIT),
            Link("Compare and publish", page("publish")),
            Link("Editions", page("editions"), "content.view_edition"),
            Link("Who changed what", page("changes")),
        ],
    }
    may = context["user"].has_perm
    return [(heading, [link for link in links if may(link.permission)]) for heading, links in groups.items()]
