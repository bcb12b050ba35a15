"""What visitors are asked."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from advisor.content.models.declarations import PartKind, declare
from advisor.content.models.parts import KEY_PURPOSE, KeyedPart, Part, key_field, same_guide
from advisor.content.models.references import check_conditions, find_references
from advisor.content.models.table import Role
from advisor.decision import guide as decision
from advisor.decision.guide_checks import RESERVED_QUESTION_KEYS, key_problem


class FollowUp(KeyedPart):
    """A page of questions asked only of those for whom one of the conditions holds."""

    part = PartKind(
        decision.FollowUp,
        "follow_ups",
        "Follow-up",
        "Follow-ups",
        key_example="one-person",
        order_address="followups",
    )

    title = declare(
        models.CharField(max_length=120, help_text="Could one person do both?"),
        example="Could one person do both?",
        is_title=True,
    )
    help = declare(
        models.TextField(blank=True, help_text="Why these are asked, in a sentence."),
        best_length=160,
        example="Three facts decide whether a single leader is enough for now.",
    )
    asked_when = declare(
        models.JSONField(help_text='A list of conditions, one of which must hold: [{"both": ["both"]}].'),
        decides=True,
        is_list=True,
        example="asked of those who said “Both” to “Is it both?”",
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

    def clean(self) -> None:
        if not isinstance(self.asked_when, list):
            raise ValidationError({"asked_when": "Give a list of conditions, one of which must hold."})
        check_conditions(self)


class Question(KeyedPart):
    """A question with its choices; asked of everyone, or as part of a follow-up."""

    part = PartKind(
        decision.Question, "questions", "Question", "Questions", key_example="software", order_address="questions"
    )

    follow_up = declare(
        models.ForeignKey(
            FollowUp,
            on_delete=models.RESTRICT,
            null=True,
            blank=True,
            help_text="Leave empty for a question that everyone is asked.",
        ),
        example="team size is asked only of those who might do with one person",
    )
    role = declare(
        models.ForeignKey(
            Role,
            on_delete=models.RESTRICT,
            null=True,
            blank=True,
            help_text="The role this question is about; its signals are asked below it.",
        ),
        example="“Is your core problem running software?” is about the fractional CTO",
    )
    name = declare(
        models.CharField(max_length=60, help_text="The question in a few words, for lists: Running software"),
        example="Running software",
        is_title=True,
    )
    text = declare(
        models.CharField(max_length=160, help_text="The question as the visitor reads it."),
        example="Is your core problem building and running software reliably?",
    )
    help = declare(
        models.TextField(blank=True, help_text="What is meant, if it needs a word."),
        best_length=160,
        example="Think of slow releases, outages, or a team that nobody senior leads.",
    )
    why = declare(
        models.TextField("why we ask", blank=True, help_text="What the answer is good for; folded below the question."),
        best_length=250,
        example="A CTO is the answer to this problem and to no other. Without a yes here we look for one elsewhere.",
    )
    terms = declare(
        models.TextField(
            "words explained",
            blank=True,
            help_text="Words of this page that not everyone knows, each with its meaning; folded below the question.",
        ),
        is_markdown=True,
        best_length=500,
        example="- **Technical debt**: shortcuts taken in the past that make every change slower today.",
    )
    signals_text = declare(
        models.CharField(max_length=160, blank=True, help_text="Above the signals: Which of these sound like you?"),
        example="Which of these sound like you?",
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
        # One from before a key was reserved can still be changed; whether it is in the way is said when publishing.
        if self._state.adding and (problem := key_problem(self.key, RESERVED_QUESTION_KEYS)):
            raise ValidationError({"key": problem})
        same_guide(self, follow_up=self.follow_up, role=self.role)
        if self.follow_up and (needs := self._needs_resting_on_it()):
            raise ValidationError(
                {
                    "follow_up": "A need is found from what everyone is asked, and this question is asked for in "
                    f"{'; '.join(needs)}. Let {'this row' if len(needs) == 1 else 'these rows'} do without it first."
                }
            )

    def _needs_resting_on_it(self) -> list[str]:
        """The rows of needs that ask for this question, as staff call them."""
        parts: list[Any] = self.references() if self.pk else []
        rows = [part for part in parts if type(part).part.value is decision.NeedRow]
        return [f"“When is {row.role} needed?”, row {row.position}" for row in rows]

    def references(self) -> list[models.Model]:
        return find_references(self.guide, lambda name, values: name == self.key)


class Choice(Part):
    """One answer to a question."""

    part = PartKind(decision.Choice, "choices", "Choice", "Choices", key_example="ten-or-more")
    owner = "question"
    natural_key_fields = ("question__guide__key", "question__key", "key")

    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    key = key_field(purpose=KEY_PURPOSE)
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")
    label = declare(
        models.CharField(max_length=160, help_text="Yes, that is our core problem"),
        example="Yes, that is our core problem",
        is_title=True,
    )
    affirms = declare(
        models.BooleanField(default=False, help_text="This answer says yes to the question's role."),
        example="“Yes” says that software is the problem; “No” and “Not sure” do not",
    )
    unsure = declare(
        models.BooleanField(
            default=False,
            help_text="This answer leaves the question open. Where the outcome turns on it, visitors read that the "
            "answer is missing, and the recommendation is not called clear.",
        ),
        example="“Not sure” leaves it open; “Neither” is an answer like any other",
    )

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

    def references(self) -> list[models.Model]:
        def names_choice(name: str, values: list[Any]) -> bool:
            return name == self.question.key and self.key in values

        return find_references(self.question.guide, names_choice)
