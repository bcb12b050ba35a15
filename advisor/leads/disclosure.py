"""Everything that is kept about a person, as they may ask to see it: on a page, and as one file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Field, ForeignKey, Model

from advisor.leads.models import Person
from advisor.leads.privacy import everything_about

EXPLAINED = (
    "Everything that is kept about this person, one list for each kind of record. Times are in UTC. Fields are "
    "named as staff see them."
)

Record = dict[str, Any]
"""The fields of a row by their names for people."""


@dataclass(frozen=True)
class Disclosed:
    """All rows of one kind, named in the plural."""

    what: str
    records: list[Record]


def disclosed(person: Person) -> list[Disclosed]:
    """Each kind of record there is about a person; what belongs to them first, the log last."""
    return [
        Disclosed(str(model._meta.verbose_name_plural), [_record(row) for row in rows])
        for model, rows in everything_about([person]).items()
        if rows
    ]


def as_file(person: Person, *, now: datetime) -> dict[str, Any]:
    """The same, ready to be written as JSON."""
    kinds = [{"what": kind.what, "records": kind.records} for kind in disclosed(person)]
    return {"about": person.email, "made": now, "explained": EXPLAINED, "kept": kinds}


def _record(row: Model) -> Record:
    return {str(field.verbose_name): _value(row, field) for field in row._meta.concrete_fields}


def _value(row: Model, field: "Field[Any, Any]") -> Any:
    """What other rows are called, and choices as they are shown."""
    if isinstance(field, ForeignKey):
        other = getattr(row, field.name)
        return "" if other is None else str(other)
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    return field.value_from_object(row)
