"""Hosts with their hours, and the calls that were booked with them."""

from advisor.booking.models.call import KEPT, Call, CallStatus
from advisor.booking.models.host import (
    TAKES_CALLS,
    ZONES,
    Host,
    HoursException,
    Place,
    WeeklyWindow,
    new_token,
)

__all__ = [
    "KEPT",
    "TAKES_CALLS",
    "ZONES",
    "Call",
    "CallStatus",
    "Host",
    "HoursException",
    "Place",
    "WeeklyWindow",
    "new_token",
]
