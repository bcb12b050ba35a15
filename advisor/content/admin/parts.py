"""The parts of a guide in Django admin, each with its guide beside it and its history behind it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    FollowUp,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    Signal,
)
from advisor.content.models.parts import Part


class KeyLockedForm(forms.ModelForm):
    """A key that was given stays, as it is in links, conditions and exports; and so does the guide of a part."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"key", "guide"} & self.fields.keys() if self.instance.pk else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any] | None:
        """What a part names in lists is of its own guide, like what it names alone."""
        cleaned = super().clean()
        guide = self.cleaned_data.get("guide")
        for name, named in list(self.cleaned_data.items()):
            if guide and isinstance(named, QuerySet) and any(part.guide_id != guide.pk for part in named):
                self.add_error(name, "These are not all of this guide.")
        return cleaned


class GuardedFormSet(forms.BaseInlineFormSet):
    """Refuses beside the form to delete what a condition names."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and (naming := form.instance.named_by()):
                names = "; ".join(str(other) for other in naming)
                raise ValidationError(f"“{form.instance}” is named by: {names}. Change or delete these first.")


class GuardedInline(admin.TabularInline):
    form = KeyLockedForm
    formset = GuardedFormSet
    extra = 0


class ChoiceInline(GuardedInline):
    model = Choice


class CellInline(GuardedInline):
    model = Cell


class PartAdmin(SimpleHistoryAdmin):
    """A part of a guide: found by guide, in the guide's order; what a condition names cannot be deleted."""

    form = KeyLockedForm
    list_filter = ["guide"]
    ordering = ("guide", "position")

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        objs = list(objs)
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        named = [str(other) for part in objs if isinstance(part, Part) for other in part.named_by()]
        return to_delete, counts, missing, [*protected, *named]


@admin.register(Role)
class RoleAdmin(PartAdmin):
    list_display = ("name", "key", "guide", "position")


@admin.register(Dimension)
class DimensionAdmin(PartAdmin):
    list_display = ("label", "key", "guide", "position")
    inlines = (CellInline,)


@admin.register(Signal)
class SignalAdmin(PartAdmin):
    list_display = ("name", "key", "role", "guide", "position")
    list_select_related = ("role", "guide")
    filter_horizontal = ("speaks_to",)


@admin.register(FollowUp)
class FollowUpAdmin(PartAdmin):
    list_display = ("title", "key", "guide", "position")


@admin.register(Question)
class QuestionAdmin(PartAdmin):
    list_display = ("text", "key", "role", "follow_up", "guide", "position")
    list_select_related = ("role", "follow_up", "guide")
    inlines = (ChoiceInline,)


@admin.register(Outcome)
class OutcomeAdmin(PartAdmin):
    list_display = ("name", "key", "title", "guide", "position")


@admin.register(Rule)
class RuleAdmin(PartAdmin):
    list_display = ("__str__", "when", "guide", "position")
    list_select_related = ("outcome", "guide")


@admin.register(Remark)
class RemarkAdmin(PartAdmin):
    list_display = ("title", "kind", "key", "when", "guide", "position")
    list_filter = ["kind", "guide"]


@admin.register(Scenario)
class ScenarioAdmin(PartAdmin):
    list_display = ("title", "outcome", "expected_to_change", "guide", "position")
    list_select_related = ("outcome", "guide")
    filter_horizontal = ("remarks",)
