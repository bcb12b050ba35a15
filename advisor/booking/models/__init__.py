"""Hosts with their hours, and the calls that were booked with them."""

from advisor.booking.models.busy_calendar import BusyCalendar, WhenStale
from advisor.booking.models.call import PAGE_LIFETIME, Call, CallStatus, FormerLink, mail_domain
from advisor.booking.models.host import (
    TAKES_CALLS,
    ZONES,
    Host,
    HoursException,
    Place,
    WeeklyWindow,
    digest_of,
    new_token,
)
from advisor.booking.models.intake import (
    BLOCK_LENGTH,
    HOLD_LENGTH,
    INTAKE_TOPIC,
    LINK_LIFETIME,
    BlockedSource,
    Intake,
    IntakeState,
    confirm_address,
)

__all__ = [
    "BLOCK_LENGTH",
    "HOLD_LENGTH",
    "INTAKE_TOPIC",
    "LINK_LIFETIME",
    "PAGE_LIFETIME",
    "TAKES_CALLS",
    "ZONES",
    "BlockedSource",
    "BusyCalendar",
    "Call",
    "CallStatus",
    "FormerLink",
    "Host",
    "HoursException",
    "Intake",
    "IntakeState",
    "Place",
    "WeeklyWindow",
    "WhenStale",
    "confirm_address",
    "digest_of",
    "mail_domain",
    "new_token",
]
