"""What staff see of what goes out: the ledger, and the chores of each day."""

from advisor.delivery.admin.chores import ChoreAdmin
from advisor.delivery.admin.messages import MessageAdmin

__all__ = ["ChoreAdmin", "MessageAdmin"]
