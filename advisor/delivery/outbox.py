"""The order of sending: which message is next, and its state after an attempt.

A worker takes a lease on a message, sends it outside of any transaction, and records the result. If the worker is
killed, another one takes the message when the lease ends. If it is killed between sending and recording, the message is
sent again, with the same Message-ID. A clock that is set back delays leases and attempts, and doubles nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Q, QuerySet

from advisor.delivery.attempt_result import AttemptResult
from advisor.delivery.models import Channel, Endpoint, Message, State
from advisor.delivery.webhooks.actions import record_result

RETRY_DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""The delay after each failed attempt, plus or minus a fifth: almost three days in all, with ten attempts."""

JITTER = 0.2

LEASE_LENGTH = timedelta(minutes=5)
"""Longer than any attempt. A mail server gives eleven answers within 20 seconds each; a webhook ends after 15 seconds
and the resolution of a name.
"""

STUCK_AFTER = timedelta(minutes=10)
"""A message that has been due for this long is stuck: no worker runs, or too few."""

MAX_TIME_AHEAD = timedelta(days=2)
"""No lease ends later than this, and no retry is due later. If one is, a wrong clock wrote it."""

RECORDED_FIELDS = ("error", "milliseconds", "request", "status", "answer")
"""The fields of a result that an attempt stores."""

WORKER_LOST = "The worker did not come back."


def claim(
    *, worker: str, now: datetime, channels: Collection[Channel] = tuple(Channel), is_clock_doubtful: bool = False
) -> Message | None:
    """Lease the message of these channels that has been due longest to this worker, of those of the lowest rank. None
    if nothing is due.

    Messages to failing endpoints come last, as each of them may hang. Messages that have expired, and messages whose
    attempts are used up, get their final state instead.

    While the clock is in doubt, only messages that do not depend on time are sent: new ones without an expiry. So no
    reminder goes out too early or expires, no lease is taken over, and no endpoint is switched off by mistake.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=now + MAX_TIME_AHEAD)
    due = Q(due_at__lte=now) | Q(due_at__gt=now + MAX_TIME_AHEAD, attempts__gt=0)
    waiting = Message.objects.filter(free & due, state=State.WAITING, channel__in=channels)
    promising = waiting.exclude(endpoint__failing_since__isnull=False)
    if is_clock_doubtful:
        timeless = promising.filter(expires_at=None, attempts=0, lease_until=None)
        return _claim_first(timeless, worker, now)
    return _claim_first(promising, worker, now) or _claim_first(waiting, worker, now)


def _claim_first(due: QuerySet[Message], worker: str, now: datetime) -> Message | None:
    """Lease the first of these messages that may be tried. Those before it that have expired, or used up their
    attempts, get their final state. None if none is left, or other workers hold them.
    """
    in_order = due.order_by("rank", "due_at", "pk")
    # First without a lock: on SQLite a transaction blocks every other writer.
    while in_order.exists():
        with transaction.atomic():
            message = in_order.select_for_update(skip_locked=True, of=("self",)).first()
            if message is None:
                return None
            if message.leased_by:
                message.attempt_set.create(at=now, error=WORKER_LOST)
                message.last_error = WORKER_LOST
            message.leased_by, message.lease_until = "", None
            if message.expires_at and message.expires_at <= now:
                message.state = State.EXPIRED
            elif message.attempts > len(RETRY_DELAYS):
                message.state = State.FAILED
            else:
                message.attempts += 1
                message.leased_by, message.lease_until = worker, now + LEASE_LENGTH
            message.save(update_fields=["state", "attempts", "leased_by", "lease_until", "last_error"])
        if message.leased_by:
            return message
    return None


@transaction.atomic
def record_attempt(*, message: Message, worker: str, result: AttemptResult, now: datetime, dice: Random) -> bool:
    """Record the result of an attempt. Returns whether the message has failed for good.

    A success counts even if another worker holds the lease by now; a failure counts only for the holder. A message that
    was erased meanwhile is ignored. The endpoint counts its own successes and failures.
    """
    # The endpoint first, in the order in which switching it off locks. With no_key, writing messages to it goes on.
    endpoint = Endpoint.objects.select_for_update(no_key=True).filter(message__pk=message.pk).first()
    locked = Message.objects.select_for_update().filter(pk=message.pk).first()
    if locked is None:
        return False
    locked.attempt_set.create(at=now, **{name: getattr(result, name) for name in RECORDED_FIELDS})
    if result.error and locked.leased_by != worker:
        return False
    locked.leased_by, locked.lease_until, locked.last_error = "", None, result.error
    if not result.error:
        locked.state, locked.sent_at = State.SENT, now
    elif locked.state == State.WAITING and (result.is_final or locked.attempts > len(RETRY_DELAYS)):
        locked.state = State.FAILED
    else:
        # If staff sent it again during this attempt, its attempts count from zero.
        locked.due_at = now + RETRY_DELAYS[max(locked.attempts, 1) - 1] * dice.uniform(1 - JITTER, 1 + JITTER)
    locked.save(update_fields=["state", "sent_at", "due_at", "last_error", "leased_by", "lease_until"])
    if endpoint:
        record_result(endpoint, result, now)
    return locked.state == State.FAILED


def is_stuck(now: datetime) -> Q:
    """The messages that staff should look at: failed, waiting after a failure, or due for too long."""
    late = ~Q(last_error="") | Q(due_at__lte=now - STUCK_AFTER)
    return Q(state=State.FAILED) | Q(state=State.WAITING) & late
