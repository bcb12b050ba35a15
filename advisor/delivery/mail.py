"""Mail: what may stand in it, and handing it to the mail server."""

import logging
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from unicodedata import category

import msgspec
from django.core.mail import EmailMultiAlternatives, mailers

from advisor.delivery.models import Message
from advisor.delivery.outcome import NOT_IN_HEADERS, Outcome, one_line

logger = logging.getLogger(__name__)


class HeaderError(ValueError):
    """A value holds a line break or another control character, by which it could make headers of its own."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A text that goes along, as a file or as one more ``alternative`` of the body, which has no file name.

    The type may have parameters: ``text/calendar; method=REQUEST; charset=utf-8``.
    """

    mimetype: str
    content: str
    filename: str = ""
    alternative: bool = False


def check_headers(message: Message) -> None:
    """Raises ``HeaderError`` when a value that becomes part of a header could not."""
    for name, value in _header_values(message):
        if any(category(sign) in NOT_IN_HEADERS for sign in value):
            raise HeaderError(f"{name} of {message.key} holds a line break or another control character: {value!r}")


def _header_values(message: Message) -> Iterator[tuple[str, str]]:
    yield from [("to", message.to), ("reply_to", message.reply_to), ("subject", message.subject)]
    for attachment in attachments_of(message):
        yield from [("filename", attachment.filename), ("mimetype", attachment.mimetype)]


def attachments_of(message: Message) -> list[Attachment]:
    """What goes along, as values."""
    return msgspec.convert(message.attachments, list[Attachment])


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The mail: text, HTML and other alternatives, in this order as the last is the richest, and files beside them."""
    parts = attachments_of(message)
    html = [(message.html, "text/html")] if message.html else []
    return EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else [],
        alternatives=[*html, *((part.content, part.mimetype) for part in parts if part.alternative)],
        attachments=[(part.filename, part.content, part.mimetype) for part in parts if not part.alternative],
        # The second keeps automatic answers, out-of-office notes among them, from coming back.
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )


def send(message: Message) -> Outcome:
    """Hand a message to the mail server. Whatever goes wrong is an outcome and never an exception."""
    error, is_final = "", False
    start = monotonic()
    try:
        # Opened here, so that a connection that came half way is closed as well.
        with mailers.default as mailer:
            mailer.send_messages([as_mail(message)])
    except SMTPRecipientsRefused as refusal:
        error = "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in refusal.recipients.values())
        is_final = all(500 <= code < 600 for code, _ in refusal.recipients.values())
    except SMTPResponseException as answer:
        text = answer.smtp_error
        error = f"{answer.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    except (OSError, ValueError) as trouble:
        # No connection, one that was lost, a server that is silent, an address that cannot be written.
        error = f"{type(trouble).__name__}: {trouble}"
    except Exception as surprise:
        logger.exception("%s could not be sent, for a reason that nobody thought of", message.key)
        error = f"{type(surprise).__name__}: {surprise}"
    return Outcome(error=one_line(error), is_final=is_final, milliseconds=int((monotonic() - start) * 1000))
