"""How often each step was taken. There is no row for a visitor, only sums."""

from django.db import models
from django.db.models import Q

from advisor.decision.recommendation import Certainty

LONGEST_SOURCE = 60
"""Characters of a source that are kept."""


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


class Entrance(models.TextChoices):
    """Where the tool stood when the visitor came in."""

    OWN = "own", "Own site"
    EMBEDDED = "embedded", "Embedded in another site"


class Sum(models.Model):
    """So many steps of one kind on one day.

    ``about`` is the key of a page of questions, of a signal, of a remark, or of the outcome that was recommended, as
    the step has it; ``certainty`` goes with an outcome.
    """

    guide = models.CharField(max_length=40)
    step = models.CharField(max_length=20, choices=Step)
    day = models.DateField(help_text="In UTC.")
    edition = models.PositiveIntegerField()
    about = models.CharField(max_length=40, blank=True)
    certainty = models.CharField(max_length=10, blank=True, choices=[(level.value, level.value) for level in Certainty])

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
            models.CheckConstraint(
                condition=Q(certainty__in=["", *(level.value for level in Certainty)]),
                name="%(class)s_certainty_known",
                violation_error_message="There is no such certainty.",
            ),
        ]


class Count(Sum):
    """Steps with where their visitors came from. ``source`` is "" where nothing said so."""

    source = models.CharField(max_length=LONGEST_SOURCE, blank=True)
    entrance = models.CharField(max_length=10, choices=Entrance, default=Entrance.OWN)
    number = models.PositiveBigIntegerField()

    class Meta:
        # The day's sources are asked for before a new one is let in.
        indexes = [models.Index(fields=["day", "source"], name="count_day_source")]
        constraints = [
            *Sum.Meta.constraints,
            models.UniqueConstraint(
                fields=["guide", "step", "day", "edition", "about", "certainty", "source", "entrance"],
                name="count_once",
                violation_error_message="This is counted in another row.",
            ),
            models.CheckConstraint(
                condition=Q(entrance__in=Entrance.values),
                name="count_entrance_known",
                violation_error_message="There is no such entrance.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} {self.about} on {self.day}"


class Total(Sum):
    """The same over all sources and entrances, written along with it: years are read in the time of months."""

    number = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            *Sum.Meta.constraints,
            models.UniqueConstraint(
                fields=["guide", "step", "day", "edition", "about", "certainty"],
                name="total_once",
                violation_error_message="This is counted in another row.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.step} {self.about} on {self.day}"
