"""Staff-written copy: Markdown to the few tags that a text of the guide may have.

Rendered when a guide is published and kept in its edition, so that an edition looks for ever as it did when it was
approved, whatever a later renderer makes of the same text.

    Ask **first** who owns it.  ->  <p>Ask <strong>first</strong> who owns it.</p>
"""

from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt

from advisor.content.guide_parts import RECORDED, placed_values
from advisor.content.models.declarations import markdown_fields
from advisor.decision.guide import Guide

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "blockquote"}
LINKS = {"http", "https", "mailto"}

# A single line break stays one, as it did before there was Markdown. Pictures would come from elsewhere, and headings
# would stand in the outline of a page that has its own.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "heading", "lheading", "html_block"]
)


def render(text: str) -> str:
    """The HTML of one text; nothing in it is ever executed, whatever the text holds."""
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=LINKS,
        link_rel="noopener nofollow",
    ).strip()


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The words alone, in one line: for descriptions, lists and what is kept with a lead."""
    return " ".join(unescape(nh3.clean(render(text), tags=set())).split())


def long_texts(guide: Guide) -> list[str]:
    """Every text of a guide that may hold Markdown: those which pages show as blocks of their own."""
    return [
        getattr(value, name)
        for model in RECORDED
        for name in markdown_fields(model)
        for _, value in placed_values(guide, model)
    ]


def render_long_texts(guide: Guide) -> dict[str, str]:
    """The HTML of each long text, by the text."""
    return {text: render(text) for text in long_texts(guide)}
