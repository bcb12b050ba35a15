"""Forms with conditions and answers, and parts within the form of another, for the pages of the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html

from advisor.content.admin.stale_forms import FingerprintAdmin
from advisor.content.drafts import read_draft
from advisor.content.editing.fields.answers import AnswersField
from advisor.content.editing.fields.conditions import ConditionField, ConditionListField
from advisor.content.editing.fields.inputs import draft_inputs
from advisor.content.editing.part_forms import GuardedFormSet, PartForm, link_to, twin_of
from advisor.content.models import Guide
from advisor.decision.conditions import Stage

ROOM = 3
"""Empty lines that are shown to those who have no scripts and ask for them."""
ROOM_ASKED_FOR = "room"


class ConditionsForm(PartForm):
    """A part with conditions, which are ticked among the inputs of its guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.guide:
            for field in self.fields.values():
                if isinstance(field, ConditionListField):
                    field.use(draft_inputs(self.guide, field.stage))


class WithoutTwinForm(PartForm):
    """A part without a key, which is known by what it says: nobody adds it twice."""

    def validate_unique(self) -> None:
        super().validate_unique()
        if self.instance.pk is None and self.guide and (twin := twin_of(self.instance)):
            self.add_error(None, format_html("There is one already that says the same: {}", link_to(twin)))


class RuleForm(WithoutTwinForm, ConditionsForm):
    when = ConditionField(required=False, help_text=f"{ConditionField.default_help} No tick at all matches everyone.")


class NeedRowForm(ConditionsForm):
    when = ConditionField(required=False, stage=Stage.NEED, help_text=RuleForm.base_fields["when"].help_text)

    def _guide(self) -> Guide | None:
        """That of the role, which a row keeps."""
        return self.instance.role.guide if self.instance.pk else None


class RemarkForm(ConditionsForm):
    when = ConditionField(stage=Stage.REMARK)


class FollowUpForm(ConditionsForm):
    asked_when = ConditionListField()


class ScenarioForm(WithoutTwinForm):
    """A case whose answers are chosen among those of its guide."""

    answers = AnswersField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.guide:
            self.fields["answers"].use(read_draft(self.guide))  # type: ignore[attr-defined]


class GuardedInline(FingerprintAdmin, admin.StackedInline):
    """Parts within the form of another, each field with its label and its help, which a row of a table leaves out."""

    form = PartForm
    formset = GuardedFormSet
    exclude = ("position",)

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        """A script adds lines; without scripts a link of the page asks for some."""
        return ROOM if ROOM_ASKED_FOR in request.GET else 0


class GuardedLine(GuardedInline):
    """Parts of a few words, their fields side by side."""

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [(None, {"fields": [tuple(self.get_fields(request, obj))]})]
