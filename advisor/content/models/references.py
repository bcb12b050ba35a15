"""Which conditions name something, so that it is not deleted under them; and what a draft's conditions may name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from advisor.content.models.declarations import deciding_field
from advisor.content.models.parts import guide_of, guide_path
from advisor.decision.conditions import STAGES, Stage, Vocabulary, condition_problems, vocabulary_of

if TYPE_CHECKING:
    from advisor.content.models.guide import Guide

InputTest = Callable[[str, list[str]], bool]


def find_references(guide: "Guide", test: InputTest) -> list[models.Model]:
    """The needs, rules, remarks, follow-ups and scenarios of a guide with an input for which the test says yes."""
    return [
        owner
        for model in (*deciding_models(), apps.get_model("content", "Scenario"))
        for owner in model._default_manager.filter(**{guide_path(model): guide})
        if any(test(name, values) for when in owner.conditions for name, values in dict(when).items())
    ]


def draft_vocabulary(guide: "Guide") -> Vocabulary:
    """What conditions may name in the draft of a guide as it stands in the database."""
    return vocabulary_of(
        (
            (question.key, [choice.key for choice in question.choice_set.all()])
            for question in guide.question_set.prefetch_related("choice_set")
        ),
        guide.role_set.values_list("key", flat=True),
        guide.signal_set.values_list("key", flat=True),
        guide.role_set.filter(need_set__isnull=False).distinct().values_list("key", flat=True),
        guide.outcome_set.values_list("key", flat=True),
    )


def follow_up_questions(guide: "Guide") -> frozenset[str]:
    """The keys of the questions that are asked only of some."""
    return frozenset(guide.question_set.filter(follow_up__isnull=False).values_list("key", flat=True))


def draft_problems(guide: "Guide") -> list[str]:
    """Every condition of a draft that names what does not exist, with its place."""
    vocabulary, follow_ups = draft_vocabulary(guide), follow_up_questions(guide)
    return [
        f"{owner}: {problem}"
        for model in deciding_models()
        for owner in model._default_manager.filter(**{guide_path(model): guide})
        for when in owner.conditions
        for problem in condition_problems(when, vocabulary, stage_of(model), follow_ups)
    ]


def deciding_models() -> list[Any]:
    """The models whose rows are chosen by conditions."""
    models_here = apps.get_app_config("content").get_models()
    return [model for model in models_here if hasattr(model, "part") and deciding_field(model)]


def stage_of(model: Any) -> Stage:
    """How much the conditions of a model may ask for."""
    return STAGES.get(model.part.value, Stage.RULE)


def check_conditions(part: Any) -> None:
    """Raise ``ValidationError`` beside the conditions of a part that name what its guide does not have."""
    if getattr(part, f"{part.owner}_id"):
        guide = guide_of(part)
        vocabulary, follow_ups = draft_vocabulary(guide), follow_up_questions(guide)
        problems = [
            problem
            for when in part.conditions
            for problem in condition_problems(when, vocabulary, stage_of(type(part)), follow_ups)
        ]
        if problems:
            raise ValidationError({deciding_field(type(part)): problems})
