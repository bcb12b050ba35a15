"""What is wrong with a guide from elsewhere, in the words of an editor, each with the place where it stands.

guide.title, "must be text; here it is a number."  ->  The title of the guide must be text; here it is a number.
guide.signals[2].role, "There is no role “coach” in this guide."
    ->  The “role” of the signal “Messy stack”: There is no role “coach” in this guide.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import models

from advisor.content.guide_parts import owned_models
from advisor.content.models import Guide, NeedRow
from advisor.content.models.declarations import document_fields, title_field

MAX_TITLE_LENGTH = 60
"""Characters of the title by which a part is called in a sentence."""
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class Problem(NamedTuple):
    """What is wrong with one value."""

    place: str
    """In a document: ``guide.signals[2].role``, ``scenarios[0]``; or what is wrong as a whole: ``file``."""
    message: str
    is_predicate: bool = False
    """Whether the message goes on where the name of the value ends, and is no sentence of its own."""


class ProblemsError(ValueError):
    """Nothing can be made of a guide from elsewhere. ``problems`` has each place with its sentence."""

    def __init__(self, problems: Iterable[Problem], said: Mapping[str, Any]) -> None:
        """``said`` has the guide and its scenarios as plain values, whatever they are."""
        self.problems = [(problem.place, sentence(problem, said)) for problem in problems]
        super().__init__("\n".join(self.messages))

    @property
    def messages(self) -> list[str]:
        """Each problem as one text: what is wrong, and where in the document."""
        return [_placed(place, words) for place, words in self.problems]


def _placed(place: str, words: str) -> str:
    if not place.startswith(("guide", "scenarios")):
        return f"{place}: {words}"
    return f"{words[:-1]} ({place})." if words.endswith(".") else f"{words} ({place})"


def sentence(problem: Problem, said: Mapping[str, Any]) -> str:
    """A problem as a sentence that names what is wrong."""
    name = name_of(problem.place, said)
    if not name:
        return problem.message
    return f"{name[:1].upper()}{name[1:]}{'' if problem.is_predicate else ':'} {problem.message}"


def name_of(place: str, said: Mapping[str, Any]) -> str:
    """What staff call the value at a place: "the name of the role “Fractional CTO”"; "" for no place of a guide."""
    first, *steps = [number or name for number, name in STEP.findall(place)] or [""]
    if first == "scenarios":
        return _name(Guide, said, ["scenarios", *steps], "")
    return _name(Guide, said.get("guide"), steps, "the guide") if first == "guide" else ""


def _name(owner: Any, value: Any, steps: list[str], name: str) -> str:
    """The name of what the steps lead to from a part, which is called by this name."""
    if not steps:
        return name
    of = f" of {name}" if name and owner is not Guide else ""
    first, *rest = steps
    if not (model := next((model for model in owned_models(owner) if model.part.list_name == first), None)):
        return _name_in_field(owner, first, rest, name)
    if not rest:
        return f"the list of {model.part.plural.lower()}{of}"
    number = int(rest[0])
    listed = value.get(first) if isinstance(value, dict) else None
    part = listed[number] if isinstance(listed, list | tuple) and number < len(listed) else None
    return _name(model, part, rest[1:], f"{_called(model, part, number)}{of}")


def _called(model: Any, part: Any, number: int) -> str:
    """A part by its title, or else by its number."""
    title = part.get(title_field(model)) if isinstance(part, dict) else part
    kind = model.part.name.lower()
    if isinstance(title, str) and title.strip():
        return f"the {kind} “{title[:MAX_TITLE_LENGTH]}{'…' if len(title) > MAX_TITLE_LENGTH else ''}”"
    return f"row {number + 1} of the need" if model is NeedRow else f"{kind} {number + 1}"


def _name_in_field(owner: Any, field_name: str, steps: list[str], of: str) -> str:
    """The name of a field, or of what stands within it: an entry of a list, an input of a condition."""
    name = f"the {_label(owner, field_name)} of {of}"
    for step in steps:
        name = f"entry {int(step) + 1} in {name}" if step.isdecimal() else f"“{step}” in {name}"
    return name


def _label(owner: Any, field_name: str) -> str:
    """What the form of a part calls a field. Only one word that means a text is plain enough to do without marks."""
    field, declaration = document_fields(owner).get(field_name, (None, None))
    if field is None or declaration is None:
        return f"“{field_name}”"
    if declaration.decides:
        return "condition"
    label = str(field.verbose_name)
    is_plain = isinstance(field, models.CharField | models.TextField) and not declaration.is_list
    return label if is_plain and label.isalpha() else f"“{label}”"
