"""The formats that documents of a guide were ever published in, and the steps from each to the next.

An edition is kept for ever in the bytes it was published in, so every format that was ever released can be read for
ever. A document says in which it is, and so does an exported file by its version. What is older than ``FORMAT`` is
brought to it step by step when it is read, and never written back; what is newer comes from a newer release and is
refused.

To change the document (``guide.Guide``) in any way: raise ``FORMAT``, write the step from the format before, and add a
folder of samples to ``tests/editions``. A test fails until all three are done.
"""

from collections.abc import Callable, Mapping
from typing import Any

FORMAT = 1
"""The format that this release writes."""

Document = dict[str, Any]
"""A document as plain JSON values."""

Step = Callable[[Document], Document]
"""Brings a document from one format to the next. It may come from a file that someone made by hand: a step that meets
something other than it expects raises ``LookupError``, ``TypeError``, ``AttributeError`` or ``ValueError``."""

STEPS: Mapping[int, Step] = {}
"""From the number of a format to the step to the one after it."""


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
            document = STEPS[number](document)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise FormatError(f"it cannot be brought from format {number} to {number + 1}: {error}") from error
        document = {**document, "format": number + 1}
    return document
