"""Which slots of a host are free, and why another time is not.

Its functions are pure: they take a schedule, the calls and the time, and return instants in UTC. The same rules decide
what visitors are shown, what is accepted, and what staff read. The reason is the first rule that forbids a time, in the
order of ``UnavailableReason``.

Hours follow the host's own clock. A slot lies inside them if that clock shows each of its minutes inside them. Times
that the clock skips in spring are never offered. Times that it repeats in autumn are offered twice, as two instants.
For hours from 03:00 to 04:00 in Europe/Riga:

    on 25 October 2026, when 04:00 is followed by 03:00: four slots, from 00:00 to 02:00 UTC
    on 28 March 2027, when 03:00 is followed by 04:00: none
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from advisor.booking.periods import NEVER_BUSY, Busy, Period, overlap
from advisor.booking.public_holidays import NO_HOLIDAYS, PublicHolidays
from advisor.decision.plurals import pluralize

MINUTE = timedelta(minutes=1)
SLOT_LENGTH = 30 * MINUTE
"""The length of a call, and the distance between two beginnings."""
SLOT_LENGTH_IN_WORDS = pluralize(SLOT_LENGTH // MINUTE, "minute")
SATURDAY = 5


def slot_value(begins: datetime) -> str:
    """An instant as a form sends it: 2026-11-30T07:00Z. ``parse_slot`` reads it."""
    return f"{begins.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def parse_slot(value: str) -> datetime | None:
    """The instant of this century that a form names. None for a text that ``slot_value`` does not write."""
    if not value.startswith("20"):
        return None
    try:
        begins = datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return begins if slot_value(begins) == value else None


class NoticeUnit(StrEnum):
    """The unit of a host's notice."""

    HOURS = "hours"
    WORKING_DAYS = "working-days"


DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
A_MONDAY = date(2024, 1, 1)


def hours_from(day: date, begins: time, ends: time) -> Period:
    """Hours that begin on a day, by the clock. An end at or before the beginning is on the next day."""
    return datetime.combine(day, begins), datetime.combine(day + DAY if ends <= begins else day, ends)


def whole_day(day: date) -> Period:
    """From midnight to midnight, by the clock."""
    return hours_from(day, time.min, time.min)


@dataclass(frozen=True)
class Window:
    """Hours that begin on one day of the week, by the host's clock. Monday is 0."""

    weekday: int
    begins: time
    ends: time

    def overlaps(self, other: "Window") -> bool:
        """Whether a minute of the week belongs to both."""
        ours, theirs = (hours_from(A_MONDAY + one.weekday * DAY, one.begins, one.ends) for one in (self, other))
        # Sunday's may reach into Monday.
        return any(overlap(ours, (theirs[0] + later, theirs[1] + later)) for later in (-WEEK, timedelta(0), WEEK))


@dataclass(frozen=True)
class DayException:
    """Days with other hours, the last day included. Without hours it is time off for whole days."""

    first_day: date
    last_day: date
    is_extra: bool = False
    begins: time | None = None
    ends: time | None = None

    def hours(self, day: date) -> Iterator[Period]:
        """Its hours that begin on one day, by the clock."""
        if self.first_day <= day <= self.last_day:
            if self.begins is not None and self.ends is not None:
                yield hours_from(day, self.begins, self.ends)
            else:
                yield whole_day(day)


@dataclass(frozen=True)
class Schedule:
    """When one host takes calls. Buffers lie before and after each call. ``daily_limit`` 0 means no limit."""

    zone: ZoneInfo
    windows: tuple[Window, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    holidays: PublicHolidays = NO_HOLIDAYS
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    notice: int = 0
    notice_unit: NoticeUnit = NoticeUnit.HOURS
    horizon_days: int = 60
    daily_limit: int = 0

    def hours(self, day: date) -> Iterator[Period]:
        """The weekly and the extra hours that begin on a day, by the clock. They may reach into the next."""
        for window in self.windows:
            if window.weekday == day.weekday():
                yield hours_from(day, window.begins, window.ends)
        yield from self.extra_hours(day)

    def extra_hours(self, day: date) -> Iterator[Period]:
        """The extra hours that begin on a day. They count on a day off as well."""
        for exception in self.exceptions:
            if exception.is_extra:
                yield from exception.hours(day)

    def time_off(self, day: date) -> Iterator[Period]:
        """The time off that begins on a day; a public holiday is off as a whole."""
        if day in self.holidays:
            yield whole_day(day)
        for exception in self.exceptions:
            if not exception.is_extra:
                yield from exception.hours(day)

    def is_working_day(self, day: date) -> bool:
        """Whether a day is from Monday to Friday and not taken off as a whole."""
        return day.weekday() < SATURDAY and whole_day(day) not in self.time_off(day)

    def earliest(self, now: datetime) -> datetime:
        """The first instant that respects the notice.

        It is some hours from now, or the same time of day some working days from now.
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

    def horizon(self, now: datetime) -> datetime:
        """The first instant that is too far ahead: the midnight after the last day."""
        after = now.astimezone(self.zone).date() + timedelta(days=self.horizon_days + 1)
        return datetime.combine(after, time.min, self.zone).astimezone(UTC)


class UnavailableReason(StrEnum):
    """Why a time is not free, in the order of the rules."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    HOLIDAY = "holiday"
    TIME_OFF = "time-off"
    OUTSIDE_HOURS = "outside-hours"
    OUT_OF_STEP = "out-of-step"
    TAKEN = "taken"
    BUFFER = "buffer"
    DAILY_LIMIT = "daily-limit"
    BUSY = "busy"
    CALENDAR_UNREAD = "calendar-unread"


def free_slots(
    schedule: Schedule,
    calls: Sequence[Period],
    now: datetime,
    *,
    since: datetime,
    until: datetime,
    busy: Busy = NEVER_BUSY,
) -> list[datetime]:
    """The beginnings of all free slots from ``since`` to before ``until``, in order.

    ``calls`` are the periods of the calls that take place.
    """
    bounds = (now, schedule.earliest(now), schedule.horizon(now))
    return [
        begins
        for begins in _within_hours(schedule, since, until)
        if _reason_by_notice(*bounds, begins) is None and _reason_by_appointments(schedule, calls, busy, begins) is None
    ]


@lru_cache(maxsize=512)
def _within_hours(schedule: Schedule, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """The beginnings of all slots within the hours of a schedule: the same for everyone, until it is changed."""
    return tuple(
        begins
        for begins in sorted(set(_candidates(schedule, since, until)))
        if since <= begins < until
        and _reason_by_hours(schedule, begins, begins.astimezone(schedule.zone).date()) is None
    )


def unavailable_reason(
    schedule: Schedule, calls: Sequence[Period], now: datetime, begins: datetime, busy: Busy = NEVER_BUSY
) -> UnavailableReason | None:
    """The first rule that forbids a call that begins at this instant; None if it is free."""
    day = begins.astimezone(schedule.zone).date()
    return (
        _reason_by_notice(now, schedule.earliest(now), schedule.horizon(now), begins)
        or _reason_by_hours(schedule, begins, day)
        or _reason_by_appointments(schedule, calls, busy, begins)
    )


def slots_with_reasons(
    schedule: Schedule,
    calls: Sequence[Period],
    now: datetime,
    *,
    since: datetime,
    until: datetime,
    busy: Busy = NEVER_BUSY,
) -> list[tuple[datetime, UnavailableReason | None]]:
    """The beginnings of all slots of a schedule's hours from ``since`` to before ``until``, in order, each with the
    first rule that forbids it; None for those that are free.
    """
    found = sorted({begins for begins in _candidates(schedule, since, until) if since <= begins < until})
    return [(begins, unavailable_reason(schedule, calls, now, begins, busy)) for begins in found]


def _reason_by_notice(
    now: datetime, earliest: datetime, horizon: datetime, begins: datetime
) -> UnavailableReason | None:
    if begins <= now:
        return UnavailableReason.PAST
    if begins < earliest:
        return UnavailableReason.NOTICE
    if begins >= horizon:
        return UnavailableReason.HORIZON
    return None


def _reason_by_appointments(
    schedule: Schedule, calls: Sequence[Period], busy: Busy, begins: datetime
) -> UnavailableReason | None:
    return _reason_by_calls(schedule, calls, begins) or reason_by_calendars(schedule, busy, begins)


def nearest(free: Iterable[datetime], wanted: datetime, count: int) -> list[datetime]:
    """The free instants nearest to a wanted time, in order."""
    return sorted(sorted(free, key=lambda begins: abs(begins - wanted))[:count])


def _candidates(schedule: Schedule, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants at which slots can begin. A reading that the clock shows twice gives two instants."""
    # From the day before, as its hours may reach over midnight.
    day, last = since.astimezone(schedule.zone).date() - DAY, until.astimezone(schedule.zone).date()
    while day <= last:
        for begins, ends in schedule.hours(day):
            reading = begins
            while reading + SLOT_LENGTH <= ends:
                yield from instants_of(reading, schedule.zone)
                reading += SLOT_LENGTH
        day += DAY


def instants_of(reading: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which the clock of a zone shows a reading: none, one or two."""
    folds = {reading.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return [instant for instant in sorted(folds) if _reading(instant, zone) == reading]


def _reading(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of a zone shows at an instant."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _readings(schedule: Schedule, begins: datetime) -> list[Period]:
    """What the host's clock shows during a slot: one period, or two if the clock is changed in between."""
    offset = begins.astimezone(schedule.zone).utcoffset()
    ends = change = begins + SLOT_LENGTH
    while (change - MINUTE).astimezone(schedule.zone).utcoffset() != offset:
        change -= MINUTE
    first = _reading(begins, schedule.zone)
    periods = [(first, first + (change - begins))]
    if change < ends:
        second = _reading(change, schedule.zone)
        periods.append((second, second + (ends - change)))
    return periods


def _reason_by_hours(schedule: Schedule, begins: datetime, day: date) -> UnavailableReason | None:
    readings = _readings(schedule, begins)
    begun = [*schedule.hours(day - DAY), *schedule.hours(day)]
    containing = [hours for hours in begun if all(_contains(hours, reading) for reading in readings)]
    if is_in_time_off(schedule, begins):
        extra = {*schedule.extra_hours(day - DAY), *schedule.extra_hours(day)}
        containing = [hours for hours in containing if hours in extra]
        if not containing:
            is_holiday = any(reading[0].date() in schedule.holidays for reading in readings)
            return UnavailableReason.HOLIDAY if is_holiday else UnavailableReason.TIME_OFF
    if not containing:
        return UnavailableReason.OUTSIDE_HOURS
    first, _ = readings[0]
    if all((first - opens) % SLOT_LENGTH for opens, _ in containing):
        return UnavailableReason.OUT_OF_STEP
    return None


def is_in_time_off(schedule: Schedule, begins: datetime) -> bool:
    """Whether a call that begins at this instant touches time off, extra hours aside."""
    readings = _readings(schedule, begins)
    days = {day for begun, ended in readings for day in (begun.date() - DAY, begun.date(), ended.date())}
    return any(overlap(off, reading) for reading in readings for day in days for off in schedule.time_off(day))


def _reason_by_calls(schedule: Schedule, calls: Sequence[Period], begins: datetime) -> UnavailableReason | None:
    wanted = (begins, begins + SLOT_LENGTH)
    # Between two calls there must be time to finish the first and to prepare for the second.
    gap = schedule.buffer_after + schedule.buffer_before
    with_gaps = (wanted[0] - gap, wanted[1] + gap)
    if near := [call for call in calls if overlap(with_gaps, call)]:
        is_taken = any(overlap(wanted, call) for call in near)
        return UnavailableReason.TAKEN if is_taken else UnavailableReason.BUFFER
    if schedule.daily_limit:
        day = begins.astimezone(schedule.zone).date()
        that_day = sum(begun.astimezone(schedule.zone).date() == day for begun, _ in calls)
        if that_day >= schedule.daily_limit:
            return UnavailableReason.DAILY_LIMIT
    return None


def reason_by_calendars(schedule: Schedule, busy: Busy, begins: datetime) -> UnavailableReason | None:
    """Whether the host's own calendars forbid a call. The minutes to prepare and to finish must be free as well."""
    wanted = (begins - schedule.buffer_before, begins + SLOT_LENGTH + schedule.buffer_after)
    if busy.overlaps(wanted):
        return UnavailableReason.BUSY
    if busy.known_until and wanted[1] > busy.known_until:
        return UnavailableReason.CALENDAR_UNREAD
    return None


def _contains(outer: Period, inner: Period) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
