"""What texts of a guide may not hold, wherever they are typed."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from advisor.decision.unfinished import text_problem


def refuse_turning(text: str) -> None:
    """Raise ``ValidationError`` for a text with invisible characters that turn what stands beside it."""
    if problem := text_problem(text):
        raise ValidationError(problem)


class Written(models.Model):
    """A row of texts, each refused beside its field when it would turn what stands beside it."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude)
        texts = {field.name: getattr(self, field.attname) for field in self._meta.concrete_fields}
        problems: dict[str, Any] = {
            name: problem
            for name, text in texts.items()
            if isinstance(text, str) and name not in (exclude or ()) and (problem := text_problem(text))
        }
        if problems:
            raise ValidationError(problems)
