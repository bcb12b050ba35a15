"""The guide itself, and the parts of it that are words only."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from simple_history.models import HistoricalRecords

from advisor.content.models.declarations import PartKind, declare
from advisor.content.models.parts import ContentQuerySet, OrderedPart, key_field
from advisor.content.models.texts import Written
from advisor.decision import guide as decision
from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS, key_problem


def next_number() -> int:
    """A number for a new guide: one above the highest. A published guide stays, so its codes keep their meaning."""
    return (Guide.objects.aggregate(highest=Max("number"))["highest"] or 0) + 1


class Guide(Written):
    """The draft of one decision that visitors are helped with."""

    part = PartKind(decision.Guide, "guide", "Guide", "Guides", key_example="cto-or-head-of-ai")
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
    title = declare(
        models.CharField(max_length=120, help_text="Fractional CTO or fractional Head of AI: which do you need?"),
        example="Fractional CTO or fractional Head of AI: which do you need?",
        is_title=True,
    )
    summary = declare(
        models.TextField(help_text="What the visitor gets, in two sentences; the first thing anyone reads."),
        best_length=200,
        example="Answer a few short questions and see which role fits, and why. It takes about two minutes, and you do "
        "not have to leave an e-mail address.",
    )
    audience = declare(
        models.TextField(help_text="Who this is for."),
        is_markdown=True,
        best_length=250,
        example="Founders of growing companies who sense that nobody leads their technology, and who have to choose "
        "before they sign.",
    )
    why = declare(
        models.TextField(verbose_name="why it matters", help_text="What a wrong choice costs."),
        is_markdown=True,
        best_length=300,
        example="Hire the wrong one and it takes about six months before anyone notices. The work itself is a matter "
        "of weeks.",
    )
    example = declare(
        models.TextField(
            "answers of the example",
            blank=True,
            help_text="The front page of the guide shows a small part of the result that these answers lead to. Walk "
            "there, and paste the address of the result.",
        ),
        best_length=400,
        example="software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software",
    )
    some_from = declare(
        models.PositiveSmallIntegerField(
            "some evidence from", default=1, help_text="How many ticked signals of a role count as some evidence."
        ),
        example="with 1, a single ticked signal counts as some evidence",
    )
    strong_from = declare(
        models.PositiveSmallIntegerField(
            "strong evidence from", default=3, help_text="How many ticked signals of a role count as strong evidence."
        ),
        example="with 3 of five signals, most of what speaks for a role has been ticked",
    )
    clear = declare(
        models.TextField("when clear", help_text="Shown when everything points the same way."),
        best_length=160,
        example="What you told us points the same way, and nothing of weight speaks against it.",
    )
    leaning = declare(
        models.TextField("when leaning", help_text="Shown when most but not all points the same way."),
        best_length=160,
        example="Most of your answers lean this way, and at least one speaks for another choice.",
    )
    mixed = declare(
        models.TextField("when mixed", help_text="Shown when two answers contradict each other."),
        best_length=160,
        example="Two of the things you told us contradict each other, so take this as provisional until you know which "
        "one holds.",
    )
    call_title = declare(
        models.CharField(max_length=120, help_text="Book a free introductory call."),
        example="Book a free introductory call",
    )
    call_text = declare(
        models.TextField(help_text="What the call is, how long it takes, what it costs."),
        is_markdown=True,
        best_length=250,
        example="The call takes 30 minutes and costs nothing. Use it to test the recommendation on your own case; you "
        "owe us nothing afterwards.",
    )
    call_next = declare(
        models.TextField("what happens next", help_text="Shown after a call was asked for."),
        is_markdown=True,
        best_length=250,
        example="Someone reads your answers and writes to you within a working day. Reply to that message if you want "
        "to add anything.",
    )
    consent = declare(
        models.TextField(help_text="What the visitor agrees to; stored with the lead word for word."),
        best_length=300,
        example="I agree that you keep my name, my address and my answers to prepare this call. You will erase all of "
        "it when I ask you to.",
    )

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

    part = PartKind(
        str,
        "shared_concerns",
        "Shared concern",
        "Shared concerns",
        order_address="concerns",
        change_page="content_guide_change",
    )

    text = declare(models.CharField(max_length=120, help_text="Compute costs"), example="Compute costs", is_title=True)

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

    part = PartKind(
        decision.FrequentQuestion,
        "frequent_questions",
        "Question people ask",
        "Questions people ask",
        order_address="faq",
        change_page="content_guide_change",
    )

    question = declare(
        models.CharField(max_length=160, help_text="Can one person be both?"),
        example="Can one person be both?",
        is_title=True,
    )
    answer = declare(
        models.TextField(help_text="Begin with the answer; then say when it is different."),
        is_markdown=True,
        best_length=300,
        example="In principle, yes. In practice it works only in very small companies.",
    )

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
