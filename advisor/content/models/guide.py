"""The guide itself, and the parts of it that are words only."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from simple_history.models import HistoricalRecords

from advisor.content.models.parts import ContentQuerySet, OrderedPart, key_field
from advisor.content.models.texts import Written
from advisor.decision.unfinished import RESERVED_GUIDE_KEYS, key_problem


def next_number() -> int:
    """A number for a new guide: one above the highest. A published guide stays, so its codes keep their meaning."""
    return (Guide.objects.aggregate(highest=Max("number"))["highest"] or 0) + 1


class Guide(Written):
    """The draft of one decision that visitors are helped with."""

    natural_key_fields = ("key",)

    key = key_field(unique=True, help_text="The first part of every address of this guide: cto-or-head-of-ai.")
    number = models.PositiveSmallIntegerField(
        default=next_number,
        editable=False,
        help_text="Stands for the guide in result codes.",
    )
    is_default = models.BooleanField(default=False, help_text="The guide that the front page shows.")
    is_retired = models.BooleanField(
        "retired", default=False, help_text="Not offered any more; links to its results and its codes go on working."
    )
    title = models.CharField(max_length=120, help_text="Fractional CTO or fractional Head of AI: which do you need?")
    summary = models.TextField(help_text="What the visitor gets, in two sentences; the first thing anyone reads.")
    audience = models.TextField(help_text="Who this is for.")
    why = models.TextField(verbose_name="why it matters", help_text="What a wrong choice costs.")
    some_from = models.PositiveSmallIntegerField(
        "some evidence from", default=1, help_text="How many ticked signals of a role count as some evidence."
    )
    strong_from = models.PositiveSmallIntegerField(
        "strong evidence from", default=3, help_text="How many ticked signals of a role count as strong evidence."
    )
    clear = models.TextField("when clear", help_text="Shown when everything points the same way.")
    leaning = models.TextField("when leaning", help_text="Shown when most but not all points the same way.")
    mixed = models.TextField("when mixed", help_text="Shown when two answers contradict each other.")
    call_title = models.CharField(max_length=120, help_text="Book a free introductory call.")
    call_text = models.TextField(help_text="What the call is, how long it takes, what it costs.")
    call_next = models.TextField("what happens next", help_text="Shown after a call was asked for.")
    consent = models.TextField(help_text="What the visitor agrees to; stored with the lead word for word.")

    objects = ContentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="guide_number_unique",
                violation_error_message="Another guide has this number in its result codes.",
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="guide_one_default",
                violation_error_message="Another guide is the default one; take the mark from it first.",
            ),
            models.CheckConstraint(
                condition=~Q(is_default=True, is_retired=True),
                name="guide_default_is_offered",
                violation_error_message="The default guide cannot be retired; make another one the default first.",
            ),
            models.CheckConstraint(
                condition=Q(some_from__gte=1, strong_from__gte=models.F("some_from")),
                name="guide_thresholds_in_order",
                violation_error_message="“Some” begins at one signal or more, and “strong” not below it.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str, ...]:
        return (self.key,)

    def clean(self) -> None:
        if problem := key_problem(self.key, RESERVED_GUIDE_KEYS):
            raise ValidationError({"key": problem})


class SharedConcern(OrderedPart):
    """Something both roles care for when they work together."""

    text = models.CharField(max_length=120, help_text="Compute costs")

    history = HistoricalRecords()

    class Meta(OrderedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "position"],
                name="shared_concern_position_unique",
                violation_error_message="Another shared concern stands at this position.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class FrequentQuestion(OrderedPart):
    """A question people ask before they decide."""

    question = models.CharField(max_length=160, help_text="Can one person be both?")
    answer = models.TextField(help_text="Begin with the answer; then say when it is different.")

    history = HistoricalRecords()

    class Meta(OrderedPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "position"],
                name="frequent_question_position_unique",
                violation_error_message="Another question stands at this position.",
            )
        ]

    def __str__(self) -> str:
        return self.question
