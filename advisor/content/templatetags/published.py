from django import template

from advisor.content.edition_check import unreadable_editions
from advisor.content.models import Guide

register = template.Library()

register.simple_tag(unreadable_editions)


@register.simple_tag
def all_guides() -> list[Guide]:
    """Every guide, published or not, for the front page of staff."""
    return list(Guide.objects.all())
