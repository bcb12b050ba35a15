"""What the outbox keeps: every message, for as long as staff may be asked what was sent."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.assessment.keeping import Kept, Period, declare
from advisor.delivery.models import Message, State


def finished(before: datetime) -> QuerySet[Message]:
    """What was due before then and does not wait any more."""
    return Message.objects.filter(due_at__lt=before, state__in=set(State) - {State.WAITING})


def remove(messages: QuerySet[Message]) -> int:
    """With their attempts."""
    _, removed = messages.delete()
    return removed.get(Message._meta.label, 0)


declare(
    Kept(
        place=30,
        title="What we send about it",
        what="Every mail to you, and what is sent inside of our house about your request: the address, the words, when "
        "it went out and what the mail server answered.",
        why="So that nothing gets lost when a mail server is down, and so that we can tell you what was sent.",
        who="Those who answer requests, and those who look after the mail.",
        periods=(
            Period(
                of="Messages that are sent, failed or withdrawn",
                setting="KEEP_MESSAGES_DAYS",
                since="the day they were due",
                due=finished,
                remove=remove,
            ),
        ),
        written=((Message, "created_at"),),
    )
)
