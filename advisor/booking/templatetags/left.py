from django import template
from django.utils import timezone

from advisor.booking import left

register = template.Library()


@register.simple_tag
def left_behind() -> list[left.LeftBehind]:
    """Who is not at work any more, with what waits for somebody else."""
    return left.left_behind(timezone.now())


@register.simple_tag
def nobodys_leads() -> str:
    """How many open leads have no owner, in words that stay short; "" for none."""
    number = left.open_leads_of(None).order_by()[: left.MOST + 1].count()
    return f"more than {left.MOST}" if number > left.MOST else str(number or "")
