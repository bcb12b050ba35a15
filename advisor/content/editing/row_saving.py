"""Saving a table of conditions as a whole, and what happens when someone else changed it meanwhile."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.http import QueryDict

from advisor.content.editing.ordering import stand_aside
from advisor.content.editing.sheet import WHEN, Kind, Row, Sheet, sent_sheet
from advisor.content.editing.shown import last_change, read_shown
from advisor.content.editing.words import condition_in_words
from advisor.content.models import Guide


@transaction.atomic
def save_sheet(*, guide: Guide, kind: Kind, data: QueryDict) -> Sheet:
    """Write the rows that were changed, moved, added and taken out, all or none; ``is_saved`` says whether.

    Nothing is written when a field is wrong, or when someone else changed the table since it was shown: then the
    sheet has both, what was sent and notes on what is there. The same table sent twice is saved once.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    sheet = sent_sheet(guide, kind, data)
    shown = read_shown(data.get("shown", ""))
    if [row.digest for row in sheet.rows] == [row.digest for row in sheet.saved.values()]:
        sheet.is_saved = True
        return sheet
    if list(shown.items()) != [(key, row.digest) for key, row in sheet.saved.items()]:
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
    for key in parts.keys() - places.keys():
        parts[key].delete()
    moving = [part for key, part in parts.items() if key in places and part.position != places[key]]
    stand_aside(moving, taken=[part.position for part in parts.values()])
    outcomes = {outcome.key: outcome for outcome in sheet.guide.outcome_set.all()}
    for row in sheet.rows:
        part = parts.get(row.key) or sheet.kind.model(guide=sheet.guide)
        if row.key in parts and part.position == places[row.key] and row.digest == sheet.saved[row.key].digest:
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
        if key not in sent and shown.get(key) != saved.digest:
            what = "You took this row out; it was changed" if key in shown else "This row was added or changed"
            row = Row(key, dict(saved.values), note=f"{what} {last_change(sheet.kind.model, id=key)}.")
            rows.insert(rows.index(before) + 1 if before in rows else 0, row)
        before = next((row for row in rows if row.key == key), before)
    sheet.rows = rows
    sheet.name_columns(sheet.columns)


def _kept(sheet: Sheet, row: Row, was: str | None) -> bool:
    """Whether a row that was sent stays; it may take the new text, and gets a note where there is something to say."""
    saved, touched = sheet.saved.get(row.key), row.digest != was
    if row.is_new or (saved and (saved.digest == was or saved.digest == row.digest)):
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
    said = [f"{condition_in_words(row.when, sheet.inputs)}"]
    for name in sheet.kind.fields:
        value = row.values[name]
        said.append(f"“{sheet.outcomes.get(value, value) if name == 'outcome' else value}”")
    return " · ".join(said) + "."
