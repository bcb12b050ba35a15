"""What is declared once, beside its field, about each text that a visitor gives.

    budget = declare(models.CharField(max_length=80, blank=True), label="Your budget", search="written")

The form, corrections, search, files, webhooks, mail to the host, the page of a lead and the privacy page go over these.
Django does not see them, so they never make a migration.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.text import capfirst

from advisor.fields import OneLineField

ABOUT_YOU, ABOUT_THE_CALL = "About you", "About the call"

Search = Literal["", "identity", "number", "written"]
"""By what a lead is found: by parts of words as well where a text says who somebody is."""


@dataclass(frozen=True)
class Detail:
    """One text. What is about the visitor can be corrected; what is about the call stays as it was written."""

    field: Any
    heading: str
    policy: str
    section: str
    search: Search
    form: dict[str, Any]

    @property
    def name_for_staff(self) -> str:
        return self.heading or capfirst(self.field.verbose_name)

    @property
    def name_for_visitors(self) -> str:
        return self.policy or str(self.field.verbose_name)

    def in_words(self, lead: models.Model) -> str:
        """What a lead has of it, as people read it; "" for nothing."""
        value = self.field.value_from_object(lead)
        return str(dict(self.field.flatchoices).get(value, value))


def declare[Field: models.Field[Any, Any]](
    field: Field, heading: str = "", policy: str = "", section: str = ABOUT_YOU, search: Search = "", **form: Any
) -> Field:
    """The field, with its declaration: what it is called in files and mail, and on the privacy page after "your", if
    not by its own name; where it stands in the form, and what its field there gets besides what the model says.
    """
    form = {"form_class": OneLineField} | form
    field.detail = Detail(field, heading, policy, section, search, form)  # type: ignore[attr-defined]
    return field


def details_of(model: type[models.Model]) -> dict[str, Detail]:
    """Every detail of a model by the name of its field, in the order of the model."""
    return {field.name: field.detail for field in model._meta.local_fields if hasattr(field, "detail")}
