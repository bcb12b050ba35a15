"""Handing a webhook to its endpoint."""

import logging
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic

from standardwebhooks import Webhook

from advisor.delivery.models import TEST_EVENT, Endpoint, Message
from advisor.delivery.outcome import Outcome, one_line
from advisor.delivery.webhooks.addresses import RefusedError, read_address, resolve
from advisor.delivery.webhooks.body import body_of
from advisor.delivery.webhooks.posting import Answer, NoAnswerError, post

logger = logging.getLogger(__name__)

GONE = 410
"""The status by which an endpoint says that it wants no more."""

KEPT_HEADERS = ("content-type", "content-length", "date", "location", "retry-after", "server", "x-request-id")
KEPT_BYTES = 4096
KEPT_OF_A_HEADER = 200
"""Of an answer in the ledger."""

SWITCHED_OFF = "The endpoint is switched off."


def new_webhook_id() -> str:
    """Unguessable, so that nobody can take the place of a message before it comes."""
    return f"msg_{token_hex(16)}"


def send(message: Message, now: datetime) -> Outcome:
    """Hand a webhook to its endpoint. Whatever goes wrong is an outcome and never an exception."""
    endpoint = message.endpoint
    if endpoint is None or not endpoint.is_active:
        return Outcome(error=SWITCHED_OFF, is_final=True)
    try:
        return _send(endpoint, message.message_id, message.text, now)
    except Exception as surprise:
        logger.exception("%s could not be sent, for a reason that nobody thought of", message.key)
        return Outcome(error=one_line(f"{type(surprise).__name__}: {surprise}"))


def send_test(endpoint: Endpoint, now: datetime) -> Outcome:
    """Send the event ``test``, which is not in the ledger."""
    body = body_of(TEST_EVENT, {"message": "A test, sent from the admin. Nothing has happened."}, now)
    return _send(endpoint, new_webhook_id(), body, now)


def signatures(endpoint: Endpoint, webhook_id: str, body: str, now: datetime) -> str:
    """One by each secret that holds, as receivers look for one that fits."""
    secrets = [endpoint.secret]
    if endpoint.old_secret_until and endpoint.old_secret_until > now:
        secrets.append(endpoint.old_secret)
    return " ".join(Webhook(secret).sign(webhook_id, now.astimezone(UTC), body) for secret in secrets)


def _send(endpoint: Endpoint, webhook_id: str, body: str, now: datetime) -> Outcome:
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
    except (RefusedError, NoAnswerError) as trouble:
        error, answer = one_line(str(trouble)), Answer(0, {}, b"")
    else:
        error = what_is_wrong(answer)
    # Paths of hooks are often as good as a password, and more people read the ledger than the endpoint.
    request = "\n".join([f"POST {host}/…", *(f"{name}: {value}" for name, value in headers.items())]) if host else ""
    return Outcome(
        error=error,
        is_final=answer.status == GONE,
        milliseconds=int((monotonic() - start) * 1000),
        request=request,
        status=answer.status,
        answer=_without(path, _as_text(answer)),
    )


def what_is_wrong(answer: Answer) -> str:
    """Why an answer does not count as accepted; "" when it does."""
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        return f"It answered {answer.status} and points elsewhere. Redirects are not followed."
    if answer.status == GONE:
        return "It answered 410: it is gone and wants no more."
    return f"It answered {answer.status}."


def _without(path: str, text: str) -> str:
    """An answer may well name the path: a redirect to it with one more slash, or a page that says what is not there."""
    place, mark, query = path.partition("?")
    for part in (place.rstrip("/"), mark + query):
        text = text.replace(part, "…") if part else text
    return text


def _as_text(answer: Answer) -> str:
    if not answer.status:
        return ""
    head = [f"{name}: {answer.headers[name][:KEPT_OF_A_HEADER]}" for name in KEPT_HEADERS if name in answer.headers]
    body = answer.body[:KEPT_BYTES].decode(errors="replace")
    # PostgreSQL keeps no NUL in a text.
    return "\n".join([*head, "", body]).replace("\x00", "�")
