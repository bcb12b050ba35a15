from django import template
from django.utils import timezone

from advisor.booking import handover

register = template.Library()


@register.simple_tag
def accounts_to_hand_over() -> list[handover.AccountToHandOver]:
    """The accounts that left open leads or calls ahead."""
    return handover.accounts_to_hand_over(timezone.now())


@register.simple_tag
def nobodys_leads() -> str:
    """The number of open leads without an owner, in words that stay short; "" for none."""
    number = handover.open_leads_of(None).order_by()[: handover.MAX_LEADS_PER_HANDOVER + 1].count()
    return (
        f"more than {handover.MAX_LEADS_PER_HANDOVER}"
        if number > handover.MAX_LEADS_PER_HANDOVER
        else str(number or "")
    )
