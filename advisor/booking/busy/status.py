"""What the page of a host's calendars says about each of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from advisor.booking.models import BusyCalendar, Host, WhenStale
from advisor.booking.periods import Period
from advisor.booking.words import time_in_words
from advisor.decision.plurals import pluralize

MAX_LISTED = 20
"""Busy times that the page lists."""

NOT_READ_YET = "It was not read yet, and blocks nothing until then. The worker reads it within seconds."
ABOUT_TO_BE_READ = "It is about to be read: open this page again in a moment."
LEFT_ALONE = "It is not read while this host takes no calls."
STALE = {
    WhenStale.NOTHING: "This is too long ago, so no times of this host are offered.",
    WhenStale.EVERYTHING: "This is too long ago, so all hours of this host are offered.",
}


@dataclass(frozen=True)
class CalendarStatus:
    """Sentences about a calendar, the one that asks for help apart; and the next busy times by the host's clock."""

    sentences: list[str]
    trouble: str
    blocked: list[str]
    more: int


def status_of(calendar: BusyCalendar, now: datetime) -> CalendarStatus:
    """How old it is, what is wrong with it, and what it blocks."""
    zone = ZoneInfo(calendar.host.zone)
    is_stale = calendar.is_stale(now)
    ignored = is_stale and calendar.when_stale == WhenStale.EVERYTHING
    ahead = [] if ignored else [period for period in calendar.periods if period[1] > now]
    sentences = [_age(calendar, now, zone)]
    if not calendar.host.takes_calls:
        sentences.append(LEFT_ALONE)
    elif calendar.due_at <= now:
        sentences.append(ABOUT_TO_BE_READ)
    if calendar.unreadable_events:
        number = pluralize(calendar.unreadable_events, "event")
        sentences.append(f"In it {number} could not be read, and may block too little.")
    return CalendarStatus(
        sentences=sentences,
        trouble=_trouble(calendar, now, zone) + (f" {STALE[WhenStale(calendar.when_stale)]}" if is_stale else ""),
        blocked=[in_words(period, zone) for period in ahead[:MAX_LISTED]],
        more=max(0, len(ahead) - MAX_LISTED),
    )


def _age(calendar: BusyCalendar, now: datetime, zone: ZoneInfo) -> str:
    if calendar.read_at is None:
        return NOT_READ_YET
    return f"Read {ago(now - calendar.read_at)}, on {time_in_words(calendar.read_at, zone)}."


def _trouble(calendar: BusyCalendar, now: datetime, zone: ZoneInfo) -> str:
    if not calendar.failing_since:
        return ""
    attempts = pluralize(calendar.failures, "attempt")
    since = time_in_words(calendar.failing_since, zone)
    return f"Reading it has failed since {since} ({attempts}). The last error: {calendar.last_error}"


def ago(age: timedelta) -> str:
    """How long ago, in the largest unit that fits: "3 hours ago"."""
    minutes = age // timedelta(minutes=1)
    for number, unit in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if number > 0:
            return f"{pluralize(number, unit)} ago"
    return "just now"


def in_words(period: Period, zone: ZoneInfo) -> str:
    """A busy time: "Mon 30 Nov, 09:00–09:30", "Fri 4 Dec, 00:00 – Sat 5 Dec, 00:00"."""
    begins, ends = (moment.astimezone(zone) for moment in period)
    if begins.date() == ends.date():
        return f"{begins:%a %-d %b, %H:%M}–{ends:%H:%M}"
    return f"{begins:%a %-d %b, %H:%M} – {ends:%a %-d %b, %H:%M}"


def summary_of(host: Host, now: datetime) -> str:
    """All calendars of a host in one line."""
    calendars = list(host.busy_calendars.defer("spans"))
    if not calendars:
        return "No calendar says when this host is busy: add one"
    number = pluralize(len(calendars), "calendar says", "calendars say")
    failing = sum(calendar.failures > 0 or calendar.is_stale(now) for calendar in calendars)
    return f"{number} when this host is busy" + (f"; {failing} cannot be read" if failing else "")
