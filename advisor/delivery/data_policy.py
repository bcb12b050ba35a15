"""Data policy of delivery: messages with their attempts."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.data_policy import DataPolicy, RecordKind, RetentionRule
from advisor.delivery.models import Attempt, Chore, ClockCheck, Endpoint, HeldRemoval, Message, State


def finished_messages(before: datetime) -> QuerySet[Message]:
    """Messages that were due before then and are not waiting."""
    return Message.objects.filter(due_at__lt=before, state__in=set(State) - {State.WAITING})


def remove_messages(messages: QuerySet[Message]) -> int:
    """Delete messages with their attempts. Returns the number of messages."""
    _, removed = messages.delete()
    return removed.get(Message._meta.label, 0)


MESSAGES = RecordKind(
    order=30,
    title="Messages about it",
    what="Every e-mail to you, and every message sent within our company or to our own systems about your request: "
    "the address, the text, when it went out and what the receiving server replied.",
    why="So that nothing is lost when a mail server is down, and so that we can tell you what was sent.",
    who="The people here who answer requests, and those who look after our mail.",
    rules=(
        RetentionRule(
            records="Messages that were sent, failed or withdrawn",
            setting="KEEP_MESSAGES_DAYS",
            since="they were due",
            due=finished_messages,
            remove=remove_messages,
        ),
    ),
    models=(Message, Attempt),
    timestamps=((Message, "created_at"),),
)

data_policy = DataPolicy(
    kinds=(MESSAGES,), audited_models=(Message,), not_about_visitors=(Endpoint, Chore, HeldRemoval, ClockCheck)
)
