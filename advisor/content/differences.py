"""What differs between two documents of a guide, place by place, in the words that visitors read.

roles fractional-cto summary: A senior generalist who [answers for -> owns] all of your technology
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Any

import msgspec

from advisor.content.guide_parts import ONLY_IN_EDITIONS
from advisor.content.models import PARTS, NeedRow, Rule
from advisor.content.models.declarations import deciding_field
from advisor.content.wording import condition_in_words
from advisor.decision import guide as decision
from advisor.decision.guide import Guide

NOT_COMPARED = {*ONLY_IN_EDITIONS, "key", Rule.part.list_name}
"""What is no change of the guide, and the rules, which are compared as rows of a table, as are the needs of roles."""
CONDITIONS = {name for model in PARTS if (name := deciding_field(model))}


@dataclass(frozen=True)
class Piece:
    """Some words of a text: ``kind`` says whether both have them (same), only the old (gone) or the new (new)."""

    kind: str
    words: str


@dataclass(frozen=True)
class TextDifference:
    """One place that says something else, as the pieces of both texts in reading order."""

    place: str
    pieces: tuple[Piece, ...]


def differences(old: Guide, new: Guide) -> list[TextDifference]:
    """Every text, list and condition that differs, in the order of the new document; what is gone comes last."""
    before, after = _texts(old), _texts(new)
    places = [*after, *(place for place in before if place not in after)]
    found = [
        TextDifference(
            place,
            tuple(_pieces(_in_words(old, place, before.get(place, "")), _in_words(new, place, after.get(place, "")))),
        )
        for place in places
        if before.get(place, "") != after.get(place, "")
    ]
    return [*found, *_need_differences(old, new), *_rule_differences(old, new)]


def _texts(guide: Guide) -> dict[str, str]:
    """Place to what stands there; a condition as it is stored, so that it differs only where it decides otherwise."""
    document = msgspec.to_builtins(guide)
    return dict(_flat({name: value for name, value in document.items() if name not in NOT_COMPARED}, ""))


def _in_words(guide: Guide, place: str, stored: str) -> str:
    """What stands at a place, as people read it."""
    _, _, rest = place.partition(" ")
    if not stored or rest.rpartition(" ")[2] not in CONDITIONS:
        return stored
    conditions = msgspec.json.decode(stored)
    listed = conditions if isinstance(conditions, list) else [conditions]
    return "; or ".join(condition_in_words(guide, when) for when in listed)


def _flat(value: Any, place: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, part in value.items():
                if name == NeedRow.part.list_name:
                    continue
                if name in CONDITIONS:
                    yield f"{place} {name}", msgspec.json.encode(part, order="sorted").decode()
                elif name != "key":
                    yield from _flat(part, f"{place} {name}".strip())
        case [dict(), *_]:
            keys = [part.get("key") or part.get("role") or str(number) for number, part in enumerate(value, 1)]
            if "key" in value[0]:
                yield f"{place} order", ", ".join(keys)
            for key, part in zip(keys, value, strict=True):
                yield from _flat(part, f"{place} {key}")
        case list() | tuple():
            yield place, "\n".join(map(str, value))
        case bool():
            yield place, "yes" if value else "no"
        case _:
            yield place, str(value)


def _need_differences(old: Guide, new: Guide) -> Iterator[TextDifference]:
    """The rows of each role's need that say something else, as those of the outcome table."""
    for key in {**new.role, **old.role}:
        before, after = (_rows(guide.role[key].need if key in guide.role else ()) for guide in (old, new))
        for place, was, now in _changed_rows(before, after):
            texts = ("" if n is None else need_in_words(guide, key, n) for guide, n in ((old, was), (new, now)))
            yield TextDifference(f"roles {key} need {place}", tuple(_pieces(*texts)))


def _rule_differences(old: Guide, new: Guide) -> Iterator[TextDifference]:
    """Each row of the outcome table that says something else."""
    for place, was, now in _changed_rows(_rows(old.rules), _rows(new.rules)):
        texts = ("" if number is None else rule_in_words(guide, number) for guide, number in ((old, was), (new, now)))
        yield TextDifference(f"rules {place}", tuple(_pieces(*texts)))


def _rows(rows: Sequence[Any]) -> list[bytes]:
    return [msgspec.json.encode(row, order="sorted") for row in rows]


def _changed_rows(before: list[bytes], after: list[bytes]) -> Iterator[tuple[str, int | None, int | None]]:
    """The rows that say something else: by their number in the new table, those that were taken out by their old one;
    then where they stood and where they stand, counted from 0.

    Where rows were replaced by others, they are compared in order: a row with another reason is that row, reworded. A
    row that was moved is taken out in one place and put in at the other.
    """
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for was, now in zip_longest(range(old_from, old_to), range(new_from, new_to)):
            yield f"{was + 1} before" if now is None else str(now + 1), was, now


def rule_in_words(guide: Guide, place: int) -> str:
    """A row of the outcome table, counted from 0, as a paragraph."""
    rule = guide.rules[place]
    return _row_in_words(guide, rule, guide.outcome[rule.outcome].name)


def need_in_words(guide: Guide, role: str, place: int) -> str:
    """A row of a role's need, counted from 0, as a paragraph."""
    row = guide.role[role].need[place]
    return _row_in_words(guide, row, "needed" if row.needed else "not needed")


def _row_in_words(guide: Guide, row: decision.Rule | decision.NeedRow, says: str) -> str:
    condition = f"If {condition_in_words(guide, row.when)}" if row.when else "Otherwise"
    doubt = f" Doubt: {row.doubt}" if row.doubt else ""
    return f"{condition}: {says}. {row.reason}{doubt}"


def _pieces(old: str, new: str) -> Iterator[Piece]:
    return _joined(_word_pieces(_words(old), _words(new)))


def _words(text: str) -> list[str]:
    """The words of a text; a line break stays one."""
    return text.replace("\n", " \n ").split(" ") if text else []


def _word_pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Piece("same", words) for words in new[new_from:new_to])
        else:
            yield from (Piece("gone", words) for words in old[old_from:old_to])
            yield from (Piece("new", words) for words in new[new_from:new_to])


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece."""
    for kind, found in groupby(pieces, key=lambda piece: piece.kind):
        yield Piece(kind, " ".join(piece.words for piece in found))
