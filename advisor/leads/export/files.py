"""Writing rows as CSV and as XLSX, piece by piece, so that neither is ever in memory as a whole.

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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from xlsxwriter import Workbook

from advisor.leads.export.table import Cell
from advisor.text import is_phone

Rows = Sequence[Sequence[Cell]]

FORMULA = re.compile(r'^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?="*[=+\-@＝＋－＠])')
"""Where a formula may begin, also as it is typed in East Asia: a text, or a part of it that some take for a cell."""

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")

LONGEST = 32_767
"""Characters that a cell of XLSX takes."""

BLOCK = 64 * 1024

FOLDER = "advisor-export-"
"""What the name of a folder begins with in which a workbook is made."""

NEW = 10.0
"""Seconds for which a folder is left alone that may just be about to be locked."""


def harmless(cell: Cell) -> Cell:
    """The cell as no program takes it for a formula.

    Of the number of a phone the hyphens and slashes go, as 49-30-1234 is -1215 to a spreadsheet.
    """
    if not isinstance(cell, str) or NUMBER.fullmatch(cell):
        return cell
    if cell.startswith("+") and is_phone(cell):
        return " ".join(re.sub("[-/]", " ", cell).split())
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
        # Rows that are written are kept in a file, which belongs into the folder as well.
        with Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as workbook:
            _fill(workbook, headings, pieces)
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def sweep() -> None:
    """Remove what a process that was killed has left of a workbook: the system took its lock away, and nothing else."""
    for folder in Path(gettempdir()).glob(f"{FOLDER}*"):
        # Gone by now, somebody else's, or in use.
        with suppress(OSError), _locked(folder):
            if time.time() - folder.stat().st_mtime > NEW:
                shutil.rmtree(folder)


@contextmanager
def _folder() -> Iterator[str]:
    with TemporaryDirectory(prefix=FOLDER) as folder, _locked(Path(folder)):
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
                sheet.write_string(number, column, cell[:LONGEST])
