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
        title="Messages about it",
        what="Every e-mail to you, and every message sent within our company or to our own systems about your request: "
        "the address, the text, when it went out and what the receiving server replied.",
        why="So that nothing is lost when a mail server is down, and so that we can tell you what was sent.",
        who="The people here who answer requests, and those who look after our mail.",
        periods=(
            Period(
                of="Messages that were sent, failed or withdrawn",
                setting="KEEP_MESSAGES_DAYS",
                since="they were due",
                due=finished,
                remove=remove,
            ),
        ),
        written=((Message, "created_at"),),
    )
)
