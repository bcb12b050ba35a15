from datetime import timedelta

from django import template
from django.db.models import QuerySet
from django.utils import timezone

from advisor.delivery.clock import current_doubt
from advisor.delivery.models import Chore, Endpoint, HeldRemoval, Message
from advisor.delivery.outbox import is_stuck

register = template.Library()


@register.simple_tag
def stuck_messages() -> int:
    """The number of messages that staff should look at."""
    return Message.objects.filter(is_stuck(timezone.now())).count()


@register.simple_tag
def switched_off_endpoints() -> QuerySet[Endpoint]:
    """The endpoints that were switched off because they failed, not by staff."""
    return Endpoint.objects.filter(is_active=False, failing_since__isnull=False)


@register.simple_tag
def failed_chores() -> QuerySet[Chore]:
    """The daily jobs that failed today or yesterday and are not done."""
    since = timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(days=1)
    return Chore.objects.filter(day__gte=since, done_at__isnull=True).exclude(last_error="")


register.simple_tag(current_doubt, name="clock_in_doubt")


@register.simple_tag
def held_removals() -> QuerySet[HeldRemoval]:
    """The removals that wait for confirmation or are about to run."""
    return HeldRemoval.objects.filter(ended_at=None)
