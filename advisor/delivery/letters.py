"""Letters: written once, and sent as text and as HTML with the same content."""

from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string

from advisor.delivery.attempt_result import short_line


@dataclass(frozen=True)
class Heading:
    """A heading above the blocks that follow it."""

    text: str


@dataclass(frozen=True)
class Link:
    """A link on a line of its own. The text version shows its address as well."""

    text: str
    address: str


Block = str | Heading | Link | list[str]
"""A paragraph, a heading, a link on a line of its own, or a list."""


class Letter:
    """A subject and the blocks below it."""

    def __init__(self, subject: str, *blocks: Block) -> None:
        # A name in it may contain characters that headers cannot, and then sending the letter would fail.
        self.subject = short_line(subject)
        self._blocks = [(type(block).__name__.lower(), block) for block in blocks]

    @cached_property
    def text(self) -> str:
        """The letter as plain text, without escaping."""
        return render_to_string("delivery/letter.txt", {"blocks": self._blocks}).strip() + "\n"

    @cached_property
    def html(self) -> str:
        """The letter as an HTML page without external resources."""
        return render_to_string("delivery/letter.html", {"subject": self.subject, "blocks": self._blocks})
