"""Retention: taking away what is not kept any longer, by what each room has declared in ``advisor.assessment.keeping``.

Some records at a time, each time in a transaction of its own: nobody waits for it long, and when it is killed the next
run goes on with what is left.
"""

from collections.abc import Iterator
from datetime import datetime

from advisor.assessment.keeping import Period, all_kept

BATCH = 25
"""How many records go in one transaction."""


def apply(*, now: datetime, dry_run: bool = False) -> Iterator[tuple[Period, int]]:
    """Each period with the number of records that went, or would go; they go while this is read.

    Requests come last: what goes with them has gone by its own period by then, so that both numbers are the same.
    """
    for kept in reversed(all_kept()):
        for period in reversed(kept.periods):
            yield period, period.due(period.ended(now)).count() if dry_run else _remove(period, now)


def daily(now: datetime) -> str:
    """Apply all periods, as a chore; what went, in one line."""
    removed = [f"{period.of}: {number}" for period, number in apply(now=now) if number]
    return "; ".join(removed) or "Nothing was kept for longer than promised."


def _remove(period: Period, now: datetime) -> int:
    number, last = 0, 0
    due = period.due(period.ended(now))
    while keys := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        number += period.remove(due.filter(pk__in=keys))
        last = keys[-1]
    return number
