"""Which message is next, and what becomes of it after an attempt.

A worker takes a lease on a message, sends it outside of any transaction, and writes down what came of it. A worker that
is killed leaves a lease behind, and when that has run out another takes the message up: killed between sending and
recording, it is sent once more, with the same Message-ID. The time of a lease and of the next attempt is only ever
waited for, so a clock that is set back delays them and doubles nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Q, QuerySet

from advisor.delivery.models import Channel, Endpoint, Message, State
from advisor.delivery.outcome import Outcome
from advisor.delivery.webhooks.health import take_note

GAPS = (
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
"""What is waited after each attempt that failed, give or take a fifth: 68 hours and 36 minutes in all, near three days.

The tenth attempt is the last.
"""

JITTER = 0.2

LEASE = timedelta(minutes=5)
"""More than an attempt takes with a server whose eleven answers all come just within the timeout of 20 seconds.

A webhook takes no more than 15 seconds, and what the system needs to resolve a name.
"""

LATE = timedelta(minutes=10)
"""What has been due for so long is stuck: no worker runs, or too few."""

IMPOSSIBLE = timedelta(days=2)
"""Ahead of now, neither a lease ends nor a message that was attempted is due: the clock that wrote it was wrong."""

KEPT = ("error", "milliseconds", "request", "status", "answer")
"""What the ledger keeps of an attempt."""

LOST = "The worker did not come back."


def claim(
    *, worker: str, now: datetime, channels: Collection[Channel] = tuple(Channel), is_clock_doubtful: bool = False
) -> Message | None:
    """The message of these channels that has been due longest, leased to this worker and counted as attempted.

    Those to an endpoint whose last attempt failed come after all others, as each may hang for as long as an attempt
    takes. None when nothing is due. One that has expired gets its final state instead, and so does one that no worker
    came back from often enough.

    While the clock is doubtful only that is sent which would be sent at any time: no reminder goes out years early or
    is dropped as too late, no lease is taken over, and no endpoint is given up for having failed for years.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=now + IMPOSSIBLE)
    due = Q(due_at__lte=now) | Q(due_at__gt=now + IMPOSSIBLE, attempts__gt=0)
    waiting = Message.objects.filter(free & due, state=State.WAITING, channel__in=channels)
    promising = waiting.exclude(endpoint__failing_since__isnull=False)
    if is_clock_doubtful:
        timeless = promising.filter(expires_at=None, attempts=0, lease_until=None)
        return _claimed(timeless, worker, now)
    return _claimed(promising, worker, now) or _claimed(waiting, worker, now)


def _claimed(waiting: QuerySet[Message], worker: str, now: datetime) -> Message | None:
    due = waiting.order_by("due_at", "pk")
    # Asked without a lock first: on SQLite a transaction keeps off everyone else who writes.
    while due.exists():
        with transaction.atomic():
            message = due.select_for_update(skip_locked=True, of=("self",)).first()
            if message is None:
                return None
            if message.leased_by:
                message.attempt_set.create(at=now, error=LOST)
                message.last_error = LOST
            message.leased_by, message.lease_until = "", None
            if message.expires_at and message.expires_at <= now:
                message.state = State.EXPIRED
            elif message.attempts > len(GAPS):
                message.state = State.FAILED
            else:
                message.attempts += 1
                message.leased_by, message.lease_until = worker, now + LEASE
            message.save(update_fields=["state", "attempts", "leased_by", "lease_until", "last_error"])
        if message.leased_by:
            return message
    return None


@transaction.atomic
def record(*, message: Message, worker: str, outcome: Outcome, now: datetime, dice: Random) -> bool:
    """Write down what came of an attempt; whether the message has failed for good by it.

    That it was accepted is true whoever holds the lease by now; what is to be done after a failure is for whoever does.
    A message that was erased in the meantime is left alone. What an endpoint answered is counted with it.
    """
    # Before the message, as whoever switches an endpoint off goes on to its messages; and in such a way that nobody who
    # writes a message to it waits.
    endpoint = Endpoint.objects.select_for_update(no_key=True).filter(message__pk=message.pk).first()
    kept = Message.objects.select_for_update().filter(pk=message.pk).first()
    if kept is None:
        return False
    kept.attempt_set.create(at=now, **{name: getattr(outcome, name) for name in KEPT})
    if outcome.error and kept.leased_by != worker:
        return False
    kept.leased_by, kept.lease_until, kept.last_error = "", None, outcome.error
    if not outcome.error:
        kept.state, kept.sent_at = State.SENT, now
    elif kept.state == State.WAITING and (outcome.is_final or kept.attempts > len(GAPS)):
        kept.state = State.FAILED
    else:
        # Sent again by staff while it was in hand, it counts from nought.
        kept.due_at = now + GAPS[max(kept.attempts, 1) - 1] * dice.uniform(1 - JITTER, 1 + JITTER)
    kept.save(update_fields=["state", "sent_at", "due_at", "last_error", "leased_by", "lease_until"])
    if endpoint:
        take_note(endpoint, outcome, now)
    return kept.state == State.FAILED


def is_stuck(now: datetime) -> Q:
    """What staff should look at: failed, still waiting after a failure, or due for long and not taken up."""
    behind = ~Q(last_error="") | Q(due_at__lte=now - LATE)
    return Q(state=State.FAILED) | Q(state=State.WAITING) & behind
