"""What staff see of what goes out: the ledger, the endpoints of webhooks, and the chores of each day."""

from advisor.delivery.admin.chores import ChoreAdmin
from advisor.delivery.admin.endpoints import EndpointAdmin
from advisor.delivery.admin.messages import MessageAdmin

__all__ = ["ChoreAdmin", "EndpointAdmin", "MessageAdmin"]
