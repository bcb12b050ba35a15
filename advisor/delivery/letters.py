"""A letter is written once, and sent as text and as HTML that say the same."""

from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string

from advisor.delivery.outcome import one_line


@dataclass(frozen=True)
class Heading:
    """What the parts after it are about."""

    text: str


@dataclass(frozen=True)
class Link:
    """An address with what it leads to; the text has both."""

    text: str
    address: str


Part = str | Heading | Link | list[str]
"""A paragraph, a heading, a link on a line of its own, or a list."""


class Letter:
    """A subject, and parts in order."""

    def __init__(self, subject: str, *parts: Part) -> None:
        # A name in it may hold what no header can, and a message that cannot be written would stop whoever writes it.
        self.subject = one_line(subject)
        self._parts = [(type(part).__name__.lower(), part) for part in parts]

    @cached_property
    def text(self) -> str:
        """As text; nothing is escaped."""
        return render_to_string("delivery/letter.txt", {"parts": self._parts}).strip() + "\n"

    @cached_property
    def html(self) -> str:
        """As a page that needs nothing from anywhere."""
        return render_to_string("delivery/letter.html", {"subject": self.subject, "parts": self._parts})
