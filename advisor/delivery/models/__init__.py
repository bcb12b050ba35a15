"""The outbox, the endpoints of webhooks, the chores of each day, and removals that wait for a person."""

from advisor.delivery.models.chore import Chore
from advisor.delivery.models.endpoint import TEST_EVENT, Endpoint, EventType, new_secret
from advisor.delivery.models.held import HeldRemoval
from advisor.delivery.models.message import Attempt, Channel, Message, State

__all__ = [
    "TEST_EVENT",
    "Attempt",
    "Channel",
    "Chore",
    "Endpoint",
    "EventType",
    "HeldRemoval",
    "Message",
    "State",
    "new_secret",
]
