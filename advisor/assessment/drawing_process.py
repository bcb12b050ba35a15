"""Draws one document with Typst, in a process of its own: ``python drawing_process.py < order > document``.

The order is JSON: ``{"template": path, "format": "pdf" or "png", "fonts": folder, "data": {…}}``. The process has
bounds of time and memory, gives way to everything else on the machine, and is gone afterwards. A template reads nothing
but its data: no package, and the machine's faces of type in ``fonts`` only for letters that those of the library lack.
So what it draws looks the same everywhere.
"""

import json
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import typst

MAX_SECONDS = 10
"""Of a processor."""

MAX_MEMORY = 2 * 1024**3
"""Bytes of addresses; the library alone takes some hundred million."""


def main() -> None:
    """Read the order, draw it, and write the document."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    os.nice(10)
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(draw(Path(order["template"]), order["format"], order["fonts"], order["data"]))


def draw(template: Path, file_format: str, fonts: str, data: object) -> bytes:
    """The document. The words are given as data and never become part of the template's code."""
    code = template.read_bytes()
    # The same words make the same file: without the time at which it was drawn.
    how: dict[str, Any] = {"sys_inputs": {"data": json.dumps(data)}, "format": file_format, "timestamp": 0, "ppi": 72}
    # The standard forbids what no face of type can show. Most words need none of this machine, and its faces take as
    # long to find as a memo takes to draw.
    for folders in ([], [fonts]) if file_format == "pdf" else ():
        with suppress(MissingLetterError):
            return compile_template(code, folders, pdf_standards=["ua-1"], **how)
    # Better a box in its place than no memo.
    return compile_template(code, [fonts], **how)


class MissingLetterError(Exception):
    """No face of type has a letter."""


def compile_template(code: bytes, folders: list[str], **how: Any) -> bytes:
    """What Typst makes of a template, with the faces of type in these folders beside its own. Raises
    ``MissingLetterError``, and its own errors.
    """
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
        drawn: bytes = typst.compile(code, font_paths=fonts, **how)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        raise MissingLetterError from error
    return drawn


if __name__ == "__main__":
    main()
