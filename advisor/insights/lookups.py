"""``IN`` for integers that no column can hold, which SQLite fails over.

Django leaves them out of every other comparison of integers. Registered for all by ``StaffConfig``.
"""

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In

HIGHEST = 2**63 - 1
"""Of the largest column that holds integers."""


class IntegerIn(In):
    """What is one of these integers; one that is too large is nobody's."""

    def get_prep_lookup(self) -> Any:
        prepared = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return prepared
        return [one for one in prepared if not isinstance(one, int) or -HIGHEST <= one <= HIGHEST]


def bound_integers() -> None:
    """Let every query compare with such integers only."""
    IntegerField.register_lookup(IntegerIn)
