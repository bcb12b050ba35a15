from datetime import timedelta

from django import template
from django.db.models import QuerySet
from django.utils import timezone

from advisor.delivery.models import Chore, Endpoint, HeldRemoval, Message
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


@register.simple_tag
def failed_chores() -> QuerySet[Chore]:
    """What was not done today or yesterday, and is not being done."""
    since = timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(days=1)
    return Chore.objects.filter(day__gte=since, done_at__isnull=True).exclude(last_error="")


@register.simple_tag
def held_removals() -> QuerySet[HeldRemoval]:
    """What is not removed until someone decides."""
    return HeldRemoval.objects.filter(ended_at=None)
