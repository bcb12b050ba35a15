"""Data policy of limits: numbers made of networks and addresses, until the day after."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.data_policy import DataPolicy, RecordKind, RetentionRule
from advisor.limits.models import Usage


def old_usage(before: datetime) -> QuerySet[Usage]:
    """What was counted from before then on."""
    return Usage.objects.filter(since__lt=before)


def remove_usage(usage: QuerySet[Usage]) -> int:
    number, _ = usage.delete()
    return number


HOW_OFTEN = RecordKind(
    order=7,
    title="How often a form was sent",
    what="When you ask for a call or for a result by e-mail, we count how often that was done today from the network "
    "that your device is in, with your e-mail address and with addresses of the same provider. In place of the network "
    "and the address we keep a number made of them, from which nobody can read either.",
    why="So that nobody fills our calendar, or has us write to strangers.",
    who="Nobody: it is only compared.",
    rules=(
        RetentionRule(
            records="These counts",
            setting="KEEP_USAGE_DAYS",
            since="the hour or the day that they are of",
            due=old_usage,
            remove=remove_usage,
            is_short_lived=True,
        ),
    ),
    models=(Usage,),
    is_personal=False,
)

data_policy = DataPolicy(kinds=(HOW_OFTEN,))
