"""Data policy of feedback: sums, the lines of visitors, and for a day what keeps a network from counting often."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.data_policy import DataPolicy, RecordKind, RetentionRule
from advisor.feedback.models import Ballot, Line, Tally, VotingDay


def old_lines(before: datetime) -> QuerySet[Line]:
    """What was written on earlier days."""
    return Line.objects.filter(day__lt=before.date())


def remove_lines(lines: QuerySet[Line]) -> int:
    number, _ = lines.delete()
    return number


def old_days(before: datetime) -> QuerySet[VotingDay]:
    """Earlier days, with their keys."""
    return VotingDay.objects.filter(day__lt=before.date())


def remove_days(days: QuerySet[VotingDay]) -> int:
    """Remove days with their keys and everything that was marked with them. Returns the number of days."""
    _, removed = days.delete()
    return removed.get(VotingDay._meta.label, 0)


WHETHER_IT_FITS = RecordKind(
    order=6,
    title="Whether a result fits you",
    what="If you tell us under a result which reasons fit you, we add that to a sum for each reason. The line in which "
    "you may say why it does not describe you is kept as you wrote it, with the edition, the outcome and the day, and "
    "without your answers. So that nobody counts a thousand times, we also keep a number made of the network that your "
    "device is in and a secret of that day. Once the secret is deleted, nobody can tell any more which network it was.",
    why="To find the reasons that do not convince, and to write better ones.",
    who="The people here who write the questions, and those who look after this site.",
    rules=(
        RetentionRule(
            records="Lines about a result",
            setting="KEEP_LINES_DAYS",
            since="the day on which they were written",
            due=old_lines,
            remove=remove_lines,
        ),
        RetentionRule(
            records="The secret of a day, with the numbers made of networks",
            setting="KEEP_VOTE_MARKS_DAYS",
            since="that day",
            due=old_days,
            remove=remove_days,
            is_short_lived=True,
        ),
    ),
    models=(Line, VotingDay, Ballot),
    is_personal=False,
)

data_policy = DataPolicy(kinds=(WHETHER_IT_FITS,), not_about_visitors=(Tally,))
