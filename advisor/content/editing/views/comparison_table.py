"""The comparison table as a table: every cell a field, saved at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.models import Cell, Dimension, Guide, Role
from advisor.content.models.texts import cleaned_text
from advisor.posts import refusal_of, shows_again
from advisor.stale import fingerprint, last_change, read_fingerprints, write_fingerprints

TEXT: Any = Cell._meta.get_field("text")


@dataclass
class CellField:
    """The field for one cell, which may not exist yet."""

    dimension: Dimension
    role: Role
    cell: Cell | None
    typed: str
    error: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return f"cell-{self.dimension.pk}-{self.role.pk}"

    @property
    def label(self) -> str:
        return f"{self.dimension.label}, {self.role.name}"

    @property
    def saved(self) -> str:
        """What the database says now."""
        return collapse_whitespace(self.cell.text) if self.cell else ""

    def check(self) -> None:
        """Say what is wrong with the text that was typed."""
        if self.cell and not self.typed:
            self.error = "This cell has a text; give it another one instead of none."
            return
        try:
            TEXT.formfield(required=False).clean(self.typed)
        except ValidationError as error:
            self.error = " ".join(error.messages)

    def compare(self, was: str | None) -> None:
        """Where the text was changed since it was shown, say by whom; what was typed here stays."""
        if fingerprint(self.saved) == was or self.typed == self.saved:
            return
        who = last_change(Cell, dimension_id=self.dimension.pk, role_id=self.role.pk)
        if fingerprint(self.typed) == was:
            self.typed, self.note = self.saved, f"Changed {who}; this is the new text."
        else:
            self.note = f"Now it says “{self.saved}”, changed {who}. What you typed is in the field."

    def save(self) -> None:
        """Write the cell, with its history."""
        cell = self.cell or Cell(dimension=self.dimension, role=self.role)
        cell.text = self.typed
        cell.save()


@dataclass
class ComparisonTable:
    """The table as it is shown: what is in the database, or what was sent."""

    rows: list[tuple[Dimension, list[CellField]]]
    roles: list[Role]
    is_stale: bool = False
    lost: list[str] = field(default_factory=list)
    """What was typed into cells that are gone."""
    saved: int | None = None
    """How many cells were written; None while nothing is saved."""

    @property
    def fields(self) -> list[CellField]:
        return [entry for _, fields in self.rows for entry in fields]

    @property
    def shown(self) -> str:
        return write_fingerprints({entry.name: fingerprint(entry.saved) for entry in self.fields})

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(f"id_{entry.name}", f"{entry.label}: {entry.error}") for entry in self.fields if entry.error]

    @property
    def limit(self) -> int:
        return int(TEXT.max_length)


def read_table(guide: Guide, data: Mapping[str, str], role: Role | None = None) -> ComparisonTable:
    """The table of a guide with the texts that were sent; a cell of which nothing was sent has its own. With a role,
    its column alone.
    """
    cells = {(cell.dimension_id, cell.role_id): cell for cell in Cell.objects.filter(dimension__guide=guide)}
    roles = [role] if role else list(guide.role_set.all())

    def place(dimension: Dimension, role: Role) -> CellField:
        made = CellField(dimension, role, cells.get((dimension.pk, role.pk)), "")
        made.typed = cleaned_text(TEXT, collapse_whitespace(data.get(made.name, made.saved)))
        return made

    return ComparisonTable([(row, list(map(partial(place, row), roles))) for row in guide.dimension_set.all()], roles)


@transaction.atomic
def save_table(*, guide: Guide, data: Mapping[str, str], role: Role | None = None) -> ComparisonTable:
    """Write the cells that were changed, all or none; those of a role, or all that the guide has.

    Nothing is written when a text cannot be taken, or when someone else changed the table since it was shown. The same
    table sent twice is saved once.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    table = check_table(guide, data, role)
    if not table.is_stale and not table.errors:
        changed = [entry for entry in table.fields if entry.typed != entry.saved]
        for entry in changed:
            entry.save()
        table.saved = len(changed)
    return table


def check_table(guide: Guide, data: Mapping[str, str], role: Role | None = None) -> ComparisonTable:
    """The table as it was sent, with what is wrong, and with what others changed since it was shown."""
    table = read_table(guide, data, role)
    shown = read_fingerprints(data.get("shown", ""))
    if shown.keys() == {entry.name for entry in table.fields} and all(
        entry.typed == entry.saved for entry in table.fields
    ):
        table.saved = sum(fingerprint(entry.saved) != shown[entry.name] for entry in table.fields)
        return table
    table.is_stale = shown != read_fingerprints(table.shown)
    for entry in table.fields:
        entry.check()
        if table.is_stale:
            entry.compare(shown.get(entry.name))
    if table.is_stale:
        gone = shown.keys() - {entry.name for entry in table.fields}
        typed = {name: collapse_whitespace(data.get(name, "")) for name in gone}
        table.lost = sorted(text for name, text in typed.items() if text and fingerprint(text) != shown[name])
    return table


def collapse_whitespace(text: str) -> str:
    """A cell is one line, however it was typed or wrapped."""
    return " ".join(text.split())


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def table(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The whole comparison table, to be read and written."""
    if request.method != "POST":
        sheet = read_table(guide, {})
    elif refusal_of(request):
        sheet = check_table(guide, request.POST)
    else:
        sheet = save_table(guide=guide, data=request.POST)
    if sheet.saved is not None:
        messages.success(request, saved_message(sheet.saved))
        return redirect(request.path)
    context: dict[str, Any] = {"table": sheet, "errors": sheet.errors}
    return render_staff(request, "content/table.html", guide, "Comparison table", context)


def saved_message(saved: int) -> str:
    """What was done, in words."""
    if not saved:
        return "Nothing was changed."
    return f"{saved} {'cell was' if saved == 1 else 'cells were'} saved. Visitors see it once the guide is published."
