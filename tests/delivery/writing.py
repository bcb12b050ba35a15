"""Messages for tests, and working them off at a time of one's choosing."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from advisor.delivery.actions import send_mail
from advisor.delivery.mail import Attachment
from advisor.delivery.models import Message
from advisor.delivery.worker import Worker

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

NUMBERS = count(1)

CALENDAR = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Advisor//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:call-12@example.com",
        "SUMMARY:Zvans – 30 minūtes",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)
INVITATION = (
    Attachment(mimetype="text/calendar; method=REQUEST; charset=utf-8", content=CALENDAR, alternative=True),
    Attachment(mimetype="text/calendar; method=REQUEST; charset=utf-8", content=CALENDAR, filename="call.ics"),
)
"""As clients want it: once as a part of the body, once as a file."""


def write(**fields: Any) -> Message:
    """A message in the outbox, due at noon."""
    given: dict[str, Any] = {
        "key": f"message-{next(NUMBERS)}",
        "about": "call 12",
        "to": "visitor@example.com",
        "subject": "Your call is booked",
        "text": "See you then.",
        "html": "<p>See you then.</p>",
        "now": NOON,
    }
    return send_mail(**given | fields)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def worker_at(now: datetime = NOON) -> Worker:
    """A worker for whom it is that time, with dice that always fall the same way."""
    return Worker(clock=Clock(now), dice=Random(1))


def send_due(now: datetime = NOON) -> None:
    """Send what is due at that time."""
    worker_at(now).send_due()


def waits(message: Message) -> timedelta:
    """How long after noon a message is due."""
    message.refresh_from_db()
    return message.due_at - NOON
