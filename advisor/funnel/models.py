"""How often each step was taken. There is no row for a visitor, only sums."""

from django.db import models
from django.db.models import Q

from advisor.decision.recommendation import Certainty
from advisor.funnel.spans import Span

LONGEST_SOURCE = 60
"""Characters that a source may have."""


class Step(models.TextChoices):
    """What is counted, in the order of the walk. What each means stands in ``definitions``."""

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
    """Where the tool stood when the visitor came in."""

    OWN = "own", "Own site"
    EMBEDDED = "embedded", "Embedded in another site"


CERTAINTIES = [(level.value, level.value) for level in Certainty]

CERTAINTY_KNOWN = models.CheckConstraint(
    condition=Q(certainty__in=["", *(level.value for level in Certainty)]),
    name="%(class)s_certainty_known",
    violation_error_message="There is no such certainty.",
)
ENTRANCE_KNOWN = models.CheckConstraint(
    condition=Q(entrance__in=Entrance.values),
    name="%(class)s_entrance_known",
    violation_error_message="There is no such entrance.",
)
COUNTED_ELSEWHERE = "This is counted in another row."


class Sum(models.Model):
    """So many steps of one kind on one day.

    ``about`` is the key of a page of questions, of a signal, of a remark, of the outcome that was recommended, or of
    how soon a response came (``speed``), as the step has it; ``certainty`` goes with an outcome. ``source`` is "" where
    nothing said where a visitor came from.
    """

    guide = models.CharField(max_length=40)
    step = models.CharField(max_length=20, choices=Step)
    day = models.DateField(help_text="In UTC.")
    edition = models.PositiveIntegerField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="%(class)s_positive",
                violation_error_message="What never happened is not counted.",
            ),
            models.CheckConstraint(
                condition=Q(step__in=Step.values),
                name="%(class)s_step_known",
                violation_error_message="There is no such step.",
            ),
        ]


class Count(Sum):
    """Everything that is known of a step."""

    about = models.CharField(max_length=40, blank=True)
    certainty = models.CharField(max_length=10, blank=True, choices=CERTAINTIES)
    source = models.CharField(max_length=LONGEST_SOURCE, blank=True)
    entrance = models.CharField(max_length=10, choices=Entrance, default=Entrance.OWN)
    number = models.PositiveBigIntegerField()

    class Meta:
        # The day's sources are asked for before a new one is let in.
        indexes = [models.Index(fields=["day", "source"], name="count_day_source")]
        constraints = [
            *Sum.Meta.constraints,
            CERTAINTY_KNOWN,
            ENTRANCE_KNOWN,
            models.UniqueConstraint(
                fields=["guide", "step", "day", "edition", "about", "certainty", "source", "entrance"],
                name="count_once",
                violation_error_message=COUNTED_ELSEWHERE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} {self.about} on {self.day}"


class SpanSum(Sum):
    """The same of one day, or of the week or month that begins on it."""

    span = models.CharField(max_length=5, choices=Span, default=Span.DAY)

    class Meta:
        abstract = True
        constraints = [
            *Sum.Meta.constraints,
            models.CheckConstraint(
                condition=Q(span__in=Span.values),
                name="%(class)s_span_known",
                violation_error_message="There is no such span.",
            ),
        ]


class Total(SpanSum):
    """The same over all sources, written along with it: years are read in the time of weeks."""

    about = models.CharField(max_length=40, blank=True)
    certainty = models.CharField(max_length=10, blank=True, choices=CERTAINTIES)
    entrance = models.CharField(max_length=10, choices=Entrance, default=Entrance.OWN)
    number = models.PositiveBigIntegerField()

    class Meta:
        # Holds all that the dashboard asks for, so that the table itself is not read.
        indexes = [
            models.Index(
                fields=["guide", "step", "span", "day", "about", "certainty", "entrance", "edition", "number"],
                name="total_by_span",
            )
        ]
        constraints = [
            *SpanSum.Meta.constraints,
            CERTAINTY_KNOWN,
            ENTRANCE_KNOWN,
            models.UniqueConstraint(
                fields=["guide", "step", "day", "edition", "span", "about", "certainty", "entrance"],
                name="total_once",
                violation_error_message=COUNTED_ELSEWHERE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} {self.about} in the {self.span} from {self.day} on"


class SourceTotal(SpanSum):
    """The same by source alone."""

    source = models.CharField(max_length=LONGEST_SOURCE, blank=True)
    number = models.PositiveBigIntegerField()

    class Meta:
        # For the same reason.
        indexes = [
            models.Index(
                fields=["guide", "step", "span", "day", "source", "edition", "number"], name="sourcetotal_by_span"
            )
        ]
        constraints = [
            *SpanSum.Meta.constraints,
            models.UniqueConstraint(
                fields=["guide", "step", "day", "edition", "span", "source"],
                name="sourcetotal_once",
                violation_error_message=COUNTED_ELSEWHERE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} from {self.source} in the {self.span} from {self.day} on"
