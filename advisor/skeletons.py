"""Pages put together from a skeleton: what a template makes around the texts of a page, rendered once and kept.

Most of a page is the same for everyone, and a template engine works it out anew for each. Of a page of the walk every
text in the context is a hole in its skeleton; what is no text (a guide, a role, a number) decides with which of the
skeletons it is shown, and so does whether a text is empty. Filled in, the page is what the template alone would have
made, as long as the template shows a text or asks whether it is empty, and does nothing else with it.
``tests/assessment/test_skeletons.py`` compares both for every kind of page.
"""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape

from django.template.loader import get_template
from django.utils.safestring import SafeString

MAX_SKELETONS = 512
"""Each has some ten thousand characters; the first guide needs some hundred."""

HOLE = "\0"
"""Stands on both sides of the number of a hole. No template and no guide contains it."""


@lru_cache(maxsize=MAX_SKELETONS)
def _skeleton(template: str, texts: tuple[str, ...], others: tuple[tuple[str, Hashable], ...]) -> tuple[str, ...]:
    """What stands between the holes, and at every second place the name of the text that fills one."""
    holes = {name: SafeString(f"{HOLE}{name}{HOLE}") for name in texts}
    return tuple(get_template(template).render({**dict(others), **holes}).split(HOLE))


def fill_in(template: str, context: Mapping[str, Hashable]) -> SafeString:
    """The page that a template makes of a context."""
    texts = {name: value for name, value in context.items() if isinstance(value, str) and value}
    others = tuple(item for item in context.items() if item[0] not in texts)
    parts = [*_skeleton(template, tuple(texts), others)]
    parts[1::2] = [texts[name] if isinstance(texts[name], SafeString) else escape(texts[name]) for name in parts[1::2]]
    return SafeString("".join(parts))
