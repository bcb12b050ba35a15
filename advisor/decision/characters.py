"""Characters that are in a text without being seen."""

import re
from unicodedata import category

DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates: what is not closed turns what stands beside the text as well."""

INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
"""Letters and symbols by their category that are drawn as nothing."""


def is_visible(text: str) -> bool:
    """Whether there is anything to see: a letter, a digit or a symbol, and not only blanks and marks on nothing."""
    return any(category(character)[0] in "LNPS" and character not in INVISIBLE_LETTERS for character in text)
