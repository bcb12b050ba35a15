"""Results that somebody asked to be mailed to their own address, and the addresses that want none of it."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

MAX_PER_ADDRESS = 3
"""Confirmations that an address is asked for in a day, in UTC."""

MAX_PER_DAY = 300
"""The same of all addresses together: more would harm the name of our mail server."""

MAX_PER_NETWORK = 30
"""The same from one network, so that nobody uses up what there is for all."""

LINK_LIFETIME = timedelta(days=1)
"""For so long the link in a confirmation works."""


def new_token() -> str:
    """256 random bits."""
    return token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is stored of a token: who reads the database cannot confirm with it."""
    return sha256(token.encode()).hexdigest()


class ResultMail(models.Model):
    """One result, and the address that it shall go to. The address is there until it is confirmed, and no longer.

    ``of_address`` and ``of_day`` count from 1: no number is given twice, and none beyond the bounds, however many ask
    at the same time.
    """

    token = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token in the link, which is not kept."
    )
    code = models.CharField("result code", max_length=120)
    address = models.EmailField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    day = models.DateField()
    of_address = models.PositiveSmallIntegerField()
    of_day = models.PositiveSmallIntegerField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "day", "of_address"],
                name="resultmail_once_of_address",
                violation_error_message="This address was asked at the same moment.",
            ),
            models.UniqueConstraint(
                fields=["day", "of_day"],
                name="resultmail_once_of_day",
                violation_error_message="Another address was asked at the same moment.",
            ),
            models.CheckConstraint(
                condition=Q(of_address__gte=1, of_address__lte=MAX_PER_ADDRESS, of_day__gte=1, of_day__lte=MAX_PER_DAY),
                name="resultmail_within_bounds",
                violation_error_message="No more mail is sent today.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(address=""),
                name="resultmail_keeps_no_address",
                violation_error_message="What is confirmed keeps no address.",
            ),
        ]

    def __str__(self) -> str:
        return f"result-mail-{self.pk}"

    @property
    def topic(self) -> str:
        """The ``about`` of its messages."""
        return f"result mail {self.pk}"


def link_with(token: str) -> str:
    """The page on which the recipient confirms."""
    return settings.SITE_URL + reverse("confirm-mail", args=[token])


class StoppedAddress(models.Model):
    """An address, as nothing but a keyed hash, that is not written to unless somebody asks for a call with it."""

    address_hash = models.CharField(max_length=64, unique=True)
    stopped_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stopped_at:%-d %B %Y}"
