"""Below every field: what belongs there, an example of good copy, and for every text how long it may be."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory

from advisor.content.editing.fields.hints import MARKDOWN_HINT
from advisor.content.guide_parts import RECORDED, parts_of
from advisor.content.models import Edition
from advisor.content.models.declarations import Declaration, declared_fields, markdown_fields
from advisor.stale import FINGERPRINTS
from tests.content.making import draft

pytestmark = pytest.mark.django_db

DECLARED: dict[tuple[str, str], Declaration] = {
    (model._meta.model_name, name): declaration
    for model in RECORDED
    for name, (_, declaration) in declared_fields(model).items()
}
"""Model and field to what is declared there."""


def forms_of(user: Any) -> Iterator[tuple[type[Model], forms.ModelForm]]:  # type: ignore[type-arg]
    """The form of every model of the content, also of those that are edited within another."""
    request = RequestFactory().get("/")
    request.user = user
    for model, site in admin.site._registry.items():
        if model._meta.app_label == "content" and model is not Edition:
            yield model, site.get_form(request)()
            for inline in site.get_inline_instances(request):
                yield inline.model, inline.get_formset(request)().empty_form


@pytest.fixture
def fields(admin_user: Any) -> dict[tuple[str, str], forms.Field]:
    """Every field that an editor fills in, by its model and its name."""
    return {
        (str(model._meta.model_name), name): field
        for model, form in forms_of(admin_user)
        for name, field in form.fields.items()
        if name not in {FINGERPRINTS, "id", "DELETE"} and not isinstance(field, forms.models.InlineForeignKeyField)
    }


def help_of(field: forms.Field) -> str:
    return unescape(str(field.help_text))


def test_every_part_of_a_guide_is_looked_at(fields: dict[tuple[str, str], forms.Field]) -> None:
    assert {model for model, _ in fields} == {model._meta.model_name for model in RECORDED}


def test_every_field_has_an_example_and_every_example_a_field(fields: dict[tuple[str, str], forms.Field]) -> None:
    exemplified = {place for place, declaration in DECLARED.items() if declaration.example}

    assert exemplified - set(fields) == {("sharedconcern", "guide"), ("frequentquestion", "guide")}
    assert set(fields) <= exemplified
    assert [place for place, field in fields.items() if DECLARED[place].example not in help_of(field)] == []


def test_every_field_says_what_it_is_for_or_shows_it(fields: dict[tuple[str, str], forms.Field]) -> None:
    assert [place for place, field in fields.items() if not help_of(field).startswith('<span class="hint">')] == []


def test_every_text_says_how_long_it_may_be(fields: dict[tuple[str, str], forms.Field]) -> None:
    texts = {place: field for place, field in fields.items() if isinstance(field, forms.CharField)}

    silent = [
        place
        for place, field in texts.items()
        if f"At most {field.max_length} characters." not in help_of(field)
        and f"Best within {field.widget.attrs['data-count']} characters." not in help_of(field)
    ]

    assert len(texts) > 40
    assert silent == []


def test_every_text_that_may_hold_markdown_says_so(fields: dict[tuple[str, str], forms.Field]) -> None:
    told = {place for place, field in fields.items() if MARKDOWN_HINT in help_of(field)}

    assert told == {(model._meta.model_name, name) for model in RECORDED for name in markdown_fields(model)}


def test_the_first_guide_keeps_to_the_lengths_that_are_advised() -> None:
    too_long = [
        (part, name)
        for model in RECORDED
        for part in parts_of(draft(), model)
        for name, (_, declaration) in declared_fields(model).items()
        if declaration.best_length and len(getattr(part, name)) > declaration.best_length
    ]

    assert too_long == []


def test_the_examples_keep_to_them_too() -> None:
    limits = {place: declaration.best_length or 10**6 for place, declaration in DECLARED.items()}

    assert [place for place, limit in limits.items() if len(DECLARED[place].example) > limit] == []
