"""A draft between its two forms: the rows that an editor changes, and the value that is decided with and published.

Both ways go over the declarations of the models, so that a new field is read and written without a line here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_type_hints

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from msgspec import structs, to_builtins

from advisor.content.guide_parts import owned_models, owner_model, parts_of
from advisor.content.markdown import render_long_texts
from advisor.content.models import PARTS, FollowUp, Guide
from advisor.content.models.declarations import Declaration, document_fields
from advisor.content.models.parts import lines
from advisor.content.models.scenario import Case
from advisor.content.problems import Problem, ProblemsError
from advisor.decision import guide as decision


def read_draft(guide: Guide) -> decision.Guide:
    """The draft of a guide as it stands, complete or not, its copy rendered. A dozen queries, whatever its size."""
    draft = decision.Guide(number=guide.number, **_fields(guide, _values_by_owner(guide, owned_models(Guide))))
    return structs.replace(draft, html=render_long_texts(draft))


def _values_by_owner(guide: Guide, models: Sequence[type[Any]]) -> dict[type[Any], dict[int, list[Any]]]:
    """The values of each of these models, by the key of the row that they belong to."""
    found: dict[type[Any], dict[int, list[Any]]] = {}
    for model in models:
        if model.part.value is Case:
            continue
        relations = [field for field, _ in document_fields(model).values() if field.is_relation]
        rows = parts_of(guide, model).prefetch_related(*(field.name for field in relations if field.many_to_many))
        if joined := [field.name for field in relations if not field.many_to_many]:
            rows = rows.select_related(*joined)
        owned = _values_by_owner(guide, owned_models(model))
        values = found[model] = defaultdict(list)
        for row in rows:
            values[getattr(row, f"{model.owner}_id")].append(value_of(row, owned))
    return found


def value_of(row: Any, owned: dict[type[Any], dict[int, list[Any]]] | None = None) -> Any:
    """A row as it stands in the document, with the values that belong to it."""
    fields = _fields(row, owned or {})
    return type(row).part.value(**fields) if type(row).part.value is not str else next(iter(fields.values()))


def _fields(row: Any, owned: dict[type[Any], dict[int, list[Any]]]) -> dict[str, Any]:
    fields = {
        name: _to_value(row, field, declaration) for name, (field, declaration) in document_fields(type(row)).items()
    }
    return fields | {model.part.list_name: tuple(values.get(row.pk, ())) for model, values in owned.items()}


def _to_value(row: Any, field: Any, declaration: Declaration) -> Any:
    if field.many_to_many:
        return tuple(other.key for other in getattr(row, field.name).all())
    stored = getattr(row, field.name)
    if field.is_relation:
        return stored.key if stored else ""
    if declaration.decides:
        conditions = tuple(_condition(when) for when in row.conditions)
        return conditions if declaration.is_list else conditions[0]
    if declaration.is_list:
        return lines(stored)
    if field.choices:
        return get_type_hints(type(row).part.value)[field.name](stored)
    return stored


def _condition(when: object) -> decision.Condition:
    """A condition as it is stored. One that is malformed becomes one that ``publish_checks`` reports."""
    if not isinstance(when, dict):
        return {str(when): ()}
    return {name: tuple(map(str, values)) if isinstance(values, list) else () for name, values in when.items()}


class UnwritableError(ProblemsError):
    """The rows would not be allowed."""


@dataclass(frozen=True)
class Signature:
    """Who writes a draft outside the admin, and where it comes from, for the history."""

    by: AbstractBaseUser
    reason: str

    def sign(self, row: Any) -> None:
        """Let the history know, by the names that django-simple-history asks for."""
        row._history_user, row._change_reason = self.by, self.reason


def write_guide(
    *, value: decision.Guide, key: str, title: str, cases: list[Case], signature: Signature | None = None
) -> Guide:
    """Make a new guide of a value: all of its rows or none. It is a draft, not the default, with a number of its own.

    References must be sound, as ``import_checks`` checks; a draft may be incomplete in every other way. Raises
    ``UnwritableError`` for what a model or a constraint refuses.
    """
    writer = _Writer(structs.replace(value, key=key, title=title), cases, signature=signature)
    try:
        with transaction.atomic():
            guide = writer.write()
            if writer.problems:
                raise writer.refusal(writer.problems)
    except IntegrityError as error:
        raise writer.refusal([Problem("guide", _broken_constraint(error))]) from error
    return guide


def rewrite_draft(
    *, guide: Guide, value: decision.Guide, cases: list[Case], signature: Signature | None = None
) -> None:
    """Make the draft of a guide say what a value says. The caller holds the lock on the guide.

    What keeps its key, or its place where it has none, keeps its row, and with it whatever refers to it: the hosts of
    an outcome, say. Only rows that say something else are saved, with a line in their history. References must be
    sound. Raises ``UnwritableError`` for what a model or a constraint refuses; then nothing is changed.
    """
    writer = _Writer(structs.replace(value, key=guide.key), cases, guide, signature=signature)
    try:
        with transaction.atomic():
            writer.write()
            if not writer.problems:
                writer.delete_what_is_left()
            if writer.problems:
                raise writer.refusal(writer.problems)
    except ProtectedError as error:
        raise writer.refusal([Problem("guide", str(error.args[0]))]) from error
    except IntegrityError as error:
        raise writer.refusal([Problem("guide", _broken_constraint(error))]) from error


def _broken_constraint(error: IntegrityError) -> str:
    """What a database refused, in the words of the form; SQLite names the columns of a constraint that is unique."""
    said = str(error)
    for model in (Guide, *PARTS):
        for constraint in model._meta.constraints:
            fields: list[Any] = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
            columns = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
            if constraint.name in said or (columns and said.endswith(f": {columns}")):
                return str(constraint.violation_error_message)
    return said


class _Writer:
    """Saves row by row, as history is kept of each; what a model refuses is noted with its place and not saved.

    Where the guide is there already, its rows are used again by what they are known by (``natural_key``).
    """

    def __init__(
        self,
        value: decision.Guide,
        cases: list[Case],
        guide: Guide | None = None,
        *,
        signature: Signature | None = None,
    ) -> None:
        self.value, self.cases, self.guide, self.signature = value, cases, guide, signature
        self.problems: list[Problem] = []
        self.rows: dict[type[Any], dict[str, Any]] = defaultdict(dict)
        """The rows that others refer to, by model and key."""
        self.unused: dict[type[Any], dict[tuple[Any, ...], Any]] = {
            model: {row.natural_key(): row for row in parts_of(guide, model)} if guide else {} for model in PARTS
        }
        """The rows that are there and were not used again yet."""

    def write(self) -> Guide:
        """All rows, in the order in which they refer to each other; it stops at the first kind with a problem."""
        guide: Guide = self._write("guide", self.guide or Guide(), self._columns(Guide, self.value))
        written: dict[type[Any], list[tuple[str, Any, Any]]] = {Guide: [("guide", guide, self.value)]}
        for model in PARTS:
            if not self.problems:
                written[model] = [
                    (place, self._part(model, place, owner, number, value), value)
                    for owner_place, owner, owner_value in written[owner_model(model)]
                    for number, (place, value) in enumerate(self._owned(model, owner_place, owner_value), 1)
                ]
        for _, row, value in written[FollowUp] if not self.problems else ():
            self._write("", row, {"asked_when": [_stored(when) for when in value.asked_when]}, checked=False)
        return guide

    def delete_what_is_left(self) -> None:
        """Delete the rows that the value does not have, those that refer to others first."""
        for model in reversed(PARTS):
            for row in self.unused[model].values():
                self._sign(row)
                row.delete()

    def _sign(self, row: Any) -> None:
        if self.signature:
            self.signature.sign(row)

    def _owned(self, model: type[Any], place: str, owner: Any) -> list[tuple[str, Any]]:
        """The values of one kind that belong to another value, each with its place."""
        name = model.part.list_name
        if model.part.value is Case:
            return [(f"{name}[{number}]", case) for number, case in enumerate(self.cases)]
        return [(f"{place}.{name}[{number}]", value) for number, value in enumerate(getattr(owner, name))]

    def _part(self, model: type[Any], place: str, owner: Any, number: int, value: Any) -> Any:
        columns = {model.owner: owner, **self._columns(model, value)}
        if any(field.name == "position" for field in model._meta.fields):
            columns["position"] = number
        if model is FollowUp:
            # Its conditions name questions, which are written after it.
            columns["asked_when"] = [{}]
        row = model(**columns)
        if kept := self.unused[model].pop(row.natural_key(), None):
            row = kept
            if model is FollowUp:
                del columns["asked_when"]
        if hasattr(row, "key"):
            self.rows[model][row.key] = row
        if self._write(place, row, columns).pk:
            for name, (field, _) in document_fields(model).items():
                if field.many_to_many:
                    getattr(row, name).set([self.rows[field.related_model][key] for key in getattr(value, name)])
        return row

    def _columns(self, model: type[Any], value: Any) -> dict[str, Any]:
        """What the columns of a row say, from its value."""
        if isinstance(value, str):
            return dict.fromkeys(document_fields(model), value)
        return {
            name: self._to_column(field, declaration, getattr(value, name))
            for name, (field, declaration) in document_fields(model).items()
            if not field.many_to_many
        }

    def _to_column(self, field: Any, declaration: Declaration, value: Any) -> Any:
        if field.is_relation:
            return self.rows[field.related_model].get(value)
        if declaration.decides:
            return [_stored(when) for when in value] if declaration.is_list else _stored(value)
        if declaration.is_list:
            return "\n".join(value)
        return value.value if isinstance(value, Enum) else value

    def _write(self, place: str, row: Any, columns: dict[str, Any], *, checked: bool = True) -> Any:
        """Save a row if it says something else than before. Texts may be missing in a draft; what else is wrong with
        them is noted.
        """
        self._sign(row)
        before = {name: getattr(row, name) for name in columns if row.pk}
        for name, said in columns.items():
            setattr(row, name, said)
        if row.pk and before == columns:
            return row
        if checked:
            self._check(place, row)
        if not self.problems:
            row.save()
        return row

    def _check(self, place: str, row: Any) -> None:
        empty = [field.name for field in row._meta.fields if getattr(row, field.attname) == ""]
        try:
            row.clean_fields(exclude=empty)
            row.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                where = f"{place}.{name}".removesuffix(".__all__")
                self.problems += [Problem(where, message) for message in messages]

    def refusal(self, problems: list[Problem]) -> UnwritableError:
        """The error that says why nothing was written."""
        return UnwritableError(problems, {"guide": to_builtins(self.value), "scenarios": to_builtins(self.cases)})


def _stored(when: decision.Condition) -> dict[str, list[str]]:
    return {name: list(values) for name, values in when.items()}
