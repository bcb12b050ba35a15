"""Adding to the sums, in one transaction and in one order, so that two who do it at once never wait for each other
in turns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models, transaction
from django.db.models import QuerySet

from advisor.funnel.models import Count, SourceTotal, Total
from advisor.funnel.sources import OTHER, Sources
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
    _take_from(Total, _totals({_key(count): count.number for count in found}))
    SourceTotal.objects.filter(source=source).delete()
    found.delete()


@transaction.atomic
def forget_sources(counts: QuerySet[Count]) -> int:
    """Count these as coming from ``OTHER``; how many rows it were. All sums stay what they are.

    Rows are locked in the order in which they are written, so that nobody waits in turns.
    """
    found = {_key(count): count for count in counts.exclude(source=OTHER).select_for_update().order_by(*Key._fields)}
    before = {key: count.number for key, count in found.items()}
    after = Counter[Key]()
    for key, number in before.items():
        after[key._replace(source=OTHER)] += number
    _take_from(SourceTotal, _source_totals(before), beside=_source_totals(after))
    _add(SourceTotal, list(_source_totals(after).items()))
    Count.objects.filter(pk__in=[count.pk for count in found.values()]).delete()
    _add(Count, list(after.items()))
    return len(found)


def _key(count: Count) -> Key:
    return Key(**{name: getattr(count, name) for name in Key._fields})


def _take_from(model: type[models.Model], gone: Mapping[Row, int], beside: Iterable[Row] = ()) -> None:
    """Take these off their sums. Those that stand ``beside`` are locked with them, as they are written next."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key][:-1]
    day = names.index("day")
    fewer: list[Any] = []
    none: list[int] = []
    # In the order in which they are written, so that nobody waits in turns.
    days = {row[day] for row in (*gone, *beside)}
    totals: QuerySet[Any] = model._default_manager.all()
    for total in totals.select_for_update().filter(day__in=days).order_by(*names):
        number = gone.get(tuple(getattr(total, name) for name in names), 0)
        if number == total.number:
            none.append(total.pk)
        elif number:
            total.number -= number
            fewer.append(total)
    totals.filter(pk__in=none).delete()
    totals.bulk_update(fewer, ["number"], batch_size=ROWS_AT_ONCE)


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
