"""Which half hours of a host are free, and why a given one is not.

Pure: a schedule, the calls and the time go in, instants in UTC come out. ``obstacle`` alone decides what is shown, what
is accepted and what staff are told; the first rule that speaks against a time is the reason, in the order of
``Obstacle``.

Hours are kept by the host's own clock, and a half hour is inside them if each of its minutes reads so on that clock.
What the clock skips in spring is never offered, and what it repeats in autumn is offered twice, as two instants. For
hours from 03:00 to 04:00 in Europe/Riga:

    on 25 October 2026, when 04:00 is followed by 03:00: four half hours, from 00:00 to 02:00 UTC
    on 28 March 2027, when 03:00 is followed by 04:00: none
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LENGTH = timedelta(minutes=30)
"""Of a call, and the steps in which calls begin."""

MINUTE = timedelta(minutes=1)
SATURDAY = 5

Period = tuple[datetime, datetime]
"""From the first instant to the one after the last. On a clock the two have no zone."""


class NoticeUnit(StrEnum):
    """What the notice of a host is counted in."""

    HOURS = "hours"
    WORKING_DAYS = "working-days"


@dataclass(frozen=True)
class Window:
    """Hours of one day of the week, Monday being 0, by the host's clock."""

    weekday: int
    begins: time
    ends: time


@dataclass(frozen=True)
class DayException:
    """Days, the last included, on which other hours hold. Without hours, all day: only time off can be that."""

    first_day: date
    last_day: date
    is_extra: bool = False
    begins: time | None = None
    ends: time | None = None

    def on(self, day: date) -> Iterator[Period]:
        """The hours of one day, by the clock."""
        if self.first_day <= day <= self.last_day:
            if self.begins and self.ends:
                yield datetime.combine(day, self.begins), datetime.combine(day, self.ends)
            else:
                yield datetime.combine(day, time.min), datetime.combine(day + timedelta(days=1), time.min)


@dataclass(frozen=True)
class Schedule:
    """When one host takes calls. Buffers lie before and after each call; ``daily_limit`` 0 means none."""

    zone: ZoneInfo
    windows: tuple[Window, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    notice: int = 0
    notice_unit: NoticeUnit = NoticeUnit.HOURS
    horizon_days: int = 60
    daily_limit: int = 0

    def hours(self, day: date) -> Iterator[Period]:
        """The weekly and the extra hours of a day, by the clock."""
        for window in self.windows:
            if window.weekday == day.weekday():
                yield datetime.combine(day, window.begins), datetime.combine(day, window.ends)
        yield from self.extra_hours(day)

    def extra_hours(self, day: date) -> Iterator[Period]:
        """The extra hours of a day; they hold on a day off, too."""
        for exception in self.exceptions:
            if exception.is_extra:
                yield from exception.on(day)

    def time_off(self, day: date) -> Iterator[Period]:
        """What is taken off of a day."""
        for exception in self.exceptions:
            if not exception.is_extra:
                yield from exception.on(day)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, unless all of it is taken off."""
        whole = (datetime.combine(day, time.min), datetime.combine(day + timedelta(days=1), time.min))
        return day.weekday() < SATURDAY and whole not in self.time_off(day)

    def earliest(self, now: datetime) -> datetime:
        """The first instant that keeps the notice: so many hours from now, or the same time of day so many working
        days from now.
        """
        if self.notice_unit is NoticeUnit.HOURS:
            return now + timedelta(hours=self.notice)
        local = now.astimezone(self.zone)
        last = local.date() + timedelta(days=self.horizon_days)
        day, left = local.date(), self.notice
        while left and day <= last:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return datetime.combine(day, local.time(), self.zone).astimezone(UTC)


class Obstacle(StrEnum):
    """Why a time is not free, in the order in which the rules are asked."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    TIME_OFF = "time-off"
    OUTSIDE_HOURS = "outside-hours"
    OUT_OF_STEP = "out-of-step"
    TAKEN = "taken"
    BUFFER = "buffer"
    DAILY_LIMIT = "daily-limit"


def free_slots(
    schedule: Schedule, calls: Sequence[Period], now: datetime, *, since: datetime, until: datetime
) -> list[datetime]:
    """The beginnings of all free half hours from ``since`` to before ``until``, in order.

    ``calls`` are the periods of the calls that are going to be held.
    """
    since = max(since, schedule.earliest(now))
    return [
        begins
        for begins in sorted(set(_candidates(schedule, since, until)))
        if since <= begins < until and _obstacle(schedule, calls, now, since, begins) is None
    ]


def obstacle(schedule: Schedule, calls: Sequence[Period], now: datetime, begins: datetime) -> Obstacle | None:
    """The first rule that speaks against a call that begins at this instant, or None if it is free."""
    return _obstacle(schedule, calls, now, schedule.earliest(now), begins)


def _obstacle(
    schedule: Schedule, calls: Sequence[Period], now: datetime, earliest: datetime, begins: datetime
) -> Obstacle | None:
    local, today = begins.astimezone(schedule.zone), now.astimezone(schedule.zone).date()
    if begins <= now:
        return Obstacle.PAST
    if begins < earliest:
        return Obstacle.NOTICE
    if local.date() > today + timedelta(days=schedule.horizon_days):
        return Obstacle.HORIZON
    return _against_hours(schedule, begins, local.date()) or _against_calls(schedule, calls, begins, local.date())


def nearest(free: Iterable[datetime], wanted: datetime, count: int) -> list[datetime]:
    """Those nearest to a wanted time, in order."""
    return sorted(sorted(free, key=lambda begins: abs(begins - wanted))[:count])


def _candidates(schedule: Schedule, since: datetime, until: datetime) -> Iterator[datetime]:
    """Where half hours can begin: at each step of the hours that the clock shows, twice where it shows it twice."""
    day, last = since.astimezone(schedule.zone).date(), until.astimezone(schedule.zone).date()
    while day <= last:
        for begins, ends in schedule.hours(day):
            reading = begins
            while reading + LENGTH <= ends:
                for fold in (0, 1):
                    instant = reading.replace(tzinfo=schedule.zone, fold=fold).astimezone(UTC)
                    if _reading(schedule, instant) == reading:
                        yield instant
                reading += LENGTH
        day += timedelta(days=1)


def _reading(schedule: Schedule, instant: datetime) -> datetime:
    """What the host's clock shows."""
    return instant.astimezone(schedule.zone).replace(tzinfo=None)


def _readings(schedule: Schedule, begins: datetime) -> list[Period]:
    """What the host's clock shows during a half hour: one stretch, or two where the clock is changed in between."""
    offset = begins.astimezone(schedule.zone).utcoffset()
    ends = change = begins + LENGTH
    while (change - MINUTE).astimezone(schedule.zone).utcoffset() != offset:
        change -= MINUTE
    first = _reading(schedule, begins)
    stretches = [(first, first + (change - begins))]
    if change < ends:
        second = _reading(schedule, change)
        stretches.append((second, second + (ends - change)))
    return stretches


def _against_hours(schedule: Schedule, begins: datetime, day: date) -> Obstacle | None:
    readings = _readings(schedule, begins)
    around = [hours for hours in schedule.hours(day) if all(_contains(hours, reading) for reading in readings)]
    if any(_overlap(off, reading) for reading in readings for off in schedule.time_off(reading[0].date())):
        extra = set(schedule.extra_hours(day))
        around = [hours for hours in around if hours in extra]
        if not around:
            return Obstacle.TIME_OFF
    if not around:
        return Obstacle.OUTSIDE_HOURS
    first, _ = readings[0]
    if all((first - opens) % LENGTH for opens, _ in around):
        return Obstacle.OUT_OF_STEP
    return None


def _against_calls(schedule: Schedule, calls: Sequence[Period], begins: datetime, day: date) -> Obstacle | None:
    wanted = (begins, begins + LENGTH)
    if any(_overlap(wanted, call) for call in calls):
        return Obstacle.TAKEN
    # Between two calls there is time for what comes after the one and what comes before the other.
    gap = schedule.buffer_after + schedule.buffer_before
    if any(_overlap((begins - gap, begins + LENGTH + gap), call) for call in calls):
        return Obstacle.BUFFER
    that_day = sum(begun.astimezone(schedule.zone).date() == day for begun, _ in calls)
    if schedule.daily_limit and that_day >= schedule.daily_limit:
        return Obstacle.DAILY_LIMIT
    return None


def _contains(outer: Period, inner: Period) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _overlap(one: Period, other: Period) -> bool:
    return one[0] < other[1] and other[0] < one[1]
