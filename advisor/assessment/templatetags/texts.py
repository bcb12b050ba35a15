from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.safestring import SafeString

from advisor.decision.guide import Guide

register = template.Library()


@register.filter
def copy(guide: Guide, text: str) -> SafeString:
    """A long text of the guide as its edition shows it; as paragraphs in editions from before there was Markdown."""
    return SafeString(guide.html.get(text) or linebreaks_filter(text, autoescape=True))
