"""The outbox, the endpoints of webhooks, and the chores of each day."""

from advisor.delivery.models.chore import Chore
from advisor.delivery.models.endpoint import TEST_EVENT, Endpoint, EventType, new_secret
from advisor.delivery.models.message import Attempt, Channel, Message, State

__all__ = ["TEST_EVENT", "Attempt", "Channel", "Chore", "Endpoint", "EventType", "Message", "State", "new_secret"]
