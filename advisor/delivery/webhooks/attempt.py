"""One attempt to send a webhook to its endpoint."""

import logging
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic
from typing import Any

import msgspec
from standardwebhooks import Webhook

from advisor.delivery.attempt_result import AttemptResult, short_line
from advisor.delivery.models import TEST_EVENT, Endpoint, Message
from advisor.delivery.webhooks.addresses import ForbiddenAddressError, read_address, resolve
from advisor.delivery.webhooks.http_client import Answer, NoAnswerError, post

logger = logging.getLogger(__name__)

GONE = 410
"""The status of an endpoint that wants no more webhooks."""

RECORDED_HEADERS = ("content-type", "content-length", "date", "location", "retry-after", "server", "x-request-id")
MAX_RECORDED_BODY = 4096
MAX_RECORDED_HEADER = 200
"""Limits of an answer that is stored."""

SWITCHED_OFF = "The endpoint is switched off."


def new_webhook_id() -> str:
    """A random id, so that nobody can send a message with an id before us."""
    return f"msg_{token_hex(16)}"


def body_of(event: str, data: Any, now: datetime) -> str:
    """Type, time and data as JSON, as Standard Webhooks recommends. The signature covers exactly this text."""
    return msgspec.json.encode({"type": event, "timestamp": now.astimezone(UTC), "data": data}).decode()


def send(message: Message, now: datetime) -> AttemptResult:
    """Send a webhook to its endpoint. Every failure becomes a result, never an exception."""
    endpoint = message.endpoint
    if endpoint is None or not endpoint.is_active:
        return AttemptResult(error=SWITCHED_OFF, is_final=True)
    try:
        return _send(endpoint, message.message_id, message.text, now)
    except Exception as error:
        logger.exception("%s could not be sent because of an unexpected error", message.key)
        return AttemptResult(error=short_line(f"{type(error).__name__}: {error}"))


def send_test(endpoint: Endpoint, now: datetime) -> AttemptResult:
    """Send the event ``test``, which is not stored as a message."""
    body = body_of(TEST_EVENT, {"message": "A test, sent from the admin. Nothing has happened."}, now)
    return _send(endpoint, new_webhook_id(), body, now)


def signatures(endpoint: Endpoint, webhook_id: str, body: str, now: datetime) -> str:
    """A signature with each valid secret; receivers accept any of them."""
    secrets = [endpoint.secret]
    if endpoint.old_secret_until and endpoint.old_secret_until > now:
        secrets.append(endpoint.old_secret)
    return " ".join(Webhook(secret).sign(webhook_id, now.astimezone(UTC), body) for secret in secrets)


def _send(endpoint: Endpoint, webhook_id: str, body: str, now: datetime) -> AttemptResult:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Advisor",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures(endpoint, webhook_id, body, now),
    }
    start, host, path = monotonic(), "", ""
    try:
        target = read_address(endpoint.address)
        host, path = f"{target.scheme}://{target.host_header}", target.path
        answer = post(target, resolve(target), headers=headers, body=body.encode())
    except (ForbiddenAddressError, NoAnswerError) as refusal:
        error, answer = short_line(str(refusal)), Answer(0, {}, b"")
    else:
        error = error_of(answer)
    # The path of a webhook is often secret, and more people may read messages than endpoints.
    request = "\n".join([f"POST {host}/…", *(f"{name}: {value}" for name, value in headers.items())]) if host else ""
    return AttemptResult(
        error=error,
        is_final=answer.status == GONE,
        milliseconds=int((monotonic() - start) * 1000),
        request=request,
        status=answer.status,
        answer=_hide_path(path, _as_text(answer)),
    )


def error_of(answer: Answer) -> str:
    """Why an answer does not count as accepted; "" if it does."""
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        return f"It answered {answer.status} and points elsewhere. Redirects are not followed."
    if answer.status == GONE:
        return "It answered 410: it is gone and wants no more."
    return f"It answered {answer.status}."


def _hide_path(path: str, text: str) -> str:
    """Remove the path from an answer, as a redirect or an error page may repeat it."""
    place, mark, query = path.partition("?")
    for part in (place.rstrip("/"), mark + query):
        text = text.replace(part, "…") if part else text
    return text


def _as_text(answer: Answer) -> str:
    if not answer.status:
        return ""
    head = [
        f"{name}: {answer.headers[name][:MAX_RECORDED_HEADER]}" for name in RECORDED_HEADERS if name in answer.headers
    ]
    body = answer.body[:MAX_RECORDED_BODY].decode(errors="replace")
    # PostgreSQL stores no NUL in a text.
    return "\n".join([*head, "", body]).replace("\x00", "�")
