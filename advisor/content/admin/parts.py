"""The parts of a guide in Django admin, each with its guide beside it and its history behind it."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField, Model
from django.http import HttpRequest, QueryDict

from advisor.content.admin.forms import (
    FollowUpForm,
    GuardedLine,
    NeedRowForm,
    RemarkForm,
    RuleForm,
    ScenarioForm,
)
from advisor.content.admin.guide_frame import GuideFrameAdmin
from advisor.content.editing.fields.inputs import conditions_by_inputs, draft_inputs
from advisor.content.editing.part_forms import PartForm, link_to
from advisor.content.editing.positions import append_position
from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    FollowUp,
    NeedRow,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    Signal,
)
from advisor.content.models.declarations import deciding_field
from advisor.content.models.parts import Part, guide_of
from advisor.content.models.references import stage_of


class ChoiceInline(GuardedLine):
    model = Choice


class CellInline(GuardedLine):
    model = Cell


class PartAdmin(GuideFrameAdmin):
    """A part of a guide: found by guide, in the guide's order; what a condition names cannot be deleted.

    A new one comes last; its place is changed on the page for the order of its kind.
    """

    form = PartForm
    exclude: ClassVar[list[str] | tuple[str, ...] | None] = ("position",)
    list_filter = ["guide"]
    ordering = ("guide", "position")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Conditions in words; the inputs of a guide are read once for a list."""
        stage, decides = stage_of(self.model), deciding_field(self.model)
        inputs_of = cache(lambda guide: draft_inputs(guide, stage))

        @admin.display(description="Asked when" if self.model is FollowUp else "When")
        def when_in_words(part: Any) -> str:
            return conditions_by_inputs(part.conditions, inputs_of(guide_of(part)))

        return [when_in_words if name == decides else name for name in super().get_list_display(request)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """For whoever adds a part from the list of one guide, that guide."""
        filtered = QueryDict(request.GET.get("_changelist_filters", ""))
        return {"guide": filtered.get("guide__id__exact")} | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001
        if not change:
            append_position(obj)
        super().save_model(request, obj, form, change)

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """With what refers to them, each once and with a link; what Django finds by itself is written alike."""
        objs = list(objs)
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        references = [
            link_to(other) for part in objs if isinstance(part, Part) for other in part.references_without(objs)
        ]
        return to_delete, counts, missing, list(dict.fromkeys([*references, *protected]))


@admin.register(Role)
class RoleAdmin(PartAdmin):
    list_display = ("name", "key", "guide", "position")


@admin.register(NeedRow)
class NeedRowAdmin(PartAdmin):
    """One row alone, for what its table does not offer. Rows are added, and moved, in the table."""

    form = NeedRowForm
    exclude = ("position", "role")
    list_display = ("__str__", "when", "needed", "position")
    list_select_related = ("role__guide",)
    list_filter = ["role__guide"]
    ordering = ("role", "position")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


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
    list_display = ("title", "asked_when", "key", "guide", "position")
    list_select_related = ("guide",)


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
    list_display = ("title", "kind", "when", "guide", "position")
    list_select_related = ("guide",)
    list_filter = ["kind", "guide"]


@admin.register(Scenario)
class ScenarioAdmin(PartAdmin):
    form = ScenarioForm
    list_display = ("title", "outcome", "expected_to_change", "guide", "position")
    list_select_related = ("outcome", "guide")
    # Not the two lists of other parts, which need scripts and are named in a way that screen readers pass over.
    formfield_overrides = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
