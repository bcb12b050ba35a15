from django import template

from advisor.booking.models import Intake, IntakeState

register = template.Library()


@register.simple_tag
def waiting_calls() -> int:
    """How many requests for a call wait until their addresses are confirmed."""
    return Intake.objects.filter(state=IntakeState.WAITING).count()
