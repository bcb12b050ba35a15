"""Hosts, their weekly hours by their own clock, and the days with other hours."""

import secrets
import zoneinfo
from datetime import time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from advisor.booking.public_holidays import PublicHolidays, countries, regions
from advisor.booking.slots import DayException, NoticeUnit, Schedule, Window
from advisor.fields import Texts, one_of

ZONES = frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})
"""Every zone by every name that it ever had, because a browser may know an older name than we do."""


def zone_exists(name: str) -> None:
    """Refuse a text that is no zone. The former name of a zone is valid."""
    if name not in ZONES:
        raise ValidationError(f"There is no time zone “{name}”; it should be like Europe/Riga.")


def country_exists(code: str) -> None:
    """Refuse a text that is not the code of a country whose holidays are known."""
    if code not in countries():
        raise ValidationError("Nobody knows the public holidays of “%(code)s”.", params={"code": code})


def new_token() -> str:
    """192 random bits, which make an address impossible to guess."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """What is stored of a token where it need not be read again: nobody opens anything with it."""
    return sha256(token.encode()).hexdigest()


class Place(models.TextChoices):
    """How host and visitor meet."""

    VIDEO = "video", "Video call"
    PHONE = "phone", "Phone call"


TAKES_CALLS = Q(is_active=True, user__is_active=True)
"""The hosts with whom calls are offered: active, with an active account."""


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

    holidays_of = models.CharField(
        "public holidays",
        max_length=2,
        blank=True,
        default="",
        db_default="",
        validators=[country_exists],
        help_text="Days off, every year anew. Extra hours hold on them all the same.",
    )
    holidays_region = models.CharField(
        "region",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Where regions have holidays of their own: BY for Bavaria, in Germany. "
        "Empty for those of the whole country.",
    )

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

    def clean(self) -> None:
        super().clean()
        if not self.holidays_region:
            return
        known = regions(self.holidays_of)
        region = next((one for one in known if one.casefold() == self.holidays_region.casefold()), None)
        if region is None:
            offered = f"one of {', '.join(known)}" if known else "empty here"
            raise ValidationError({"holidays_region": f"There is no region “{self.holidays_region}”. It is {offered}."})
        self.holidays_region = region

    @property
    def takes_calls(self) -> bool:
        """Whether ``TAKES_CALLS`` holds for this host."""
        return self.is_active and self.user.is_active

    @property
    def holidays(self) -> PublicHolidays:
        """The public holidays that are days off."""
        return PublicHolidays(self.holidays_of, self.holidays_region)

    @property
    def schedule(self) -> Schedule:
        """When this host takes calls. Prefetch ``windows`` and ``exceptions`` if you read several hosts."""
        return Schedule(
            zone=ZoneInfo(self.zone),
            windows=tuple(Window(window.weekday, window.begins, window.ends) for window in self.windows.all()),
            exceptions=tuple(
                DayException(found.first_day, found.last_day, found.is_extra, found.begins, found.ends)
                for found in self.exceptions.all()
            ),
            holidays=self.holidays,
            buffer_before=timedelta(minutes=self.buffer_before),
            buffer_after=timedelta(minutes=self.buffer_after),
            notice=self.notice,
            notice_unit=NoticeUnit(self.notice_unit),
            horizon_days=self.horizon_days,
            daily_limit=self.daily_limit,
        )


class Weekday(models.IntegerChoices):
    """The days of the week, numbered as in Python."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class WeeklyWindow(models.Model):
    """Hours of a host on one day of each week."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    begins = models.TimeField()
    ends = models.TimeField(help_text="At or before the beginning, it is on the next day: 22:00–02:00, 9:00–00:00.")

    class Meta:
        verbose_name = "weekly hours"
        verbose_name_plural = "weekly hours"
        ordering = ["weekday", "begins"]
        constraints = [
            one_of("weekday", Weekday.values, "window_weekday_known", "A week has seven days."),
            models.CheckConstraint(
                condition=~Q(begins=F("ends")) | Q(begins=time.min),
                name="window_has_a_length",
                violation_error_message="Hours end at another time than they begin. Only 00:00–00:00 is a whole day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"


class HoursException(Texts):
    """Days with time off or extra hours."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="exceptions")
    first_day = models.DateField()
    last_day = models.DateField(help_text="Included.")
    is_extra = models.BooleanField("extra hours", default=False, help_text="Otherwise it is time off.")
    begins = models.TimeField(null=True, blank=True, help_text="Leave both empty to take whole days off.")
    ends = models.TimeField(null=True, blank=True, help_text="At or before the beginning, it is on the next day.")
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
                | Q(begins__isnull=False, ends__isnull=False) & ~Q(begins=F("ends")),
                name="exception_hours_have_a_length",
                violation_error_message="Hours end at another time than they begin. Only time off can be without them: "
                "whole days.",
            ),
        ]

    def __str__(self) -> str:
        days = f"{self.first_day:%-d %B %Y}" + (
            f" to {self.last_day:%-d %B %Y}" if self.last_day != self.first_day else ""
        )
        hours = f", {self.begins:%H:%M}–{self.ends:%H:%M}" if self.begins and self.ends else ""
        return f"{'Extra hours' if self.is_extra else 'Time off'}: {days}{hours}"
