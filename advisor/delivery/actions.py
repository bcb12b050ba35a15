"""The verbs of the outbox for other rooms and for staff. None of them waits for a mail server."""

from collections.abc import Collection, Sequence
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from advisor.delivery.mail import Attachment, check_headers
from advisor.delivery.models import Attempt, Channel, Message, State
from advisor.text import as_mail_carries_it

UNSENT = (State.WAITING, State.FAILED)


def send_mail(
    *,
    key: str,
    about: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    reply_to: str = "",
    rank: int = 0,
) -> Message:
    """Write a mail into the outbox, in the transaction of what it reports; it is sent once that is committed.

    It is due at ``due_at``, or at once, and is not sent after ``expires_at``. Of all that is due, the lowest ``rank``
    goes out first. If a message with this key exists, it is returned unchanged. Raises ``HeaderError`` for a line break
    in a header, and ``ValidationError`` for an invalid address and for values that are too long.
    """
    message = Message(
        key=key,
        about=about,
        to=as_mail_carries_it(to),
        reply_to=as_mail_carries_it(reply_to),
        subject=subject,
        text=text,
        html=html,
        attachments=msgspec.to_builtins(list(attachments)),
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        created_at=now,
        due_at=due_at or now,
        expires_at=expires_at,
        rank=rank,
    )
    check_headers(message)
    message.clean_fields()
    message.clean()
    # Of two at the same time, the second waits here for the first, and then finds its message.
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)
    return message


def send_to_calendar(*, key: str, about: str, subject: str, text: str, now: datetime) -> Message:
    """Write a message for the calendar of a host into the outbox, as ``send_mail`` does. ``text`` is for its writer."""
    ready = {"about": about, "channel": Channel.CALENDAR, "subject": subject, "text": text}
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults=ready | {"message_id": f"<{key}@calendar>", "created_at": now, "due_at": now},
    )
    return message


def withdraw(*, about: str, prefix: str = "", channels: Collection[Channel] = (Channel.MAIL,)) -> int:
    """Withdraw the unsent mail about this whose keys begin with ``prefix``. Returns the number of messages.

    Webhooks report what has happened, so they still go out unless their channel is named. A message that a worker is
    sending at this moment may still go out, and then counts as sent.
    """
    unsent = Message.objects.filter(channel__in=channels, about=about, key__startswith=prefix, state__in=UNSENT)
    return unsent.update(state=State.WITHDRAWN)


def keys_of_unsent(*, about: str, keys: str) -> list[str]:
    """The keys of the mail about this that has not gone out, of those that a regular expression finds."""
    unsent = Message.objects.filter(channel=Channel.MAIL, about=about, key__regex=keys, state__in=UNSENT)
    return list(unsent.values_list("key", flat=True))


def told_last(*, about: str, keys: str) -> str:
    """The key of the newest mail about this, of those whose keys a regular expression finds, that may have arrived: it
    was sent, was tried, or is on its way. "" if there is none.
    """
    written = Message.objects.filter(channel=Channel.MAIL, about=about, key__regex=keys)
    attempts = Attempt.objects.filter(message=OuterRef("pk"))
    tried = written.filter(Q(state=State.SENT) | Q(lease_until__isnull=False) | Exists(attempts))
    return tried.order_by("-pk").values_list("key", flat=True).first() or ""


def was_written(*, key: str) -> bool:
    """Whether there is a message with this key, whatever became of it."""
    return Message.objects.filter(key=key).exists()


def failed_mail(*, about: str, prefix: str) -> list[Message]:
    """The mail about this that failed for good, of that whose keys begin with ``prefix``, newest first."""
    failed = Message.objects.filter(channel=Channel.MAIL, about=about, key__startswith=prefix, state=State.FAILED)
    return list(failed.defer("text", "html", "attachments"))


def forget(*, about: str) -> None:
    """Delete all messages about this, sent or not, when a person is erased."""
    Message.objects.filter(about=about).delete()


def set_aside(*, message: Message) -> bool:
    """Withdraw one message, as staff have reached the person in another way. Returns whether it was still unsent."""
    return bool(Message.objects.filter(pk=message.pk, state__in=UNSENT).update(state=State.WITHDRAWN))


@transaction.atomic
def send_again(*, message: Message, now: datetime) -> None:
    """Make a message in any state due at once, with all its attempts ahead. A message that was sent is sent twice.

    It no longer expires, as someone has decided on it. The lease of a worker that is sending it stays.
    """
    locked = Message.objects.select_for_update().get(pk=message.pk)
    locked.state, locked.sent_at, locked.expires_at = State.WAITING, None, None
    locked.due_at, locked.attempts, locked.last_error = now, 0, ""
    locked.save(update_fields=["state", "sent_at", "expires_at", "due_at", "attempts", "last_error"])
