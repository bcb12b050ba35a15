from functools import lru_cache

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
@lru_cache(maxsize=4096)
def paragraphs(text: str) -> SafeString:
    """A text of the guide as paragraphs: Django's ``linebreaks``, kept, as there are few texts and many pages."""
    return SafeString(linebreaks_filter(text, autoescape=True))
