"""Plain values as YAML that people review, and back with the line of every value.

A long text stands below ``>-``, a sentence a line, so that a changed word is a changed line; a text of several lines
stands below ``|-`` as it is. What is read is YAML 1.2, in which ``yes`` and ``no`` are texts.
"""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML, MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

from advisor.decision.guide_checks import SLUG

SHORT = 80
"""Characters of a text that stands beside the name of its field."""
SENTENCE_END = re.compile(r"[.!?][”)]?( )(?=\S)")
CONFLICT = re.compile(r"^(<{7}|>{7})( |$)", re.MULTILINE)
TAG = "tag:yaml.org,2002:"
COLLECTIONS = {f"{TAG}map", f"{TAG}seq"}
HINTS = {
    "mapping values are not allowed": "A text with a colon and a blank in it has to stand in quotation marks.",
    "cannot start any token": "A line is indented with blanks, and a text that begins like this stands in quotation "
    "marks.",
    "unexpected end of stream": "A quotation mark is not closed.",
}
"""What people mostly did, by what the library says."""


class YamlError(ValueError):
    """A text that cannot be read, and its line; 0 where that is not known."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def write_yaml(value: Any) -> str:
    """The same value gives the same text."""
    yaml, out = YAML(), StringIO()
    # Long lines are broken at the ends of sentences and nowhere else.
    yaml.width = 1_000_000
    yaml.dump(_styled(value), out)
    return out.getvalue()


def _styled(value: Any) -> Any:
    match value:
        case dict():
            return CommentedMap((_styled_name(name), _styled(part)) for name, part in value.items())
        case list():
            parts = CommentedSeq(map(_styled, value))
            if all(isinstance(part, str) and SLUG.fullmatch(part) for part in value):
                # Keys, or nothing at all.
                parts.fa.set_flow_style()
            return parts
        case str():
            return _styled_text(value)
        case _:
            return value


def _styled_name(name: str) -> Any:
    """Names of fields and inputs are plain, but for those that nobody could have wanted."""
    return name if name.isprintable() and name == name.strip() else DoubleQuotedScalarString(name)


def _styled_text(text: str) -> Any:
    if not all(line.isprintable() for line in text.split("\n")) or text != text.strip():
        return DoubleQuotedScalarString(text) if text else text
    if "\n" in text:
        return LiteralScalarString(text)
    ends = [match.start(1) for match in SENTENCE_END.finditer(text)]
    if not ends and (len(text) <= SHORT or " " not in text):
        return text
    folded = FoldedScalarString(text)
    folded.fold_pos = ends
    return folded


def read_yaml(text: str) -> tuple[Any, dict[str, int]]:
    """The value, and the line of each place in it: ``[2].text``. Raises ``YamlError``."""
    if conflict := CONFLICT.search(text):
        raise YamlError(text.count("\n", 0, conflict.start()) + 1, "The marks of a conflict in git still stand here.")
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        lines: dict[str, int] = {}
        return _value(node, "", lines) if node else None, lines
    except MarkedYAMLError as error:
        said = str(error.problem or error.context)
        hint = next((hint for part, hint in HINTS.items() if part in said), "Look at how the lines are indented.")
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 0, f"This cannot be read as YAML ({said}). {hint}") from None
    except YAMLError:
        raise YamlError(0, "It holds characters that are no text.") from None
    except RecursionError:
        raise YamlError(0, "It is nested too deeply.") from None


def _value(node: Any, place: str, lines: dict[str, int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if node.anchor:
        raise YamlError(line, f"“&{node.anchor}” refers to what stands elsewhere; write it out at each place.")
    if not isinstance(node, ScalarNode) and str(node.tag) not in COLLECTIONS:
        raise YamlError(line, f"“{node.tag}” means nothing here; write a text, a number or a list.")
    match node:
        case MappingNode():
            return dict(_fields(node, place, lines))
        case SequenceNode():
            return [_value(part, f"{place}[{number}]", lines) for number, part in enumerate(node.value)]
        case ScalarNode():
            return _scalar(node)
        case _:
            raise YamlError(line, "This is no value.")


def _fields(node: MappingNode, place: str, lines: dict[str, int]) -> Iterator[tuple[str, Any]]:
    seen = set[str]()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise YamlError(line, "The name of a field is a text.")
        if key.value in seen:
            raise YamlError(line, f"“{key.value}” stands twice in one place.")
        seen.add(key.value)
        lines[f"{place}.{key.value}"] = line
        yield key.value, _value(value, f"{place}.{key.value}", lines)


def _scalar(node: ScalarNode) -> Any:
    """A text, or what no text could be: a date is one."""
    match str(node.tag).removeprefix(TAG):
        case "null":
            return None
        case "bool":
            return node.value.lower() == "true"
        case "int" | "float" as tag:
            try:
                return int(node.value) if tag == "int" else float(node.value)
            except ValueError:
                return node.value
        case "str" | "timestamp" | "merge" | "value":
            return node.value
        case tag:
            raise YamlError(node.start_mark.line + 1, f"“{tag}” means nothing here; write a text, a number or a list.")
