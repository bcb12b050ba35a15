"""The endpoints of webhooks: other systems, and how they have answered."""

from base64 import b64encode
from secrets import token_bytes

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from advisor.fields import Texts


class EventType(models.TextChoices):
    """The events that other systems can subscribe to."""

    LEAD_CREATED = "lead.created", "A lead was created"
    LEAD_CHANGED = "lead.changed", "A lead was changed"
    CALL_BOOKED = "call.booked", "A call was booked"
    CALL_MOVED = "call.moved", "A call got another time or host"
    CALL_CANCELLED = "call.cancelled", "A call was cancelled"


TEST_EVENT = "test"
"""An event that only a button sends."""


def new_secret() -> str:
    """256 random bits in the format of the Standard Webhooks specification."""
    return f"whsec_{b64encode(token_bytes(32)).decode()}"


def events_are_known(events: object) -> None:
    """Refuse everything but a list with at least one event."""
    if not isinstance(events, list) or not events or not {*events} <= {*EventType.values}:
        raise ValidationError("Choose at least one event, of those that there are.")


class Endpoint(Texts):
    """The address of another system, its events, and the secret with which it verifies our signature.

    ``failures`` counts the failed attempts since the last success; ``failing_since`` is the time of the first. Both
    stay when the failures switch the endpoint off. For a day after a renewal, ``old_secret`` signs webhooks as well.
    """

    name = models.CharField(max_length=100, help_text="For colleagues: CRM.")
    address = models.CharField(
        max_length=500, help_text="https://crm.example.com/hooks/advisor. It has to be reachable from the internet."
    )
    events = models.JSONField(default=list, validators=[events_are_known], help_text="What it is told about.")
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    old_secret = models.CharField(max_length=100, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)

    is_active = models.BooleanField("active", default=True, editable=False)
    disabled_at = models.DateTimeField("switched off at", null=True, editable=False)
    disabled_because = models.CharField("switched off because", max_length=600, blank=True, editable=False)
    failures = models.PositiveIntegerField("failed attempts in a row", default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField("last accepted at", null=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="endpoint_name_unique", violation_error_message="Another endpoint has this name."
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at__isnull=True, disabled_because="")
                | Q(is_active=False, disabled_at__isnull=False) & ~Q(disabled_because=""),
                name="endpoint_disabled_with_reason",
                violation_error_message="What is switched off has a reason and a time, and nothing else has.",
            ),
            models.CheckConstraint(
                condition=Q(old_secret="", old_secret_until__isnull=True)
                | ~Q(old_secret="") & Q(old_secret_until__isnull=False),
                name="endpoint_old_secret_has_an_end",
                violation_error_message="An old secret has an end.",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True) | Q(failures__gt=0, failing_since__isnull=False),
                name="endpoint_failing_has_a_beginning",
                violation_error_message="What fails has a time since when it does, and nothing else has.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        """The ``about`` of mail about this endpoint."""
        return f"endpoint {self.pk}"
