"""A booked slot."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from advisor.booking.models.host import Host, new_token, zone_exists
from advisor.booking.slots import Period
from advisor.fields import Texts
from advisor.leads.models import Lead

KEPT = timedelta(days=30)
"""How long after a call its page can be read."""


class CallStatus(models.TextChoices):
    """What has become of a call."""

    BOOKED = "booked", "Booked"
    HELD = "held", "Held"
    NO_SHOW = "no-show", "Nobody came"
    CANCELLED = "cancelled", "Cancelled"


class Call(Texts):
    """A call between a host and the person of a lead. It goes when the lead is erased.

    No two calls of a host overlap, cancelled ones aside: the database sees to it (PostgreSQL by an exclusion constraint
    ``call_no_overlap`` over the period, SQLite by triggers of that name) whatever else is written.
    """

    host = models.ForeignKey(Host, on_delete=models.PROTECT)
    lead = models.OneToOneField(Lead, on_delete=models.CASCADE)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField("visitor’s time zone", max_length=64, validators=[zone_exists])
    status = models.CharField(max_length=20, choices=CallStatus, default=CallStatus.BOOKED)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was cancelled, or what came in between.")
    agreed = models.CharField(
        "agreed in the end",
        max_length=40,
        blank=True,
        help_text="The outcome that was really agreed on, so that recommendations can be compared with it.",
    )

    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    token = models.CharField(max_length=64, default=new_token, editable=False)
    uid = models.UUIDField(default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often it was changed, as calendars count it."
    )

    class Meta:
        ordering = ["begins_at"]
        indexes = [
            models.Index(fields=["host", "begins_at"], name="call_host_begins"),
            # The owner asks for these alone, among the calls of years.
            models.Index(fields=["begins_at"], name="call_agreed", condition=~Q(agreed="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "begins_at"],
                condition=~Q(status=CallStatus.CANCELLED),
                name="call_slot_once",
                violation_error_message="This host has another call at this time.",
            ),
            models.UniqueConstraint(
                fields=["token"], name="call_token_unique", violation_error_message="Another call has this address."
            ),
            models.UniqueConstraint(
                fields=["uid"], name="call_uid_unique", violation_error_message="Another call has this identity."
            ),
            models.CheckConstraint(
                condition=Q(begins_at__lt=F("ends_at")),
                name="call_ends_after_it_begins",
                violation_error_message="A call ends after it begins.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CallStatus.values),
                name="call_status_known",
                violation_error_message="There is no such status.",
            ),
            models.CheckConstraint(
                condition=Q(agreed="") | Q(status=CallStatus.HELD),
                name="call_agreed_when_held",
                violation_error_message="Something can be agreed on only in a call that was held.",
            ),
        ]

    def __str__(self) -> str:
        # Nobody's name: Django's log of changes keeps this for ever.
        return f"Call on {self.begins_at:%-d %B %Y, %H:%M} UTC"

    @property
    def period(self) -> Period:
        """From when to when."""
        return self.begins_at, self.ends_at

    @property
    def local_zone(self) -> ZoneInfo:
        """The visitor's zone."""
        return ZoneInfo(self.zone)

    def is_closed(self, now: datetime) -> bool:
        """Whether it is so long ago that its page is not shown any more."""
        return self.ends_at + KEPT < now

    def can_be_changed(self, now: datetime) -> bool:
        """Whether it lies ahead and was not cancelled."""
        return self.status == CallStatus.BOOKED and self.begins_at > now

    @property
    def path(self) -> str:
        """The visitor's own page."""
        return reverse("own-call", args=[self.token])

    @property
    def address(self) -> str:
        """The same for a mail."""
        return settings.SITE_URL + self.path
