"""The one cache of rendered partials: what a function says of many visitors alike is rendered once.

A partial depends on its arguments alone: a guide, which never changes, and the few answers that it shows. Only the
query of its links differs from visitor to visitor: a partial contains ``QUERY`` in its place, and ``with_query`` puts
it there.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache, wraps
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

Context = dict[str, Any]

CACHE_SIZE = 16_384
"""Rendered partials; a guide of the size of the first has some thousands."""

QUERY = SafeString("&query;")
"""Stands for the query of a link. No escaped text contains it, as every & of a text becomes &amp;."""


@lru_cache(maxsize=CACHE_SIZE)
def _render(template: str, build_context: Callable[..., Context], *args: Hashable) -> SafeString:
    return render_to_string(template, build_context(*args))


def cached_partial[*Args](template: str) -> Callable[[Callable[[*Args], Context]], Callable[[*Args], SafeString]]:
    """Turns a function that builds the context of a template into one that returns the HTML.

    Each set of arguments is rendered once, so they must be hashable and never change.
    """

    def decorate(build_context: Callable[[*Args], Context]) -> Callable[[*Args], SafeString]:
        @wraps(build_context)
        def render(*args: *Args) -> SafeString:
            return _render(template, build_context, *args)

        return render

    return decorate


def concatenated(partials: Iterable[SafeString]) -> SafeString:
    """These partials one after the other."""
    return SafeString("".join(partials))


def with_query(query: str, partials: Iterable[SafeString]) -> SafeString:
    """These partials one after the other, with this query in their links."""
    return SafeString("".join(partials).replace(QUERY, escape(query)))
