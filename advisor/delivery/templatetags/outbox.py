from django import template
from django.utils import timezone

from advisor.delivery.models import Message
from advisor.delivery.outbox import is_stuck

register = template.Library()


@register.simple_tag
def stuck_messages() -> int:
    """How many messages staff should look at."""
    return Message.objects.filter(is_stuck(timezone.now())).count()
