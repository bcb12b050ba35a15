"""The fields of a table of conditions as the template shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from advisor.content.editing.condition_table.sheet import WHEN, Row, Sheet
from advisor.content.editing.fields.hints import hint
from advisor.content.editing.fields.inputs import Input
from advisor.content.editing.views.changes import field_label
from advisor.content.models.declarations import declaration_of

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Control:
    """One field of one row."""

    id: str
    name: str
    """What the eye reads above it, where no heading does."""
    label: str
    """What a screen reader says: with the row."""
    widget: str
    value: str
    options: Options
    limit: int | None
    advised: int
    """Characters that a text had better keep to; 0 where nothing is advised."""
    error: str
    has_focus: bool


@dataclass(frozen=True)
class ShownRow:
    """A row with its fields, and the number that people call it by."""

    row: Row
    number: int
    first: list[Control]
    """What the row is, beside its number."""
    conditions: list[Control]
    words: list[Control]
    """What it says, below the conditions."""
    address: str
    """The model's change page, by its name; "" for a row that was never saved."""

    @property
    def notes(self) -> bool:
        """Whether there is something to say about it."""
        return bool(self.row.is_hit or self.row.note or self.row.errors.get("row"))


def cell_options(one: Input) -> list[tuple[str, str]]:
    """What can be chosen in the column of an input: anything, each value, anything but each value."""
    values = list(one.values)
    but = [[value for value in values if value != left_out] for left_out in values] if len(values) > 2 else []
    return [("", "anything"), *((",".join(some), one.in_words(some)) for some in [*([v] for v in values), *but])]


def shown_rows(sheet: Sheet) -> list[ShownRow]:
    """Every row with its fields."""
    columns = [(sheet.input(name), cell_options(sheet.input(name))) for name in sheet.columns]
    shown = []
    for number, row in enumerate(sheet.rows, 1):
        called = f"{sheet.kind.noun} {number}"
        fields = dict(zip(sheet.kind.fields, _fields(sheet, row, called), strict=True))
        shown.append(
            ShownRow(
                row,
                number,
                [fields.pop(name) for name in sheet.kind.first],
                [_cell(sheet, row, called, one, options) for one, options in columns],
                list(fields.values()),
                "" if row.is_new else f"admin:content_{sheet.kind.model._meta.model_name}_change",
            )
        )
    return shown


def _cell(sheet: Sheet, row: Row, called: str, one: Input, options: list[tuple[str, str]]) -> Control:
    value = row.values.get(WHEN + one.name, "")
    if value not in dict(options):
        # A combination that only the row's own page can make stays as it is.
        options = [*options, (value, one.in_words(value.split(",")))]
    return _control(sheet, row, WHEN + one.name, f"{one.label}, {called}", "select", options)


def _fields(sheet: Sheet, row: Row, called: str) -> Iterator[Control]:
    for name in sheet.kind.fields:
        field: Any = sheet.kind.model._meta.get_field(name)
        options = [*sheet.choices_of(name).items()]
        widget = "select" if field.is_relation or options else "textarea" if not field.max_length else "text"
        if name == "key" and row.key in sheet.saved:
            widget = "fixed"
        if widget == "select":
            options.insert(0, ("", "Choose"))
        yield _control(sheet, row, name, f"{_label(sheet, name)}, {called}", widget, options)


def _control(sheet: Sheet, row: Row, name: str, label: str, widget: str, options: Options) -> Control:
    field: Any = None if name.startswith(WHEN) else sheet.kind.model._meta.get_field(name)
    identity = f"{row.key}-{name}"
    return Control(
        id=identity,
        name=_label(sheet, name),
        label=label,
        widget=widget,
        value=row.values.get(name, ""),
        options=options,
        limit=getattr(field, "max_length", None),
        advised=declaration_of(sheet.kind.model, name).best_length,
        error=row.errors.get(name, ""),
        has_focus=sheet.focus == identity,
    )


def _label(sheet: Sheet, name: str) -> str:
    """The label of a field of the model; "" for the column of an input."""
    return field_label(sheet.kind.model, name) if name in sheet.kind.fields else ""


def headings(sheet: Sheet) -> list[str]:
    """The names of the columns."""
    return [*(_label(sheet, name) for name in sheet.kind.first), *(sheet.input(name).label for name in sheet.columns)]


def advice(sheet: Sheet) -> list[tuple[str, SafeString]]:
    """What goes in the fields of a row that hold words."""
    model: Any = sheet.kind.model
    fields = {name: model._meta.get_field(name).formfield() for name in sheet.kind.fields}
    return [(_label(sheet, name), hint(model, name, field)) for name, field in fields.items()]


def errors(sheet: Sheet) -> list[tuple[str, str]]:
    """What is wrong, with the id of the field concerned."""
    found = []
    for number, row in enumerate(sheet.rows, 1):
        for name, message in row.errors.items():
            where = f"{sheet.input(name.removeprefix(WHEN)).label}: " if name.startswith(WHEN) else ""
            label = f"{_label(sheet, name)}: " if _label(sheet, name) else where
            found.append((f"{row.key}-{name}", f"{sheet.kind.noun.capitalize()} {number}. {label}{message}"))
    return found
