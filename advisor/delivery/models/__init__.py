"""The outbox, the endpoints of webhooks, runs of daily jobs, held removals, and the check of the clock."""

from advisor.delivery.models.endpoint import TEST_EVENT, Endpoint, EventType, new_secret
from advisor.delivery.models.jobs import Chore, ClockCheck, HeldRemoval
from advisor.delivery.models.message import Attempt, Channel, Message, State

__all__ = [
    "TEST_EVENT",
    "Attempt",
    "Channel",
    "Chore",
    "ClockCheck",
    "Endpoint",
    "EventType",
    "HeldRemoval",
    "Message",
    "State",
    "new_secret",
]
