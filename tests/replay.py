"""Rows that many tests begin with, made once in each process and put back row by row from then on."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

_kept: dict[object, dict[Any, tuple[Any, list[Any]]]] = {}
"""By name and model: the state of its table before, and the rows that came."""


def replayed(name: object, make: Callable[[], object]) -> None:
    """Call ``make``, which may add rows and change none; the next time its rows are put back as it made them.

    Where one of their tables is not as it was then, it is called again.
    """
    before = _state()
    if name in _kept and all(before[model] == state for model, (state, _) in _kept[name].items()):
        for model, (_, rows) in _kept[name].items():
            model._base_manager.bulk_create(rows)
        return
    make()
    after = _state()
    _kept[name] = {
        model: (before[model], list(model._base_manager.filter(pk__gt=before[model] or 0).order_by("pk")))
        for model in before
        if after[model] != before[model]
    }


@cache
def _models() -> list[Any]:
    """Every model with a table whose rows have numbers that go up."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.pk.get_internal_type().endswith("AutoField")
    ]


def _state() -> dict[Any, Any]:
    """The last number of every table, in one query."""
    quote = connection.ops.quote_name
    asked = [f"(SELECT MAX({quote(model._meta.pk.column)}) FROM {quote(model._meta.db_table)})" for model in _models()]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}")
        return dict(zip(_models(), cursor.fetchone(), strict=True))
