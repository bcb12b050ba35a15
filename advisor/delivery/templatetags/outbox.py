from django import template
from django.db.models import QuerySet
from django.utils import timezone

from advisor.delivery.models import Endpoint, Message
from advisor.delivery.outbox import is_stuck

register = template.Library()


@register.simple_tag
def stuck_messages() -> int:
    """How many messages staff should look at."""
    return Message.objects.filter(is_stuck(timezone.now())).count()


@register.simple_tag
def switched_off_endpoints() -> QuerySet[Endpoint]:
    """Those that were given up, and not by staff."""
    return Endpoint.objects.filter(is_active=False, failing_since__isnull=False)
