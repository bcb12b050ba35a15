"""Values from anywhere in the form they should have: every place of another type is named, and mended to go on.

{"name": 7, "key": "ai"}  ->  "The name of signal 2 must be text; here it is a number.", and a signal without a name
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from advisor.content.problems import Problem

PLACEHOLDERS: dict[Any, object] = {str: "", int: 1, bool: False}
"""What stands for a value of another type."""
KINDS: dict[Any, str] = {str: "text", int: "a whole number", bool: "true or false"}


class LenientDecoder:
    """Reads values; ``is_lost`` says whether something that others may name was lost, so that no more can be told."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.replaced_places: list[str] = []
        self.is_lost = False

    def has_replaced(self, place: str) -> bool:
        """Whether what stands at a place, or around it or within, is not what was given."""
        return any(_is_within(place, replaced) or _is_within(replaced, place) for replaced in self.replaced_places)

    def convert[Found](self, value: Any, kind: type[Found], place: str) -> Found:
        """The value as this type, mended where it is not."""
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return msgspec.convert(self._converted(value, kind, place), kind)

    def _converted(self, value: Any, kind: Any, place: str) -> Any:
        origin, arguments = get_origin(kind), get_args(kind)
        if _is_struct(kind) and isinstance(value, dict):
            return dict(self._fields(value, kind, place))
        if origin in {tuple, list} and isinstance(value, list):
            return [self._converted(part, arguments[0], f"{place}[{number}]") for number, part in enumerate(value)]
        if origin is Mapping and isinstance(value, dict):
            return {name: self._converted(part, arguments[1], f"{place}.{name}") for name, part in value.items()}
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            self._note(place, f"must be {_kind_in_words(kind)}; here it is {_value_in_words(value, kind)}.")
            return self._placeholder(kind, place)
        return value

    def _fields(self, value: dict[str, Any], kind: type[msgspec.Struct], place: str) -> Iterator[tuple[str, Any]]:
        hints = get_type_hints(kind)
        for name in value.keys() - set(kind.__struct_fields__):
            known = get_close_matches(str(name), set(kind.__struct_fields__) - value.keys(), n=1)
            self._note(f"{place}.{name}", f"means nothing here{f'; do you mean “{known[0]}”?' if known else '.'}")
        for field in msgspec.structs.fields(kind):
            if field.name in value:
                yield field.name, self._converted(value[field.name], hints[field.name], f"{place}.{field.name}")
            elif field.required:
                self._note(f"{place}.{field.name}", "is missing.")
                yield field.name, self._placeholder(hints[field.name], f"{place}.{field.name}")

    def _note(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message, is_predicate=True))

    def _placeholder(self, kind: Any, place: str) -> Any:
        """Something of this type. Only parts are named by others, and by their keys."""
        self.replaced_places.append(place)
        self.is_lost |= place.endswith(".key") or any(_is_struct(part) for part in (kind, *get_args(kind)))
        if kind in PLACEHOLDERS:
            return PLACEHOLDERS[kind]
        if _is_choice(kind):
            return next(iter(kind)).value
        if _is_struct(kind):
            hints = get_type_hints(kind)
            required = (field.name for field in msgspec.structs.fields(kind) if field.required)
            return {name: self._placeholder(hints[name], place) for name in required}
        return {} if get_origin(kind) is Mapping else []


def _kind_in_words(kind: Any) -> str:
    """What a value should be, as an editor calls it."""
    if _is_choice(kind):
        return f"one of {', '.join(kind)}"
    if kind in KINDS:
        return KINDS[kind]
    if _is_struct(kind):
        return "a group of fields"
    return "a condition, as inputs with their values" if get_origin(kind) is Mapping else "a list"


def _value_in_words(value: Any, kind: Any) -> str:
    """What it is instead."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case str():
            return f"“{value}”" if _is_choice(kind) else "text"
        case int() | float():
            # What is a number and is still refused is not a whole one, or too large.
            return f"{value:.9g}" if kind is int else "a number"
        case list():
            return "a list"
        case _:
            return "a group of fields"


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_within(place: str, other: str) -> bool:
    return place == other or place.startswith((f"{other}.", f"{other}["))
