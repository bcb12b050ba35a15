"""The formats that documents of a guide were ever published in, and the upgrade from each to the next.

An edition is kept for ever in the bytes it was published in, so every format that was ever released can be read for
ever. A document says in which it is, and so does an exported file by its version. What is older than ``FORMAT`` is
brought to it step by step when it is read, and never written back; what is newer comes from a newer release and is
refused.

To change the document (``guide.Guide``) in any way: raise ``FORMAT``, write the upgrade from the format before, and add
a folder of samples to ``tests/editions``. A test fails until all three are done.
"""

from collections.abc import Callable, Mapping
from typing import Any

FORMAT = 2
"""The format that this release writes."""

Document = dict[str, Any]
"""A document as plain JSON values."""

Upgrade = Callable[[Document], Document]
"""Brings a document from one format to the next.

The document may come from a file that someone made by hand: an upgrade that meets something it does not expect raises
``LookupError``, ``TypeError``, ``AttributeError`` or ``ValueError``.
"""


def _to_format_2(document: Document) -> Document:
    """Format 2 has needs, doubts, the balance, a mark for the choice that leaves a question open, words that explain a
    question, and an example. Older guides have none of them, and go on deciding without: an old link keeps its
    certainty. What has what decides says the wrong format.
    """
    added = {
        "need": any(role.get("need") for role in document.get("roles", ())),
        "doubt": any(rule.get("doubt") for rule in document.get("rules", ())),
        "unsure": any(
            choice.get("unsure") for question in document.get("questions", ()) for choice in question.get("choices", ())
        ),
    }
    for name, is_there in added.items():
        if is_there:
            raise ValueError(f"it has “{name}”, which came with format 2; give it the format that it was written in")
    return document


UPGRADES: Mapping[int, Upgrade] = {1: _to_format_2}
"""By the number of a format, the upgrade to the next one."""


class FormatError(ValueError):
    """A document in a format that cannot be read; says why."""


class NewerFormatError(FormatError):
    """A document that was written by a newer release."""


def upgrade(document: Any) -> Any:
    """The same document in the current format; what is no document stays as it is, for whoever reads it to refuse.

    Raises ``FormatError``, and ``NewerFormatError`` for a format that this release does not know.
    """
    if not isinstance(document, dict):
        return document
    found = document.get("format", 1)
    if type(found) is not int or found < 1:
        raise FormatError(f"its format is {found!r}, which is no number of a format")
    if found > FORMAT:
        raise NewerFormatError(
            f"it is in format {found}, and this release reads formats up to {FORMAT}: a newer release published it"
        )
    for number in range(found, FORMAT):
        try:
            document = UPGRADES[number](document)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise FormatError(f"it cannot be brought from format {number} to {number + 1}: {error}") from error
        document = {**document, "format": number + 1}
    return document
