"""What every page of a walk is: forms that are read, checked and saved together."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import QueryDict

from advisor.content.editing.positions import append_position
from advisor.content.editing.walks.forms import MAX_LINES, ROOM, LinesFormSet
from advisor.content.models import Guide, Role
from advisor.fields import InSummary
from advisor.text import parse_key


class Step:
    """One page of a walk. ``data`` is what was sent, if anything was."""

    name: ClassVar[str]
    """Its place in the address."""
    title: ClassVar[str]
    about: ClassVar[str] = ""
    """What it is good for, below the heading."""
    template: ClassVar[str] = "content/walk_forms.html"
    needs: ClassVar[str] = ""
    """The step that comes first."""

    def __init__(self, guide: Guide, role: Role | None, data: QueryDict | None) -> None:
        self.guide, self.data = guide, data
        self.role: Any = role
        """The role that is walked through; None in a walk about a guide, and for one that is not there yet."""
        self.sections: list[tuple[str, Any]] = []
        """Forms with their headings; "" for the first."""
        self.lines: LinesFormSet | None = None
        self.lines_heading = ""
        self.build()

    def build(self) -> None:
        """Make the forms."""

    def is_open(self) -> bool:
        """Whether what comes before is there."""
        return True

    @property
    def forms(self) -> list[Any]:
        return [form for _, form in self.sections]

    def hush(self) -> None:
        """Show what was typed, and say nothing about it."""
        for form in self.forms:
            form.hush()
        if self.lines is not None:
            self.lines.hush()

    def is_valid(self) -> bool:
        """Whether everything can be saved; each is asked, so that all errors are shown at once."""
        found = [form.is_valid() for form in [*self.forms, *([self.lines] if self.lines is not None else [])]]
        return all(found)

    def save(self) -> str:
        """Write it, under the lock on the guide. Returns what the editor has to know, or ""."""
        raise NotImplementedError

    @property
    def summary(self) -> Iterator[InSummary]:
        """All errors, in the order of the page."""
        for form in self.forms:
            yield from form.summary
        if self.lines is None:
            return
        for error in self.lines.non_form_errors():
            yield InSummary("", str(error))
        for number, form in enumerate(self.lines.forms, 1):
            for target, message in form.summary:  # type: ignore[attr-defined]
                yield InSummary(target, f"{self.lines.called} {number}: {message}")


def with_room(data: QueryDict, prefix: str) -> QueryDict:
    """What was sent, with more lines."""
    more, count = data.copy(), parse_key(data.get(f"{prefix}-TOTAL_FORMS", "")) or 0
    more[f"{prefix}-TOTAL_FORMS"] = str(max(count, min(count + ROOM, MAX_LINES)))
    return more


def save_part(form: Any) -> bool:
    """Save the part of a form: a new one at the last place of its kind, one that is there if it was changed. Returns
    whether it is new.
    """
    is_new = form.instance.pk is None
    if is_new:
        append_position(form.instance)
    if is_new or form.has_changed():
        form.save()
    return is_new
