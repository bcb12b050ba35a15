from django import template
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from advisor.booking.busy.notices import stale_calendars as calendars_that_are_stale
from advisor.booking.models import BusyCalendar, Host

register = template.Library()


@register.simple_tag
def stale_calendars() -> list[BusyCalendar]:
    """The calendars of hosts that could not be read for too long."""
    return calendars_that_are_stale(timezone.now())


@register.simple_tag
def own_host(user: User | AnonymousUser) -> Host | None:
    """The host whose account this is."""
    return Host.objects.filter(user=user).first() if user.is_authenticated else None
