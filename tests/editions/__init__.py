"""Documents as they were published, in every format that was ever released. They are read for ever and never changed.

Each folder of samples has the ``document.json`` of an edition in the bytes it was published in, its ``checksum.txt``,
and in ``results.json`` what some answers led to and which codes they had. Where that release had them, ``export.json``
is the guide as it was exported and ``cases.json`` the scenarios that were kept with the edition. Beside them
``shape.json`` says which fields a document of this format may have.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from advisor.content.models.scenario import Case
from advisor.decision.guide import Guide

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Sample:
    """One folder of samples."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder.relative_to(HERE))

    @property
    def document(self) -> str:
        return self._text("document.json")

    @property
    def checksum(self) -> str:
        return self._text("checksum.txt").strip()

    @property
    def results(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(self._text("results.json"))
        return found

    @property
    def cases(self) -> str:
        """ "" where the release kept none."""
        return self._text("cases.json") if (self.folder / "cases.json").exists() else ""

    @property
    def export(self) -> bytes:
        """Empty where the release could not export."""
        return self._text("export.json").encode() if (self.folder / "export.json").exists() else b""

    def _text(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()


def folder_of(number: int) -> Path:
    return HERE / f"format-{number}"


SAMPLES = [Sample(path.parent) for path in sorted(HERE.glob("format-*/*/document.json"))]


def shape() -> Any:
    """Every field of a document and of the scenarios kept with it, with its type: the schema without its prose."""
    schemas = {"guide": msgspec.json.schema(Guide), "case": msgspec.json.schema(Case)}
    return _without_prose(json.loads(msgspec.json.encode(schemas)))


def _without_prose(schema: Any) -> Any:
    match schema:
        case dict():
            # A field may be called "description" or "title" as well: then its schema is an object.
            prose = {name for name in ("description", "title") if isinstance(schema.get(name), str)}
            return {name: _without_prose(part) for name, part in schema.items() if name not in prose}
        case list():
            return [_without_prose(part) for part in schema]
        case _:
            return schema
