"""A field is declared once, in its model; whatever goes over a guide knows it from there.

Every test here goes over all fields of all parts, so a field that is new tomorrow is tested as well.
"""

import json
from html import unescape
from typing import Any, get_type_hints

import pytest
from django.apps import apps
from django.core import serializers
from django.db.models import CharField, TextField

from advisor.content.differences import differences
from advisor.content.drafts import read_draft, write_guide
from advisor.content.editing.condition_table.sheet import REMARKS, RULES
from advisor.content.editing.fields.hints import hint
from advisor.content.editing.views.changes import Reader, field_label
from advisor.content.guide_parts import ONLY_IN_EDITIONS, RECORDED, owned_models, parts_of, placed_values
from advisor.content.models import PARTS, Guide, Remark, Rule, Scenario
from advisor.content.models.declarations import (
    deciding_field,
    declared_fields,
    document_fields,
    markdown_fields,
)
from advisor.content.models.parts import Part
from advisor.content.portable import UnreadableFileError, export_draft, read_file
from advisor.content.scenarios import cases_of
from advisor.decision.guide import OptionalText, encode
from tests.content.making import draft

pytestmark = pytest.mark.django_db

TEXTS = [
    (model, name)
    for model in RECORDED
    for name, (field, _) in document_fields(model).items()
    if isinstance(field, CharField | TextField) and not field.choices and name not in {"key", "answers"}
]
"""Every text that an editor writes, with its model."""

OF_THE_DOCUMENT = [(model, name) for model, name in TEXTS if model is not Scenario]


def marker(model: Any, name: str) -> str:
    """A text that stands nowhere else."""
    return f"Xylophone{TEXTS.index((model, name)):03} quarrels nightly"


def say_everything() -> dict[Any, Any]:
    """Give every text of the first part of its kind its marker. The rows, saved, by their model."""
    rows: dict[Any, Any] = {model: parts_of(draft(), model).first() for model in RECORDED}
    for model, name in TEXTS:
        setattr(rows[model], name, marker(model, name))
    for row in rows.values():
        row.save()
    return rows


def test_every_kind_of_part_is_listed_after_what_it_refers_to() -> None:
    concrete = {model for model in apps.get_app_config("content").get_models() if issubclass(model, Part)}

    assert set(PARTS) == concrete
    for place, model in enumerate(PARTS):
        named = {field.related_model for field, _ in document_fields(model).values() if field.is_relation}
        assert named <= set(PARTS[:place])


@pytest.mark.parametrize("model", RECORDED)
def test_a_row_and_its_value_have_the_same_fields(model: Any) -> None:
    lists = {owned.part.list_name for owned in owned_models(model)} - {Scenario.part.list_name}

    if model.part.value is str:
        assert len(document_fields(model)) == 1
    else:
        beside = ONLY_IN_EDITIONS if model is Guide else set()
        assert {*document_fields(model), *lists, *beside} == set(model.part.value.__struct_fields__)


@pytest.mark.parametrize(
    "model", [model for model in RECORDED if model is not Scenario and model.part.value is not str]
)
def test_what_may_be_empty_in_a_row_may_be_empty_in_an_edition(model: Any) -> None:
    fields = {name: field for name, (field, _) in document_fields(model).items()}
    hints = get_type_hints(model.part.value, include_extras=True)

    optional = {name for name, hint in hints.items() if hint == OptionalText}

    assert optional == {
        name for name, field in fields.items() if isinstance(field, CharField | TextField) and field.blank
    }


def test_every_text_reaches_draft_file_copy_and_fixture() -> None:
    rows = say_everything()

    value, cases = read_draft(draft()), cases_of(draft())
    copy = write_guide(value=value, key="copy", title=value.title, cases=cases)

    file = export_draft(draft())
    for model, name in TEXTS:
        text = marker(model, name)
        placed = [one for _, one in placed_values(value, model, cases)]
        said = [getattr(one, name) if not isinstance(one, str) else one for one in placed]
        assert text in said or (text,) in said, (model, name)
        assert text in file, (model, name)
        assert text in [getattr(part, name) for part in parts_of(copy, model)], (model, name)
        assert text in serializers.serialize("json", [rows[model]], use_natural_foreign_keys=True), (model, name)


def test_every_text_that_differs_is_shown_between_editions() -> None:
    before = read_draft(draft())
    say_everything()

    found = differences(before, read_draft(draft()))

    shown = " ".join(piece.words for one in found for piece in one.pieces if piece.kind == "new")
    assert [text for text in OF_THE_DOCUMENT if marker(*text) not in shown] == []


def test_a_change_of_any_text_is_in_the_history_under_its_label() -> None:
    rows = say_everything()

    for model, row in rows.items():
        change = Reader(draft()).change(row.history.first())
        noted = [(field, new) for field, _, new in change.values]
        texts = [name for of, name in TEXTS if of is model]
        assert [name for name in texts if (field_label(model, name), marker(model, name)) not in noted] == [], model


def test_a_file_is_refused_with_the_place_of_any_text_that_cannot_be_shown() -> None:
    say_everything()
    file = export_draft(draft())

    for model, name in TEXTS:
        text = marker(model, name)
        with pytest.raises(UnreadableFileError) as refused:
            read_file(file.replace(json.dumps(text), json.dumps(f"{text}\u202e")).encode())

        ((place, problem),) = refused.value.problems
        assert "invisible character" in problem
        assert place.startswith("scenarios" if model is Scenario else "guide"), (model, name)
        assert model.part.value is str or f".{name}" in place, (model, name)


def test_every_text_has_its_example_below_it_and_its_html_where_it_is_markdown() -> None:
    say_everything()

    html = read_draft(draft()).html

    for model, name in TEXTS:
        field, declaration = declared_fields(model)[name]
        assert declaration.example in unescape(hint(model, name, field.formfield())), (model, name)
        assert (marker(model, name) in html) == (name in markdown_fields(model)), (model, name)


@pytest.mark.parametrize(("kind", "model"), [(RULES, Rule), (REMARKS, Remark)])
def test_a_table_of_conditions_has_every_field_of_its_rows(kind: Any, model: Any) -> None:
    assert {*kind.fields, deciding_field(model)} == set(document_fields(model))


def test_a_document_says_the_same_after_it_was_written_and_read() -> None:
    value = read_draft(draft())

    copy = write_guide(value=value, key="copy", title=value.title, cases=[])

    assert encode(read_draft(copy)).replace('"copy"', f'"{value.key}"', 1).replace(
        f'"number":{copy.number}', f'"number":{value.number}', 1
    ) == encode(value)
