"""What texts of a guide may not hold, wherever they are typed."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from advisor.decision.guide_checks import text_problem
from advisor.fields import ManyLinesField, OneLineField, Texts, cleaned


def refuse_direction_controls(text: str) -> None:
    """Raise ``ValidationError`` for a text with invisible characters that turn what stands beside it."""
    if problem := text_problem(text):
        raise ValidationError(problem)


class _Refusing(forms.CharField):
    """Refuses what would turn the text beside it before anything is made clean, so that it is seen where it was."""

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        refuse_direction_controls(text)
        return str(super().to_python(value))


class WrittenLineField(_Refusing, OneLineField):
    """A text of staff for colleagues, in one line."""


class WrittenLinesField(_Refusing, ManyLinesField):
    """The same in several lines."""


def cleaned_text(field: Any, text: str) -> str:
    """A text as its field keeps it. One that is refused stays as it is, for whoever typed it to see where."""
    return text if text_problem(text) else cleaned(field, text)


class Written(Texts):
    """A row of texts, each refused beside its field when it would turn what stands beside it."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        texts = {field.name: getattr(self, field.attname) for field in self._meta.concrete_fields}
        problems: dict[str, Any] = {
            name: problem
            for name, text in texts.items()
            if isinstance(text, str) and name not in (exclude or ()) and (problem := text_problem(text))
        }
        super().clean_fields({*(exclude or ()), *problems})
        if problems:
            raise ValidationError(problems)
