"""The verbs of webhooks for other rooms, for staff and for the worker. None of them waits for an endpoint."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from advisor.delivery.actions import send_mail
from advisor.delivery.attempt_result import AttemptResult, short_line
from advisor.delivery.letters import Letter, Link
from advisor.delivery.models import Channel, Endpoint, EventType, Message, State, new_secret
from advisor.delivery.webhooks.attempt import GONE, SWITCHED_OFF, body_of, new_webhook_id

OLD_SECRET_VALID_FOR = timedelta(days=1)
"""How long webhooks are still signed with the old secret as well."""

MAX_FAILURES = 10
MAX_FAILING_TIME = timedelta(hours=24)
"""An endpoint is switched off after this many failures in a row, if the first is this long ago."""


def tell_endpoints(
    *, event: EventType, key: str, about: str, data: Callable[[], Any], now: datetime, replaces: bool = False
) -> None:
    """Write a webhook to every active endpoint with this event, in the transaction of what it reports.

    ``data`` is called only if there is such an endpoint, and returns what ``msgspec`` can encode. If a webhook with
    this key exists, it stays, or gets the new body if ``replaces``. Use that only for webhooks that the same
    transaction wrote, as no worker can have sent them yet.
    """
    # There are only a few endpoints, and each database queries JSON differently.
    subscribers = [endpoint for endpoint in Endpoint.objects.filter(is_active=True) if event in endpoint.events]
    if not subscribers:
        return
    body = body_of(event, data(), now)
    on_conflict: dict[str, Any] = {"ignore_conflicts": True}
    if replaces:
        on_conflict = {"update_conflicts": True, "unique_fields": ["key"], "update_fields": ["text"]}
    Message.objects.bulk_create(
        [
            Message(
                key=f"{key}-to-{endpoint.pk}",
                about=about,
                channel=Channel.WEBHOOK,
                endpoint=endpoint,
                subject=event,
                text=body,
                message_id=new_webhook_id(),
                created_at=now,
                due_at=now,
            )
            for endpoint in subscribers
        ],
        **on_conflict,
    )


@transaction.atomic
def renew_secret(*, endpoint: Endpoint, now: datetime) -> None:
    """Make a new secret. The old one stays valid for a day; any older one ends now."""
    locked = _lock(endpoint)
    locked.old_secret, locked.old_secret_until, locked.secret = locked.secret, now + OLD_SECRET_VALID_FOR, new_secret()
    locked.save(update_fields=["old_secret", "old_secret_until", "secret"])


@transaction.atomic
def switch_off(*, endpoint: Endpoint, by: str, now: datetime) -> bool:
    """Switch an endpoint off by hand. Returns whether it was active."""
    locked = _lock(endpoint)
    if not locked.is_active:
        return False
    locked.failures, locked.failing_since = 0, None
    locked.save(update_fields=["failures", "failing_since"])
    _disable(locked, f"Switched off by {by}.", now)
    return True


@transaction.atomic
def switch_on(*, endpoint: Endpoint) -> bool:
    """Switch an endpoint on. Returns whether it was switched off."""
    locked = _lock(endpoint)
    if locked.is_active:
        return False
    locked.is_active, locked.disabled_at, locked.disabled_because = True, None, ""
    locked.failures, locked.failing_since = 0, None
    locked.save(update_fields=["is_active", "disabled_at", "disabled_because", "failures", "failing_since"])
    return True


@transaction.atomic
def replay(*, endpoint: Endpoint, now: datetime) -> int:
    """Make all failed messages to an endpoint due again. Returns the number of messages."""
    failed = Message.objects.filter(endpoint=_lock(endpoint), state=State.FAILED)
    return failed.update(state=State.WAITING, due_at=now, attempts=0, last_error="")


def record_result(endpoint: Endpoint, result: AttemptResult, now: datetime) -> None:
    """Count the result of an attempt, and switch the endpoint off if it fails for too long. The caller locks it."""
    if not endpoint.is_active:
        return
    if not result.error:
        endpoint.failures, endpoint.failing_since, endpoint.last_success_at = 0, None, now
        endpoint.save(update_fields=["failures", "failing_since", "last_success_at"])
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.save(update_fields=["failures", "failing_since"])
    if result.status == GONE:
        _switch_off_failing(endpoint, result.error, now)
    elif endpoint.failures >= MAX_FAILURES and now - endpoint.failing_since >= MAX_FAILING_TIME:
        since = f"{endpoint.failing_since:%-d %B %Y, %H:%M} UTC"
        _switch_off_failing(
            endpoint, f"{endpoint.failures} attempts in a row failed since {since}, the last: {result.error}", now
        )


def _disable(endpoint: Endpoint, because: str, now: datetime) -> None:
    """Switch an endpoint off. Its waiting messages fail, so that staff can send them again later."""
    endpoint.is_active, endpoint.disabled_at, endpoint.disabled_because = False, now, short_line(because)
    endpoint.save(update_fields=["is_active", "disabled_at", "disabled_because"])
    Message.objects.filter(endpoint=endpoint, state=State.WAITING).update(state=State.FAILED, last_error=SWITCHED_OFF)


def _switch_off_failing(endpoint: Endpoint, because: str, now: datetime) -> None:
    _disable(endpoint, because, now)
    letter = Letter(
        f"The webhook endpoint “{endpoint.name}” was switched off",
        because,
        "It gets no more webhooks until someone switches it on again. Then the failed messages can be sent again. "
        "Events in the meantime are not stored for it.",
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


def _lock(endpoint: Endpoint) -> Endpoint:
    return Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
