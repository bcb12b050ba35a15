"""The fields of forms and rows that people's text goes through: made clean by ``advisor.text``, then judged.

What is wrong is said with the name that the field has on the page, as the summary above a form shows it alone.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import pretty_name
from django.utils.functional import Promise

from advisor.decision.characters import is_visible
from advisor.text import NotAnAddressError, clean_email, clean_line, clean_paragraph, is_phone, named

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
"""What is said of any field, by Django's name for what is wrong."""

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
"""What a field that reads more than text asks for; the first that fits."""


def name_errors(form: forms.BaseForm) -> None:
    """Put the label of each field into what Django says of it. What was written for a field by hand stays."""
    for name, field in form.fields.items():
        label = pretty_name(name) if field.label is None else str(field.label)
        usual = _usual_messages(type(field))
        for code, message in _messages(field).items():
            if _said(field.error_messages.get(code)) == _said(usual.get(code)):
                field.error_messages[code] = message.format(label=_escaped(label))


def _messages(field: forms.Field) -> dict[str, str]:
    is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.BooleanField)
    found = {**MESSAGES, **(CHOICES if is_choice else {})}
    if words := next((said for kind, said in INVALID.items() if isinstance(field, kind)), ""):
        found["invalid"] = words
    return found


def _usual_messages(kind: type[forms.Field]) -> dict[str, Any]:
    """What Django says where nobody said otherwise."""
    found: dict[str, Any] = {}
    for one in reversed(kind.__mro__):
        if one.__module__.startswith("django."):
            found |= getattr(one, "default_error_messages", {})
    return found


def _said(message: Any) -> str | None:
    return str(message) if isinstance(message, str | Promise) else None


def _escaped(label: str) -> str:
    """A label may have a percent sign, and Django fills in the numbers by these."""
    return label.replace("%", "%%")


class InSummary(NamedTuple):
    """What is wrong, in words that can stand alone, and the id of the control that it is about; "" for none."""

    target: str
    message: str


class NamedErrors(forms.BaseForm):
    """A form whose errors say which field they are about."""

    def full_clean(self) -> None:
        name_errors(self)
        super().full_clean()

    @property
    def summary(self) -> Iterator[InSummary]:
        """All that is wrong, in the order of the page, each with where it leads."""
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
    """An error that has none of the words of its label gets the label."""
    words = {word.strip("?,.").casefold() for word in label.split() if len(word) > 3} or {label.casefold()}
    return error if any(word in error.casefold() for word in words) else f"{label}: {error}"


class NamedForm(NamedErrors, forms.Form):
    """A form of its own."""


class NamedModelForm(NamedErrors, forms.ModelForm):  # type: ignore[type-arg]
    """The form of a row."""


def one_line(value: str) -> None:
    """Refuse line breaks and control characters, which no name or number has and mail headers must not get."""
    if found := next((sign for sign in value if category(sign) == "Cc"), ""):
        raise ValidationError(
            f"This contains a line break or another character that cannot be seen ({named(found)}). Please type it "
            "again."
        )


class OneLineField(forms.CharField):
    """A text of one line."""

    default_validators = [one_line]

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value)).replace("\t", " ")
        # What cannot be seen otherwise is left for the validator, which names it.
        return text if any(category(sign) == "Cc" for sign in text) else clean_line(text)


class ManyLinesField(forms.CharField):
    """A text whose line breaks count as one character, as they do in the browser that sends two."""

    def to_python(self, value: Any) -> str:
        return clean_paragraph(str(super().to_python(value)))


class AddressField(forms.EmailField):
    """An e-mail address that mail can be sent to, however it was pasted."""

    default_validators = []

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        if not is_visible(text):
            return ""
        if self.max_length and len(text) > self.max_length:
            # That it is too long is said in numbers, by Django.
            return text
        try:
            return clean_email(text)
        except NotAnAddressError as refusal:
            raise ValidationError(str(refusal), code="invalid") from None


class PhoneField(OneLineField):
    """The number of a phone, as it was typed."""

    default_validators = [one_line]

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_phone(value):
            raise ValidationError(
                "This does not look like a phone number. Please give it in digits, with the code of your country: "
                "+371 2000 0000.",
                code="invalid",
            )


class Texts(models.Model):
    """A row whose texts are made clean before they are judged, whichever form, table or file they come from."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if field.editable and isinstance(value, str) and field.name not in (exclude or ()):
                setattr(self, field.attname, cleaned(field, value))
        super().clean_fields(exclude)


def cleaned(field: Any, value: str) -> str:
    """A value as a field of the database keeps it. An address that is none is left for the field to refuse."""
    if isinstance(field, models.EmailField):
        try:
            return clean_email(value)
        except NotAnAddressError:
            return value
    if isinstance(field, models.CharField):
        return clean_line(value)
    return clean_paragraph(value) if isinstance(field, models.TextField) else value
