"""The fields of forms and rows for text that people type: ``advisor.text`` cleans it, then the field validates it.

Every error names the field as the page does, because the summary above a form shows errors without their fields.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import pretty_name
from django.utils.functional import Promise

from advisor.decision.characters import is_visible
from advisor.text import (
    NotAnAddressError,
    character_name,
    clean_email,
    clean_line,
    clean_paragraph,
    is_phone,
    names_page,
)

MESSAGES: Mapping[str, str] = {
    "required": "Please fill in “{label}”.",
    "blank": "Please fill in “{label}”.",
    "null": "Please fill in “{label}”.",
    "max_length": "“{label}” can have at most %(limit_value)d characters, and this has %(show_value)d. "
    "Please shorten it.",
    "min_length": "“{label}” needs at least %(limit_value)d characters, and this has %(show_value)d.",
    "max_value": "“{label}” can be %(limit_value)s at most. Please give a smaller number.",
    "min_value": "“{label}” must be %(limit_value)s or more. Please give a larger number.",
    "null_characters_not_allowed": "“{label}” holds an invisible character (U+0000). Please type it again.",
    "unique": "“{label}”: this is taken already. Please choose another one.",
}
"""Messages for every kind of field, by Django's error code."""

CHOICES: Mapping[str, str] = {
    "required": "Please choose something for “{label}”.",
    "invalid_choice": "What was sent for “{label}” is not one of the choices. Please choose one of these.",
    "invalid_list": "What was sent for “{label}” cannot be read. Please choose again.",
    "invalid_pk_value": "What was sent for “{label}” is not one of the choices. Please choose one of these.",
}

INVALID: Mapping[type[forms.Field], str] = {
    forms.DateTimeField: "“{label}” should be a day and a time like 2027-03-31 14:00.",
    forms.DateField: "“{label}” should be a day like 2027-03-31.",
    forms.TimeField: "“{label}” should be a time like 14:00.",
    forms.IntegerField: "“{label}” should be a number, in digits only.",
}
"""The format that a field asks for. The first class that matches counts."""


def name_errors(form: forms.BaseForm) -> None:
    """Replace Django's messages by ours, with the label of the field. Messages written for one field stay."""
    for name, field in form.fields.items():
        label = pretty_name(name) if field.label is None else str(field.label)
        usual = _usual_messages(type(field))
        for code, message in _messages(field).items():
            if _as_text(field.error_messages.get(code)) == _as_text(usual.get(code)):
                field.error_messages[code] = message.format(label=_escaped(label))


def _messages(field: forms.Field) -> dict[str, str]:
    is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.BooleanField)
    messages = {**MESSAGES, **(CHOICES if is_choice else {})}
    if invalid := next((message for kind, message in INVALID.items() if isinstance(field, kind)), ""):
        messages["invalid"] = invalid
    return messages


def _usual_messages(kind: type[forms.Field]) -> dict[str, Any]:
    """Django's own messages for a kind of field."""
    messages: dict[str, Any] = {}
    for one in reversed(kind.__mro__):
        if one.__module__.startswith("django."):
            messages |= getattr(one, "default_error_messages", {})
    return messages


def _as_text(message: Any) -> str | None:
    return str(message) if isinstance(message, str | Promise) else None


def _escaped(label: str) -> str:
    """The label with doubled percent signs, as Django formats messages with %."""
    return label.replace("%", "%%")


class InSummary(NamedTuple):
    """An error that can be read without its field, and the id of the control that it is about; "" for none."""

    target: str
    message: str


class NamedErrors(forms.BaseForm):
    """A form whose errors name their fields."""

    def full_clean(self) -> None:
        # What nobody has sent has no errors to name.
        if self.is_bound:
            name_errors(self)
        super().full_clean()

    @property
    def summary(self) -> Iterator[InSummary]:
        """All errors in the order of the page, each with the control to go to."""
        for error in self.non_field_errors():
            yield InSummary("", str(error))
        for field in self:
            for error in field.errors:
                if field.is_hidden:
                    yield InSummary("", str(error))
                else:
                    target = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
                    yield InSummary(target, _with_label(str(field.label), str(error)))


def _with_label(label: str, error: str) -> str:
    """The error, with the label in front if it has none of the words of the label."""
    words = {word.strip("?,.").casefold() for word in label.split() if len(word) > 3} or {label.casefold()}
    return error if any(word in error.casefold() for word in words) else f"{label}: {error}"


class NamedForm(NamedErrors, forms.Form):
    """A form that belongs to no model."""


class NamedModelForm(NamedErrors, forms.ModelForm):  # type: ignore[type-arg]
    """The form of a model."""


def refuse_control_characters(value: str) -> None:
    """Refuse line breaks and control characters. No name has them, and mail headers must not contain them."""
    if control := next((character for character in value if category(character) == "Cc"), ""):
        raise ValidationError(
            f"This contains a line break or another character that cannot be seen ({character_name(control)}). "
            "Please type it again."
        )


class OneLineField(forms.CharField):
    """A text of one line."""

    default_validators = [refuse_control_characters]

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value)).replace("\t", " ")
        # Control characters stay for the validator, which names them.
        return text if any(category(character) == "Cc" for character in text) else clean_line(text)


class NameField(OneLineField):
    """The name of somebody. It stands in mail to others, so it names no page to open."""

    may_be_domain = False
    kept = ""
    """What stands there already, and may stay."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value != self.kept and names_page(value, may_be_domain=self.may_be_domain):
            raise ValidationError("Please give it without the address of a page: links cannot stand here.")


class CompanyOrRoleField(NameField):
    """The name of a company or a role, with a domain perhaps: The Booking.com Group."""

    may_be_domain = True


class ManyLinesField(forms.CharField):
    """A text of several lines. A line break counts as one character, as in the browser, although it is sent as two."""

    def to_python(self, value: Any) -> str:
        return clean_paragraph(str(super().to_python(value)))


class AddressField(forms.EmailField):
    """An e-mail address that mail can be sent to, pasted in any form."""

    default_validators = []

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        if not is_visible(text):
            return ""
        if self.max_length and len(text) > self.max_length:
            # Django's message for this gives the numbers.
            return text
        try:
            return clean_email(text)
        except NotAnAddressError as refusal:
            raise ValidationError(str(refusal), code="invalid") from None


class TickBox(forms.CheckboxInput):
    """A box that counts as ticked by what browsers send for it, and by nothing else: Django takes "off" for a tick."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return data.get(name) == "on"


class PhoneField(OneLineField):
    """A phone number, which stays as it was typed."""

    default_validators = [refuse_control_characters]

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_phone(value):
            raise ValidationError(
                "This does not look like a phone number. Please give it in digits, with the code of your country: "
                "+371 2000 0000.",
                code="invalid",
            )


class Texts(models.Model):
    """A row that cleans its texts before it validates them, whichever form, table or file they come from."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if field.editable and isinstance(value, str) and field.name not in (exclude or ()):
                setattr(self, field.attname, cleaned(field, value))
        super().clean_fields(exclude)


def one_of(field: str, values: Sequence[str | int], name: str, message: str) -> models.CheckConstraint:
    """The rule that a field has one of these values."""
    condition = models.Q(**{f"{field}__in": values})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def cleaned(field: Any, value: str) -> str:
    """A value as the database field stores it. An invalid address stays for the field to refuse."""
    if isinstance(field, models.EmailField):
        try:
            return clean_email(value)
        except NotAnAddressError:
            return value
    if isinstance(field, models.CharField):
        return clean_line(value)
    return clean_paragraph(value) if isinstance(field, models.TextField) else value
