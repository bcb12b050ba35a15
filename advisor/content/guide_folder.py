"""A guide as a folder of YAML, one file for each kind of part, so that git shows what a colleague changed.

guide.yaml   the words of the guide, its key, and the version of the format
rules.yaml   the rows of the outcome table, from the top; signals.yaml, questions.yaml … likewise
pulled.yaml  of each file a fingerprint of the draft that it was taken from, by which a push sees what changed since

A folder is read like an exported file (``portable``): as a whole, and every problem is named by file and line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from advisor.content.guide_parts import in_document_order
from advisor.content.markdown import render_long_texts
from advisor.content.models import Guide
from advisor.content.models.declarations import document_fields
from advisor.content.models.scenario import Case
from advisor.content.portable import FORMAT, read_document
from advisor.content.problems import ProblemsError
from advisor.content.wording import inputs_in_order
from advisor.content.yaml_texts import YamlError, read_yaml, write_yaml
from advisor.decision import guide as decision
from advisor.decision import guide_checks
from advisor.decision.formats import FORMAT as VERSION
from advisor.stale import fingerprint

MAX_PART_BYTES = 300_000
"""The parts of a large guide are a third of that; a reader of YAML takes ten seconds for this much."""

GUIDE_FILE = "guide.yaml"
PULLED_FILE = "pulled.yaml"
ABOUT_PULLED = "# Which draft these files were taken from. “manage.py guide” writes it; commit it with them.\n"
FILES = {model.part.list_name: f"{model.part.list_name.replace('_', '-')}.yaml" for model in in_document_order()}
"""By the name of a list of a guide, the file that holds it."""
NAMES = {GUIDE_FILE, PULLED_FILE, *FILES.values()}


class UnreadableFolderError(ValueError):
    """A folder that no guide can be read from; ``messages`` names each problem with file and line."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


@dataclass(frozen=True)
class Folder:
    """What was read from a folder."""

    path: Path
    guide: decision.Guide
    cases: list[Case]
    lines: Mapping[str, dict[str, int]]
    """Of each file, the line of every place in it."""
    pulled: Mapping[str, str]
    """The fingerprints of what was pulled, by file."""

    @cached_property
    def texts(self) -> dict[str, str]:
        """The files as they are written for what was read, without comments or other ways to say the same."""
        return texts_of(self.guide, self.cases)

    def messages(self, error: ProblemsError) -> list[str]:
        """Each problem with the file and the line where it stands."""
        return _messages(error, self.lines)

    def where(self, place: str) -> str:
        """The file and the line of a place as publishing names it: ``rules 3`` is "rules.yaml, line 31"."""
        if place.startswith("scenarios"):
            return FILES["scenarios"]
        path, rest = "guide", place
        for part in guide_checks.parts(self.guide):
            if f"{place} ".startswith(f"{part.place} "):
                path, rest = f"guide.{part.path}", place[len(part.place) :]
        for step in rest.split():
            path += f"[{int(step) - 1}]" if step.isdecimal() else f".{step}"
        return _where(path, self.lines)


def texts_of(guide: decision.Guide, cases: list[Case]) -> dict[str, str]:
    """The text of each file for a guide and its scenarios: the same guide gives the same texts."""
    head = {"format": FORMAT, "version": VERSION} | {
        name: getattr(guide, name) for name in document_fields(Guide) if _is_said(guide, name)
    }
    lists = {name: cases if name == "scenarios" else getattr(guide, name) for name in FILES}
    return {GUIDE_FILE: write_yaml(head)} | {
        FILES[name]: write_yaml(_plain(guide, values)) for name, values in lists.items()
    }


def write_folder(path: Path, texts: Mapping[str, str]) -> list[str]:
    """Write the files of a draft, and which draft it was; the names of those that said something else before."""
    path.mkdir(parents=True, exist_ok=True)
    written = [name for name, text in texts.items() if _read_bytes(path / name) != text.encode()]
    for name in written:
        _write(path / name, texts[name])
    note_pulled(path, texts)
    return written


def note_pulled(path: Path, texts: Mapping[str, str]) -> None:
    """Keep in a folder which draft its files were taken from, or were written into."""
    fingerprints = {name: fingerprint(text) for name, text in texts.items()}
    _write(path / PULLED_FILE, ABOUT_PULLED + write_yaml(fingerprints))


def _write(file: Path, text: str) -> None:
    if file.is_symlink():
        # What it leads to is not of this folder.
        file.unlink()
    file.write_bytes(text.encode())


def read_folder(path: Path) -> Folder:
    """What a folder says. Raises ``UnreadableFolderError``."""
    values, lines, messages = _read_files(path)
    if messages:
        raise UnreadableFolderError(messages)
    pulled = values.pop(PULLED_FILE, None)
    head = values.pop(GUIDE_FILE)
    if not isinstance(head, dict):
        raise UnreadableFolderError([f"{GUIDE_FILE}: It has no fields; “title: …” is one."])
    if lists := [name for name in FILES if name in head]:
        raise UnreadableFolderError([f"{GUIDE_FILE}: “{name}” stands in {FILES[name]}." for name in lists])
    document: dict[str, Any] = {name: head[name] for name in ("format", "version") if name in head}
    document["guide"] = {name: value for name, value in head.items() if name not in document}
    document["guide"] |= {name: values[file] for name, file in FILES.items() if name != "scenarios"}
    document["scenarios"] = values[FILES["scenarios"]]
    try:
        guide, cases = read_document(document)
    except ProblemsError as error:
        raise UnreadableFolderError(_messages(error, lines)) from None
    known = {name: text for name, text in pulled.items() if isinstance(text, str)} if isinstance(pulled, dict) else {}
    return Folder(path, msgspec.structs.replace(guide, html=render_long_texts(guide)), cases, lines, known)


def _read_files(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, int]], list[str]]:
    """The value of each file, the lines of its places, and what kept files from being read."""
    if not path.is_dir():
        return {}, {}, [f"There is no folder “{path}”."]
    values: dict[str, Any] = {}
    lines: dict[str, dict[str, int]] = {}
    messages = [
        f"{found.name}: A guide has no such file; it has {', '.join(sorted(NAMES - {PULLED_FILE}))}."
        for found in sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
        if found.name not in NAMES
    ]
    for name in sorted(NAMES):
        content = _read_bytes(path / name)
        try:
            if content is not None:
                values[name], lines[name] = read_yaml(_decoded(content))
            elif name != PULLED_FILE:
                messages.append(f"{name}: This file is missing; one without entries holds “[]”.")
        except YamlError as error:
            messages.append(f"{_line_of(name, error.line)}: {error.message}")
    return values, lines, messages


def _read_bytes(file: Path) -> bytes | None:
    """What a file holds; None where there is none. Links are not followed: what they lead to is not of this folder."""
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def _decoded(content: bytes) -> str:
    if len(content) > MAX_PART_BYTES:
        raise YamlError(0, f"It is larger than {MAX_PART_BYTES:,} bytes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError(content.count(b"\n", 0, error.start) + 1, "It is not UTF-8 text from here on.") from None


def _plain(guide: decision.Guide, value: Any) -> Any:
    """A value as plain ones, without what it says as every new part does."""
    match value:
        case msgspec.Struct():
            said = [name for name in value.__struct_fields__ if _is_said(value, name)]
            return {name: _plain(guide, getattr(value, name)) for name in said}
        case Enum():
            return value.value
        case Mapping():
            # A condition; a database may return its inputs in another order.
            return {name: list(values) for name, values in inputs_in_order(guide, value)}
        case tuple() | list():
            return [_plain(guide, part) for part in value]
        case _:
            return value


def _is_said(value: msgspec.Struct, name: str) -> bool:
    """Whether a field says something else than where it is left out."""
    field = next(field for field in msgspec.structs.fields(value) if field.name == name)
    return field.required or getattr(value, name) != field.default


def _messages(error: ProblemsError, lines: Mapping[str, dict[str, int]]) -> list[str]:
    return [f"{_where(place, lines)}: {sentence}" for place, sentence in error.problems]


def _where(place: str, lines: Mapping[str, dict[str, int]]) -> str:
    """The file and the line of a place in a document: ``guide.signals[2].role`` is "signals.yaml, line 31"."""
    name, rest = (match[1], match[2]) if (match := re.match(r"(?:guide\.)?(\w+)(.*)", place)) else ("", "")
    file, inner = (FILES[name], rest) if name in FILES else (GUIDE_FILE, f".{name}{rest}")
    known = lines.get(file, {})
    while inner and inner not in known:
        inner = inner[: max(inner.rfind("."), inner.rfind("["))] if re.search(r"[.\[]", inner) else ""
    return _line_of(file, known[inner] if inner else 0)


def _line_of(file: str, line: int) -> str:
    return f"{file}, line {line}" if line else file
