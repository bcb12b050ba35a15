"""Who changed what in a guide and when, with the old and the new value."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.editing.fields.inputs import Input, condition_by_inputs, draft_inputs
from advisor.content.editing.pages import READ, guide_page, render_staff
from advisor.content.guide_parts import LOADED, RECORDED, past_of
from advisor.content.models import Cell, Dimension, Guide, NeedRow, Role, Rule
from advisor.content.models.declarations import deciding_field, title_field
from advisor.decision.conditions import Stage

CHANGES_PER_PAGE = 50
DONE = {"+": "added", "~": "changed", "-": "deleted"}
BY_KIND = {str(model._meta.model_name): model for model in RECORDED}

Texts = dict[str, str]
"""Field to what it said."""


@dataclass(frozen=True)
class RecordedChange:
    """One object changed by one person at one time."""

    at: datetime
    by: str
    done: str
    kind: str
    name: str
    values: list[tuple[str, str, str]]
    """Field, old value, new value."""
    is_first: bool
    """Whether nothing is known of how it was before."""
    number: int
    """Of the record, in the history of its kind."""


class Reader:
    """Reads records of one guide in words."""

    def __init__(self, guide: Guide) -> None:
        self.inputs: dict[str, Input] = draft_inputs(guide, Stage.REMARK)
        self.names: dict[tuple[type[Model], int], str] = {}

    def change(self, record: Any) -> RecordedChange:
        """What one record changed."""
        model, before = record.instance_type, record.prev_record
        old = self.texts(before) if before else {}
        new = self.texts(record)
        if record.history_type == "-":
            old, new = new, {}
        is_loaded, reason = record.history_change_reason == LOADED, record.history_change_reason or ""
        is_first = record.history_type == "~" and before is None and not is_loaded
        differing = [] if is_first else [name for name in {**new, **old} if old.get(name, "") != new.get(name, "")]
        return RecordedChange(
            at=record.history_date,
            by=record.history_user.get_username() if record.history_user else "outside the admin",
            done="as it was loaded" if is_loaded else f"{DONE[record.history_type]}{reason and ' '}{reason}",
            kind=str(model._meta.verbose_name),
            name=self.name(model, record),
            values=[(field_label(model, name), old.get(name, ""), new.get(name, "")) for name in differing],
            is_first=is_first,
            number=record.history_id,
        )

    def texts(self, record: Any) -> Texts:
        """Everything a record says, in words."""
        fields = [field for field in record.tracked_fields if field.editable and field.name not in {"id", "guide"}]
        said = {field.name: self.text(field, getattr(record, field.attname)) for field in fields}
        return said | dict(self.lists(record))

    def text(self, field: Any, value: Any) -> str:
        """One value in words."""
        if field.name == deciding_field(field.model):
            conditions = value if isinstance(value, list) else [value]
            return "; or ".join(condition_by_inputs(when, self.inputs) for when in conditions if isinstance(when, dict))
        if field.is_relation:
            return self.name_of(field.related_model, value) if value else "–"
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)

    def lists(self, record: Any) -> Iterator[tuple[str, str]]:
        """What a record names in lists."""
        for field in record._history_m2m_fields:
            keys = getattr(record, field.name).order_by(field.m2m_reverse_name())
            names = [
                self.name_of(field.related_model, key) for key in keys.values_list(field.m2m_reverse_name(), flat=True)
            ]
            yield field.name, ", ".join(names)

    def name_of(self, model: type[Model], key: int) -> str:
        """The name of a part, which may be deleted."""
        if (model, key) not in self.names:
            part = model._default_manager.filter(pk=key).first()
            part = part or model.history.filter(id=key).first()  # type: ignore[attr-defined]
            self.names[model, key] = self.name(model, part) if part else f"number {key}, deleted"
        return self.names[model, key]

    def name(self, model: type[Model], part: Any) -> str:
        """What staff call a part, or what a record of it is about."""
        if model is Cell:
            return f"{self.name_of(Dimension, part.dimension_id)}, {self.name_of(Role, part.role_id)}"
        if model is NeedRow:
            return f"{self.name_of(Role, part.role_id)}, number {part.position}"
        if model is Rule:
            return f"number {part.position}"
        return str(getattr(part, title_field(model)))


def field_label(model: type[Model], name: str) -> str:
    """What staff call a field."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name)).capitalize()


def changes_of(guide: Guide) -> QuerySet[Any, Any]:
    """When each change but the first loading was made, its number in the history of its kind, and the kind; newest
    first.
    """
    each = [
        past_of(guide, model)
        .exclude(history_change_reason=LOADED)
        .order_by()
        .annotate(of=Value(kind))
        .values_list("history_date", "history_id", "of")
        for kind, model in BY_KIND.items()
    ]
    every: QuerySet[Any, Any] = each[0].union(*each[1:], all=True)
    return every.order_by("-history_date", "of", "-history_id")


def read_changes(guide: Guide, found: list[tuple[datetime, int, str]]) -> list[RecordedChange]:
    """What ``changes_of`` has found, in the same order, in words."""
    numbers = defaultdict(list)
    for _, number, kind in found:
        numbers[kind].append(number)
    records = {
        (kind, record.history_id): record
        for kind, some in numbers.items()
        for record in past_of(guide, BY_KIND[kind]).filter(history_id__in=some).select_related("history_user")
    }
    reader = Reader(guide)
    return [reader.change(records[kind, number]) for _, number, kind in found]


@require_safe
@guide_page(READ)
def changes(request: HttpRequest, guide: Guide) -> HttpResponse:
    """Every recorded change of a guide but its first loading, newest first, a page at a time."""
    page = Paginator(changes_of(guide), CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "changes": read_changes(guide, list(page))}
    return render_staff(request, "content/rows_changes.html", guide, "Changes", context)
