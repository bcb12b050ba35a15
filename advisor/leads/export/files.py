"""Leads as CSV and as XLSX, piece by piece, so that neither is ever in memory as a whole.

A cell that begins as a formula does would be run by whoever opens the file: ``=HYPERLINK(…)`` typed into the name of a
company. In CSV an apostrophe goes before it, as OWASP recommends; in XLSX every text is written as a text. What is
nothing but a number, or the number of a phone, gets none: "+371 2000 0000" is what it is. Where a comma stands in
numbers, spreadsheets part cells at semicolons and know no quotes in the middle of one, so that a cell may begin
anywhere in a text.
"""

import csv
import fcntl
import os
import re
import shutil
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from django.db import transaction
from django.db.models import F, QuerySet
from xlsxwriter import Workbook

from advisor.leads.export.table import CellValue, LeadTable
from advisor.leads.models import Event, EventKind, Export, Format, Lead
from advisor.text import is_phone, plain_number

Rows = Sequence[Sequence[CellValue]]

FORMULA = re.compile(r'^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?="*[=+\-@＝＋－＠])')
"""Where a formula may begin, also as it is typed in East Asia: a text, or a part of it that some take for a cell."""

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")

MAX_CELL_LENGTH = 32_767
"""Characters that a cell of XLSX takes."""

BLOCK_SIZE = 64 * 1024

FOLDER_PREFIX = "advisor-export-"
"""What the name of a folder begins with in which a workbook is made."""

MIN_FOLDER_AGE = 10.0
"""Seconds for which a folder is left alone that may just be about to be locked."""

BATCH_SIZE = 500
"""Leads that are read, and locked for that moment, at once."""

MAX_ROWS = {Format.CSV: None, Format.XLSX: 20_000}
"""How many leads there may be. XLSX is sent only once it is complete, and nobody waits for longer than that takes."""


class TooManyLeadsError(Exception):
    """There are more leads than a file of this kind may have."""


def begin(*, leads: QuerySet[Lead], kind: Format, which: str, by: str, now: datetime) -> Export:
    """Write down that it begins. ``by`` is a user name. Raises ``TooManyLeadsError``."""
    number, most = leads.count(), MAX_ROWS[kind]
    if most is not None and number > most:
        raise TooManyLeadsError
    return Export.objects.create(by=by, format=kind, which=which[:500], began_at=now, seen_at=now, rows=number)


def stream(*, export: Export, leads: QuerySet[Lead], clock: Callable[[], datetime]) -> Iterator[bytes]:
    """The file, the oldest lead first; each lead gets an entry in its history.

    A lead that is erased before its turn is not in it, and one that comes later is not either.
    """
    table = LeadTable(leads)
    write = {Format.CSV: as_csv, Format.XLSX: as_xlsx}[Format(export.format)]
    yield from write(table.headings, _pieces(export, leads, table, clock))
    Export.objects.filter(pk=export.pk).update(done_at=clock())


def _pieces(export: Export, leads: QuerySet[Lead], table: LeadTable, clock: Callable[[], datetime]) -> Iterator[Rows]:
    newest = leads.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return
    whole = leads.select_related("owner", "edition__guide").defer("edition__document").prefetch_related("tags")
    done = 0
    while piece := _piece(export, whole.filter(pk__gt=done, pk__lte=newest), clock()):
        done = piece[-1].pk
        yield [table.row(lead) for lead in piece]


@transaction.atomic
def _piece(export: Export, leads: QuerySet[Lead], now: datetime) -> list[Lead]:
    """Locked until the history is written, so that nobody erases them in between; in the order in which all lock."""
    piece = list(leads.order_by("pk").select_for_update(of=("self",), no_key=True)[:BATCH_SIZE])
    if piece:
        label = export.get_format_display()
        Event.objects.bulk_create(
            Event(lead=lead, at=now, kind=EventKind.EXPORTED, words=label, by=export.by) for lead in piece
        )
        Export.objects.filter(pk=export.pk).update(rows_done=F("rows_done") + len(piece), seen_at=now)
    return piece


def harmless(cell: CellValue) -> CellValue:
    """The cell as no program takes it for a formula.

    Of the number of a phone the dashes and slashes go, as 49-30-1234 is -1215 to a spreadsheet, with U+2212 as well.
    """
    if not isinstance(cell, str) or NUMBER.fullmatch(cell):
        return cell
    if cell.startswith(("+", "＋")) and is_phone(cell):
        return " ".join(re.sub("[-/]", " ", plain_number(cell)).split())
    return FORMULA.sub("'", cell)


def as_csv(headings: Sequence[str], pieces: Iterable[Rows]) -> Iterator[bytes]:
    """In UTF-8 with the mark by which Excel knows it."""
    yield BOM_UTF8 + _lines([headings])
    for rows in pieces:
        yield _lines(rows)


def _lines(rows: Rows) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_xlsx(headings: Sequence[str], pieces: Iterable[Rows]) -> Iterator[bytes]:
    """A workbook can be sent only once it is complete; until then it lies in a folder that goes with this generator."""
    sweep()
    with _folder() as folder:
        path = Path(folder) / "leads.xlsx"
        # Rows that are written are kept in a file, which goes in the folder as well.
        with Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as workbook:
            _fill(workbook, headings, pieces)
        with path.open("rb") as file:
            while block := file.read(BLOCK_SIZE):
                yield block


def sweep() -> None:
    """Remove what a process that was killed has left of a workbook: the system took its lock away, and nothing else."""
    try:
        folders = list(Path(gettempdir()).glob(f"{FOLDER_PREFIX}*"))
    except FileNotFoundError:
        # There is no place for any.
        return
    for folder in folders:
        # Gone by now, somebody else's, or in use.
        with suppress(OSError), _locked(folder):
            if time.time() - folder.stat().st_mtime > MIN_FOLDER_AGE:
                shutil.rmtree(folder)


@contextmanager
def _folder() -> Iterator[str]:
    with TemporaryDirectory(prefix=FOLDER_PREFIX) as folder, _locked(Path(folder)):
        yield folder


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Held until it is let go, or the process ends in whichever way. Raises ``OSError`` where somebody has it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _fill(workbook: Workbook, headings: Sequence[str], pieces: Iterable[Rows]) -> None:
    sheet, bold = workbook.add_worksheet("Leads"), workbook.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate((row for rows in pieces for row in rows), 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, cell[:MAX_CELL_LENGTH])
