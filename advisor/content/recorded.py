"""What the history remembers of a guide, and how it begins for one that was not typed into the admin."""

from typing import Any

from django.db.models import Model, QuerySet

from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    FollowUp,
    FrequentQuestion,
    Guide,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    SharedConcern,
    Signal,
)

RECORDED: tuple[type[Model], ...] = (
    Guide,
    Role,
    Dimension,
    Cell,
    Signal,
    FollowUp,
    Question,
    Choice,
    Outcome,
    Rule,
    Remark,
    Scenario,
    SharedConcern,
    FrequentQuestion,
)
"""Everything that a guide consists of, each with a history."""

LOADED = "As it was loaded"
"""The reason of records that say how a guide began."""


def parts_of(guide: Guide, model: type[Model]) -> QuerySet[Any]:
    """The parts of one kind that a guide has now."""
    owners: dict[type[Model], str] = {Guide: "pk", Cell: "dimension__guide", Choice: "question__guide"}
    return model._default_manager.filter(**{owners.get(model, "guide"): guide.pk})


def past_of(guide: Guide, model: type[Model]) -> QuerySet[Any]:
    """All records about the parts of one kind, also of those that were deleted."""
    history: QuerySet[Any] = model.history.all()  # type: ignore[attr-defined]
    if model is Guide:
        return history.filter(id=guide.pk)
    if model is Cell:
        return history.filter(dimension_id__in=past_of(guide, Dimension).order_by().values("id"))
    if model is Choice:
        return history.filter(question_id__in=past_of(guide, Question).order_by().values("id"))
    return history.filter(guide_id=guide.pk)


def record_beginning(*, guide: Guide) -> None:
    """Keep how every part of a guide is now, so that its first change has an old value.

    For a guide that has just come out of a file, of which the history knows nothing yet beside some of its lists.
    """
    for model in RECORDED:
        past_of(guide, model).update(history_change_reason=LOADED)
        unknown = parts_of(guide, model).exclude(pk__in=past_of(guide, model).order_by().values("id"))
        model.history.bulk_history_create(unknown, default_change_reason=LOADED)  # type: ignore[attr-defined]
