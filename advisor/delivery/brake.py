"""The brake of every job that removes records by itself: what looks like a mistake waits until a person has looked.

A clock that is wrong, or a period that was mistyped, would otherwise remove at once what cannot be brought back. A job
says what is due and asks ``may_remove`` before the first record goes; ``tests/delivery/test_brake.py`` lists every
place in the code that deletes, and how it is held.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from advisor.delivery.models import HeldRemoval
from advisor.delivery.outcome import one_line

logger = logging.getLogger(__name__)

LARGEST_SHARE = 10
"""Per cent of all records of a kind that may go at once without being looked at."""

FEW = 20
"""So many of a kind may always go, or every small table would wait: one of two records is half of them."""

BY = "the command line"
"""Who confirmed what is confirmed there."""


class Removal(NamedTuple):
    """So many records of one kind are about to go, of so many that there are."""

    of: str
    number: int
    total: int

    @property
    def is_much(self) -> bool:
        return self.number > FEW and self.number * 100 > self.total * LARGEST_SHARE


class HeldError(Exception):
    """Nothing was removed: a person has to look at it first. ``held`` says why, and what would go."""

    def __init__(self, held: HeldRemoval) -> None:
        super().__init__(held.reason)
        self.held = held

    def in_words(self, command: str) -> str:
        """For whoever typed a command, with the one that lets it go."""
        return "\n".join(
            [
                f"Nothing was removed. {self.held.reason}",
                "This would go:",
                *(f"  {line}" for line in self.held.lines),
                "Let it go in the admin under “Held removals”, or by:",
                f"  {command} --confirm {self.held.number}",
            ]
        )


class LookFirstError(Exception):
    """Nothing was removed: whoever typed the command has to confirm how many records go."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"Nothing was removed. {reason} If they may go for good, add --confirm {number}.")


def may_remove(*, job: str, removals: Iterable[Removal], now: datetime, doubt: str = "") -> None:
    """Return where these may go. Raises ``HeldError`` where a person has to confirm it first; then none may.

    ``doubt`` says why the time may be wrong by which they were chosen. What was held once stays held until someone
    confirms it, until nothing of it is due any more, or until the clock is back before the time of the mistake.
    """
    due = [removal for removal in removals if removal.number]
    held = _open(job)
    if not due:
        end(job=job, report="Nothing of it is due any more.", now=now)
        return
    if held and held.confirmed_at and _covers(held, due):
        return
    reasons = [doubt, *(_too_much(removal) for removal in due if removal.is_much)]
    reason = " ".join(filter(None, reasons))
    if held and not reason and now < held.held_at:
        end(job=job, report="The clock was set right.", now=now)
        held = None
    if held or reason:
        raise HeldError(_hold(job, due, reason or (held.reason if held else ""), now))


def chosen_at(job: str, now: datetime) -> datetime:
    """The time by which records are to be chosen: what was confirmed goes as it was shown, and nothing that came due
    after it.
    """
    held = _open(job)
    return min(now, held.held_at) if held and held.confirmed_at else now


def is_open(job: str, *, confirmed: bool) -> bool:
    """Whether something of this job is held, and confirmed or not."""
    held = _open(job)
    return held is not None and bool(held.confirmed_at) is confirmed


def confirm(*, held: HeldRemoval, by: str, now: datetime) -> bool:
    """Let go what is held, as it was shown; whether it still was as it was shown. ``by`` is a user name."""
    as_shown = HeldRemoval.objects.filter(
        pk=held.pk, held_at=held.held_at, number=held.number, confirmed_at=None, ended_at=None
    )
    return bool(as_shown.update(confirmed_at=now, confirmed_by=by))


def confirm_number(*, job: str, number: int, by: str, now: datetime) -> bool:
    """The same on the command line, by the number of records that was shown there."""
    held = _open(job)
    if held is None or held.number != number:
        return False
    return bool(held.confirmed_at) or confirm(held=held, by=by, now=now)


def look_first(*, removals: Iterable[Removal], confirmed: int | None) -> None:
    """The same for what a person removes by a command. Raises ``LookFirstError`` where it is much, unless the number of
    records is confirmed.
    """
    removals = [removal for removal in removals if removal.number]
    number = sum(removal.number for removal in removals)
    if confirmed != number and (much := [removal for removal in removals if removal.is_much]):
        raise LookFirstError(number, " ".join(map(_too_much, much)))


def end(*, job: str, report: str, now: datetime) -> None:
    """Nothing of this job waits any more; ``report`` says what became of it."""
    HeldRemoval.objects.filter(job=job, ended_at=None).update(ended_at=now, report=one_line(report))


def _open(job: str) -> HeldRemoval | None:
    return HeldRemoval.objects.filter(job=job, ended_at=None).first()


def _covers(held: HeldRemoval, due: Iterable[Removal]) -> bool:
    """Whether no more would go than was shown to whoever confirmed it."""
    shown = {kind["of"]: kind["number"] for kind in held.kinds}
    return all(removal.number <= shown.get(removal.of, 0) for removal in due)


def _too_much(removal: Removal) -> str:
    share = removal.number * 100 // max(removal.total, 1)
    return f"{removal.number:,} of {removal.total:,} records would go at once ({share} %): {removal.of}."


def _hold(job: str, due: list[Removal], reason: str, now: datetime) -> HeldRemoval:
    described = {
        "held_at": now,
        "reason": reason,
        "kinds": [removal._asdict() for removal in due],
        "number": sum(removal.number for removal in due),
        "confirmed_at": None,
        "confirmed_by": "",
    }
    held, is_new = HeldRemoval.objects.update_or_create(job=job, ended_at=None, defaults=described)
    if is_new:
        logger.error("%s: %d records are not removed until someone confirms it. %s", job, held.number, reason)
    return held
