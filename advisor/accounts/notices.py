"""Mail to the owner of an account about what happened at its door, by the outbox."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from advisor.delivery.actions import send_mail
from advisor.delivery.letters import Letter, Link
from advisor.delivery.mail import HeaderError

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=3)
"""Later it is no news."""


def tell(account: User, what: str, *, key: str, now: datetime) -> None:
    """Tell the owner of an account what happened. Who has no address is not told; nothing fails over it."""
    if not account.email:
        return
    when = date_format(timezone.localtime(now), "j F Y, H:i")
    letter = Letter(
        f"Your account on {settings.SITE_URL}: {what}",
        f"On {when} UTC, for the account “{account.get_username()}”: {what}.",
        "If it was you, there is nothing to do. If it was not, end all sessions, change your password, and tell "
        "whoever runs this site.",
        Link("Your sessions", settings.SITE_URL + reverse("admin:sessions")),
    )
    try:
        send_mail(
            key=key,
            about=f"account {account.pk}",
            to=account.email,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            now=now,
            expires_at=now + LIFETIME,
        )
    except (HeaderError, ValidationError):
        logger.warning("Account %s cannot be told: its address is none.", account.pk)
