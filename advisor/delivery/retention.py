"""Removes records whose retention time is over, by the data policies of all rooms.

It works in batches, each in its own transaction. So it blocks nobody for long, and if it is killed, the next run does
the rest. ``advisor.delivery.removal_guard`` must allow it first.
"""

from collections.abc import Iterator
from datetime import datetime

from advisor.data_policy import RetentionRule, retention_rules
from advisor.delivery import removal_guard
from advisor.delivery.clock import check_clock
from advisor.delivery.daily_jobs import DailyJob
from advisor.delivery.removal_guard import HeldError, Removal

BATCH_SIZE = 25
"""Records in one transaction."""

JOB = "Retention"


def apply(*, now: datetime) -> Iterator[tuple[RetentionRule, int]]:
    """Remove the records that are due. Yields each rule with its number of removed records.

    Raises ``HeldError`` before the first removal if a person must confirm it. Requests come last: their dependent
    records are then already removed by their own rules, so the numbers equal those of ``plan``.
    """
    selection_time = removal_guard.selection_time(JOB, now)
    removals = [removal for _, removal in plan(now=selection_time)]
    removal_guard.check_removals(job=JOB, removals=removals, now=now, doubt=check_clock(now))
    for rule in _rules():
        yield rule, _remove(rule, selection_time)
    removal_guard.end(job=JOB, report="Removed.", now=now)


def plan(*, now: datetime) -> list[tuple[RetentionRule, Removal]]:
    """Each rule with the removal that is due, in order."""
    removals = []
    for rule in _rules():
        due = rule.due(rule.cutoff(now))
        total = due.model._default_manager.count()
        table = "" if rule.is_short_lived else str(due.model._meta.verbose_name_plural)
        removals.append((rule, Removal(rule.records, due.count(), total, table, rule.is_short_lived)))
    return removals


def report(now: datetime) -> str:
    """Apply all rules, and report in one line what was removed or why nothing was."""
    try:
        removed = [f"{rule.records}: {number}" for rule, number in apply(now=now) if number]
    except HeldError as error:
        return f"Nothing was removed, {error.held.number} records wait until someone confirms their removal. {error}"
    return "; ".join(removed) or "Nothing was kept for longer than promised."


def _rules() -> list[RetentionRule]:
    return retention_rules()[::-1]


def _remove(rule: RetentionRule, now: datetime) -> int:
    number, last = 0, 0
    due = rule.due(rule.cutoff(now))
    while keys := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        number += rule.remove(due.filter(pk__in=keys))
        last = keys[-1]
    return number


daily_job = DailyJob(JOB, report)
