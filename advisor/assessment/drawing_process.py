"""Draws one document with Typst, in a process of its own: ``python drawing_process.py < order > document``.

The order is JSON: ``{"template": path, "format": "pdf" or "png", "data": {…}}``. The process has bounds of time and
memory, gives way to everything else on the machine, and is gone afterwards. A template reads nothing but its data: no
package and no face of type of this machine, so that what it draws looks the same everywhere.
"""

import json
import os
import resource
import sys
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
    sys.stdout.buffer.write(draw(Path(order["template"]), order["format"], order["data"]))


def draw(template: Path, file_format: str, data: object) -> bytes:
    """The document. The words are given as data and never become part of the template's code."""
    given = {"data": json.dumps(data)}
    code, fonts = template.read_bytes(), typst.Fonts(include_system_fonts=False)
    # The same words make the same file: without the time at which it was drawn.
    how: dict[str, Any] = {"font_paths": fonts, "sys_inputs": given, "format": file_format, "timestamp": 0, "ppi": 72}
    drawn: bytes
    try:
        drawn = typst.compile(code, pdf_standards=["ua-1"] if file_format == "pdf" else [], **how)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        # The standard forbids what no face of type can show, such as Chinese. Better a box in its place than no memo.
        drawn = typst.compile(code, **how)
    return drawn


if __name__ == "__main__":
    main()
