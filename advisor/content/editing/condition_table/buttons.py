"""What the buttons in a table of conditions do to its rows; nothing is saved by them."""

from advisor.content.editing.condition_table.sheet import MAX_FIELDS, MAX_ROWS, Row, Sheet

FULL = f"A table has at most {MAX_ROWS} rows, and {MAX_FIELDS} fields in all; this one is full. Nothing was added."


def apply_button(sheet: Sheet, button: str, column: str) -> None:
    """Do what a button such as ``copy:12`` says; one that we do not know, or whose row is gone, does nothing."""
    name, _, key = button.partition(":")
    if name == "column":
        return add_column(sheet, column)
    row = sheet.row(key)
    if name == "add":
        return insert(sheet, len(sheet.rows), Row(sheet.new_key(), blank(sheet)))
    if row is None:
        return None
    place = sheet.rows.index(row)
    match name:
        case "insert":
            insert(sheet, place, Row(sheet.new_key(), blank(sheet)))
        case "copy":
            insert(sheet, place + 1, Row(sheet.new_key(), copied(sheet, row)))
        case "up" | "down":
            move(sheet, row, place + (-1 if name == "up" else 1), name)
        case "delete":
            delete(sheet, row, place)
        case _:
            pass
    return None


def blank(sheet: Sheet) -> dict[str, str]:
    """What a new row says."""
    return dict.fromkeys(sheet.kind.fields, "")


def copied(sheet: Sheet, row: Row) -> dict[str, str]:
    """What a copy says: the same, under a key of its own."""
    values = dict(row.values)
    if values.get("key"):
        values["key"] = f"{values['key'][:35]}-copy"
    return values


def add_column(sheet: Sheet, name: str) -> None:
    """Show a further input."""
    if name not in sheet.inputs:
        sheet.message = "Choose what the column asks for."
        sheet.focus = "add-column"
    elif not sheet.has_room(columns=1):
        sheet.message = FULL
    else:
        sheet.name_columns([*sheet.columns, name])
        sheet.message = f"The column “{sheet.inputs[name].label}” was added. It is kept once a row asks for it."
        sheet.focus = f"{sheet.rows[0].key}-when-{name}" if sheet.rows else "add-column"


def insert(sheet: Sheet, place: int, row: Row) -> None:
    """Put in a row."""
    if not sheet.has_room(rows=1):
        sheet.message = FULL
        return
    sheet.rows.insert(place, row)
    first = f"when-{sheet.columns[0]}" if sheet.columns else sheet.kind.fields[0]
    sheet.focus = f"{row.key}-{first}"
    sheet.message = f"A row was put in as number {place + 1}."


def move(sheet: Sheet, row: Row, place: int, button: str) -> None:
    """Put a row one place further up or down."""
    if 0 <= place < len(sheet.rows):
        sheet.rows.remove(row)
        sheet.rows.insert(place, row)
        sheet.message = f"The row is number {place + 1} now."
    ends = {0: "down", len(sheet.rows) - 1: "up"}
    sheet.focus = f"{ends.get(sheet.rows.index(row), button)}-{row.key}"


def delete(sheet: Sheet, row: Row, place: int) -> None:
    """Take a row out; one that a scenario expects stays and says so."""
    if (part := sheet.parts.get(row.key)) and (references := part.references()):
        names = "; ".join(str(other) for other in references)
        row.errors["row"] = f"This cannot be deleted: it is named by {names}. Change these first."
        return
    sheet.rows.remove(row)
    sheet.message = f"Row {place + 1} was taken out."
    near = sheet.rows[min(place, len(sheet.rows) - 1)].key if sheet.rows else ""
    sheet.focus = f"delete-{near}" if near else "add-row"
