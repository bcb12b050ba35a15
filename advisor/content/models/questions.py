"""What visitors are asked."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from advisor.content.models.naming import draft_vocabulary, naming
from advisor.content.models.parts import KeyedPart, Part, key_field, same_guide
from advisor.content.models.table import Role
from advisor.decision.conditions import condition_problems
from advisor.decision.unfinished import RESERVED_QUESTION_KEYS, key_problem


class FollowUp(KeyedPart):
    """A page of questions asked only of those for whom one of the conditions holds."""

    title = models.CharField(max_length=120, help_text="Could one person do both?")
    help = models.TextField(blank=True, help_text="Why these are asked, in a sentence.")
    asked_when = models.JSONField(
        help_text='A list of conditions, one of which must hold: [{"both": ["both"]}].',
    )

    history = HistoricalRecords()

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="follow_up_key_unique",
                violation_error_message="This guide has a follow-up with this key.",
            )
        ]

    def __str__(self) -> str:
        return f"follow-up “{self.title}”"

    @property
    def conditions(self) -> list[Any]:
        # From a fixture it may be anything; what is no list counts as a condition that is none.
        return self.asked_when if isinstance(self.asked_when, list) else [None]

    def clean(self) -> None:
        if not isinstance(self.asked_when, list):
            raise ValidationError({"asked_when": "Give a list of conditions, one of which must hold."})
        if self.guide_id:
            vocabulary = draft_vocabulary(self.guide)
            problems = [problem for when in self.asked_when for problem in condition_problems(when, vocabulary)]
            if problems:
                raise ValidationError({"asked_when": problems})


class Question(KeyedPart):
    """A question with its choices; asked of everyone, or as part of a follow-up."""

    follow_up = models.ForeignKey(
        FollowUp,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        help_text="Leave empty for a question that everyone is asked.",
    )
    role = models.ForeignKey(
        Role,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        help_text="The role this question is about; its signals are asked below it.",
    )
    name = models.CharField(max_length=60, help_text="The question in a few words, for lists: Running software")
    text = models.CharField(max_length=160, help_text="The question as the visitor reads it.")
    help = models.TextField(blank=True, help_text="What is meant, if it needs a word.")
    signals_text = models.CharField(
        max_length=160, blank=True, help_text="Above the signals: Which of these sound like you?"
    )

    history = HistoricalRecords()

    class Meta(KeyedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "key"],
                name="question_key_unique",
                violation_error_message="This guide has a question with this key.",
            ),
            models.UniqueConstraint(
                fields=["guide", "role"],
                name="question_one_a_role",
                violation_error_message="Another question is about this role.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if problem := key_problem(self.key, RESERVED_QUESTION_KEYS):
            raise ValidationError({"key": problem})
        same_guide(self, follow_up=self.follow_up, role=self.role)

    def named_by(self) -> list[models.Model]:
        return naming(self.guide, lambda name, values: name == self.key)


class Choice(Part):
    """One answer to a question."""

    natural_key_fields = ("question__guide__key", "question__key", "key")

    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    key = key_field()
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")
    label = models.CharField(max_length=160, help_text="Yes, that is our core problem")
    affirms = models.BooleanField(default=False, help_text="This answer says yes to the question's role.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["question", "position", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "key"],
                name="choice_key_unique",
                violation_error_message="This question has a choice with this key.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def named_by(self) -> list[models.Model]:
        def names_choice(name: str, values: list[Any]) -> bool:
            return name == self.question.key and self.key in values

        return naming(self.question.guide, names_choice)
