"""A table of conditions on a page: its rows as texts, whether they come from the database or were sent unsaved.

Every row is a mapping of field names to texts, as a form has them: ``outcome``, ``reason``, and for each input that
some row asks for ``when-<input>`` with the values it allows, in order and with commas between; "" allows any.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.http import QueryDict

from advisor.content.editing.shown import digest
from advisor.content.editing.words import Input, draft_inputs, unknown_input
from advisor.content.models import Guide, Remark, Rule
from advisor.content.models.texts import cleaned_text, refuse_turning

ROWS_AT_MOST = 200
FIELDS_AT_MOST = 9000
"""A page beyond it could be shown and not sent: see ``DATA_UPLOAD_MAX_NUMBER_FIELDS``."""

WHEN = "when-"
NEW = "new-"
ROW_KEY = re.compile(r"[1-9][0-9]{0,17}|new-[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True)
class Kind:
    """Rules or remarks."""

    model: type[Rule] | type[Remark]
    noun: str
    title: str
    address: str
    fields: tuple[str, ...]
    """Those of the model that a row has beside its condition; ``outcome`` by its key."""
    first: tuple[str, ...]
    """Those of them that say in a word what the row is; they stand beside its number."""


RULES = Kind(Rule, "rule", "Outcome table", "content_guide_rules", ("outcome", "reason"), ("outcome",))
REMARKS = Kind(
    Remark, "remark", "Remarks", "content_guide_remarks", ("key", "kind", "title", "text"), ("kind", "title")
)


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
    def digest(self) -> str:
        """The same for two rows that say the same."""
        said = sorted((name, value) for name, value in self.values.items() if value)
        return digest(msgspec.json.encode(said).decode())

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

    kind: Kind
    guide: Guide
    rows: list[Row] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """The inputs that have a column, in the order of the guide."""
    focus: str = ""
    """The id of what has the focus when the page is shown."""
    told: str = ""
    """What was done, or why not."""
    news: list[str] = field(default_factory=list)
    """What others did meanwhile that belongs to no row."""
    is_stale: bool = False
    is_saved: bool = False

    @cached_property
    def inputs(self) -> dict[str, Input]:
        return draft_inputs(self.guide, outcome=self.kind is REMARKS)

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """The outcomes of the guide, key to name."""
        return dict(self.guide.outcome_set.values_list("key", "name"))

    @cached_property
    def parts(self) -> dict[str, Any]:
        """What is in the database, by primary key, in order."""
        parts = getattr(self.guide, f"{self.kind.noun}_set").all()
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
        return [(row.key, row.digest) for row in self.rows] != [(key, row.digest) for key, row in self.saved.items()]

    @property
    def unused(self) -> list[Input]:
        """The inputs that can get a column."""
        return [one for name, one in self.inputs.items() if name not in self.columns]

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
        return rows <= ROWS_AT_MOST and rows * (len(self.kind.fields) + len(self.columns) + columns) <= FIELDS_AT_MOST

    def name_columns(self, more: Iterable[str] = ()) -> None:
        """Give a column to every input that a row asks for, and to these."""
        wanted = {*more, *(name for row in self.rows for name in row.when)}
        known = [name for name in self.inputs if name in wanted]
        self.columns = [*known, *sorted({name for row in self.rows for name in row.when} - set(known))]

    def input(self, name: str) -> Input:
        """An input by its name, also when it was deleted."""
        return self.inputs.get(name) or unknown_input(name)

    def _row_of(self, key: str, part: Any) -> Row:
        values = {name: one_kind_of_line_end(getattr(part, name)) for name in self.kind.fields if name != "outcome"}
        if self.kind is RULES:
            values["outcome"] = part.outcome.key
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
            if name == "outcome":
                if row.values[name] not in self.outcomes:
                    yield name, "Choose an outcome." if not row.values[name] else "This outcome was deleted."
                continue
            column: Any = self.kind.model._meta.get_field(name)
            try:
                column.run_validators(column.formfield().clean(row.values[name]))
                refuse_turning(row.values[name])
            except ValidationError as error:
                yield name, " ".join(error.messages)
        for name, values in row.when.items():
            if name not in self.inputs:
                yield WHEN + name, "What this column asks for was deleted; choose “anything”."
            elif gone := [value for value in values if value not in self.inputs[name].values]:
                yield WHEN + name, f"“{', '.join(gone)}” does not exist any more; choose something else."
        if self.kind is REMARKS and not row.when:
            yield "row", "Say when this is remarked: choose a value in at least one column."


def read_sheet(guide: Guide, kind: Kind) -> Sheet:
    """The table as the database has it."""
    sheet = Sheet(kind, guide)
    sheet.rows = [Row(key, dict(row.values)) for key, row in sheet.saved.items()]
    sheet.name_columns()
    return sheet


def sent_sheet(guide: Guide, kind: Kind, data: QueryDict) -> Sheet:
    """The table as it was sent, which may be anything."""
    sheet = Sheet(kind, guide)
    columns = data.getlist("column")
    keys = [key for key in dict.fromkeys(data.getlist("row")) if ROW_KEY.fullmatch(key)]
    sheet.rows = [_sent_row(sheet, key, columns, data) for key in keys]
    sheet.name_columns(columns)
    return sheet


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
