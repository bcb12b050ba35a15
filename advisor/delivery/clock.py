"""Whether the clock of this process can be right. Everything that acts on time by itself asks here first.

Every minute the workers store the time at which they trusted their clock. If a clock is suddenly more than a day away
from that time, or from the clock of the database, it is in doubt. The doubt ends when the clock is set right, or when a
person confirms it, for example after days in which no worker ran. What visitors and staff write proves nothing, because
the same clock may have dated it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Model

from advisor.data_policy import record_kinds
from advisor.delivery.models import Chore, ClockCheck
from advisor.funnel.models import Count

MAX_DIFFERENCE = timedelta(days=1)
"""Largest difference at which a clock is trusted."""

CHECK_INTERVAL = timedelta(minutes=1)
"""How often a worker checks its clock."""

DOUBT_LIFETIME = timedelta(minutes=5)
"""A doubt ends if it is not repeated for this long while the clock of another worker is trusted."""


def check_clock(now: datetime) -> str:
    """Why the clock of this process may be wrong, in words for staff; "" if it is trusted. Stores the result.

    A database on the same machine has the same clock, so agreeing with it alone proves nothing.
    """
    last = ClockCheck.objects.first()
    theirs = database_clock()
    if theirs and abs(now - theirs) > MAX_DIFFERENCE:
        doubt = (
            f"The clock of this machine says {_as_text(now)}, and the clock of the database says {_as_text(theirs)}."
        )
        _note_doubt(last, doubt, now, trusted_at=theirs, is_gap=False)
        return doubt
    trusted_at = last.trusted_at if last else _newest_record(now)
    if trusted_at and abs(now - trusted_at) > MAX_DIFFERENCE:
        known = f"the last time that is known to be right is {trusted_at:%-d %B %Y}."
        doubt = f"The clock of this machine says {_as_text(now)}, and {known}"
        _note_doubt(last, doubt, now, trusted_at=trusted_at, is_gap=True)
        return doubt
    _note_trust(last, now)
    return ""


def current_doubt() -> ClockCheck | None:
    """The clock check with a doubt; None if every clock is trusted."""
    return ClockCheck.objects.exclude(doubt="").first()


def confirm(*, shown: datetime, by: str) -> bool:
    """Trust a clock that is in doubt. Returns False if a person cannot decide it, or if the clock has left ``shown``.

    ``by`` is a user name.
    """
    check = current_doubt()
    if check is None or not check.is_gap or check.doubted_at is None or abs(check.doubted_at - shown) > MAX_DIFFERENCE:
        return False
    _save(trusted_at=check.doubted_at, confirmed_by=by)
    return True


def database_clock() -> datetime | None:
    """The time of the database server; None on SQLite, which uses our clock."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: datetime = cursor.fetchone()[0]
    return instant


def _note_trust(last: ClockCheck | None, now: datetime) -> None:
    if last and last.doubt and last.noted_at and abs(now - last.noted_at) <= DOUBT_LIFETIME:
        # The doubt is about the clock of another worker.
        ClockCheck.objects.update(trusted_at=now)
    elif last is None or last.doubt or abs(now - last.trusted_at) >= CHECK_INTERVAL:
        _save(trusted_at=now)


def _note_doubt(last: ClockCheck | None, doubt: str, now: datetime, *, trusted_at: datetime, is_gap: bool) -> None:
    trusted_at = last.trusted_at if last else trusted_at
    _save(trusted_at=trusted_at, doubt=doubt, doubted_at=now, noted_at=trusted_at, is_gap=is_gap)


def _save(**fields: object) -> None:
    no_doubt = {"doubt": "", "doubted_at": None, "noted_at": None, "is_gap": False}
    ClockCheck.objects.update_or_create(pk=1, defaults={**no_doubt, **fields})


def _newest_record(now: datetime) -> datetime | None:
    """Of the times of the last record of each kind, the one nearest to ours; None if there are no records.

    It matters only before the first check. The last record is the one with the highest key, so that a record with a
    wrong time does not count for ever.
    """
    return min(_last_written(), key=lambda instant: abs(now - instant), default=None)


def _last_written() -> Iterator[datetime]:
    kinds: list[tuple[type[Model], str]] = [(Chore, "began_at"), (Count, "day")]
    for model, field in [*kinds, *(one for kind in record_kinds() for one in kind.timestamps)]:
        records = model._default_manager.filter(**{f"{field}__isnull": False}).order_by("-pk")
        instant = records.values_list(field, flat=True).first()
        if isinstance(instant, datetime):
            yield instant
        elif isinstance(instant, date):
            yield datetime.combine(instant, time.max, UTC)


def _as_text(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%-d %B %Y, %H:%M} UTC"
