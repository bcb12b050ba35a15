"""The pages of one guide, for the sidebar that stands beside each of them."""

from typing import NamedTuple

from django import template
from django.template import Context
from django.urls import reverse

from advisor.content.editing.pages import EDIT, READ
from advisor.content.guide_parts import in_document_order
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

    def page(name: str, *more: object) -> str:
        return reverse(f"admin:content_guide_{name}", args=[guide.pk, *more])

    listed = [model.part for model in in_document_order() if not (model.part.table_page or model.part.change_page)]
    groups = {
        "What visitors read": [
            Link("Words of the guide", page("change")),
            *[Link(part.plural, f"{page('overview')}#{part.list_name}") for part in listed],
            Link("Comparison table", page("table"), EDIT),
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
