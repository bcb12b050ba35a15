"""A calendar of a host's own, of which only the busy times are kept."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from advisor.booking.models.host import Host
from advisor.booking.periods import NEVER_BUSY, Busy, Period
from advisor.fields import Texts, one_of


class WhenStale(models.TextChoices):
    """What is offered while a calendar could not be read for too long."""

    NOTHING = "nothing", "Offer no times of mine"
    EVERYTHING = "everything", "Offer my hours as if this calendar were empty"


class BusyCalendar(Texts):
    """A secret address, or one of CalDAV with a user and a password, where the worker reads when a host is busy.

    ``spans`` holds pairs of seconds since 1970: the first instant and the one after the last, in order, none touching
    another. They are known up to ``covers_until``. They are one value because they are always replaced and read as a
    whole. ``claimed_at`` names the attempt whose result counts. ``failures`` counts the attempts since the last
    success; ``told_at`` is when host and sales were told of it.
    """

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="busy_calendars")
    address = models.TextField(editable=False, help_text="Encrypted.")
    user_name = models.CharField(
        max_length=200, blank=True, db_default="", editable=False, help_text="For CalDAV alone."
    )
    password = models.TextField(blank=True, db_default="", editable=False, help_text="Encrypted.")
    shown_address = models.CharField(max_length=300, editable=False, help_text="What pages show of the address.")
    when_stale = models.CharField("when it cannot be read", max_length=20, choices=WhenStale, default=WhenStale.NOTHING)
    stale_after_hours = models.PositiveSmallIntegerField(
        "after hours",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text="Until then, what was read last holds. 1 to 168 hours.",
    )
    takes_calls = models.BooleanField(
        "write calls into it",
        default=False,
        db_default=False,
        help_text="By CalDAV alone: calls that are booked here stand in it, too, and change there as they do here.",
    )
    added_at = models.DateTimeField(editable=False)

    spans = models.JSONField(default=list, editable=False)
    covers_until = models.DateTimeField(null=True, editable=False)
    unreadable_events = models.PositiveIntegerField(default=0, editable=False)
    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)

    due_at = models.DateTimeField(editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "busy calendar"
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_at"], name="busycalendar_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user_name="", password="") | ~Q(user_name="") & ~Q(password=""),
                name="busycalendar_user_has_a_password",
                violation_error_message="A user name has a password, and there is none without a user name.",
            ),
            models.CheckConstraint(
                condition=Q(takes_calls=False) | ~Q(user_name=""),
                name="busycalendar_takes_calls_with_a_password",
                violation_error_message="Calls are written with a user name and an app password only.",
            ),
            models.UniqueConstraint(
                fields=["host"],
                condition=Q(takes_calls=True),
                name="busycalendar_takes_calls_once",
                violation_error_message="Calls are written into one calendar of a host.",
            ),
            one_of("when_stale", WhenStale.values, "busycalendar_when_stale_known", "There is no such choice."),
            models.CheckConstraint(
                condition=Q(stale_after_hours__gte=1, stale_after_hours__lte=168),
                name="busycalendar_stale_within_a_week",
                violation_error_message="What was read last holds for 1 to 168 hours.",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True, last_error="")
                | Q(failures__gt=0, failing_since__isnull=False) & ~Q(last_error=""),
                name="busycalendar_failing_has_an_error",
                violation_error_message="What fails has an error and a time since when it does, and nothing else has.",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, covers_until__isnull=True)
                | Q(read_at__isnull=False, covers_until__isnull=False),
                name="busycalendar_read_up_to_a_time",
                violation_error_message="What was read is known up to a time, and nothing else is.",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar at {self.shown_address}"

    @property
    def stale_at(self) -> datetime:
        """When it is stale if it is not read before."""
        return (self.read_at or self.added_at) + timedelta(hours=self.stale_after_hours)

    def is_stale(self, now: datetime) -> bool:
        """Whether it could not be read for so long that what was read last does not hold."""
        return self.stale_at <= now

    @cached_property
    def periods(self) -> list[Period]:
        """The busy times that were read last. The weeks of a page are looked at one after the other."""
        return [(datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC)) for begins, ends in self.spans]

    def busy(self, now: datetime) -> Busy:
        """The times that it blocks. Before the first reading it blocks none, so that adding it closes nothing."""
        if self.is_stale(now):
            nothing_known = Busy(known_until=datetime.min.replace(tzinfo=UTC))
            return nothing_known if self.when_stale == WhenStale.NOTHING else NEVER_BUSY
        return Busy(tuple(self.periods), self.covers_until)
