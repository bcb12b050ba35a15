"""Tells a host and sales, once, that a calendar of the host could not be read for so long that it does not hold, and
that the host is busy by now when a call was booked.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from advisor.booking.announcements import announce_busy_host
from advisor.booking.availability import busy_times, upcoming_calls
from advisor.booking.models import TAKES_CALLS, BusyCalendar, Host, WhenStale
from advisor.booking.words import time_in_words
from advisor.decision.plurals import pluralize
from advisor.delivery.actions import send_mail
from advisor.delivery.letters import Letter, Link

NEVER_READ = "It was never read."

CONSEQUENCES = {
    WhenStale.NOTHING: "Until it can be read again, no times of this host are offered to visitors, as they chose.",
    WhenStale.EVERYTHING: "Until it can be read again, all hours of this host are offered to visitors, as they chose: "
    "also those at which they are busy.",
}


def stale_calendars(now: datetime) -> list[BusyCalendar]:
    """The calendars that do not hold any more, of hosts who take calls."""
    hosts = Host.objects.filter(TAKES_CALLS).values("pk")
    failing = BusyCalendar.objects.filter(host__in=hosts).select_related("host")
    # The hours differ by calendar, and no calendar is stale within the first.
    suspects = failing.filter(~Q(failures=0) | Q(due_at__lt=now) | Q(read_at__isnull=True)).defer("spans")
    return [calendar for calendar in suspects.order_by(F("host__name"), "pk") if calendar.is_stale(now)]


def tell_of_stale_calendars(*, now: datetime) -> None:
    """Write to the host and to sales about each calendar that is stale and of which they were not told."""
    for calendar in stale_calendars(now):
        # A calendar that is due is about to be read, perhaps after days without a worker.
        if calendar.told_at is None and calendar.failures:
            _tell(calendar, now)


@transaction.atomic
def _tell(calendar: BusyCalendar, now: datetime) -> None:
    locked = BusyCalendar.objects.select_for_update(of=("self",)).select_related("host").filter(pk=calendar.pk).first()
    if locked is None or locked.told_at or not locked.is_stale(now):
        return
    locked.told_at = now
    locked.save(update_fields=["told_at"])
    for to, address in (("host", locked.host.email), ("sales", settings.CONTACT_EMAIL)):
        letter = letter_about(locked)
        send_mail(
            key=f"calendar-{locked.pk}-stale-{locked.stale_at:%Y%m%dT%H%M%S}-{to}",
            about=f"host {locked.host_id}",
            to=address,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            now=now,
        )


def tell_of_busy_calls(host: Host, *, now: datetime) -> None:
    """Write to a host and to sales about each call ahead at whose time the host is busy by now, once. Call it in a
    transaction that holds the lock on the host.
    """
    busy = busy_times(host, now)
    untold = upcoming_calls(now).filter(host=host, busy_told_at=None).select_for_update(of=("self",)).order_by("pk")
    for call in untold.select_related("host", "lead"):
        if busy.overlaps(call.period):
            call.busy_told_at = now
            call.save(update_fields=["busy_told_at"])
            announce_busy_host(call, now=now)


def letter_about(calendar: BusyCalendar) -> Letter:
    """What is the matter, since when, what follows, and where it is mended."""
    host, zone = calendar.host, ZoneInfo(calendar.host.zone)
    hours = pluralize(calendar.stale_after_hours, "hour")
    last = f"It was last read on {time_in_words(calendar.read_at, zone)}." if calendar.read_at else NEVER_READ
    return Letter(
        f"A calendar of {host.name} cannot be read",
        f"The calendar at {calendar.shown_address} could not be read for {hours}. {last}",
        f"The last attempt: {calendar.last_error}",
        CONSEQUENCES[WhenStale(calendar.when_stale)],
        Link("The calendars of this host", settings.SITE_URL + reverse("admin:booking_host_calendars", args=[host.pk])),
        "This is said once.",
    )
