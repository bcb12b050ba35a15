"""The form of a part of a guide: it knows its guide, offers what that guide has, and warns of what others did."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, count
from typing import Any

from anyascii import anyascii
from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify

from advisor.content.editing.fields.conditions import ConditionListField
from advisor.content.editing.fields.hints import HintedForm
from advisor.content.editing.fields.inputs import condition_by_inputs
from advisor.content.editing.positions import append_position
from advisor.content.models import Guide
from advisor.content.models.declarations import title_field
from advisor.content.models.parts import Part
from advisor.decision.guide import NOT_ANSWERED
from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS, RESERVED_KEYS, key_problem
from advisor.stale import FINGERPRINTS, StaleCheckForm, last_change


class PartStaleCheckForm(StaleCheckForm, HintedForm):
    """The form of a part, or of the guide itself."""

    stale_message = (
        "Nothing was saved: someone else changed this while you were editing. What they did stands at the fields "
        "concerned; saving again replaces it with what is in the fields."
    )

    def current_values(self) -> dict[str, Any]:
        names = self.fields.keys() - {FINGERPRINTS} if self.instance.pk else set()
        return {name: self.get_initial_for_field(self.fields[name], name) for name in names}

    def current_words(self, name: str) -> str:
        field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        if isinstance(field, ConditionListField):
            return "; or ".join(condition_by_inputs(when, field.inputs) for when in field.prepare_value(value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(map(str, value)) or "–"
        return str(getattr(self.instance, name)) if value else "–"

    def last_change(self) -> str:
        return last_change(type(self.instance), id=self.instance.pk)


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


def free_key(part: Any, name: str, chosen: Mapping[str, Any], *, taken: Iterable[str] = ()) -> str:
    """A key made of a name that nothing of its kind has in its guide: ``messy-stack``, and if that is taken
    ``messy-stack-2``. One that means something else in addresses or conditions becomes ``question-result``. Nor is it
    one of those that are ``taken`` by what is not saved yet.
    """
    model = type(part)
    beside = model._default_manager.all()
    if isinstance(part, Part):
        owner = chosen.get(part.owner) or (getattr(part, part.owner) if getattr(part, f"{part.owner}_id") else None)
        # What belongs to something that is not saved yet stands alone.
        beside = beside.filter(**{part.owner: owner}) if owner and owner.pk else beside.none()
    others = {*beside.values_list("key", flat=True), *taken}
    longest = model._meta.get_field("key").max_length - len("-99")
    key = slugify(anyascii(name).replace("_", " ")) or str(model._meta.model_name)
    if key_problem(key, reserved_keys(model)):
        key = f"{model._meta.model_name}-{key}"
    if len(key) > longest:
        key = key[: longest + 1].rpartition("-")[0] or key[:longest]
    return next(free for free in chain([key], (f"{key}-{number}" for number in count(2))) if free not in others)


def reserved_keys(model: Any) -> frozenset[str]:
    """The keys that no part of this kind can have, as they mean something else."""
    return RESERVED_GUIDE_KEYS if model is Guide else RESERVED_KEYS.get(model.part.value, frozenset({NOT_ANSWERED}))


def twin_of(part: Model, *, beside: Collection[str] = ()) -> Model | None:
    """Another one with the same owner that says the same in another place; ``beside`` are fields that may differ."""
    passed_over = {"position", *beside}
    said = [column for column in part._meta.concrete_fields if not (column.primary_key or column.name in passed_over)]
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
