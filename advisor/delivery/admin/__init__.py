"""What staff see of what goes out: the ledger, the endpoints of webhooks, the chores of each day, and held removals."""

from advisor.delivery.admin.chores import ChoreAdmin
from advisor.delivery.admin.endpoints import EndpointAdmin
from advisor.delivery.admin.held import HeldRemovalAdmin
from advisor.delivery.admin.messages import MessageAdmin

__all__ = ["ChoreAdmin", "EndpointAdmin", "HeldRemovalAdmin", "MessageAdmin"]
