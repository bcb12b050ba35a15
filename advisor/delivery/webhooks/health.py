"""How an endpoint has been answering, and switching one off that does not any more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from advisor.delivery.actions import send_mail
from advisor.delivery.letters import Letter, Link
from advisor.delivery.models import Endpoint, Message, State
from advisor.delivery.outcome import Outcome, one_line
from advisor.delivery.webhooks.sending import GONE, SWITCHED_OFF

MOST_FAILURES = 10
LONGEST_FAILING = timedelta(hours=24)
"""An endpoint is switched off when at least so many attempts in a row failed, the first at least so long ago."""


def take_note(endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    """Count what came of an attempt, and switch the endpoint off where that was one too many. It has to be locked."""
    if not endpoint.is_active:
        return
    if not outcome.error:
        endpoint.failures, endpoint.failing_since, endpoint.last_success_at = 0, None, now
        endpoint.save(update_fields=["failures", "failing_since", "last_success_at"])
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.save(update_fields=["failures", "failing_since"])
    if outcome.status == GONE:
        _give_up(endpoint, outcome.error, now)
    elif endpoint.failures >= MOST_FAILURES and now - endpoint.failing_since >= LONGEST_FAILING:
        since = f"{endpoint.failing_since:%-d %B %Y, %H:%M} UTC"
        _give_up(
            endpoint, f"{endpoint.failures} attempts in a row failed since {since}, the last: {outcome.error}", now
        )


def disable(endpoint: Endpoint, because: str, now: datetime) -> None:
    """Send it nothing more. What waits for it has failed by that, to be sent again when it is back."""
    endpoint.is_active, endpoint.disabled_at, endpoint.disabled_because = False, now, one_line(because)
    endpoint.save(update_fields=["is_active", "disabled_at", "disabled_because"])
    Message.objects.filter(endpoint=endpoint, state=State.WAITING).update(state=State.FAILED, last_error=SWITCHED_OFF)


def _give_up(endpoint: Endpoint, because: str, now: datetime) -> None:
    disable(endpoint, because, now)
    letter = Letter(
        f"The webhook endpoint “{endpoint.name}” was switched off",
        because,
        "It is told nothing more until it is switched on again. What failed is kept and can then be sent again; what "
        "happens in the meantime is not kept for it.",
        Link("The endpoint", settings.SITE_URL + reverse("admin:delivery_endpoint_change", args=[endpoint.pk])),
    )
    send_mail(
        key=f"endpoint-{endpoint.pk}-off-{now:%Y-%m-%dT%H:%M:%S.%f}",
        about=endpoint.topic,
        to=settings.CONTACT_EMAIL,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        now=now,
    )
