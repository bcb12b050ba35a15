"""Who takes calls, and when: weekly hours by the host's own clock, and the days on which others hold."""

import secrets
import zoneinfo
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from advisor.booking.slots import DayException, NoticeUnit, Schedule, Window
from advisor.fields import Texts

ZONES = frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})
"""Every zone by every name it ever had: browsers may know an older one than we do."""


def zone_exists(name: str) -> None:
    """Refuse what is not a zone; a zone that was renamed goes on to exist."""
    if name not in ZONES:
        raise ValidationError(f"There is no time zone “{name}”; it should be like Europe/Riga.")


def new_token() -> str:
    """What makes an address unguessable: 192 random bits."""
    return secrets.token_urlsafe(24)


class Place(models.TextChoices):
    """How host and visitor meet."""

    VIDEO = "video", "Video call"
    PHONE = "phone", "Phone call"


TAKES_CALLS = Q(is_active=True, user__is_active=True)
"""Whom calls are offered with: neither switched off nor without an account any more."""


class Host(Texts):
    """A member of staff who takes calls."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    name = models.CharField(max_length=120, help_text="As visitors read it.")
    email = models.EmailField("e-mail address", help_text="Invitations and briefings go there.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Whether new calls are offered. Calls ahead have to be given away first."
    )
    zone = models.CharField(
        "time zone",
        max_length=64,
        validators=[zone_exists],
        help_text="Of the hours below: Europe/Riga. They follow summer time by themselves.",
    )
    place = models.CharField("where", max_length=10, choices=Place, default=Place.VIDEO)
    place_details = models.CharField(
        "link or number",
        max_length=300,
        help_text="The address of the video room, or how the phone call comes about: We call the number you gave.",
    )

    takes_every_outcome = models.BooleanField(default=True, help_text="Or only the outcomes chosen below.")
    outcomes = models.ManyToManyField("content.Outcome", blank=True, help_text="What this host can advise on.")
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="A host of weight 2 gets twice as many calls as one of weight 1.",
    )

    notice = models.PositiveSmallIntegerField(
        "minimum notice",
        default=4,
        validators=[MaxValueValidator(1000)],
        help_text="How long before a call it has to be booked.",
    )
    notice_unit = models.CharField(
        "notice is in",
        max_length=20,
        choices=[(NoticeUnit.HOURS.value, "hours"), (NoticeUnit.WORKING_DAYS.value, "working days")],
        default=NoticeUnit.HOURS.value,
    )
    horizon_days = models.PositiveSmallIntegerField(
        "horizon",
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="How many days ahead calls can be booked.",
    )
    buffer_before = models.PositiveSmallIntegerField(default=0, help_text="Minutes to prepare for a call.")
    buffer_after = models.PositiveSmallIntegerField(default=15, help_text="Minutes to finish after a call.")
    daily_limit = models.PositiveSmallIntegerField(default=0, help_text="Most calls on one day; 0 for as many as fit.")

    feed_token = models.CharField(max_length=64, default=new_token, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=1),
                name="host_has_weight",
                violation_error_message="A weight is 1 or more; who should get no calls is not active.",
            ),
            models.UniqueConstraint(
                fields=["feed_token"],
                name="host_feed_token_unique",
                violation_error_message="Another calendar has this address.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_calls(self) -> bool:
        """The same as ``TAKES_CALLS``."""
        return self.is_active and self.user.is_active

    @property
    def schedule(self) -> Schedule:
        """When this host takes calls. Fetch ``windows`` and ``exceptions`` along for several hosts."""
        return Schedule(
            zone=ZoneInfo(self.zone),
            windows=tuple(Window(window.weekday, window.begins, window.ends) for window in self.windows.all()),
            exceptions=tuple(
                DayException(found.first_day, found.last_day, found.is_extra, found.begins, found.ends)
                for found in self.exceptions.all()
            ),
            buffer_before=timedelta(minutes=self.buffer_before),
            buffer_after=timedelta(minutes=self.buffer_after),
            notice=self.notice,
            notice_unit=NoticeUnit(self.notice_unit),
            horizon_days=self.horizon_days,
            daily_limit=self.daily_limit,
        )


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class WeeklyWindow(models.Model):
    """Hours that a host has every week."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    begins = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name = "weekly hours"
        verbose_name_plural = "weekly hours"
        ordering = ["weekday", "begins"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__in=Weekday.values),
                name="window_weekday_known",
                violation_error_message="A week has seven days.",
            ),
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends")),
                name="window_ends_after_it_begins",
                violation_error_message="Hours end after they begin, on the same day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"


class HoursException(Texts):
    """Days on which other hours hold: time off, or extra hours."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="exceptions")
    first_day = models.DateField()
    last_day = models.DateField(help_text="Included.")
    is_extra = models.BooleanField("extra hours", default=False, help_text="Otherwise it is time off.")
    begins = models.TimeField(null=True, blank=True, help_text="Leave both empty to take whole days off.")
    ends = models.TimeField(null=True, blank=True)
    note = models.CharField(max_length=120, blank=True, help_text="For colleagues: National holiday.")

    class Meta:
        verbose_name = "day with other hours"
        verbose_name_plural = "days with other hours"
        ordering = ["first_day", "begins"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="exception_days_in_order",
                violation_error_message="The last day is the first one or later.",
            ),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True, is_extra=False)
                | Q(begins__isnull=False, ends__isnull=False, begins__lt=F("ends")),
                name="exception_hours_in_order",
                violation_error_message="Hours end after they begin. Only time off can be without them: whole days.",
            ),
        ]

    def __str__(self) -> str:
        days = f"{self.first_day:%-d %B %Y}" + (
            f" to {self.last_day:%-d %B %Y}" if self.last_day != self.first_day else ""
        )
        hours = f", {self.begins:%H:%M}–{self.ends:%H:%M}" if self.begins and self.ends else ""
        return f"{'Extra hours' if self.is_extra else 'Time off'}: {days}{hours}"
