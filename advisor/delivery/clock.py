"""Whether the clock of this process can be right: what acts on time by itself asks here first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Model

from advisor.assessment.keeping import all_kept
from advisor.delivery.models import Chore, HeldRemoval
from advisor.funnel.models import Count

FURTHEST = timedelta(days=1)
"""How far a clock may be from what it is compared with: a job of the day writes something more often than that."""


def doubt(now: datetime) -> str:
    """Why this process's clock may be wrong, in words for staff; "" where nothing speaks against it.

    It has to be within a day of the database's clock, and of something that was written last: by a visitor, by staff or
    by a job of the day. A database on the same machine has the same clock, so that alone proves nothing. Where nothing
    was ever written there is nothing to compare it with, and nothing to lose.
    """
    theirs = database_clock()
    if theirs and abs(now - theirs) > FURTHEST:
        return f"The clock of this machine says {_said(now)}, and the clock of the database says {_said(theirs)}."
    nearest = min(_last_written(), key=lambda instant: abs(now - instant), default=now)
    if abs(now - nearest) > FURTHEST:
        return f"The clock of this machine says {_said(now)}, and the newest record is of {nearest:%-d %B %Y}."
    return ""


def database_clock() -> datetime | None:
    """What the clock of the database says; None on SQLite, which has no other than ours."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: datetime = cursor.fetchone()[0]
    return instant


def _last_written() -> Iterator[datetime]:
    """When the last record of each kind was written, by the clock of whoever wrote it.

    The last by its number and not by its time: one that was written while a clock was wrong does not count for ever.
    What a worker writes while its clock is in doubt, attempts to send, is not among them, or it would confirm itself.
    """
    kinds: list[tuple[type[Model], str]] = [(Chore, "began_at"), (HeldRemoval, "confirmed_at"), (Count, "day")]
    for model, field in [*kinds, *(one for kept in all_kept() for one in kept.written)]:
        written = model._default_manager.filter(**{f"{field}__isnull": False}).order_by("-pk")
        instant = written.values_list(field, flat=True).first()
        if isinstance(instant, datetime):
            yield instant
        elif isinstance(instant, date):
            yield datetime.combine(instant, time.max, UTC)


def _said(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%-d %B %Y, %H:%M} UTC"
