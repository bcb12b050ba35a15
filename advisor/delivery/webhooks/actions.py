"""What other rooms and staff ask of webhooks. Nothing here waits for an endpoint."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from advisor.delivery.models import Channel, Endpoint, EventType, Message, State, new_secret
from advisor.delivery.webhooks.body import body_of
from advisor.delivery.webhooks.health import disable
from advisor.delivery.webhooks.sending import new_webhook_id

BOTH_SECRETS = timedelta(days=1)
"""How long everything is signed with the secret before as well when there is a new one."""


def tell_endpoints(
    *, event: EventType, key: str, about: str, data: Callable[[], Any], now: datetime, replaces: bool = False
) -> None:
    """Write a webhook for every active endpoint that wants this event, in the transaction of what it tells about.

    ``data`` is asked for only where an endpoint wants it, for what ``msgspec`` makes JSON of. What was written under
    this key is not written again, unless it ``replaces`` it: for what the same transaction wrote, as nobody can have
    sent that yet.
    """
    # A handful at most, and JSON is asked differently in each database.
    wanted = [endpoint for endpoint in Endpoint.objects.filter(is_active=True) if event in endpoint.events]
    if not wanted:
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
            for endpoint in wanted
        ],
        **on_conflict,
    )


@transaction.atomic
def renew_secret(*, endpoint: Endpoint, now: datetime) -> None:
    """Make a new secret. The one before it holds for another day, and none before that."""
    kept = _locked(endpoint)
    kept.old_secret, kept.old_secret_until, kept.secret = kept.secret, now + BOTH_SECRETS, new_secret()
    kept.save(update_fields=["old_secret", "old_secret_until", "secret"])


@transaction.atomic
def switch_off(*, endpoint: Endpoint, by: str, now: datetime) -> bool:
    """Tell an endpoint nothing more, as staff want it so; whether it was told anything until now."""
    kept = _locked(endpoint)
    if not kept.is_active:
        return False
    kept.failures, kept.failing_since = 0, None
    kept.save(update_fields=["failures", "failing_since"])
    disable(kept, f"Switched off by {by}.", now)
    return True


@transaction.atomic
def switch_on(*, endpoint: Endpoint) -> bool:
    """Tell an endpoint what happens from now on; whether it was switched off until now."""
    kept = _locked(endpoint)
    if kept.is_active:
        return False
    kept.is_active, kept.disabled_at, kept.disabled_because = True, None, ""
    kept.failures, kept.failing_since = 0, None
    kept.save(update_fields=["is_active", "disabled_at", "disabled_because", "failures", "failing_since"])
    return True


@transaction.atomic
def replay(*, endpoint: Endpoint, now: datetime) -> int:
    """Make everything that failed due again, as if it were written now; the number of messages."""
    failed = Message.objects.filter(endpoint=_locked(endpoint), state=State.FAILED)
    return failed.update(state=State.WAITING, due_at=now, attempts=0, last_error="")


def _locked(endpoint: Endpoint) -> Endpoint:
    return Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
