"""A guide as one file: written from a draft or an edition, and read back with every problem named by its place.

    {"format": "advisor-guide", "version": 1, "guide": {…}, "scenarios": [{"title": …, "answers": …}]}

The version of a file is the format of the guide in it (``decision.formats``): a file of every version that was ever
released can be read, and is brought to the format of today as an old edition is.

A file is read as a whole before anything is made of it. It may hold an unfinished guide, like any draft; what names
something that is not in it is refused.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import msgspec

from advisor.content import models
from advisor.content.drafts import read_draft
from advisor.content.mended import Mended
from advisor.content.scenarios import Case, cases_of
from advisor.content.soundness import problems
from advisor.decision.formats import FORMAT as VERSION
from advisor.decision.formats import FormatError, upgrade
from advisor.decision.guide import Guide

FORMAT = "advisor-guide"
LARGEST = 2_000_000
"""Bytes of a file; the first guide has 40,000."""
MOST_ENTRIES = 200
"""Entries of any list in a file; a table of conditions shows as many rows. The first guide has 20 in its longest."""
LONGEST = 100_000
"""Characters of a text: ten thousand long words."""
OWN = ("number", "html", "format")
"""What belongs to an installation or an edition, and not into a file."""


class UnreadableFileError(ValueError):
    """A file that no guide can be made of; ``problems`` names each problem with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def written(value: Guide, cases: Iterable[Case]) -> str:
    """The file of a guide: the same guide gives the same file."""
    document = {name: part for name, part in msgspec.to_builtins(value).items() if name not in OWN}
    file = {"format": FORMAT, "version": VERSION, "guide": document, "scenarios": msgspec.to_builtins(list(cases))}
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


def export_draft(guide: models.Guide) -> str:
    """The draft of a guide and its scenarios as a file."""
    return written(read_draft(guide), cases_of(guide))


def read_file(content: bytes) -> tuple[Guide, list[Case]]:
    """The guide and the scenarios in a file. Raises ``UnreadableFileError``."""
    document = _parsed(content)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UnreadableFileError([f"file: It does not say “format”: “{FORMAT}”, so it is not an exported guide."])
    version = _version(document.get("version"))
    if excess := [*_excess(document, "")]:
        # What is too much is not looked at any closer.
        raise UnreadableFileError(excess)
    unknown = document.keys() - {"format", "version", "guide", "scenarios"}
    found = [f"file: There is no “{name}” in an exported guide." for name in sorted(unknown)]
    found += _unstorable(document, "")
    guide, cases = document.get("guide"), document.get("scenarios", [])
    if isinstance(guide, dict):
        found += [f"guide.{name}: An exported guide has none." for name in sorted(guide.keys() & set(OWN))]
        guide = {name: part for name, part in guide.items() if name not in OWN} | {"number": 1, "format": version}
        try:
            guide = upgrade(guide)
        except FormatError as error:
            raise UnreadableFileError([*found, f"guide: It cannot be read: {error}."]) from None
    mended = Mended()
    read = mended.convert(guide, Guide, "guide"), mended.convert(cases, list[Case], "scenarios")
    found += mended.problems
    if not mended.is_lost:
        found += [problem for problem in problems(*read) if not mended.has_mended(problem.partition(":")[0])]
    if found:
        raise UnreadableFileError(found)
    return read


def _version(given: Any) -> int:
    """The version of a file, if this release can read it."""
    reads = f"versions 1 to {VERSION}" if VERSION > 1 else "version 1"
    if type(given) is not int or given < 1:
        raise UnreadableFileError([f"version: It has to be a whole number; this release of Advisor reads {reads}."])
    if given > VERSION:
        message = f"version: It is {given}, as a newer release of Advisor made it; this one reads {reads}."
        raise UnreadableFileError([message])
    return given


def _parsed(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise UnreadableFileError([f"file: It is larger than {LARGEST:,} bytes."])
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise UnreadableFileError([f"file: It is not UTF-8 text from byte {error.start} on."]) from None
    except json.JSONDecodeError as error:
        message = f"line {error.lineno}, column {error.colno}: This is not JSON; the file may have been cut off."
        raise UnreadableFileError([message]) from None
    except RecursionError:
        raise UnreadableFileError(["file: It is nested too deeply."]) from None
    except ValueError as error:
        raise UnreadableFileError([f"file: {error}"]) from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    doubled = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if doubled:
        raise ValueError(f"“{doubled[0]}” stands twice in one object.")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of a guide.")


def _unstorable(value: Any, place: str) -> Iterator[str]:
    """Texts that no database takes: with null characters or half of a pair of surrogates."""
    match value:
        case dict():
            for name, part in value.items():
                yield from _unstorable(part, f"{place}.{name}".removeprefix("."))
        case list():
            for number, part in enumerate(value):
                yield from _unstorable(part, f"{place}[{number}]")
        case str() if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            yield f"{place}: It holds characters that are no text."
        case _:
            pass


def _excess(value: Any, place: str) -> Iterator[str]:
    """Lists with more entries than any page could show, and texts longer than any visitor reads."""
    match value:
        case dict() | list() if len(value) > MOST_ENTRIES:
            yield f"{place or 'file'}: It has {len(value):,} entries, and there can be {MOST_ENTRIES}."
        case dict():
            for name, part in value.items():
                yield from _excess(part, f"{place}.{name}".removeprefix("."))
        case list():
            for number, part in enumerate(value):
                yield from _excess(part, f"{place}[{number}]")
        case str() if len(value) > LONGEST:
            yield f"{place}: It has {len(value):,} characters, and there can be {LONGEST:,}."
        case _:
            pass
