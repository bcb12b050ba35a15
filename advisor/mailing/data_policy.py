"""Data policy of mailing: an address until it is confirmed, its mail for a day, and of one that was stopped a hash."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.data_policy import DataPolicy, RecordKind, RetentionRule
from advisor.delivery.data_policy import finished_messages, remove_messages
from advisor.delivery.models import Message
from advisor.mailing.models import ResultMail, StoppedAddress

TOPIC = "result mail "


def old_requests(before: datetime) -> QuerySet[ResultMail]:
    """What was asked before then, whether it was confirmed or not."""
    return ResultMail.objects.filter(asked_at__lt=before)


def remove_requests(requests: QuerySet[ResultMail]) -> int:
    number, _ = requests.delete()
    return number


def old_mail(before: datetime) -> QuerySet[Message]:
    """Confirmations and results that were due before then and do not wait."""
    return finished_messages(before).filter(about__startswith=TOPIC)


RESULTS_BY_MAIL = RecordKind(
    order=50,
    title="A result that you e-mail to yourself",
    what="The address you give, and the result code. Your address is asked first whether it wants the result, and "
    "nothing else is ever sent to it. Once you confirm, only the e-mail itself holds the address.",
    why="To send you what you asked for, once.",
    who="Those who look after our mail.",
    rules=(
        RetentionRule(
            records="Requests to e-mail a result",
            setting="KEEP_RESULT_MAIL_DAYS",
            since="they were made",
            due=old_requests,
            remove=remove_requests,
            is_short_lived=True,
        ),
        RetentionRule(
            records="These e-mails",
            setting="KEEP_RESULT_MAIL_DAYS",
            since="they were due",
            due=old_mail,
            remove=remove_messages,
            is_short_lived=True,
        ),
    ),
    models=(ResultMail,),
    timestamps=((ResultMail, "asked_at"),),
)

STOPPED = RecordKind(
    order=60,
    title="That you want no such e-mail",
    what="If you stop it: a number made of your address, from which nobody can read the address.",
    why="So that nobody can have us write to you again.",
    who="Nobody: it is only compared.",
    until="For good, or until you ask us to forget it.",
    models=(StoppedAddress,),
)

data_policy = DataPolicy(kinds=(RESULTS_BY_MAIL, STOPPED))
