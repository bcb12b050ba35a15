"""What other rooms and staff ask of the outbox. Nothing here waits for a mail server."""

from collections.abc import Collection, Sequence
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction

from advisor.delivery.mail import Attachment, check_headers
from advisor.delivery.models import Channel, Message, State
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
) -> Message:
    """Write a mail into the outbox, in the transaction of what it tells about; it goes out once that is committed.

    It is due at once, or at ``due_at``, and not sent any more from ``expires_at`` on. A message with this key that
    exists already is returned as it is, whatever the rest says. Raises ``HeaderError`` for a line break in what becomes
    a header, and ``ValidationError`` for what is no address or is too long.
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
    )
    check_headers(message)
    message.clean_fields()
    message.clean()
    # Of two that arrive together the second waits for the first here, and then finds it.
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)
    return message


def withdraw(*, about: str, prefix: str = "", channels: Collection[Channel] = (Channel.MAIL,)) -> int:
    """Send no more mail about this, or none whose key begins so; the number of messages that it kept back.

    Webhooks tell what has happened and go out all the same, unless that channel is named. What a worker has in hand at
    this moment may still go out, and is then kept as sent.
    """
    unsent = Message.objects.filter(channel__in=channels, about=about, key__startswith=prefix, state__in=UNSENT)
    return unsent.update(state=State.WITHDRAWN)


def forget(*, about: str) -> None:
    """Leave nothing of what was written about this, sent or not: for people who are erased."""
    Message.objects.filter(about=about).delete()


def set_aside(*, message: Message) -> bool:
    """Send this one no more, as staff have reached the person in another way; whether it was kept back by that."""
    return bool(Message.objects.filter(pk=message.pk, state__in=UNSENT).update(state=State.WITHDRAWN))


@transaction.atomic
def send_again(*, message: Message, now: datetime) -> None:
    """Make a message due at once, whatever became of it, with all its attempts before it; what was sent is sent twice.

    It expires no more, as someone has looked at it. What a worker has in hand stays there.
    """
    kept = Message.objects.select_for_update().get(pk=message.pk)
    kept.state, kept.sent_at, kept.expires_at = State.WAITING, None, None
    kept.due_at, kept.attempts, kept.last_error = now, 0, ""
    kept.save(update_fields=["state", "sent_at", "expires_at", "due_at", "attempts", "last_error"])
