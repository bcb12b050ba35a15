"""How often each step was taken. There is no row for a visitor, only sums."""

from django.db import models
from django.db.models import Q

from advisor.decision.recommendation import Certainty
from advisor.fields import one_of
from advisor.funnel.spans import Span

MAX_SOURCE_LENGTH = 60
"""Characters that a source may have."""


class Step(models.TextChoices):
    """The steps that are counted, in the order of the walk. ``definitions`` defines each."""

    LANDING = "landing", "Landing seen"
    SHOWN = "shown", "Question shown"
    ANSWERED = "answered", "Question answered"
    RESULT = "result", "Result shown"
    SIGNAL = "signal", "Situation ticked"
    CONTRADICTION = "contradiction", "Contradiction seen"
    CALL_PAGE = "call-page", "Call page opened"
    LEAD = "lead", "Request sent"
    CALL = "call", "Call booked"
    RESPONSE = "response", "First response"


class Entrance(models.TextChoices):
    """Whether a visitor began on our own site or in a frame on another one."""

    OWN = "own", "Own site"
    EMBEDDED = "embedded", "Embedded in another site"


CERTAINTIES = [(level.value, level.value) for level in Certainty]


def counted_once(name: str, *others: str) -> models.UniqueConstraint:
    """The rule that only one row counts the same."""
    fields = ["guide", "step", "day", "edition", *others]
    return models.UniqueConstraint(fields=fields, name=name, violation_error_message="This is counted in another row.")


class StepSum(models.Model):
    """The ``number`` of steps of one kind on one day.

    Depending on the step, ``about`` is the key of a page of questions, of a signal, of a remark, of the recommended
    outcome, or of a response time (``steps.RESPONSE_TIMES``). ``certainty`` belongs to an outcome. ``source`` is "" if
    nothing says where the visitor came from.
    """

    guide = models.CharField(max_length=40)
    step = models.CharField(max_length=20, choices=Step)
    day = models.DateField(help_text="In UTC.")
    edition = models.PositiveIntegerField()
    number = models.PositiveBigIntegerField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="%(class)s_positive",
                violation_error_message="What never happened is not counted.",
            ),
            one_of("step", Step.values, "%(class)s_step_known", "There is no such step."),
        ]


class SpanSum(StepSum):
    """A sum over one day, or over the week or month that begins on it."""

    span = models.CharField(max_length=5, choices=Span, default=Span.DAY)

    class Meta:
        abstract = True
        constraints = [
            *StepSum.Meta.constraints,
            one_of("span", Span.values, "%(class)s_span_known", "There is no such span."),
        ]


class Detailed(models.Model):
    """What a sum is about, and how visitors came in."""

    about = models.CharField(max_length=40, blank=True)
    certainty = models.CharField(max_length=10, blank=True, choices=CERTAINTIES)
    entrance = models.CharField(max_length=10, choices=Entrance, default=Entrance.OWN)

    class Meta:
        abstract = True
        constraints = [
            one_of("certainty", ["", *dict(CERTAINTIES)], "%(class)s_certainty_known", "There is no such certainty."),
            one_of("entrance", Entrance.values, "%(class)s_entrance_known", "There is no such entrance."),
        ]


class Count(Detailed, StepSum):
    """A sum with all details of its steps."""

    source = models.CharField(max_length=MAX_SOURCE_LENGTH, blank=True)

    class Meta:
        # The sources of a day are queried before a new one is admitted.
        indexes = [models.Index(fields=["day", "source"], name="count_day_source")]
        constraints = [
            *StepSum.Meta.constraints,
            *Detailed.Meta.constraints,
            counted_once("count_once", "about", "certainty", "source", "entrance"),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} {self.about} on {self.day}"


class Total(Detailed, SpanSum):
    """A sum over all sources. It is written together with ``Count``, so that years are read as fast as weeks."""

    class Meta:
        # It has all columns that the dashboard needs, so the table itself is not read.
        indexes = [
            models.Index(
                fields=["guide", "step", "span", "day", "about", "certainty", "entrance", "edition", "number"],
                name="total_by_span",
            )
        ]
        constraints = [
            *SpanSum.Meta.constraints,
            *Detailed.Meta.constraints,
            counted_once("total_once", "span", "about", "certainty", "entrance"),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} {self.about} in the {self.span} from {self.day} on"


class SourceTotal(SpanSum):
    """A sum by source alone."""

    source = models.CharField(max_length=MAX_SOURCE_LENGTH, blank=True)

    class Meta:
        # As for Total, the table itself is not read.
        indexes = [
            models.Index(
                fields=["guide", "step", "span", "day", "source", "edition", "number"], name="sourcetotal_by_span"
            )
        ]
        constraints = [*SpanSum.Meta.constraints, counted_once("sourcetotal_once", "span", "source")]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} from {self.source} in the {self.span} from {self.day} on"
