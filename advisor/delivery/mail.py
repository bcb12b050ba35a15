"""Mail: checks its headers, and hands it to the mail server."""

import logging
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from unicodedata import category

import msgspec
from django.core.mail import EmailMultiAlternatives, mailers

from advisor.delivery.attempt_result import NOT_IN_HEADERS, AttemptResult, short_line
from advisor.delivery.models import Message

logger = logging.getLogger(__name__)


class HeaderError(ValueError):
    """A value contains a control character or line break, which could inject headers."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A text that is attached as a file, or added as an ``alternative`` of the body without a file name.

    The type may have parameters: ``text/calendar; method=REQUEST; charset=utf-8``.
    """

    mimetype: str
    content: str
    filename: str = ""
    alternative: bool = False


def check_headers(message: Message) -> None:
    """Raises ``HeaderError`` if a value cannot be part of a header."""
    for name, value in _header_values(message):
        if any(category(character) in NOT_IN_HEADERS for character in value):
            raise HeaderError(f"{name} of {message.key} holds a line break or another control character: {value!r}")


def _header_values(message: Message) -> Iterator[tuple[str, str]]:
    yield from [("to", message.to), ("reply_to", message.reply_to), ("subject", message.subject)]
    for attachment in attachments_of(message):
        yield from [("filename", attachment.filename), ("mimetype", attachment.mimetype)]


def attachments_of(message: Message) -> list[Attachment]:
    """The attachments of a message as values."""
    return msgspec.convert(message.attachments, list[Attachment])


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The mail: text, HTML and other alternatives, with the richest last, and the files."""
    parts = attachments_of(message)
    html = [(message.html, "text/html")] if message.html else []
    return EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else [],
        alternatives=[*html, *((part.content, part.mimetype) for part in parts if part.alternative)],
        attachments=[(part.filename, part.content, part.mimetype) for part in parts if not part.alternative],
        # Auto-Submitted prevents automatic replies such as out-of-office notes.
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )


def send(message: Message) -> AttemptResult:
    """Hand a message to the mail server. Every failure becomes a result, never an exception."""
    error, is_final = "", False
    start = monotonic()
    try:
        # The context manager also closes a connection that failed to open completely.
        with mailers.default as mailer:
            mailer.send_messages([as_mail(message)])
    except SMTPRecipientsRefused as refusal:
        error = "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in refusal.recipients.values())
        is_final = all(500 <= code < 600 for code, _ in refusal.recipients.values())
    except SMTPResponseException as answer:
        text = answer.smtp_error
        error = f"{answer.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    except Exception as failure:
        # The usual ones: no connection, a lost connection, a timeout, an invalid address.
        if not isinstance(failure, OSError | ValueError):
            logger.exception("%s could not be sent because of an unexpected error", message.key)
        error = f"{type(failure).__name__}: {failure}"
    return AttemptResult(error=short_line(error), is_final=is_final, milliseconds=int((monotonic() - start) * 1000))
