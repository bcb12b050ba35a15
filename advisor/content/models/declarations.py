"""What is declared once about each field and each kind of part, beside the field in the model.

    summary = declare(models.TextField(help_text="…"), example="A senior generalist who …", best_length=180)

Everything that goes over a guide goes over these declarations: drafts, files, import checks, differences, history,
ordering, hints and forms. Django does not see them, so they never make a migration.

To give a role a text `typical_cost`: the field in ``models/table.py``, the value in ``decision/guide.py`` (with a new
format, as ``decision/formats.py`` says), the migration, and the template that shows it.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import models

ATTRIBUTE = "declaration"
"""Where a field has its declaration; Django copies it to the fields of subclasses, and passes it over otherwise."""


@dataclass(frozen=True)
class Declaration:
    """One field of a part, as editors and the document know it. Its label and its limit are Django's own."""

    example: str = ""
    """Good copy for a text; for another field, what choosing in it means."""
    best_length: int = 0
    """Characters that a text without a limit had better keep to; beyond it people stop reading."""
    purpose: str = ""
    """What the field is for, where the model has no help text."""
    is_markdown: bool = False
    is_list: bool = False
    """One entry a line, or a list of conditions."""
    is_title: bool = False
    """What staff call the part by."""
    decides: bool = False
    """A condition: it says for whom the part is chosen."""


@dataclass(frozen=True)
class PartKind:
    """One kind of part."""

    value: type[Any]
    """What a row becomes in the document."""
    list_name: str
    """The list of the document, or of the owner's value, that holds it."""
    name: str
    plural: str
    key_example: str = ""
    order_address: str = ""
    """How the address of the page that orders them names it; "" for parts without such a page."""
    table_page: str = ""
    """The page that shows all of them as one table."""
    change_page: str = ""
    """The page where one of them is changed; "" for its own page in the admin."""


def declare[Field: models.Field[Any, Any]](field: Field, **declared: Any) -> Field:
    """The field, with its declaration; the keywords are those of ``Declaration``."""
    setattr(field, ATTRIBUTE, Declaration(**declared))
    return field


def declaration_of(model: Any, name: str) -> Declaration:
    """The declaration of a field; an empty one for a field that is not the editor's, such as a position."""
    return declared_fields(model)[name][1] if name in declared_fields(model) else Declaration()


@cache
def declared_fields(model: Any) -> dict[str, tuple[Any, Declaration]]:
    """Every field of a model that has a declaration, by its name, in the order of the model."""
    found: dict[str, tuple[Any, Declaration]] = {}
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if declaration := getattr(field, ATTRIBUTE, None):
            if field.name == "key" and (example := model.part.key_example):
                declaration = replace(declaration, example=example)
            found[field.name] = field, declaration
    return found


def document_fields(model: Any) -> dict[str, tuple[Any, Declaration]]:
    """The same without the guide of a part: what the row says in the document, by the names that its value has."""
    return {name: declared for name, declared in declared_fields(model).items() if name != "guide"}


def markdown_fields(model: type[models.Model]) -> list[str]:
    """The texts that may hold Markdown."""
    return [name for name, (_, declaration) in declared_fields(model).items() if declaration.is_markdown]


def deciding_field(model: type[models.Model]) -> str:
    """The field with the condition, or the conditions, of a part; "" for a part that is there for everyone."""
    return next((name for name, (_, declaration) in declared_fields(model).items() if declaration.decides), "")


def title_field(model: type[models.Model]) -> str:
    """The field that staff call a part by; "" for one that is called by its place or by what it belongs to."""
    return next((name for name, (_, declaration) in declared_fields(model).items() if declaration.is_title), "")
