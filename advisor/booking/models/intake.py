"""How requests for a call came in: those that wait for a click in a mail, and where all of the last days came from."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from advisor.booking.models.host import Host
from advisor.fields import one_of
from advisor.leads.models import Lead

HOLD_LENGTH = timedelta(minutes=30)
"""For so long a time is kept for an address that has yet to be confirmed."""

LINK_LIFETIME = timedelta(days=1)
"""For so long the link in the mail works. After the hold, the time may have been taken by somebody else."""

BLOCK_LENGTH = timedelta(days=7)
"""For so long nothing is taken from what staff have blocked."""


class IntakeState(models.TextChoices):
    """What became of a request."""

    WAITING = "waiting", "Waits for its address to be confirmed"
    PASSED = "passed", "Taken at once"
    CONFIRMED = "confirmed", "Confirmed"
    RELEASED = "released", "Released by staff"
    BLOCKED = "blocked", "Cancelled and blocked by staff"


class Intake(models.Model):
    """One request, with marks of the network and the mail domain that it came from, which say neither.

    While it waits, ``details`` is what was typed, and nobody else knows of it: there is no lead, no call and no mail
    but the one that asks for the click. Once it is decided, the lead has them, or nobody. ``host`` is kept free for it
    until ``held_until``; once that host is deleted, nobody is.
    """

    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    token = models.CharField(max_length=64, help_text="SHA-256 of the token in the link, which is not kept.")
    state = models.CharField(max_length=10, choices=IntakeState)
    asked_at = models.DateTimeField()
    network = models.CharField(max_length=64)
    domain = models.CharField(max_length=64)

    guide = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    query = models.TextField(help_text="The answers, and what rode along.")
    details = models.JSONField(default=dict)
    consent = models.TextField()
    begins_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)

    host = models.ForeignKey(Host, on_delete=models.SET_NULL, null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["pk"]
        # It has no page of its own in the admin: who may work on calls decides.
        default_permissions = ()
        indexes = [
            models.Index(fields=["host", "held_until"], name="intake_held", condition=Q(held_until__isnull=False)),
            models.Index(fields=["state", "asked_at"], name="intake_state"),
            models.Index(fields=["network"], name="intake_network"),
            models.Index(fields=["domain"], name="intake_domain"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="intake_key_once", violation_error_message="This form was sent already."
            ),
            models.UniqueConstraint(
                fields=["token"], name="intake_token_once", violation_error_message="Another request has this link."
            ),
            one_of("state", IntakeState.values, "intake_state_known", "There is no such state."),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True)
                | Q(state=IntakeState.WAITING, begins_at__isnull=False, ends_at__isnull=False),
                name="intake_holds_while_it_waits",
                violation_error_message="A time is held while a request for it waits.",
            ),
            models.CheckConstraint(
                condition=~Q(state=IntakeState.WAITING) | Q(lead__isnull=True),
                name="intake_waits_without_a_lead",
                violation_error_message="What waits is no lead yet.",
            ),
        ]

    def __str__(self) -> str:
        return f"intake-{self.pk}"

    @property
    def topic(self) -> str:
        """The ``about`` of its mail."""
        return f"{INTAKE_TOPIC}{self.pk}"

    def can_be_confirmed(self, now: datetime) -> bool:
        """Whether the link in its mail still works."""
        return self.state == IntakeState.WAITING and now < self.asked_at + LINK_LIFETIME

    def is_held(self, now: datetime) -> bool:
        """Whether its time is kept for it."""
        return self.host_id is not None and self.held_until is not None and now < self.held_until


INTAKE_TOPIC = "intake "


def confirm_address(token: str) -> str:
    """The page on which somebody confirms a request, for a mail."""
    return settings.SITE_URL + reverse("confirm-call", args=[token])


class BlockedSource(models.Model):
    """A network or a mail domain from which nothing is taken for some days."""

    mark = models.CharField(max_length=64)
    label = models.CharField(max_length=255, blank=True, db_default="", help_text="How staff know it.")
    blocked_at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["mark"], name="blockedsource_once", violation_error_message="This is blocked already."
            )
        ]

    def __str__(self) -> str:
        return f"{self.label or self.mark[:12]}, {self.blocked_at:%-d %B %Y}"
