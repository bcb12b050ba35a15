"""Adding to the sums, in one transaction and in one order, so that two who do it at once never wait for each other
in turns.
"""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models, transaction

from advisor.funnel.models import Count, Total
from advisor.funnel.sources import Sources
from advisor.funnel.steps import Key

ROWS_AT_ONCE = 500
"""Rows of one statement: SQLite takes no more than 32,766 values."""

sources = Sources()


@transaction.atomic
def write(counts: Mapping[Key, int]) -> None:
    """Add these to what is there. Raises what the database raises, and then nothing is added."""
    kept = sources.bounded(counts)
    totals: dict[tuple[Any, ...], int] = {}
    for key, number in kept.items():
        total = key[:-2]
        totals[total] = totals.get(total, 0) + number
    _add(Count, list(kept.items()))
    _add(Total, list(totals.items()))


def _add(model: type[models.Model], counts: Sequence[tuple[tuple[Any, ...], int]]) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quoted = connection.ops.quote_name
    table, names = quoted(model._meta.db_table), [quoted(field.attname) for field in fields]
    number = names[-1]
    row = f"({', '.join(['%s'] * len(names))})"
    for rows in batched(sorted(counts), ROWS_AT_ONCE, strict=False):
        # All names are those of the model.
        statement = (
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * len(rows))} "  # noqa: S608
            f"ON CONFLICT ({', '.join(names[:-1])}) DO UPDATE SET {number} = {table}.{number} + excluded.{number}"
        )
        values = [
            field.get_db_prep_save(value, connection)
            for key, number in rows
            for field, value in zip(fields, (*key, number), strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
