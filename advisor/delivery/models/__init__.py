"""The outbox, and the chores of each day."""

from advisor.delivery.models.chore import Chore
from advisor.delivery.models.message import Attempt, Channel, Message, State

__all__ = ["Attempt", "Channel", "Chore", "Message", "State"]
