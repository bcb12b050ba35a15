"""Saving a table of conditions as a whole, and what happens when someone else changed it meanwhile."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.http import QueryDict

from advisor.content.editing.condition_table.sheet import WHEN, Row, Sheet, TableKind, sent_sheet
from advisor.content.editing.fields.inputs import condition_by_inputs
from advisor.content.editing.positions import park_positions
from advisor.content.models import Guide, Role
from advisor.content.models.parts import guide_of
from advisor.decision.guide import YesNo
from advisor.stale import last_change, read_fingerprints


@transaction.atomic
def save_sheet(*, owner: Guide | Role, kind: TableKind, data: QueryDict) -> Sheet:
    """Write the rows that were changed, moved, added and taken out, all or none; ``is_saved`` says whether.

    Nothing is written when a field is wrong, or when someone else changed the table since it was shown: then the
    sheet has both, what was sent and notes on what is there. The same table sent twice is saved once.
    """
    Guide.objects.select_for_update().get(pk=guide_of(owner).pk)
    sheet = sent_sheet(owner, kind, data)
    shown = read_fingerprints(data.get("shown", ""))
    if [row.fingerprint for row in sheet.rows] == [row.fingerprint for row in sheet.saved.values()]:
        sheet.is_saved = True
        return sheet
    if list(shown.items()) != [(key, row.fingerprint) for key, row in sheet.saved.items()]:
        merge(sheet, shown)
        return sheet
    sheet.check()
    if not sheet.has_room():
        sheet.news.append("There are too many rows to save them at once.")
    elif not any(row.errors for row in sheet.rows):
        sheet.is_saved = _written(sheet)
    return sheet


def _written(sheet: Sheet) -> bool:
    """Whether the database took it; if not, the row that it refused says why."""
    try:
        with transaction.atomic():
            _write(sheet)
    except ProtectedError as error:
        sheet.news.append(str(error.args[0]))
        return False
    return not any(row.errors for row in sheet.rows)


def _write(sheet: Sheet) -> None:
    parts, places = sheet.parts, {row.key: place for place, row in enumerate(sheet.rows, 1)}
    gone = [part for key, part in parts.items() if key not in places]
    moving = [part for key, part in parts.items() if key in places and part.position != places[key]]
    park_positions([*moving, *gone], taken=[part.position for part in parts.values()])
    # The key of a row is free once it is gone; the last row of a need that is asked for can go once another is there.
    keeps_keys = "key" in sheet.kind.fields
    for part in gone if keeps_keys else ():
        part.delete()
    _write_rows(sheet, places)
    for part in () if keeps_keys or any(row.errors for row in sheet.rows) else gone:
        part.delete()


def _write_rows(sheet: Sheet, places: dict[str, int]) -> None:
    """Save the rows that say something else or stand elsewhere; the first that is refused says why, and ends it."""
    parts: dict[str, Any] = sheet.parts
    outcomes = {outcome.key: outcome for outcome in sheet.guide.outcome_set.all()}
    for row in sheet.rows:
        part = parts.get(row.key) or sheet.kind.model(**{sheet.kind.model.owner: sheet.owner})
        if (
            row.key in parts
            and part.position == places[row.key]
            and row.fingerprint == sheet.saved[row.key].fingerprint
        ):
            continue
        _fill(part, row, outcomes)
        part.position = places[row.key]
        try:
            part.full_clean(exclude={"position"})
        except ValidationError as error:
            row.errors["row"] = " ".join(error.messages)
            transaction.set_rollback(True)
            return
        part.save()


def _fill(part: Any, row: Row, outcomes: dict[str, Any]) -> None:
    for name, value in row.values.items():
        if name == "outcome":
            part.outcome = outcomes[value]
        elif name == "needed":
            part.needed = value == YesNo.YES
        elif not name.startswith(WHEN):
            setattr(part, name, value)
    part.when = row.when


def merge(sheet: Sheet, shown: dict[str, str]) -> None:
    """Bring together what was sent and what others did since; nothing that was typed is lost.

    A row that was not touched here becomes what the others made of it; one that both changed keeps what was typed and
    says what there is now.
    """
    sheet.is_stale = True
    sent = {row.key for row in sheet.rows}
    rows = [row for row in sheet.rows if _kept(sheet, row, shown.get(row.key))]
    before: Row | None = None
    for key, saved in sheet.saved.items():
        if key not in sent and shown.get(key) != saved.fingerprint:
            what = "You took this row out; it was changed" if key in shown else "This row was added or changed"
            row = Row(key, dict(saved.values), note=f"{what} {last_change(sheet.kind.model, id=key)}.")
            rows.insert(rows.index(before) + 1 if before in rows else 0, row)
        before = next((row for row in rows if row.key == key), before)
    sheet.rows = rows
    sheet.name_columns(sheet.columns)


def _kept(sheet: Sheet, row: Row, was: str | None) -> bool:
    """Whether a row that was sent stays; it may take the new text, and gets a note where there is something to say."""
    saved, touched = sheet.saved.get(row.key), row.fingerprint != was
    if row.is_new or (saved and (saved.fingerprint == was or saved.fingerprint == row.fingerprint)):
        return True
    who = last_change(sheet.kind.model, id=int(row.key))
    if saved is None:
        if not touched:
            sheet.news.append(f"A row was deleted {who}: {_summary(sheet, row)}")
            return False
        row.key, row.note = sheet.new_key(), f"This row was deleted {who}. Saving adds it again."
    elif touched:
        row.note = f"Changed {who}. Now it says: {_summary(sheet, saved)} What you entered is in the fields."
    else:
        row.values, row.note = dict(saved.values), f"Changed {who}; this is the new content."
    return True


def _summary(sheet: Sheet, row: Row) -> str:
    """A row in words."""
    said = [f"{condition_by_inputs(row.when, sheet.inputs)}"]
    for name in sheet.kind.fields:
        if value := row.values[name]:
            said.append(f"“{sheet.choices_of(name).get(value, value)}”")
    return " · ".join(said) + "."
