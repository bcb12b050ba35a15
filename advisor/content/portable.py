"""A guide as one file: written from a draft or an edition, and read back with every problem named by its place.

    {"format": "advisor-guide", "version": 2, "guide": {…}, "scenarios": [{"title": …, "answers": …}]}

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
from advisor.content.drafts import UnwritableError, read_draft, write_guide
from advisor.content.guide_parts import ONLY_IN_EDITIONS
from advisor.content.import_checks import import_problems
from advisor.content.lenient_decoding import LenientDecoder
from advisor.content.models.scenario import Case
from advisor.content.problems import Problem, ProblemsError
from advisor.content.scenarios import cases_of
from advisor.decision.formats import FORMAT as VERSION
from advisor.decision.formats import FormatError, upgrade
from advisor.decision.guide import Guide

FORMAT = "advisor-guide"
MAX_FILE_BYTES = 2_000_000
"""Bytes of a file; the first guide has 40,000."""
MAX_LIST_ENTRIES = 200
"""Entries of any list in a file; a table of conditions shows as many rows. The first guide has 20 in its longest."""
MAX_TEXT_LENGTH = 100_000
"""Characters of a text: ten thousand long words."""


class UnreadableFileError(ProblemsError):
    """A file that no guide can be made of."""


def write_file(value: Guide, cases: Iterable[Case]) -> str:
    """The file of a guide: the same guide gives the same file."""
    document = {name: part for name, part in msgspec.to_builtins(value).items() if name not in ONLY_IN_EDITIONS}
    file = {"format": FORMAT, "version": VERSION, "guide": document, "scenarios": msgspec.to_builtins(list(cases))}
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


def export_draft(guide: models.Guide) -> str:
    """The draft of a guide and its scenarios as a file."""
    return write_file(read_draft(guide), cases_of(guide))


def read_file(content: bytes) -> tuple[Guide, list[Case]]:
    """The guide and the scenarios in a file. Raises ``UnreadableFileError``."""
    return read_document(_parsed(content))


def read_document(document: Any) -> tuple[Guide, list[Case]]:
    """The same from the plain values of a file. Raises ``UnreadableFileError``."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _refusal("file", f"It does not say “format”: “{FORMAT}”, so it is not an exported guide.")
    version = _version(document.get("version"))
    if excess := [*_excess(document, "")]:
        # What is too much is not looked at any closer.
        raise UnreadableFileError(excess, document)
    unknown = document.keys() - {"format", "version", "guide", "scenarios"}
    found = [Problem("file", f"There is no “{name}” in an exported guide.") for name in sorted(unknown)]
    found += _unstorable(document, "")
    guide, cases = document.get("guide"), document.get("scenarios", [])
    if isinstance(guide, dict):
        found += [
            Problem(f"guide.{name}", "An exported guide has none.") for name in sorted(guide.keys() & ONLY_IN_EDITIONS)
        ]
        guide = {name: part for name, part in guide.items() if name not in ONLY_IN_EDITIONS} | {
            "number": 1,
            "format": version,
        }
        try:
            guide = upgrade(guide)
        except FormatError as error:
            raise UnreadableFileError([*found, Problem("guide", f"It cannot be read: {error}.")], document) from None
    decoder = LenientDecoder()
    read = decoder.convert(guide, Guide, "guide"), decoder.convert(cases, list[Case], "scenarios")
    found += decoder.problems
    if not decoder.is_lost:
        found += [problem for problem in import_problems(*read) if not decoder.has_replaced(problem.place)]
    if found:
        raise UnreadableFileError(found, document)
    return read


def import_guide(content: bytes, *, key: str = "") -> models.Guide:
    """Make a guide of a file, under its own key or another. Raises ``UnreadableFileError`` or ``UnwritableError``."""
    value, cases = read_file(content)
    key = key or value.key
    if models.Guide.objects.filter(key=key).exists():
        taken = Problem("guide.key", f"A guide with the key “{key}” exists; choose another key for this one.")
        raise UnwritableError([taken], {})
    return write_guide(value=value, key=key, title=value.title, cases=cases)


def _refusal(place: str, message: str) -> UnreadableFileError:
    """The error about a file of which nothing can be said in detail."""
    return UnreadableFileError([Problem(place, message)], {})


def _version(given: Any) -> int:
    """The version of a file, if this release can read it."""
    reads = f"versions 1 to {VERSION}" if VERSION > 1 else "version 1"
    if type(given) is not int or given < 1:
        raise _refusal("version", f"It has to be a whole number; this release of Advisor reads {reads}.")
    if given > VERSION:
        raise _refusal("version", f"It is {given}, as a newer release of Advisor made it; this one reads {reads}.")
    return given


def _parsed(content: bytes) -> Any:
    if len(content) > MAX_FILE_BYTES:
        raise _refusal("file", f"It is larger than {MAX_FILE_BYTES:,} bytes.")
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _refusal("file", f"It is not UTF-8 text from byte {error.start} on.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _refusal(where, "This is not JSON; the file may have been cut off.") from None
    except RecursionError:
        raise _refusal("file", "It is nested too deeply.") from None
    except ValueError as error:
        raise _refusal("file", f"{error}") from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    doubled = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if doubled:
        raise ValueError(f"“{doubled[0]}” stands twice in one object.")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of a guide.")


def _unstorable(value: Any, place: str) -> Iterator[Problem]:
    """Texts that no database takes: with null characters or half of a pair of surrogates."""
    match value:
        case dict():
            for name, part in value.items():
                yield from _unstorable(part, f"{place}.{name}".removeprefix("."))
        case list():
            for number, part in enumerate(value):
                yield from _unstorable(part, f"{place}[{number}]")
        case str() if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            yield Problem(place, "It holds characters that are no text.")
        case _:
            pass


def _excess(value: Any, place: str) -> Iterator[Problem]:
    """Lists with more entries than any page could show, and texts longer than any visitor reads."""
    match value:
        case dict() | list() if len(value) > MAX_LIST_ENTRIES:
            message = f"has {len(value):,} entries, and there can be {MAX_LIST_ENTRIES}."
            yield Problem(place, message, is_predicate=True) if place else Problem("file", f"It {message}")
        case dict():
            for name, part in value.items():
                yield from _excess(part, f"{place}.{name}".removeprefix("."))
        case list():
            for number, part in enumerate(value):
                yield from _excess(part, f"{place}[{number}]")
        case str() if len(value) > MAX_TEXT_LENGTH:
            message = f"has {len(value):,} characters, and there can be {MAX_TEXT_LENGTH:,}."
            yield Problem(place, message, is_predicate=True)
        case _:
            pass
