"""Retention: taking away what is not kept any longer, by what each room has declared in ``advisor.assessment.keeping``.

Some records at a time, each time in a transaction of its own: nobody waits for it long, and when it is killed the next
run goes on with what is left. Nothing goes before ``advisor.delivery.brake`` lets it.
"""

from collections.abc import Iterator
from datetime import datetime

from advisor.assessment.keeping import Period, all_kept
from advisor.delivery import brake, clock
from advisor.delivery.brake import HeldError, Removal
from advisor.delivery.chores import register

BATCH = 25
"""How many records go in one transaction."""

JOB = "Retention"


def apply(*, now: datetime) -> Iterator[tuple[Period, int]]:
    """Each period with the number of records that went; they go while this is read.

    Raises ``HeldError`` before the first, where a person has to look at it. Requests come last: what goes with them has
    gone by its own period by then, so that the numbers are those of ``planned``.
    """
    chosen_at = brake.chosen_at(JOB, now)
    removals = [removal for _, removal in planned(now=chosen_at)]
    brake.may_remove(job=JOB, removals=removals, now=now, doubt=clock.doubt(now))
    for period in _periods():
        yield period, _remove(period, chosen_at)
    brake.end(job=JOB, report="Removed.", now=now)


def planned(*, now: datetime) -> list[tuple[Period, Removal]]:
    """Each period with what is due, in the order in which it goes."""
    found = []
    for period in _periods():
        due = period.due(period.ended(now))
        total = due.model._default_manager.count()
        found.append((period, Removal(period.of, due.count(), total)))
    return found


def daily(now: datetime) -> str:
    """Apply all periods, as a chore; what went, or why nothing did, in one line."""
    try:
        removed = [f"{period.of}: {number}" for period, number in apply(now=now) if number]
    except HeldError as error:
        return f"Nothing was removed, {error.held.number} records wait until someone decides. {error}"
    return "; ".join(removed) or "Nothing was kept for longer than promised."


def _periods() -> list[Period]:
    return [period for kept in reversed(all_kept()) for period in reversed(kept.periods)]


def _remove(period: Period, now: datetime) -> int:
    number, last = 0, 0
    due = period.due(period.ended(now))
    while keys := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        number += period.remove(due.filter(pk__in=keys))
        last = keys[-1]
    return number


register(JOB, daily)
