"""A guide as one file: written from a draft or an edition, and read back with every problem named by its place.

    {"format": "advisor-guide", "version": 1, "guide": {…}, "scenarios": [{"title": …, "answers": …}]}

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
from advisor.content.scenarios import Case, cases_of, unknown_in
from advisor.decision.conditions import condition_problems, guide_vocabulary
from advisor.decision.guide import Guide
from advisor.decision.unfinished import RESERVED_GUIDE_KEYS, RESERVED_QUESTION_KEYS, key_problem

FORMAT = "advisor-guide"
VERSION = 1
LARGEST = 2_000_000
"""Bytes of a file; the first guide has 40,000."""
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
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise UnreadableFileError([f"version: It was made by a newer version of Advisor; this one reads {VERSION}."])
    if version != VERSION:
        raise UnreadableFileError([f"version: It has to be {VERSION}."])
    if unknown := document.keys() - {"format", "version", "guide", "scenarios"}:
        raise UnreadableFileError([f"file: There is no “{name}” in an exported guide." for name in sorted(unknown)])
    found = [*_unstorable(document, "")]
    guide = _guide(document.get("guide"), found)
    cases = _converted(document.get("scenarios", []), list[Case], "scenarios", found)
    if guide is not None and cases is not None:
        found += problems(guide, cases)
    if found or guide is None or cases is None:
        raise UnreadableFileError(found)
    return guide, cases


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


def _guide(value: Any, found: list[str]) -> Guide | None:
    if isinstance(value, dict):
        if own := sorted(value.keys() & set(OWN)):
            found += [f"guide.{name}: An exported guide has none." for name in own]
            return None
        value = {**value, "number": 1}
    return _converted(value, Guide, "guide", found)


def _converted[Found](value: Any, kind: type[Found], place: str, found: list[str]) -> Found | None:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        found.append(f"{place}{where.removesuffix('`')}: {message}.")
        return None


def problems(guide: Guide, cases: list[Case]) -> list[str]:
    """What in a guide names something that is not there, or cannot be named as it is; each with its place."""
    found = [*_keys(guide), *_references(guide)]
    # What conditions and scenarios name can be told only where the parts themselves are sound.
    return found or [*_conditions(guide), *_cases(guide, cases)]


def _keys(guide: Guide) -> Iterator[str]:
    if problem := key_problem(guide.key, RESERVED_GUIDE_KEYS):
        yield f"guide.key: {problem}"
    for name in ("roles", "dimensions", "signals", "questions", "follow_ups", "outcomes", "remarks"):
        reserved = RESERVED_QUESTION_KEYS if name == "questions" else frozenset({"not-answered"})
        yield from _keys_of(f"guide.{name}", [part.key for part in getattr(guide, name)], reserved)
    for place, question in enumerate(guide.questions):
        keys = [choice.key for choice in question.choices]
        yield from _keys_of(f"guide.questions[{place}].choices", keys, frozenset({"not-answered"}))
    for place, dimension in enumerate(guide.dimensions):
        for role, times in Counter(cell.role for cell in dimension.cells).items():
            if times > 1:
                yield f"guide.dimensions[{place}].cells: The cell for “{role}” is given {times} times."
    for role, times in Counter(question.role for question in guide.questions if question.role).items():
        if times > 1:
            yield f"guide.questions: {times} questions are about the role “{role}”."


def _keys_of(place: str, keys: list[str], reserved: frozenset[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if problem := key_problem(key, reserved):
            yield f"{place}[{number}].key: {problem}"
        if key in seen:
            yield f"{place}[{number}].key: “{key}” is given more than once."
        seen.add(key)


def _references(guide: Guide) -> Iterator[str]:
    dimensions = {dimension.key for dimension in guide.dimensions}
    follow_ups = {follow_up.key for follow_up in guide.follow_ups}

    def check(place: str, key: str, known: Iterable[str], kind: str) -> Iterator[str]:
        if key not in known:
            yield f"{place}: There is no {kind} “{key}” in this file."

    for place, dimension in enumerate(guide.dimensions):
        for number, cell in enumerate(dimension.cells):
            yield from check(f"guide.dimensions[{place}].cells[{number}].role", cell.role, guide.role, "role")
    for place, signal in enumerate(guide.signals):
        yield from check(f"guide.signals[{place}].role", signal.role, guide.role, "role")
        for number, key in enumerate(signal.speaks_to):
            yield from check(f"guide.signals[{place}].speaks_to[{number}]", key, dimensions, "dimension")
    for place, question in enumerate(guide.questions):
        if question.role:
            yield from check(f"guide.questions[{place}].role", question.role, guide.role, "role")
        if question.follow_up:
            yield from check(f"guide.questions[{place}].follow_up", question.follow_up, follow_ups, "follow-up")
    for place, outcome in enumerate(guide.outcomes):
        for number, key in enumerate(outcome.roles):
            yield from check(f"guide.outcomes[{place}].roles[{number}]", key, guide.role, "role")
    for place, rule in enumerate(guide.rules):
        yield from check(f"guide.rules[{place}].outcome", rule.outcome, guide.outcome, "outcome")


def _conditions(guide: Guide) -> Iterator[str]:
    vocabulary = guide_vocabulary(guide)
    for place, rule in enumerate(guide.rules):
        yield from (f"guide.rules[{place}].when: {problem}" for problem in condition_problems(rule.when, vocabulary))
    for place, remark in enumerate(guide.remarks):
        found = condition_problems(remark.when, vocabulary, outcome=True)
        yield from (f"guide.remarks[{place}].when: {problem}" for problem in found)
    for place, follow_up in enumerate(guide.follow_ups):
        for number, when in enumerate(follow_up.asked_when):
            found = condition_problems(when, vocabulary)
            yield from (f"guide.follow_ups[{place}].asked_when[{number}]: {problem}" for problem in found)


def _cases(guide: Guide, cases: list[Case]) -> Iterator[str]:
    remarks = {remark.key for remark in guide.remarks}
    for place, case in enumerate(cases):
        for name in unknown_in(guide, case.pairs):
            yield f"scenarios[{place}].answers: “{name}” is not answered as this guide asks it."
        if case.outcome not in guide.outcome:
            yield f"scenarios[{place}].outcome: There is no outcome “{case.outcome}” in this file."
        for key in case.remarks:
            if key not in remarks:
                yield f"scenarios[{place}].remarks: There is no remark “{key}” in this file."
