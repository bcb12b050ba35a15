"""Two editors at the form of one object: the second is warned, and sees both texts, instead of overwriting the first.

The form carries a digest of each value that it showed (``advisor.content.editing.shown``). Sent again after the
warning it saves, as it carries by then what the warning showed.
"""

from typing import Any

import msgspec
from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model
from django.http import HttpRequest

from advisor.content.editing.conditions import ConditionListField
from advisor.content.editing.hints import HintedForm
from advisor.content.editing.shown import digest, last_change, read_shown, write_shown
from advisor.content.editing.words import condition_in_words
from advisor.content.models import Guide
from advisor.content.models.parts import guide_of

SHOWN = "shown"
STALE = (
    "Nothing was saved: someone else changed this while you were editing. What they did stands at the fields "
    "concerned; saving again replaces it with what is in the fields."
)


class AsItIsNow(forms.BoundField):
    """A field that can show what is in the database although something else was sent."""

    def value(self) -> Any:
        if self.name in self.form.renewed:  # type: ignore[attr-defined]
            return self.field.prepare_value(self.initial)
        return super().value()


class ShownField(forms.CharField):
    """The digests; they are no change by themselves."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class WarnedForm(HintedForm):
    """Refuses to save over what someone else saved since it was shown, and says what that is."""

    bound_field_class = AsItIsNow
    shown = ShownField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renewed = {SHOWN}
        """The fields that show what is in the database, whatever was sent."""
        self.is_stale = False
        names = self.fields.keys() - {SHOWN} if self.instance.pk else set()
        self._now = {name: self._digest(name, self.get_initial_for_field(self.fields[name], name)) for name in names}
        self.initial[SHOWN] = write_shown(self._now)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        was = read_shown(self.data.get(self.add_prefix(SHOWN), ""))
        changed = [name for name, now in self._now.items() if was.get(name) != now and name in self.fields]
        if notes := {name: note for name in changed if (note := self._compared(name, was.get(name)))}:
            self.is_stale = True
            self.add_error(None, STALE)
            for name, note in notes.items():
                self.add_error(name, note)
        return cleaned

    def _compared(self, name: str, was: str | None) -> str:
        """What to say at a field that was changed meanwhile; "" where both did the same."""
        sent = self._digest(name, self.cleaned_data[name]) if name in self.cleaned_data else None
        if sent == self._now[name] or self.fields[name].disabled:
            return ""
        who = last_change(type(self.instance), id=self.instance.pk)
        if sent == was:
            self.renewed.add(name)
            return f"Changed {who}; this is the new content."
        return f"Now it says “{self._in_words(name)}”, changed {who}. What you entered is in the field."

    def _digest(self, name: str, value: Any) -> str:
        """Stands for a value, whether it comes from the database or was sent."""
        return digest(msgspec.json.encode(_plain(self.fields[name].prepare_value(value))).decode())

    def _in_words(self, name: str) -> str:
        """What the database says, as an editor reads it."""
        field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        if isinstance(field, ConditionListField):
            return "; or ".join(condition_in_words(when, field.inputs) for when in field.prepare_value(value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(map(str, value)) or "–"
        return str(getattr(self.instance, name)) if value else "–"


def _plain(value: Any) -> Any:
    """A value for comparison: one kind of line end, and nothing that depends on the order in which things came."""
    match value:
        case str():
            return value.replace("\r\n", "\n").strip()
        case dict():
            return sorted((name, _plain(inner)) for name, inner in value.items())
        case None:
            return ""
        case bool() | int():
            return value
        case _:
            return sorted((_plain(inner) for inner in value), key=msgspec.json.encode)


class CarriesShown(BaseModelAdmin):
    """Leaves the digests out for those who only read, as Django would show them as a field."""

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        names = super().get_fields(request, obj)
        return names if self.has_change_permission(request, obj) else [name for name in names if name != SHOWN]


class WarningAdmin(CarriesShown, admin.ModelAdmin):
    """Compares with what is there at the moment of saving."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        # Whoever saves waits for whoever is saving, and then compares with what they wrote.
        Guide.objects.select_for_update().get(pk=guide_of(found).pk)
        return super().get_object(request, object_id, from_field)
