"""Votes as sums, and the lines beside them. What tells one voter from another is kept for a day, and no longer."""

from secrets import token_hex

from django.db import models
from django.db.models import Q

from advisor.assessment.fit import MAX_LINE_LENGTH, Verdict
from advisor.fields import one_of

MAX_PER_NETWORK = 3
"""Votes on one reason of one outcome that count from one network in a day, in UTC: each with other answers."""

MAX_PER_HOUR = 250
"""The same from all networks together in an hour."""

MAX_LINES_PER_HOUR = 60
"""Lines about one outcome that are taken in an hour: somebody has to read them."""

WHOLE_RESULT = ""
"""In place of the key of a reason: a line is about the result as a whole."""


def new_key() -> str:
    """256 random bits."""
    return token_hex(32)


class VotingDay(models.Model):
    """A day, in UTC, with the key of its marks. It goes a day later: then nobody can make such a mark again, or find
    out whose it was, with whatever they know. Whoever votes locks it, so that votes are counted one after the other.
    """

    day = models.DateField(unique=True)
    key = models.CharField(max_length=64, default=new_key)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}"


class About(models.Model):
    """What something was said about: an outcome of one edition of a guide."""

    guide = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    outcome = models.CharField(max_length=40)

    class Meta:
        abstract = True


class Tally(About):
    """How often one reason of an outcome was said to fit, and how often not, in the week that begins on a Monday.

    ``not_counted`` are the votes beyond the bounds. Of ``WHOLE_RESULT`` nobody is asked whether it fits: each line
    says that it does not.
    """

    reason = models.CharField(max_length=120, blank=True)
    week = models.DateField()
    fits = models.PositiveIntegerField(default=0)
    does_not = models.PositiveIntegerField(default=0)
    not_counted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "edition", "outcome", "reason", "week"],
                name="tally_once",
                violation_error_message="This is counted in another row.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason or 'the result'} of {self.outcome} in the week from {self.week} on"


class Ballot(models.Model):
    """That one network has said something of one reason on a day. ``network`` and ``given_with`` are marks under the
    key of the day: of the network, and of the answers, or the line, that it came with.

    ``of_network`` and ``of_hour`` count from 1: no number is given twice, and none beyond the bounds.
    """

    voting_day = models.ForeignKey(VotingDay, on_delete=models.CASCADE)
    tally = models.ForeignKey(Tally, on_delete=models.PROTECT)
    network = models.CharField(max_length=64)
    given_with = models.CharField(max_length=64)
    verdict = models.CharField(max_length=4, choices=Verdict)
    of_network = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    of_hour = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["voting_day", "tally", "network", "given_with"],
                name="ballot_once",
                violation_error_message="This network has said this today.",
            ),
            models.UniqueConstraint(
                fields=["voting_day", "tally", "network", "of_network"],
                name="ballot_once_of_network",
                violation_error_message="This network voted at the same moment.",
            ),
            models.UniqueConstraint(
                fields=["voting_day", "tally", "hour", "of_hour"],
                name="ballot_once_of_hour",
                violation_error_message="Another network voted at the same moment.",
            ),
            models.CheckConstraint(
                condition=Q(of_network__range=(1, MAX_PER_NETWORK), hour__lte=23, of_hour__range=(1, MAX_PER_HOUR)),
                name="ballot_within_bounds",
                violation_error_message="No more votes count now.",
            ),
            one_of("verdict", Verdict.values, "ballot_verdict_known", "There is no such verdict."),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} for {self.tally}"


class Line(About):
    """Why a result does not describe somebody, in their words, and the day on which they said so, in UTC."""

    day = models.DateField()
    text = models.CharField(max_length=MAX_LINE_LENGTH)

    class Meta:
        indexes = [models.Index(fields=["guide", "edition", "id"], name="line_of_edition")]

    def __str__(self) -> str:
        # Not what it says: the log of changes keeps this when it is removed.
        return f"{self.outcome}, {self.day:%-d %B %Y}"
