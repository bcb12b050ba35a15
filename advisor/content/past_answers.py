"""The answers of past visitors. This room stores none: the setting ``PAST_ANSWERS`` names who knows them."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string


def past_answers(guide_key: str, limit: int) -> Sequence[str]:
    """The newest answers to a guide, as query strings, newest first."""
    query: Callable[[str, int], Sequence[str]] = import_string(settings.PAST_ANSWERS)
    return query(guide_key, limit)
