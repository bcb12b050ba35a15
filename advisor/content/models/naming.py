"""Which conditions name something, so that it is not deleted under them; and what a draft's conditions may name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

from advisor.decision.conditions import Vocabulary, condition_problems, vocabulary_of

if TYPE_CHECKING:
    from advisor.content.models.guide import Guide

DECIDING = ("Rule", "Remark", "FollowUp")
"""The models whose rows are chosen by conditions."""

Test = Callable[[str, list[str]], bool]


def naming(guide: "Guide", test: Test) -> list[models.Model]:
    """The rules, remarks, follow-ups and scenarios of a guide with an input for which the test says yes."""
    return [
        owner
        for model in (*DECIDING, "Scenario")
        for owner in apps.get_model("content", model)._default_manager.filter(guide=guide)
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
        guide.outcome_set.values_list("key", flat=True),
    )


def draft_problems(guide: "Guide") -> list[str]:
    """Every condition of a draft that names what does not exist, with its place."""
    vocabulary = draft_vocabulary(guide)
    return [
        f"{owner}: {problem}"
        for model in DECIDING
        for owner in apps.get_model("content", model)._default_manager.filter(guide=guide)
        for when in owner.conditions
        for problem in condition_problems(when, vocabulary, outcome=model == "Remark")
    ]
