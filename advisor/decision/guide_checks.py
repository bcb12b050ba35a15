"""The rules for keys, names and conditions, which hold for a guide in a file and for one that is published.

Each function finds what breaks one rule. Whoever asks says it in words, with the place as it is called there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from advisor.decision.characters import DIRECTION_CONTROLS
from advisor.decision.conditions import BALANCE
from advisor.decision.guide import (
    EVEN,
    NOT_ANSWERED,
    Condition,
    Dimension,
    FollowUp,
    Guide,
    KeyOf,
    NeedRow,
    Question,
    Remark,
    Role,
    Rule,
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

RESERVED_GUIDE_KEYS = frozenset(
    {"accessibility", "admin", "calls", "healthz", "metrics", "preview", "privacy", "r", "readyz", "static"}
)
"""First segments of addresses that mean something else."""

RESERVED_QUESTION_KEYS = frozenset(
    {"asked", "balance", "call", "clock", "code", "compare", "edition", "evidence", "from", "key", "need", "outcome"}
    | {"ref", "result", "signal", "slot", "together", "week", "zone"}
)
"""Segments, parameters and inputs that mean something else, beside everything that begins with ``utm``."""

RESERVED_SINCE_NEEDS = frozenset({BALANCE, "need"})
"""Those of questions that only conditions need for something else, and no address."""

RESERVED_KEYS: Mapping[type[Any], frozenset[str]] = {
    Question: RESERVED_QUESTION_KEYS,
    Role: frozenset({NOT_ANSWERED, EVEN}),
}
"""Of each kind of part the keys that mean something else; of all others ``NOT_ANSWERED``."""


class PlacedPart(NamedTuple):
    """A part of a guide, and where it is."""

    value: Any
    path: str
    """In a document: ``questions[0].choices[1]``."""
    place: str
    """As staff know it: ``questions software choices yes``, ``rules 3``."""


def parts(owner: msgspec.Struct, path: str = "", place: str = "") -> Iterator[PlacedPart]:
    """Every part of a guide, each before its own parts."""
    for name in owner.__struct_fields__:
        values = getattr(owner, name)
        for number, value in enumerate(values if isinstance(values, tuple) else ()):
            if isinstance(value, msgspec.Struct):
                called = getattr(value, "key", number + 1)
                part = PlacedPart(value, f"{path}.{name}[{number}]".lstrip("."), f"{place} {name} {called}".lstrip())
                yield part
                yield from parts(value, part.path, part.place)


def key_problem(key: str, reserved: frozenset[str]) -> str:
    """What is wrong with a key, as a sentence, or "" when it can be used."""
    if not SLUG.fullmatch(key):
        return "A key is made of small letters, digits and single hyphens."
    if key in reserved or (reserved is RESERVED_QUESTION_KEYS and key.startswith("utm")):
        return f"“{key}” means something else in addresses; choose another key."
    return ""


def text_problem(text: str) -> str:
    """What is wrong with the characters of a text, as a sentence, or "" when it can be shown."""
    if found := DIRECTION_CONTROLS.search(text):
        code = f"U+{ord(found[0]):04X}"
        return f"It holds an invisible character that turns the direction of what follows ({code}). Type the text anew."
    return ""


def unusable_keys(guide: Guide) -> Iterator[tuple[PlacedPart, str]]:
    """The parts whose keys cannot be used, each with the sentence that says why."""
    for part in parts(guide):
        reserved = RESERVED_KEYS.get(type(part.value), frozenset({NOT_ANSWERED}))
        problem = key_problem(part.value.key, reserved) if "key" in part.value.__struct_fields__ else ""
        if problem and not _is_from_before_needs(guide, part.value):
            yield part, problem


def _is_from_before_needs(guide: Guide, value: Any) -> bool:
    """Whether a key is reserved only since there are needs, in a guide that has none: it means what it meant."""
    if any(role.need for role in guide.roles):
        return False
    if isinstance(value, Question):
        return value.key in RESERVED_SINCE_NEEDS
    # Beside a role of this key nobody could say that no role is ahead.
    return (
        isinstance(value, Role) and value.key == EVEN and not any(BALANCE in when for _, _, when in conditions(guide))
    )


def repeated_keys(guide: Guide) -> Iterator[PlacedPart]:
    """The parts whose key another one before them in the same list has."""
    seen = set[tuple[str, str]]()
    for part in parts(guide):
        if "key" in part.value.__struct_fields__:
            known = part.path.rpartition("[")[0], part.value.key
            if known in seen:
                yield part
            seen.add(known)


def cells_by_role(guide: Guide) -> Iterator[tuple[PlacedPart, Counter[str]]]:
    """The rows of the comparison table, each with the number of its cells for each role; one is right."""
    for part in parts(guide):
        if isinstance(part.value, Dimension):
            yield part, Counter(cell.role for cell in part.value.cells)


class UnknownName(NamedTuple):
    """A key that a part names, and that no part has."""

    part: PlacedPart
    path: str
    """Of the key: ``signals[2].speaks_to[0]``."""
    kind: str
    """Of what it should be: ``role``."""
    key: str


def unknown_names(guide: Guide) -> Iterator[UnknownName]:
    """What parts name and the guide does not have."""
    for part in parts(guide):
        for field, (list_name, is_optional) in naming_fields(part.value.__class__).items():
            known = {one.key for one in getattr(guide, list_name)}
            named, path = getattr(part.value, field), f"{part.path}.{field}"
            keys = {path: named} if isinstance(named, str) else {f"{path}[{n}]": key for n, key in enumerate(named)}
            for where, key in keys.items():
                if key not in known and not (is_optional and key == ""):
                    yield UnknownName(part, where, list_name.removesuffix("s").replace("_", "-"), key)


@cache
def naming_fields(kind: Any) -> dict[str, tuple[str, bool]]:
    """The fields that name other parts, each with the list that these are in and whether it may name none."""
    found = {}
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        hint = hints[field.name]
        for key in (one for inner in (hint, *get_args(hint)) for one in get_args(inner) if isinstance(one, KeyOf)):
            found[field.name] = key.list_name, not field.required
    return found


def conditions(guide: Guide) -> Iterator[tuple[PlacedPart, str, Condition]]:
    """Every condition, with its part and its path: ``follow_ups[0].asked_when[1]``."""
    for part in parts(guide):
        if isinstance(part.value, NeedRow | Rule | Remark):
            yield part, f"{part.path}.when", part.value.when
        elif isinstance(part.value, FollowUp):
            for number, when in enumerate(part.value.asked_when):
                yield part, f"{part.path}.asked_when[{number}]", when


def questions_about(guide: Guide) -> Counter[str]:
    """Role key to the number of questions about it; one is right."""
    return Counter(question.role for question in guide.questions if question.role)
