"""Writing the audit trail: each line goes into the database, for staff, and into the log, for whoever runs the site."""

import logging
from datetime import datetime
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from advisor.accounts.models import Kind, LoginEvent
from advisor.hosting import network_of

logger = logging.getLogger(__name__)

LOUD = {Kind.FAILED, Kind.LOCKED}
"""What the log has as a warning. Refusals may come by the thousand; the lock before them is one."""

LABEL_LENGTH = 12
"""Characters of a network's hash that people read."""


def name_hash(username: str) -> str:
    """Stands for a name that was typed, whether an account has it or not."""
    return salted_hmac("advisor.accounts.name", username.casefold(), algorithm="sha256").hexdigest()


def network_hash(request: HttpRequest) -> str:
    """Stands for where a request comes from. Without SECRET_KEY nobody can try out addresses."""
    return salted_hmac("advisor.accounts.network", network_of(request), algorithm="sha256").hexdigest()


def account_of(request: HttpRequest) -> User:
    """Who is logged in; nobody else gets as far as where this is asked."""
    return cast(User, request.user)


def record(request: HttpRequest | None, kind: Kind, account: User, *, now: datetime, detail: str = "") -> LoginEvent:
    """Write a line about an account. There is no request on the command line."""
    event = LoginEvent.objects.create(
        at=now,
        kind=kind,
        account=account,
        name=account.get_username(),
        name_hash=name_hash(account.get_username()),
        network=network_hash(request) if request else "",
        detail=detail,
    )
    log(event)
    return event


def log(event: LoginEvent) -> None:
    """The line in the log: numbers for people and networks, as many read it."""
    level = logging.WARNING if event.kind in LOUD else logging.INFO
    who = f"account {event.account_id}" if event.account_id else "no known account"
    said = f" {event.detail}" if event.detail else ""
    logger.log(level, "%s: %s, %s.%s", Kind(event.kind).label, who, where(event), said)


def where(event: LoginEvent) -> str:
    """Where an event came from, in words that are the same for the same network and the same browser."""
    network = f"network {event.network[:LABEL_LENGTH]}" if event.network else "any network"
    return f"{network}, known browser {event.browser_id}" if event.browser_id else network
