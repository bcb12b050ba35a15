"""Adding to the sums, in one transaction and in one order, so that two who do it at once never wait for each other
in turns.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models, transaction

from advisor.funnel.models import Count, SourceTotal, Total
from advisor.funnel.sources import Sources
from advisor.funnel.spans import Span
from advisor.funnel.steps import Key

ROWS_AT_ONCE = 500
"""Rows of one statement: SQLite takes no more than 32,766 values."""

Row = tuple[Any, ...]
"""What makes a row: its columns without the number."""

sources = Sources()


@transaction.atomic
def write(counts: Mapping[Key, int]) -> None:
    """Add these to what is there. Raises what the database raises, and then nothing is added."""
    kept = sources.bounded(counts)
    _add(Count, list(kept.items()))
    _add(Total, list(_totals(kept).items()))
    _add(SourceTotal, list(_source_totals(kept).items()))


@transaction.atomic
def take_away(source: str) -> None:
    """Leave nothing of what came from one source, as if it had never been counted."""
    found = Count.objects.filter(source=source)
    gone = _totals({Key(**{name: getattr(count, name) for name in Key._fields}): count.number for count in found})
    names = [field.attname for field in Total._meta.concrete_fields if not field.primary_key][:-1]
    fewer, none = [], []
    # In the order in which they are written, so that nobody waits in turns.
    for total in Total.objects.select_for_update().filter(day__in={row[2] for row in gone}).order_by(*names):
        number = gone[tuple(getattr(total, name) for name in names)]
        if number == total.number:
            none.append(total.pk)
        elif number:
            total.number -= number
            fewer.append(total)
    Total.objects.filter(pk__in=none).delete()
    Total.objects.bulk_update(fewer, ["number"], batch_size=ROWS_AT_ONCE)
    SourceTotal.objects.filter(source=source).delete()
    found.delete()


def _totals(counts: Mapping[Key, int]) -> Counter[Row]:
    totals = Counter[Row]()
    for (guide, step, day, edition, about, certainty, _, entrance), number in counts.items():
        for span in Span:
            totals[guide, step, span.first(day), edition, span.value, about, certainty, entrance] += number
    return totals


def _source_totals(counts: Mapping[Key, int]) -> Counter[Row]:
    totals = Counter[Row]()
    for key, number in counts.items():
        for span in Span:
            totals[key.guide, key.step, span.first(key.day), key.edition, span.value, key.source] += number
    return totals


def _add(model: type[models.Model], counts: Sequence[tuple[Row, int]]) -> None:
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
