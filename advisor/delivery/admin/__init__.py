"""The log of messages, endpoints of webhooks, daily jobs, held removals and the clock check, for staff."""

from advisor.delivery.admin.endpoints import EndpointAdmin
from advisor.delivery.admin.jobs import ChoreAdmin, ClockCheckAdmin, HeldRemovalAdmin
from advisor.delivery.admin.messages import MessageAdmin

__all__ = ["ChoreAdmin", "ClockCheckAdmin", "EndpointAdmin", "HeldRemovalAdmin", "MessageAdmin"]
