"""Hosts for tests: each makes what it says and no more."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from advisor.booking.models import Host
from advisor.booking.slots import SLOT_LENGTH
from advisor.delivery.models import Channel, Message, State
from tests.clock import NOW

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
"""The one after ``tests.clock.NOW``."""
NINE_IN_RIGA = MONDAY + timedelta(hours=7)


def make_host(name: str = "The host", *, hours: tuple[int, int] = (9, 12), **fields: Any) -> Host:
    """A host with the same hours from Monday to Friday, without buffers or notice unless they are given."""
    user = get_user_model().objects.create(username=name.lower().replace(" ", "-"), is_staff=True)
    ready: dict[str, Any] = {
        "email": f"{user.username}@example.com",
        "zone": "Europe/Riga",
        "place_details": "https://meet.example.com/room",
        "notice": 0,
        "buffer_after": 0,
    }
    host = Host.objects.create(user=user, name=name, **ready | fields)
    for weekday in range(5):
        host.windows.create(weekday=weekday, begins=time(hours[0]), ends=time(hours[1]))
    return host


def half_hour(number: int) -> datetime:
    """The beginning of a half hour of that Monday, counted from nine o'clock in Riga."""
    return NINE_IN_RIGA + number * SLOT_LENGTH


def send_due(now: datetime = NOW) -> list[Message]:
    """Let all mail that is due go out, as a worker does; returned in the order in which it goes."""
    due = Message.objects.filter(channel=Channel.MAIL, state=State.WAITING, due_at__lte=now)
    sent = list(due.order_by("due_at", "pk"))
    due.update(state=State.SENT, sent_at=now)
    return sent


def value(begins: datetime) -> str:
    """An instant as the form sends it."""
    return f"{begins:%Y-%m-%dT%H:%MZ}"
