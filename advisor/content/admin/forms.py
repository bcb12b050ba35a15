"""The forms of a guide's parts: each knows its guide, offers what that guide has, and takes its place at the end."""

from collections.abc import Mapping
from itertools import chain, count
from typing import Any

from anyascii import anyascii
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify

from advisor.content.admin.stale_forms import FingerprintAdmin, PartStaleCheckForm
from advisor.content.drafts import read_draft
from advisor.content.editing.fields.answers import AnswersField
from advisor.content.editing.fields.conditions import ConditionField, ConditionListField
from advisor.content.editing.fields.inputs import draft_inputs
from advisor.content.editing.positions import append_position
from advisor.content.models import Guide
from advisor.content.models.declarations import title_field
from advisor.content.models.parts import Part
from advisor.decision.conditions import Stage


class KeyLockedForm(PartStaleCheckForm):
    """A key that was given stays, as it is in links, conditions and exports; and so does the guide of a part. What is
    new and is given no key gets one that is made of its name.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in {"key", "guide"} & self.fields.keys():
                self.fields[name].disabled = True
        elif "key" in self.fields:
            self.fields["key"].required = False
            hints = self.fields["key"].help_text
            made = format_html('<span class="hint">{}</span>', "Left empty, it is made of the name.")
            self.fields["key"].help_text = format_html("{} {}", made, hints)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name = self.cleaned_data.get("name") or self.cleaned_data.get(title_field(type(self.instance)))
        if name and self.cleaned_data.get("key") == "":
            self.cleaned_data["key"] = free_key(self.instance, name, self.cleaned_data)
        return cleaned


class PartForm(KeyLockedForm):
    """A part, which names only parts of its own guide; ``guide`` says which that is where the form does not ask."""

    def __init__(self, *args: Any, guide: Guide | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide or self._guide()
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None and name != "guide":
                field.queryset = field.queryset.filter(guide=self.guide)
                field.error_messages["invalid_choice"] = "Choose what this guide has; the list is that of its own."
                if isinstance(field.widget, RelatedFieldWidgetWrapper):
                    # What is added in a window of its own would not know for which guide.
                    field.widget.can_add_related = False

    def _guide(self) -> Guide | None:
        """The guide of the part; for a new one that has none yet the one that is chosen, or else the first."""
        if getattr(self.instance, "guide_id", None) or "guide" not in self.fields:
            return getattr(self.instance, "guide", None)
        try:
            chosen: Guide = self.fields["guide"].clean(self["guide"].value())
        except ValidationError:
            first = Guide.objects.first()
            self.initial["guide"] = first and first.pk
            return first
        # What is named below belongs to it, so that another one is chosen by beginning there.
        self.fields["guide"].queryset = Guide.objects.filter(pk=chosen.pk)  # type: ignore[attr-defined]
        self.instance.guide = chosen
        return chosen


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


def free_key(part: Any, name: str, chosen: Mapping[str, Any]) -> str:
    """A key made of a name that nothing of its kind has in its guide: ``messy-stack``, and if that is taken
    ``messy-stack-2``.
    """
    beside = type(part)._default_manager.all()
    if isinstance(part, Part):
        beside = beside.filter(**{part.owner: chosen.get(part.owner) or getattr(part, part.owner)})
    taken = {*beside.values_list("key", flat=True)}
    longest = type(part)._meta.get_field("key").max_length - len("-99")
    key = slugify(anyascii(name).replace("_", " "))
    if len(key) > longest:
        key = key[: longest + 1].rpartition("-")[0] or key[:longest]
    key = key or part._meta.model_name
    return next(free for free in chain([key], (f"{key}-{number}" for number in count(2))) if free not in taken)


def twin_of(part: Model) -> Model | None:
    """Another one with the same owner that says the same in another place."""
    said = [column for column in part._meta.concrete_fields if not column.primary_key and column.name != "position"]
    same = {column.attname: getattr(part, column.attname) for column in said}
    return type(part)._default_manager.filter(**same).exclude(pk=part.pk).first()


def link_to(part: Model) -> SafeString:
    """What kind of part it is and what it is called, with a link to its page."""
    page = reverse(f"admin:{part._meta.app_label}_{part._meta.model_name}_change", args=[part.pk])
    return format_html('{}: <a href="{}">{}</a>', capfirst(part._meta.verbose_name), page, part)


class GuardedFormSet(forms.BaseInlineFormSet):
    """Parts within the form of another. Refuses beside the form to delete what a condition names."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        owner = self.instance
        return super().get_form_kwargs(index) | {
            "guide": owner if isinstance(owner, Guide) else getattr(owner, "guide", None)
        }

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and (references := form.instance.references()):
                first = format_html_join("; ", "{}", ((link_to(other),) for other in references))
                refusal = format_html("“{}” cannot be deleted yet. Change these first: {}.", form.instance, first)
                raise ValidationError(refusal)
            if form.is_stale:  # type: ignore[attr-defined]
                raise ValidationError(f"“{form.instance}” was changed meanwhile. Delete it again if it is to go.")

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        """Those that say the same are one, so that a form that is sent twice adds it once."""
        setattr(form.instance, self.fk.name, self.instance)
        append_position(form.instance)
        return twin_of(form.instance) or super().save_new(form, commit)


class GuardedInline(FingerprintAdmin, admin.StackedInline):
    """Parts within the form of another, each field with its label and its help, which a row of a table leaves out."""

    form = PartForm
    formset = GuardedFormSet
    exclude = ("position",)
    extra = 0


class GuardedLine(GuardedInline):
    """Parts of a few words, their fields side by side."""

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [(None, {"fields": [tuple(self.get_fields(request, obj))]})]
