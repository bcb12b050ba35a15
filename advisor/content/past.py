"""What visitors answered before, for the rooms below to tell: this room keeps no answers and knows no person."""

from collections.abc import Callable, Sequence

PastAnswers = Callable[[str, int], Sequence[str]]
"""From a guide's key and how many at most to the query strings of answers, newest first."""

sources: list[PastAnswers] = []
"""Filled when the process starts; empty where no room below keeps answers."""


def last_answers(guide_key: str, limit: int) -> list[str]:
    """The newest answers that were kept for a guide, as query strings."""
    return [query for source in sources for query in source(guide_key, limit)][:limit]
