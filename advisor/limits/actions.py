"""The verbs: count a use of something public, as long as there are not too many.

Bounds are counted in rows of the database that are locked while they are raised, so that of many at the same moment no
more get through than of many in a row, on whichever machines. A use that is rolled back does not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from advisor.limits.models import Usage
from advisor.metrics import refusals

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bound:
    """Up to ``most`` uses of something in each ``span``: a day or an hour in UTC. ``by`` says by whom or from where;
    "" for all together. It is stored as a keyed hash.
    """

    what: str
    most: int
    span: timedelta
    by: str = ""

    def row(self, now: datetime) -> dict[str, object]:
        """By what its row is found."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        return {
            "what": self.what,
            "mark": mark_of(self.what, self.by),
            "since": hour if self.span == HOUR else hour.replace(hour=0),
        }


class BoundReachedError(Exception):
    """No more uses are taken for now. ``bound`` is the first one that is reached."""

    def __init__(self, bound: Bound) -> None:
        super().__init__(bound.what)
        self.bound = bound


def mark_of(what: str, by: str) -> str:
    """Stands for an address or a network. Without SECRET_KEY nobody can try out addresses."""
    return salted_hmac(f"advisor.limits.{what}", by.casefold(), algorithm="sha256").hexdigest()


def count_use(bounds: Sequence[Bound], *, now: datetime) -> list[int]:
    """Count one use in each of these, and return how many each has by now. Raises ``BoundReachedError``; then it is
    counted in none.

    Call it in the transaction of what is counted, with the bounds always in the same order: rows stay locked until it
    ends, and who locks in another order may wait for ever.
    """
    rows = [bound.row(now) for bound in bounds]
    with transaction.atomic():
        found = _add_one(rows)
        numbers = [found[row["mark"]] for row in rows]
        for bound, number in zip(bounds, numbers, strict=True):
            if number > bound.most:
                refusals.labels(bound.what).inc()
                raise BoundReachedError(bound)
    return numbers


def _add_one(rows: Sequence[Mapping[str, object]]) -> dict[object, int]:
    """Make or raise all of these rows in one statement, which locks them in this order. Returns each number by its
    mark, which differs from row to row.
    """
    fields: list[Any] = [Usage._meta.get_field(name) for name in ("what", "mark", "since")]
    values = [field.get_db_prep_save(row[field.name], connection) for row in rows for field in fields]
    # All names are written here.
    statement = (
        f"INSERT INTO limits_usage (what, mark, since, number) VALUES {', '.join(['(%s, %s, %s, 1)'] * len(rows))} "  # noqa: S608
        "ON CONFLICT (what, mark, since) DO UPDATE SET number = limits_usage.number + 1 RETURNING mark, number"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def uses(bound: Bound, *, now: datetime) -> int:
    """How many uses there were by now."""
    return Usage.objects.filter(**bound.row(now)).values_list("number", flat=True).first() or 0
