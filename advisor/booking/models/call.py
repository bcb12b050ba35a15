"""A booked slot."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from advisor.booking.models.host import Host, new_token, zone_exists
from advisor.booking.periods import Period
from advisor.fields import Texts, one_of
from advisor.leads.models import Lead

PAGE_LIFETIME = timedelta(days=30)
"""How long the page of a call can be read after the call."""


def mail_domain() -> str:
    """The domain that our mail is sent from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


class CallStatus(models.TextChoices):
    """The state of a call."""

    BOOKED = "booked", "Booked"
    HELD = "held", "Held"
    NO_SHOW = "no-show", "Nobody came"
    CANCELLED = "cancelled", "Cancelled"


class Call(Texts):
    """A call between a host and the person of a lead. It is deleted when the lead is erased.

    The database makes sure that no two calls of a host overlap, except cancelled ones: PostgreSQL by the exclusion
    constraint ``call_no_overlap``, SQLite by triggers of that name.
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
    busy_told_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When staff knew that the host is busy then by their calendar."
    )
    token = models.CharField(max_length=64, default=new_token, editable=False)
    uid = models.UUIDField(default=uuid4, editable=False)
    uid_domain = models.CharField(max_length=255, default=mail_domain, db_default="", editable=False)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often it was changed, as calendars count it."
    )

    class Meta:
        ordering = ["begins_at"]
        indexes = [
            models.Index(fields=["host", "begins_at"], name="call_host_begins"),
            # The owner's page reads only these, among the calls of years.
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
            one_of("status", CallStatus.values, "call_status_known", "There is no such status."),
            models.CheckConstraint(
                condition=Q(agreed="") | Q(status=CallStatus.HELD),
                name="call_agreed_when_held",
                violation_error_message="Something can be agreed on only in a call that was held.",
            ),
        ]

    def __str__(self) -> str:
        # It has no name, because Django's log of changes keeps this text for ever.
        return f"Call on {self.begins_at:%-d %B %Y, %H:%M} UTC"

    @property
    def calendar_uid(self) -> str:
        """The name of this call in every calendar. It stays when our mail moves to another domain.

        An older release, which runs beside this one while machines are updated, stores no domain.
        """
        return f"{self.uid}@{self.uid_domain or mail_domain()}"

    @property
    def period(self) -> Period:
        """Its first instant and the one after its last."""
        return self.begins_at, self.ends_at

    @property
    def local_zone(self) -> ZoneInfo:
        """The visitor's zone."""
        return ZoneInfo(self.zone)

    def is_closed(self, now: datetime) -> bool:
        """Whether its page is not shown any more."""
        return self.ends_at + PAGE_LIFETIME < now

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up, whatever became of it."""
        return self.ends_at <= now

    def can_be_changed(self, now: datetime) -> bool:
        """Whether it has not begun and is not cancelled."""
        return self.status == CallStatus.BOOKED and self.begins_at > now

    @property
    def path(self) -> str:
        """The path of the visitor's own page."""
        return reverse("own-call", args=[self.token])

    @property
    def address(self) -> str:
        """The full address of the visitor's own page, for a mail."""
        return settings.SITE_URL + self.path


class FormerLink(models.Model):
    """An address that a call's page had before the call was changed. It opens nothing, and is known again as such."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="former_links")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the token.")
    form = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="SHA-256 of what marks the form that changed the call, where a visitor sent one.",
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], name="formerlink_once", violation_error_message="This link is a former one already."
            )
        ]

    def __str__(self) -> str:
        return f"A former link of call {self.call_id}"
