"""A table of conditions on a page: its rows as texts, whether they come from the database or were sent unsaved.

Every row is a mapping of field names to texts, as a form has them: ``outcome``, ``needed``, ``reason``, and for each
input that some row asks for ``when-<input>`` with the values it allows, in order and with commas between; "" for any.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import BooleanField
from django.http import QueryDict

from advisor.content.editing.fields.inputs import YES_AND_NO, Input, draft_inputs, unknown_input
from advisor.content.models import Guide, NeedRow, Remark, Role, Rule
from advisor.content.models.declarations import deciding_field, document_fields
from advisor.content.models.parts import guide_of
from advisor.content.models.references import follow_up_questions, stage_of
from advisor.content.models.texts import cleaned_text, refuse_direction_controls
from advisor.decision.guide import YesNo
from advisor.stale import fingerprint

MAX_ROWS = 200
MAX_FIELDS = 9000
"""A page beyond it could be shown and not sent: see ``DATA_UPLOAD_MAX_NUMBER_FIELDS``."""

UNREAD = "This row did not arrive with the form. Here it is as it was saved."

ASKED_OF_SOME = (
    "This question is asked only of some now, and a need is found from what everyone is asked. Choose “anything”, or "
    "take the question out of its follow-up."
)

WHEN = "when-"
NEW = "new-"
ROW_KEY = re.compile(r"[1-9][0-9]{0,17}|new-[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True)
class TableKind:
    """Rules, remarks, or the rows of a need."""

    model: type[Rule] | type[Remark] | type[NeedRow]
    noun: str
    title: str
    """With a place for the name of what the rows belong to."""
    first: tuple[str, ...]
    """The fields that say in a word what the row is; they stand beside its number."""

    @property
    def fields(self) -> list[str]:
        """What the model declares beside the condition; ``outcome`` by its key."""
        return [name for name in document_fields(self.model) if name != deciding_field(self.model)]


RULES = TableKind(Rule, "rule", "Outcome table", ("outcome",))
REMARKS = TableKind(Remark, "remark", "Remarks", ("kind", "title"))
NEEDS = TableKind(NeedRow, "row", "When is “{}” needed?", ("needed",))


@dataclass
class Row:
    """A row as it is shown. ``key`` is the primary key, or ``new-1`` for one that was never saved."""

    key: str
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    """What is wrong, by field; ``row`` for what belongs to none."""
    note: str = ""
    is_hit: bool = False

    @property
    def is_new(self) -> bool:
        return self.key.startswith(NEW)

    @property
    def fingerprint(self) -> str:
        """The same for two rows that say the same."""
        said = sorted((name, value) for name, value in self.values.items() if value)
        return fingerprint(msgspec.json.encode(said).decode())

    @property
    def when(self) -> dict[str, list[str]]:
        """The condition."""
        return {
            name.removeprefix(WHEN): value.split(",")
            for name, value in self.values.items()
            if name.startswith(WHEN) and value
        }


@dataclass
class Sheet:
    """A whole table, and what may be chosen in it."""

    kind: TableKind
    owner: Guide | Role
    """What the rows belong to."""
    rows: list[Row] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """The inputs that have a column, in the order of the guide."""
    focus: str = ""
    """The id of what has the focus when the page is shown."""
    message: str = ""
    """What was done, or why not."""
    news: list[str] = field(default_factory=list)
    """What others did meanwhile that belongs to no row."""
    is_stale: bool = False
    is_saved: bool = False

    @cached_property
    def guide(self) -> Guide:
        guide: Guide = guide_of(self.owner)
        return guide

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.kind.title.format(self.owner)

    @cached_property
    def inputs(self) -> dict[str, Input]:
        return draft_inputs(self.guide, stage_of(self.kind.model))

    @cached_property
    def follow_ups(self) -> frozenset[str]:
        """The questions that are asked only of some."""
        return follow_up_questions(self.guide)

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """The outcomes of the guide, key to name."""
        return dict(self.guide.outcome_set.values_list("key", "name"))

    @cached_property
    def parts(self) -> dict[str, Any]:
        """What is in the database, by primary key, in order."""
        model: Any = self.kind.model
        parts = model.objects.filter(**{model.owner: self.owner})
        if self.kind is RULES:
            parts = parts.select_related("outcome")
        return {str(part.pk): part for part in parts}

    @cached_property
    def saved(self) -> dict[str, Row]:
        """The rows as the database has them, however ``rows`` and ``parts`` change afterwards."""
        return {key: self._row_of(key, part) for key, part in self.parts.items()}

    @property
    def is_unsaved(self) -> bool:
        """Whether something would be lost by leaving the page."""
        return [(row.key, row.fingerprint) for row in self.rows] != [
            (key, row.fingerprint) for key, row in self.saved.items()
        ]

    @property
    def is_open(self) -> bool:
        """Whether the first row that holds decides, and there may be none, as the last one asks for something."""
        return self.kind is not REMARKS and bool(self.rows) and bool(self.rows[-1].when)

    @property
    def unused(self) -> list[Input]:
        """The inputs that can get a column."""
        return [one for name, one in self.inputs.items() if name not in self.columns]

    def choices_of(self, name: str) -> dict[str, str]:
        """What can be chosen in a field of a row, each with its word; empty for a field that is typed."""
        field: Any = self.kind.model._meta.get_field(name)
        if field.is_relation:
            return self.outcomes
        return YES_AND_NO if isinstance(field, BooleanField) else dict(field.choices or ())

    def row(self, key: str) -> Row | None:
        """The row with this key, if it is still there."""
        return next((row for row in self.rows if row.key == key), None)

    def new_key(self) -> str:
        """A key for a row that was never saved."""
        taken = {row.key for row in self.rows}
        return next(key for key in (f"{NEW}{number}" for number in count(1)) if key not in taken)

    def has_room(self, *, rows: int = 0, columns: int = 0) -> bool:
        """Whether so much more can be shown and sent."""
        rows += len(self.rows)
        return rows <= MAX_ROWS and rows * (len(self.kind.fields) + len(self.columns) + columns) <= MAX_FIELDS

    def name_columns(self, more: Iterable[str] = ()) -> None:
        """Give a column to every input that a row asks for, and to these."""
        wanted = {*more, *(name for row in self.rows for name in row.when)}
        known = [name for name in self.inputs if name in wanted]
        self.columns = [*known, *sorted({name for row in self.rows for name in row.when} - set(known))]

    def input(self, name: str) -> Input:
        """An input by its name, also when it was deleted, or is asked only of some and too late for this table."""
        return self.inputs.get(name) or self._asked_of_some.get(name) or unknown_input(name)

    @cached_property
    def _asked_of_some(self) -> dict[str, Input]:
        """What a follow-up asks for, and this table cannot."""
        if self.kind is not NEEDS:
            return {}
        inputs = {name: one for name, one in draft_inputs(self.guide).items() if name in self.follow_ups}
        return {name: replace(one, label=f"{one.label} (asked only of some)") for name, one in inputs.items()}

    def _row_of(self, key: str, part: Any) -> Row:
        values = {name: _as_text(getattr(part, name)) for name in self.kind.fields}
        for name, allowed in part.when.items():
            values[WHEN + name] = ",".join(self.input(name).in_order(allowed))
        return Row(key, values)

    def check(self) -> None:
        """Say beside each field what is wrong with it."""
        keys: set[str] = set()
        for row in self.rows:
            row.errors |= dict(self._errors(row))
            if self.kind is REMARKS:
                if row.values["key"] in keys:
                    row.errors["key"] = "Another remark has this key."
                keys.add(row.values["key"])

    def _errors(self, row: Row) -> Iterable[tuple[str, str]]:
        for name in self.kind.fields:
            column: Any = self.kind.model._meta.get_field(name)
            if name == "outcome":
                if row.values[name] not in self.outcomes:
                    yield name, "Choose an outcome." if not row.values[name] else "This outcome was deleted."
                continue
            if isinstance(column, BooleanField):
                if row.values[name] not in YES_AND_NO:
                    yield name, "Choose yes or no."
                continue
            try:
                column.run_validators(column.formfield().clean(row.values[name]))
                refuse_direction_controls(row.values[name])
            except ValidationError as error:
                yield name, " ".join(error.messages)
        for name, values in row.when.items():
            if name in self._asked_of_some:
                yield WHEN + name, ASKED_OF_SOME
            elif name not in self.inputs:
                yield WHEN + name, "What this column asks for was deleted; choose “anything”."
            elif gone := [value for value in values if value not in self.inputs[name].values]:
                yield WHEN + name, f"“{', '.join(gone)}” does not exist any more; choose something else."
        if self.kind is REMARKS and not row.when:
            yield "row", "Say when this is remarked: choose a value in at least one column."


def _as_text(value: Any) -> str:
    """A value of a row as a form has it."""
    if isinstance(value, bool):
        return (YesNo.YES if value else YesNo.NO).value
    return one_kind_of_line_end(value) if isinstance(value, str) else str(value.key)


def read_sheet(owner: Guide | Role, kind: TableKind) -> Sheet:
    """The table as the database has it."""
    sheet = Sheet(kind, owner)
    sheet.rows = [Row(key, dict(row.values)) for key, row in sheet.saved.items()]
    sheet.name_columns()
    return sheet


def sent_sheet(owner: Guide | Role, kind: TableKind, data: QueryDict, *, is_partial: bool = False) -> Sheet:
    """The table as it was sent, which may be anything.

    If only a part of the form arrived, the rows that are missing keep what was saved.
    """
    sheet = Sheet(kind, owner)
    columns = data.getlist("column")
    keys = [key for key in dict.fromkeys(data.getlist("row")) if ROW_KEY.fullmatch(key)]
    if is_partial:
        whole = [key for key in keys if all(f"{key}-{name}" in data for name in _names(sheet, columns))]
        keys = [key for key in keys if key in whole or key not in sheet.saved]
    sheet.rows = [_sent_row(sheet, key, columns, data) for key in keys]
    if is_partial:
        unread = [(key, row) for key, row in sheet.saved.items() if key not in keys]
        sheet.rows += [Row(key, dict(row.values), note=UNREAD) for key, row in unread]
    sheet.name_columns(columns)
    return sheet


def _names(sheet: Sheet, columns: Iterable[str]) -> list[str]:
    """What each row is sent with."""
    return [*(name for name in sheet.kind.fields if name != "key"), *(WHEN + name for name in columns)]


def _sent_row(sheet: Sheet, key: str, columns: Iterable[str], data: Mapping[str, str]) -> Row:
    fields: dict[str, Any] = {name: sheet.kind.model._meta.get_field(name) for name in sheet.kind.fields}
    values = {
        name: cleaned_text(field, one_kind_of_line_end(data.get(f"{key}-{name}", ""))) for name, field in fields.items()
    }
    if "key" in values and key in sheet.parts:
        # A key that was given stays.
        values["key"] = sheet.parts[key].key
    for name in columns:
        if sent := data.get(f"{key}-{WHEN}{name}", ""):
            values[WHEN + name] = ",".join(sheet.input(name).in_order(sent.split(",")))
    return Row(key, values)


def one_kind_of_line_end(text: str) -> str:
    """Browsers send lines in one way, and texts are kept in another."""
    return text.replace("\r\n", "\n").strip()
