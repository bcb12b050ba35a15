"""Adds to the sums in one transaction, and always in the same order, so that two writers never block each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from advisor.funnel.models import Count, SourceTotal, StepSum, Total
from advisor.funnel.sources import OTHER_SOURCES, DailySources
from advisor.funnel.spans import Span
from advisor.funnel.steps import CountKey

BATCH_SIZE = 500
"""Rows of one statement. SQLite accepts 32,766 values at most."""

RowKey = tuple[Any, ...]
"""The columns of a row without the number."""

sources = DailySources()


@transaction.atomic
def write(counts: Mapping[CountKey, int]) -> None:
    """Add these counts to the sums. If the database raises an error, nothing is added."""
    kept = sources.limit(counts)
    _add(Count, kept)
    _add(Total, _totals(kept))
    _add(SourceTotal, _source_totals(kept))


@transaction.atomic
def remove_source(source: str) -> None:
    """Remove the counts of one source from all sums."""
    found = Count.objects.filter(source=source)
    _subtract(Total, _totals({_key(count): count.number for count in found}))
    SourceTotal.objects.filter(source=source).delete()
    found.delete()


@transaction.atomic
def forget_sources(counts: QuerySet[Count]) -> int:
    """Count these for ``OTHER_SOURCES`` instead. Returns the number of rows. All totals stay the same.

    It locks rows in the order in which they are written, so that two writers never block each other.
    """
    found = list(counts.exclude(source=OTHER_SOURCES).select_for_update().order_by(*CountKey._fields))
    before = {_key(count): count.number for count in found}
    after = Counter[CountKey]()
    for key, number in before.items():
        after[key._replace(source=OTHER_SOURCES)] += number
    _subtract(SourceTotal, _source_totals(before), also_lock=_source_totals(after))
    _add(SourceTotal, _source_totals(after))
    Count.objects.filter(pk__in=[count.pk for count in found]).delete()
    _add(Count, after)
    return len(found)


def _key(count: Count) -> CountKey:
    return CountKey(**{name: getattr(count, name) for name in CountKey._fields})


def _key_names(model: type[StepSum]) -> Sequence[str]:
    """The columns that only one row has together."""
    return model._meta.total_unique_constraints[0].fields


def _subtract(model: type[StepSum], removed: Mapping[RowKey, int], also_lock: Iterable[RowKey] = ()) -> None:
    """Subtract these from their sums, and lock the rows of ``also_lock`` as well, which are written next."""
    names = _key_names(model)
    day = names.index("day")
    fewer: list[Any] = []
    none: list[int] = []
    # Lock the rows in the order in which they are written.
    days = {row[day] for row in (*removed, *also_lock)}
    totals: QuerySet[Any] = model._default_manager.all()
    for total in totals.select_for_update().filter(day__in=days).order_by(*names):
        number = removed.get(tuple(getattr(total, name) for name in names), 0)
        if number == total.number:
            none.append(total.pk)
        elif number:
            total.number -= number
            fewer.append(total)
    totals.filter(pk__in=none).delete()
    totals.bulk_update(fewer, ["number"], batch_size=BATCH_SIZE)


def _totals(counts: Mapping[CountKey, int]) -> Counter[RowKey]:
    totals = Counter[RowKey]()
    for (guide, step, day, edition, about, certainty, _, entrance), number in counts.items():
        for span in Span:
            totals[guide, step, span.first(day), edition, span.value, about, certainty, entrance] += number
    return totals


def _source_totals(counts: Mapping[CountKey, int]) -> Counter[RowKey]:
    totals = Counter[RowKey]()
    for key, number in counts.items():
        for span in Span:
            totals[key.guide, key.step, span.first(key.day), key.edition, span.value, key.source] += number
    return totals


def _add(model: type[StepSum], counts: Mapping[Any, int]) -> None:
    fields: list[Any] = [model._meta.get_field(name) for name in (*_key_names(model), "number")]
    table, key = model._meta.db_table, ", ".join(_key_names(model))
    row = f"({', '.join(['%s'] * len(fields))})"
    for rows in batched(sorted(counts.items()), BATCH_SIZE, strict=False):
        # All names come from the model.
        statement = (
            f"INSERT INTO {table} ({key}, number) VALUES {', '.join([row] * len(rows))} "  # noqa: S608
            f"ON CONFLICT ({key}) DO UPDATE SET number = {table}.number + excluded.number"
        )
        values = [
            field.get_db_prep_save(value, connection)
            for key, number in rows
            for field, value in zip(fields, (*key, number), strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
