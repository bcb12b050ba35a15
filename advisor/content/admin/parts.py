"""The parts of a guide in Django admin, each with its guide beside it and its history behind it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from advisor.content.admin.hints import HintedForm
from advisor.content.admin.records import RecordedAdmin
from advisor.content.editing.conditions import ConditionField, ConditionListField
from advisor.content.editing.words import draft_inputs
from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    FollowUp,
    Guide,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    Signal,
)
from advisor.content.models.parts import Part


class KeyLockedForm(HintedForm):
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


class ConditionsForm(KeyLockedForm):
    """A part with conditions, which are ticked among the inputs of its guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if guide := self._guide():
            for field in self.fields.values():
                if isinstance(field, ConditionListField):
                    field.use(draft_inputs(guide, outcome=field.outcome))

    def _guide(self) -> Guide | None:
        """The guide of the part; for a new one that has none yet the one that is chosen, or else the first."""
        if self.instance.guide_id:
            return self.instance.guide  # type: ignore[no-any-return]
        try:
            return self.fields["guide"].clean(self["guide"].value())  # type: ignore[no-any-return]
        except ValidationError:
            first = Guide.objects.first()
            self.initial["guide"] = first and first.pk
            return first


class RuleForm(ConditionsForm):
    when = ConditionField(required=False, help_text=f"{ConditionField.default_help} No tick at all matches everyone.")


class RemarkForm(ConditionsForm):
    when = ConditionField(outcome=True)


class FollowUpForm(ConditionsForm):
    asked_when = ConditionListField()


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


class PartAdmin(RecordedAdmin):
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
    form = FollowUpForm
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
    form = RuleForm
    list_display = ("__str__", "when", "guide", "position")
    list_select_related = ("outcome", "guide")


@admin.register(Remark)
class RemarkAdmin(PartAdmin):
    form = RemarkForm
    list_display = ("title", "kind", "key", "when", "guide", "position")
    list_filter = ["kind", "guide"]


@admin.register(Scenario)
class ScenarioAdmin(PartAdmin):
    list_display = ("title", "outcome", "expected_to_change", "guide", "position")
    list_select_related = ("outcome", "guide")
    filter_horizontal = ("remarks",)
