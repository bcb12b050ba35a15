"""What the choice of a time shows: the free half hours of one week by the visitor's clock, or the nearest ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from advisor.booking.availability import FreeTimes, free_times
from advisor.booking.models import ZONES, Call, Host
from advisor.booking.slots import nearest
from advisor.booking.words import clock, day_in_words, zone_in_words, zone_name
from advisor.booking.zones import offered_zones, present_name

WEEK = timedelta(days=7)
NEAREST = 6
"""How many times are shown in place of one that is not free."""


@dataclass(frozen=True)
class Time:
    """A free half hour. ``value`` stands for the instant in a form."""

    value: str
    day: str
    clock: str
    zone: str


@dataclass(frozen=True)
class Day:
    """A day of the visitor's that has free times; one is open: that of the chosen time, or the first."""

    heading: str
    times: list[Time]
    is_open: bool


@dataclass(frozen=True)
class Picker:
    """What is shown. ``earlier`` and ``later`` are addresses, "" where nothing can be free. ``guess`` says that nobody
    has named the zone yet. ``week`` is the first day of the week that was asked for, "" for none. ``page`` is where it
    is shown.
    """

    zone: ZoneInfo
    unknown_zone: str
    guess: bool
    week: str
    heading: str
    days: list[Day]
    earlier: str
    later: str
    page: "Page"

    @property
    def zones(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The zones to choose from, by region; the one in use is always among them."""
        listed = offered_zones()
        if any(self.zone.key == name for _, zones in listed for name, _ in zones):
            return listed
        return [("", [(self.zone.key, zone_name(self.zone))]), *listed]


def as_value(begins: datetime) -> str:
    """An instant as a form sends it: 2026-11-30T07:00Z."""
    return f"{begins.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def from_value(value: str) -> datetime | None:
    """The instant that a form names, or None for anything that ``as_value`` would not have written in this century."""
    if not value.startswith("20"):
        return None
    try:
        begins = datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return begins if as_value(begins) == value else None


@dataclass(frozen=True)
class Wish:
    """What a visitor has said of when: a zone, a week by its first day, a time. Empty where nothing was said."""

    zone: str = ""
    week: str = ""
    slot: str = ""


@dataclass(frozen=True)
class Page:
    """The address of a page that shows times: its path, and the parameters it needs."""

    path: str
    pairs: tuple[tuple[str, str], ...] = ()

    def at(self, zone: ZoneInfo, day: date) -> str:
        """The same page with the times of a week."""
        parameters = [*self.pairs, ("zone", zone.key), ("week", day.isoformat())]
        return f"{self.path}?{urlencode(parameters)}#times"


def pick(hosts: Sequence[Host], wish: Wish, now: datetime, page: Page, moving: Call | None = None) -> Picker:
    """The free times of some hosts in one week: the one asked for, that of the chosen time, or the first with any."""
    zone, unknown = _zone(wish.zone, hosts)
    today = now.astimezone(zone).date()
    last = today + timedelta(days=max(host.horizon_days for host in hosts) + 1)
    first = max(today, min(_first_day(wish, zone) or today, last))
    free = _free_in_week(hosts, zone, first, now, moving)
    if not (wish.week or wish.slot):
        # Nobody has to leaf through weeks in which nothing is free.
        while not free and first + WEEK <= last:
            first += WEEK
            free = _free_in_week(hosts, zone, first, now, moving)

    return Picker(
        zone=zone,
        unknown_zone=unknown,
        guess=not wish.zone,
        week=first.isoformat() if wish.week else "",
        heading=f"{first:%-d %B} to {first + WEEK - timedelta(days=1):%-d %B %Y}",
        days=_days(free, zone, wish.slot),
        earlier=page.at(zone, max(today, first - WEEK)) if first > today else "",
        later=page.at(zone, first + WEEK) if first + WEEK <= last else "",
        page=page,
    )


def with_nearest(
    usual: Picker, hosts: Sequence[Host], now: datetime, wanted: datetime, moving: Call | None = None
) -> Picker:
    """The same with the free times nearest to one that is not free, whichever week they are in."""
    until = now + timedelta(days=max(host.horizon_days for host in hosts) + 1)
    around = _others(hosts, now, max(now, wanted - WEEK), min(until, wanted + WEEK), moving)
    found = nearest(around or _others(hosts, now, now, until, moving), wanted, NEAREST)
    return replace(usual, heading="the nearest free times", days=_days(found, usual.zone, all_open=True))


def _zone(name: str, hosts: Sequence[Host]) -> tuple[ZoneInfo, str]:
    """The visitor's zone; that of the first host where none is named, or an unknown one, which comes back."""
    if name in ZONES:
        return ZoneInfo(present_name(name)), ""
    return ZoneInfo(hosts[0].zone), name[:60]


def _first_day(wish: Wish, zone: ZoneInfo) -> date | None:
    if begins := from_value(wish.slot):
        return begins.astimezone(zone).date()
    try:
        return date.fromisoformat(wish.week)
    except ValueError:
        return None


def _free_in_week(hosts: Sequence[Host], zone: ZoneInfo, first: date, now: datetime, moving: Call | None) -> FreeTimes:
    since, until = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (first, first + WEEK))
    return _others(hosts, now, since, until, moving)


def _others(hosts: Sequence[Host], now: datetime, since: datetime, until: datetime, moving: Call | None) -> FreeTimes:
    """What is free; of the times for a call that is to move, not the one that it has."""
    free = free_times(hosts, now, since, until, moving)
    if moving:
        free.pop(moving.begins_at, None)
    return free


def _days(free: Iterable[datetime], zone: ZoneInfo, chosen: str = "", *, all_open: bool = False) -> list[Day]:
    times = [
        Time(as_value(begins), day_in_words(begins, zone), clock(begins, zone), zone_in_words(begins, zone))
        for begins in free
    ]
    by_day = {heading: list(found) for heading, found in groupby(times, key=lambda time: time.day)}
    opened = next((time.day for time in times if time.value == chosen), times[0].day if times else "")
    return [Day(heading, found, all_open or heading == opened) for heading, found in by_day.items()]
