"""Values from anywhere in the form they should have: every place of another type is named, and mended to go on.

{"name": 7, "key": "ai"}  ->  "signals[1].name: Expected `str`, got `int`.", and the signal ai with an empty name
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

PLACEHOLDERS: dict[Any, object] = {str: "", int: 1, bool: False}
"""What stands for a value of another type."""


class LenientDecoder:
    """Reads values; ``is_lost`` says whether something that others may name was lost, so that no more can be told."""

    def __init__(self) -> None:
        self.problems: list[str] = []
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
        except msgspec.ValidationError as error:
            self.problems.append(f"{place}: {error}.")
            return self._placeholder(kind, place)
        return value

    def _fields(self, value: dict[str, Any], kind: type[msgspec.Struct], place: str) -> Iterator[tuple[str, Any]]:
        hints = get_type_hints(kind)
        for name in value.keys() - set(kind.__struct_fields__):
            self.problems.append(f"{place}: Object contains unknown field `{name}`.")
        for field in msgspec.structs.fields(kind):
            if field.name in value:
                yield field.name, self._converted(value[field.name], hints[field.name], f"{place}.{field.name}")
            elif field.required:
                self.problems.append(f"{place}: Object missing required field `{field.name}`.")
                yield field.name, self._placeholder(hints[field.name], f"{place}.{field.name}")

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


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_within(place: str, other: str) -> bool:
    return place == other or place.startswith((f"{other}.", f"{other}["))
