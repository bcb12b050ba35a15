"""Guards every job that removes records by itself: a removal that looks like a mistake waits for confirmation.

Without the guard, a wrong clock or a mistyped number of days would remove records that nobody can restore. A job calls
``check_removals`` before it removes the first record. ``tests/delivery/test_removal_guard.py`` lists every place in the
code that deletes, with its guard.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from advisor.delivery.attempt_result import short_line
from advisor.delivery.clock import confirm as confirm_clock
from advisor.delivery.models import HeldRemoval

logger = logging.getLogger(__name__)

MAX_SHARE_PERCENT = 10
"""Share of a table that may be removed at once without confirmation."""

ALWAYS_ALLOWED = 20
"""Number of records that may always be removed, because in a small table any number is a large share."""

COMMAND_LINE = "the command line"
"""The user name of confirmations on the command line."""


class Removal(NamedTuple):
    """The removal of ``number`` records for one reason, out of ``total`` in their table.

    ``table`` is the plural name, such as "leads"; "" if no other removal takes records of the same table. Records that
    are short-lived go every day, most of their table at once, and are never too many.
    """

    of: str
    number: int
    total: int
    table: str = ""
    is_short_lived: bool = False

    @property
    def share(self) -> int:
        """Percent of all records in the table, rounded down."""
        return self.number * 100 // max(self.total, 1)

    @property
    def is_large(self) -> bool:
        is_much = self.number > ALWAYS_ALLOWED and self.number * 100 > self.total * MAX_SHARE_PERCENT
        return is_much and not self.is_short_lived


class HeldError(Exception):
    """Nothing was removed, because a person must confirm it first. ``held`` has the reason and the records."""

    def __init__(self, held: HeldRemoval) -> None:
        super().__init__(held.reason)
        self.held = held

    def in_words(self, command: str) -> str:
        """The message on the command line, with the command that confirms the removal."""
        return "\n".join(
            [
                f"Nothing was removed. {self.held.reason}",
                "These records would go:",
                *(f"  {line}" for line in self.held.lines),
                "Confirm this in the admin under “Held removals”, or by:",
                f"  {command} --confirm {self.held.number}",
            ]
        )


class ConfirmationRequiredError(Exception):
    """Nothing was removed, because the command must be confirmed with the number of records."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"Nothing was removed. {reason} If they may go for good, add --confirm {number}.")


def check_removals(*, job: str, removals: Iterable[Removal], now: datetime, doubt: str = "") -> None:
    """Return if all of these may be removed. Raises ``HeldError`` if a person must confirm it first.

    ``doubt`` says why the clock may be wrong. A removal stays held until someone confirms it, until none of its records
    is due any more, or until the clock goes back to before it was held. A removal that was held only because of a doubt
    is released when the doubt ends.
    """
    due = [removal for removal in removals if removal.number]
    held = _open(job)
    if not due:
        end(job=job, report="No record of it is due any more.", now=now)
        return
    if held and held.confirmed_at and _covers(held, due):
        return
    reason = " ".join(filter(None, [doubt, *_warnings(due)]))
    if held and not reason and (now < held.held_at or not _warnings(Removal(**kind) for kind in held.kinds)):
        end(job=job, report="The clock is right again.", now=now)
        held = None
    if held or reason:
        raise HeldError(_hold(job, due, reason or (held.reason if held else ""), now))


def selection_time(job: str, now: datetime) -> datetime:
    """The time to choose records by: after a confirmation the time of the held removal, so that no others go."""
    held = _open(job)
    return min(now, held.held_at) if held and held.confirmed_at else now


def is_open(job: str, *, confirmed: bool) -> bool:
    """Whether the job has a held removal that is confirmed, or that is not."""
    held = _open(job)
    return held is not None and bool(held.confirmed_at) is confirmed


def confirm(*, held: HeldRemoval, by: str, now: datetime) -> bool:
    """Confirm a held removal and the clock by which it was held. Returns False if it has changed since it was shown.

    ``by`` is a user name.
    """
    unchanged = HeldRemoval.objects.filter(
        pk=held.pk, held_at=held.held_at, number=held.number, confirmed_at=None, ended_at=None
    )
    if not unchanged.update(confirmed_at=now, confirmed_by=by):
        return False
    confirm_clock(shown=held.held_at, by=by)
    return True


def confirm_number(*, job: str, number: int, by: str, now: datetime) -> bool:
    """Confirm a held removal on the command line, by its number of records."""
    held = _open(job)
    if held is None or held.number != number:
        return False
    return bool(held.confirmed_at) or confirm(held=held, by=by, now=now)


def require_confirmation(*, removals: Iterable[Removal], confirmed: int | None) -> None:
    """Guard a removal by a command.

    Raises ``ConfirmationRequiredError`` if it is large and the number is not confirmed.
    """
    removals = [removal for removal in removals if removal.number]
    number = sum(removal.number for removal in removals)
    if confirmed != number and (much := _warnings(removals)):
        raise ConfirmationRequiredError(number, " ".join(much))


def end(*, job: str, report: str, now: datetime) -> None:
    """End the open removal of a job. ``report`` says how it ended."""
    HeldRemoval.objects.filter(job=job, ended_at=None).update(ended_at=now, report=short_line(report))


def _open(job: str) -> HeldRemoval | None:
    return HeldRemoval.objects.filter(job=job, ended_at=None).first()


def _covers(held: HeldRemoval, due: Iterable[Removal]) -> bool:
    """Whether the due records are at most those that were confirmed."""
    confirmed = {kind["of"]: kind["number"] for kind in held.kinds}
    return all(removal.number <= confirmed.get(removal.of, 0) for removal in due)


def _warnings(removals: Iterable[Removal]) -> list[str]:
    """A sentence about each removal of a large share of a table, and about several that are one together."""
    by_table: dict[str, list[Removal]] = {}
    large = []
    for removal in removals:
        if removal.is_large:
            large.append(removal)
        if removal.table:
            by_table.setdefault(removal.table, []).append(removal)
    for table, parts in by_table.items():
        together = Removal(f"{table}, for {len(parts)} reasons", sum(part.number for part in parts), parts[0].total)
        if together.is_large and not any(part.is_large for part in parts):
            large.append(together)
    return [f"{one.number:,} of {one.total:,} records would go at once ({one.share} %): {one.of}." for one in large]


def _hold(job: str, due: list[Removal], reason: str, now: datetime) -> HeldRemoval:
    values = {
        "held_at": now,
        "reason": reason,
        "kinds": [removal._asdict() for removal in due],
        "number": sum(removal.number for removal in due),
        "confirmed_at": None,
        "confirmed_by": "",
    }
    held, is_new = HeldRemoval.objects.update_or_create(job=job, ended_at=None, defaults=values)
    if is_new:
        logger.error("%s: %d records are not removed until someone confirms it. %s", job, held.number, reason)
    return held
