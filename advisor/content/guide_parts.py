"""The parts of a guide in each of their three forms: as rows of the draft, as values in a document, as history.

Whatever goes over a whole guide begins here, so that a new field or a new kind of part is declared once, in the model.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from advisor.content.models import PARTS, Guide, Scenario
from advisor.content.models.declarations import declared_fields, document_fields
from advisor.content.models.parts import guide_path
from advisor.decision import guide as decision

RECORDED: tuple[Any, ...] = (Guide, *PARTS)
"""Everything that a guide consists of, each with a history."""

ONLY_IN_EDITIONS = frozenset(decision.Guide.__struct_fields__) - {
    *declared_fields(Guide),
    *(model.part.list_name for model in PARTS),
}
"""The fields of a document that belong to an installation or an edition: nobody edits them, and no file has them."""

LOADED = "As it was loaded"
"""The reason of history records that say how a guide began."""


def parts_of(guide: Guide, model: type[Any]) -> QuerySet[Any]:
    """The parts of one kind that a guide has now."""
    path = "pk" if model is Guide else guide_path(model)
    found: QuerySet[Any] = model._default_manager.filter(**{path: guide.pk})
    return found


def owner_model(model: type[Any]) -> type[Any]:
    """The model of what a part belongs to."""
    owner: type[Any] = model._meta.get_field(model.owner).related_model
    return owner


def owned_models(owner: type[Any]) -> list[type[Any]]:
    """The parts that belong to a guide, or to a part of one."""
    return [model for model in PARTS if owner_model(model) is owner]


def in_document_order() -> list[type[Any]]:
    """The parts that belong to the guide itself, as the document has them; scenarios, which are not in it, last."""
    names = decision.Guide.__struct_fields__
    return sorted(owned_models(Guide), key=lambda model: [*names, Scenario.part.list_name].index(model.part.list_name))


def listed_kinds() -> list[type[Any]]:
    """The kinds of parts that are edited one by one, and not in a table or on the page of the guide."""
    return [model for model in in_document_order() if not (model.part.table_page or model.part.change_page)]


def placed_values(document: Any, model: type[Any], cases: Sequence[Any] = ()) -> Iterator[tuple[str, Any]]:
    """The values of one kind in a document, each with its place: ``guide.signals[2]``.

    ``cases`` are the scenarios, which are not part of the document.
    """
    if model is Guide:
        yield "guide", document
    elif model.part.list_name not in owner_model(model).part.value.__struct_fields__:
        yield from ((f"{model.part.list_name}[{number}]", case) for number, case in enumerate(cases))
    else:
        for place, owner in placed_values(document, owner_model(model)):
            for number, value in enumerate(getattr(owner, model.part.list_name)):
                yield f"{place}.{model.part.list_name}[{number}]", value


def texts_and_lists(value: Any, model: type[Any]) -> Iterator[tuple[str, Any]]:
    """What a value says, by the fields of its model; a value that is a text has only one."""
    for name in document_fields(model):
        yield name, value if isinstance(value, str) else getattr(value, name)


def past_of(guide: Guide, model: type[Any]) -> QuerySet[Any]:
    """All records about the parts of one kind, also of those that were deleted."""
    history: QuerySet[Any] = model.history.all()
    if model is Guide:
        return history.filter(id=guide.pk)
    if model.owner == "guide":
        return history.filter(guide_id=guide.pk)
    return history.filter(**{f"{model.owner}_id__in": past_of(guide, owner_model(model)).order_by().values("id")})


def guide_id_of_record(record: Any) -> int:
    """The guide that a record of history is of, also when what it is about belongs to a part that was deleted."""
    model = record.instance_type
    if model is Guide or model.owner == "guide":
        return int(record.id if model is Guide else record.guide_id)
    owner = owner_model(model)
    return guide_id_of_record(owner.history.filter(id=getattr(record, f"{model.owner}_id")).first())


def record_initial_state(*, guide: Guide) -> None:
    """Keep how every part of a guide is now, so that its first change has an old value.

    For a guide that has just come out of a file, of which the history knows nothing yet beside some of its lists.
    """
    for model in RECORDED:
        past_of(guide, model).update(history_change_reason=LOADED)
        unknown = parts_of(guide, model).exclude(pk__in=past_of(guide, model).order_by().values("id"))
        model.history.bulk_history_create(unknown, default_change_reason=LOADED)
