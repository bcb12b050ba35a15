"""Calendars of hosts for tests: each makes what it says and no more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from advisor.booking.models import BusyCalendar, Host
from advisor.booking.periods import Period
from advisor.encryption import encrypted
from tests.clock import NOW

ADDRESS = "https://calendar.example.com/private-0123456789abcdef/basic.ics"


def make_calendar(
    host: Host, busy: Sequence[Period] = (), *, read_at: datetime | None = NOW, address: str = ADDRESS, **fields: Any
) -> BusyCalendar:
    """A calendar that was read a moment ago, as far as the horizon of the host, and is due in an hour."""
    ready: dict[str, Any] = {
        "address": encrypted(address),
        "shown_address": "calendar.example.com/…",
        "added_at": NOW,
        "due_at": NOW + timedelta(hours=1),
        "read_at": read_at,
        "covers_until": read_at and read_at + timedelta(days=host.horizon_days + 2),
        "spans": [[int(begins.timestamp()), int(ends.timestamp())] for begins, ends in busy],
    }
    return BusyCalendar.objects.create(host=host, **ready | fields)
