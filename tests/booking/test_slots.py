"""Free half hours, and why a time is not one: each rule, the changes of the clock, and a reference by the minute."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.booking.periods import NEVER_BUSY, Busy, Period
from advisor.booking.public_holidays import PublicHolidays
from advisor.booking.slots import (
    SLOT_LENGTH,
    DayException,
    NoticeUnit,
    Schedule,
    UnavailableReason,
    Window,
    free_slots,
    nearest,
    unavailable_reason,
)

RIGA = ZoneInfo("Europe/Riga")
MONDAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
"""The Sunday before."""
OFFICE = (Window(0, time(9), time(12)),)


def at(hour: int, minute: int = 0, *, day: date = MONDAY, zone: ZoneInfo = RIGA) -> datetime:
    """An instant by a clock."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def call(hour: int, minute: int = 0) -> Period:
    """A call on Monday, by the clock in Riga."""
    return at(hour, minute), at(hour, minute) + SLOT_LENGTH


def by_clock(schedule: Schedule, free: Sequence[datetime]) -> list[str]:
    """What the host's clock shows at each."""
    return [f"{begins.astimezone(schedule.zone):%H:%M}" for begins in free]


def on(schedule: Schedule, day: date, calls: Sequence[Period] = (), now: datetime = NOON) -> list[str]:
    """The free half hours of a day by the host's clock."""
    since = datetime.combine(day, time.min, schedule.zone).astimezone(UTC)
    until = datetime.combine(day + timedelta(days=1), time.min, schedule.zone).astimezone(UTC)
    return by_clock(schedule, free_slots(schedule, calls, now, since=since, until=until))


def test_a_window_is_made_of_the_half_hours_that_fit_into_it() -> None:
    schedule = Schedule(RIGA, (Window(0, time(9, 15), time(11)),))

    free = on(schedule, MONDAY)

    assert free == ["09:15", "09:45", "10:15"]
    assert on(schedule, MONDAY + timedelta(days=1)) == []


def test_windows_that_overlap_offer_a_time_once() -> None:
    schedule = Schedule(RIGA, (Window(0, time(9), time(10)), Window(0, time(9, 30), time(10, 30))))

    free = on(schedule, MONDAY)

    assert free == ["09:00", "09:30", "10:00"]


RULES: dict[UnavailableReason, tuple[Schedule, Sequence[Period], datetime]] = {
    UnavailableReason.PAST: (Schedule(RIGA, OFFICE), (), NOON - timedelta(days=6)),
    UnavailableReason.NOTICE: (Schedule(RIGA, OFFICE, notice=24), (), at(9)),
    UnavailableReason.HORIZON: (Schedule(RIGA, OFFICE, horizon_days=30), (), at(9, day=MONDAY + timedelta(days=35))),
    UnavailableReason.HOLIDAY: (Schedule(RIGA, OFFICE, holidays=PublicHolidays("GB", "SCT")), (), at(9)),
    UnavailableReason.TIME_OFF: (Schedule(RIGA, OFFICE, (DayException(MONDAY, MONDAY),)), (), at(9)),
    UnavailableReason.OUTSIDE_HOURS: (Schedule(RIGA, OFFICE), (), at(11, 45)),
    UnavailableReason.OUT_OF_STEP: (Schedule(RIGA, OFFICE), (), at(9, 10)),
    UnavailableReason.TAKEN: (Schedule(RIGA, OFFICE), (call(9, 15),), at(9, 30)),
    UnavailableReason.BUFFER: (
        Schedule(RIGA, OFFICE, buffer_before=timedelta(minutes=10), buffer_after=timedelta(minutes=5)),
        (call(9),),
        at(9, 30),
    ),
    UnavailableReason.DAILY_LIMIT: (Schedule(RIGA, OFFICE, daily_limit=1), (call(9),), at(11)),
    UnavailableReason.BUSY: (Schedule(RIGA, OFFICE), (), at(9)),
    UnavailableReason.CALENDAR_UNREAD: (Schedule(RIGA, OFFICE), (), at(9)),
}
BUSY = {
    UnavailableReason.BUSY: Busy(((at(9, 10), at(9, 20)),)),
    UnavailableReason.CALENDAR_UNREAD: Busy(known_until=at(9, 20)),
}


@pytest.mark.parametrize("rule", UnavailableReason)
def test_each_rule_speaks_against_a_time(rule: UnavailableReason) -> None:
    schedule, calls, begins = RULES[rule]

    found = unavailable_reason(schedule, calls, NOON, begins, BUSY.get(rule, NEVER_BUSY))

    assert found is rule


def test_the_first_rule_is_the_reason() -> None:
    schedule = Schedule(RIGA, OFFICE, notice=24, horizon_days=1)

    assert unavailable_reason(schedule, (call(9),), NOON, NOON) is UnavailableReason.PAST
    assert unavailable_reason(schedule, (call(9),), NOON, at(9)) is UnavailableReason.NOTICE


def test_time_that_begins_this_moment_is_past_and_the_notice_is_kept_to_the_minute() -> None:
    schedule = Schedule(RIGA, OFFICE, notice=3)

    assert unavailable_reason(Schedule(RIGA, OFFICE), (), at(9), at(9)) is UnavailableReason.PAST
    assert unavailable_reason(schedule, (), at(6), at(9)) is None
    assert unavailable_reason(schedule, (), at(6) + timedelta(seconds=1), at(9)) is UnavailableReason.NOTICE


@pytest.mark.parametrize(
    ("asked", "earliest"),
    [
        pytest.param(date(2026, 11, 25), date(2026, 11, 27), id="in the week"),
        pytest.param(date(2026, 11, 27), date(2026, 12, 2), id="over a weekend and a day off"),
        pytest.param(date(2026, 11, 28), date(2026, 12, 2), id="from a Saturday"),
    ],
)
def test_notice_in_working_days_leaves_out_weekends_and_days_off(asked: date, earliest: date) -> None:
    schedule = Schedule(RIGA, exceptions=(DayException(MONDAY, MONDAY),), notice=2, notice_unit=NoticeUnit.WORKING_DAYS)

    found = schedule.earliest(at(15, day=asked))

    assert found == at(15, day=earliest)


def test_notice_in_working_days_ends_although_all_days_are_off() -> None:
    for_ever = DayException(date(2026, 1, 1), date(9998, 12, 31))
    schedule = Schedule(RIGA, OFFICE, (for_ever,), notice=2, notice_unit=NoticeUnit.WORKING_DAYS, horizon_days=30)

    assert schedule.earliest(NOON) > NOON + timedelta(days=30)


def test_the_horizon_includes_its_last_day() -> None:
    schedule = Schedule(RIGA, OFFICE, horizon_days=1)

    assert on(schedule, MONDAY) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    assert on(schedule, MONDAY, now=NOON - timedelta(days=1)) == []


def test_a_part_of_a_day_is_taken_off_and_all_that_touches_it() -> None:
    schedule = Schedule(RIGA, OFFICE, (DayException(MONDAY, MONDAY, begins=time(10, 15), ends=time(10, 45)),))

    assert on(schedule, MONDAY) == ["09:00", "09:30", "11:00", "11:30"]


def test_days_off_include_the_first_and_the_last() -> None:
    schedule = Schedule(
        RIGA,
        tuple(Window(weekday, time(9), time(9, 30)) for weekday in range(7)),
        (DayException(MONDAY, MONDAY + timedelta(days=2)),),
    )

    free = [bool(on(schedule, MONDAY + timedelta(days=days))) for days in range(-1, 4)]

    # Sunday's half hour is over by noon.
    assert on(schedule, MONDAY - timedelta(days=1), now=NOON - timedelta(days=1)) == ["09:00"]
    assert free == [False, False, False, False, True]


def test_extra_hours_hold_on_a_day_off_too() -> None:
    saturday = MONDAY + timedelta(days=5)
    schedule = Schedule(
        RIGA,
        OFFICE,
        (
            DayException(MONDAY, saturday),
            DayException(saturday, saturday, is_extra=True, begins=time(20), ends=time(21)),
        ),
    )

    assert on(schedule, MONDAY) == []
    assert on(schedule, saturday) == ["20:00", "20:30"]


def test_between_two_calls_lie_the_buffer_after_the_one_and_the_buffer_before_the_other() -> None:
    schedule = Schedule(
        RIGA, (Window(0, time(9), time(14)),), buffer_before=timedelta(minutes=20), buffer_after=timedelta(minutes=10)
    )

    free = on(schedule, MONDAY, (call(11),))

    assert free == ["09:00", "09:30", "10:00", "12:00", "12:30", "13:00", "13:30"]


def test_the_limit_counts_the_calls_of_the_hosts_own_day() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    schedule = Schedule(auckland, (Window(0, time(9), time(10)), Window(1, time(9), time(10))), daily_limit=1)
    begins = at(9, day=MONDAY, zone=auckland)

    # 9 o'clock on Monday in Auckland is Sunday evening in UTC.
    assert on(schedule, MONDAY, ((begins, begins + SLOT_LENGTH),), now=NOON - timedelta(days=1)) == []
    assert on(schedule, MONDAY + timedelta(days=1), ((begins, begins + SLOT_LENGTH),)) == ["09:00", "09:30"]


def test_the_nearest_times_come_in_order() -> None:
    free = [at(9), at(10), at(11), at(11, 30)]

    assert nearest(free, at(10, 30), 3) == [at(10), at(11), at(11, 30)]
    assert nearest([], at(10), 3) == []


SUNDAY_NIGHT = tuple(Window(weekday, time(0), time(5)) for weekday in range(7))
USUAL = ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30"]


@pytest.mark.parametrize(
    ("zone", "day", "skipped"),
    [
        ("Europe/Riga", date(2027, 3, 28), ["03:00", "03:30"]),
        ("America/New_York", date(2027, 3, 14), ["02:00", "02:30"]),
        ("America/St_Johns", date(2027, 3, 14), ["02:00", "02:30"]),
        ("Australia/Lord_Howe", date(2026, 10, 4), ["02:00"]),
        ("Pacific/Chatham", date(2026, 9, 27), ["03:00", "03:30"]),
    ],
)
def test_what_the_clock_skips_is_not_offered(zone: str, day: date, skipped: list[str]) -> None:
    schedule = Schedule(ZoneInfo(zone), SUNDAY_NIGHT)

    free = on(schedule, day, now=datetime.combine(day - timedelta(days=2), time(12), UTC))

    # In Chatham it goes from 02:45 to 03:45: the half hour that begins at 02:30 is cut by it, and its end is inside.
    assert free == [reading for reading in USUAL if reading not in skipped]


@pytest.mark.parametrize(
    ("zone", "day", "repeated"),
    [
        ("Europe/Riga", date(2026, 10, 25), ["03:00", "03:30"]),
        ("America/New_York", date(2026, 11, 1), ["01:00", "01:30"]),
        ("America/St_Johns", date(2026, 11, 1), ["01:00", "01:30"]),
        ("Australia/Lord_Howe", date(2027, 4, 4), ["01:30"]),
        ("Pacific/Chatham", date(2027, 4, 4), ["03:00", "03:30"]),
    ],
)
def test_what_the_clock_repeats_is_offered_twice_as_two_instants(zone: str, day: date, repeated: list[str]) -> None:
    schedule = Schedule(ZoneInfo(zone), SUNDAY_NIGHT)

    free = on(schedule, day, now=datetime.combine(day - timedelta(days=2), time(12), UTC))

    assert sorted(free) == sorted(USUAL + repeated)


def test_half_and_quarter_hour_zones_keep_their_own_clock() -> None:
    for zone, in_utc in (("Asia/Kolkata", (3, 30)), ("Asia/Kathmandu", (3, 15)), ("Australia/Eucla", (0, 15))):
        schedule = Schedule(ZoneInfo(zone), OFFICE)

        free = free_slots(schedule, (), NOON, since=NOON, until=NOON + timedelta(days=2))

        assert (free[0].hour, free[0].minute) == in_utc
        assert by_clock(schedule, free)[0] == "09:00"


def test_zones_follow_the_rules_of_this_year() -> None:
    # British Columbia stays on summer time from March 2026 on: the tzdata that comes with the system may not know.
    schedule = Schedule(ZoneInfo("America/Vancouver"), OFFICE)
    january = date(2027, 1, 4)

    free = free_slots(schedule, (), NOON, since=at(0, day=january), until=at(0, day=january + timedelta(days=2)))

    assert free[0] == datetime(2027, 1, 4, 16, tzinfo=UTC)


def test_hours_reach_to_midnight_and_over_it() -> None:
    evenings = Schedule(RIGA, (Window(0, time(23), time(0)), Window(1, time(22, 30), time(1, 15))))

    assert on(evenings, MONDAY) == ["23:00", "23:30"]
    assert on(evenings, MONDAY + timedelta(days=1)) == ["22:30", "23:00", "23:30"]
    assert on(evenings, MONDAY + timedelta(days=2)) == ["00:00", "00:30"]


def test_a_day_off_begins_and_ends_at_midnight_whatever_the_hours() -> None:
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    evening = (Window(1, time(22, 45), time(2)),)

    assert on(Schedule(RIGA, evening, (DayException(wednesday, wednesday),)), tuesday) == ["22:45", "23:15"]
    assert on(Schedule(RIGA, evening, (DayException(tuesday, tuesday),)), wednesday) == ["00:15", "00:45", "01:15"]


def test_a_whole_day_has_forty_eight_half_hours() -> None:
    assert len(on(Schedule(RIGA, (Window(0, time(0), time(0)),)), MONDAY)) == 48


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        (Window(0, time(9), time(12)), Window(0, time(11, 30), time(13)), True),
        (Window(0, time(9), time(12)), Window(0, time(12), time(13)), False),
        (Window(0, time(9), time(12)), Window(1, time(9), time(12)), False),
        (Window(0, time(22), time(2)), Window(1, time(1), time(3)), True),
        (Window(6, time(22), time(2)), Window(0, time(1), time(3)), True),
        (Window(6, time(22), time(2)), Window(0, time(2), time(3)), False),
    ],
)
def test_hours_that_share_a_minute_of_the_week_overlap(one: Window, other: Window, overlaps: bool) -> None:  # noqa: FBT001
    assert one.overlaps(other) is overlaps
    assert other.overlaps(one) is overlaps


# The same rules once more, each minute asked by itself, and nothing shared with the module but its values.


def shown(zone: ZoneInfo, instant: datetime) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def minutes_of(begins: datetime) -> list[datetime]:
    return [begins + timedelta(minutes=minute) for minute in range(30)]


def inside(reading: datetime, day: date, begins: time, ends: time) -> bool:
    """Whether hours that begin on a day hold a minute; an end that is not later on the clock is on the next day."""
    if ends > begins:
        return reading.date() == day and begins <= reading.time() < ends
    return (reading.date() == day and begins <= reading.time()) or (
        reading.date() == day + timedelta(days=1) and reading.time() < ends
    )


def is_off(schedule: Schedule, reading: datetime) -> bool:
    for exception in schedule.exceptions:
        if exception.is_extra:
            continue
        if exception.begins is None or exception.ends is None:
            if exception.first_day <= reading.date() <= exception.last_day:
                return True
        elif any(
            exception.first_day <= day <= exception.last_day and inside(reading, day, exception.begins, exception.ends)
            for day in (reading.date(), reading.date() - timedelta(days=1))
        ):
            return True
    return False


def opens(schedule: Schedule, begins: datetime) -> bool:
    readings = [shown(schedule.zone, minute) for minute in minutes_of(begins)]
    today = readings[0].date()

    def fits(day: date, opens: time, closes: time) -> bool:
        since_opening = readings[0] - datetime.combine(day, opens)
        return since_opening.seconds % 1800 == 0 and all(inside(reading, day, opens, closes) for reading in readings)

    days = [today, today - timedelta(days=1)]
    if any(
        fits(day, found.begins, found.ends)
        for day in days
        for found in schedule.exceptions
        if found.is_extra and found.begins is not None and found.ends is not None
        if found.first_day <= day <= found.last_day
    ):
        return True
    weekly = [(day, window) for day in days for window in schedule.windows if window.weekday == day.weekday()]
    return any(fits(day, window.begins, window.ends) for day, window in weekly) and not any(
        is_off(schedule, reading) for reading in readings
    )


def is_free(schedule: Schedule, calls: Sequence[Period], now: datetime, begins: datetime) -> bool:
    gap = schedule.buffer_after + schedule.buffer_before
    day = shown(schedule.zone, begins).date()
    calls_that_day = [begun for begun, _ in calls if shown(schedule.zone, begun).date() == day]
    return (
        begins > now
        and begins - now >= timedelta(hours=schedule.notice)
        and (day - shown(schedule.zone, now).date()).days <= schedule.horizon_days
        and opens(schedule, begins)
        and all(begins >= ended + gap or begins + SLOT_LENGTH + gap <= begun for begun, ended in calls)
        and (not schedule.daily_limit or len(calls_that_day) < schedule.daily_limit)
    )


DAYS = st.dates(date(2026, 10, 1), date(2026, 11, 7)) | st.dates(date(2027, 3, 12), date(2027, 4, 6))
QUARTERS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def hours(draw: st.DrawFn) -> tuple[time, time]:
    begins, ends = draw(st.lists(QUARTERS, min_size=2, max_size=2, unique=True))
    return begins, ends


@st.composite
def exceptions(draw: st.DrawFn, around: date) -> DayException:
    first = around + timedelta(days=draw(st.integers(-2, 2)))
    last = first + timedelta(days=draw(st.integers(0, 2)))
    is_extra = draw(st.booleans())
    if is_extra or draw(st.booleans()):
        begins, ends = draw(hours())
        return DayException(first, last, is_extra=is_extra, begins=begins, ends=ends)
    return DayException(first, last)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Schedule, list[Period], datetime, datetime]:
    day = draw(DAYS)
    zone = ZoneInfo(
        draw(
            st.sampled_from(
                [
                    "Europe/Riga",
                    "America/New_York",
                    "America/Vancouver",
                    "America/St_Johns",
                    "Australia/Lord_Howe",
                    "Pacific/Chatham",
                    "Asia/Kathmandu",
                    "Africa/Casablanca",
                ]
            )
        )
    )
    since = datetime.combine(day, time(0), UTC)
    schedule = Schedule(
        zone,
        tuple(
            Window(weekday, *found)
            for weekday, found in draw(st.lists(st.tuples(st.integers(0, 6), hours()), max_size=8))
        ),
        tuple(draw(st.lists(exceptions(day), max_size=3))),
        buffer_before=timedelta(minutes=draw(st.sampled_from([0, 5, 15]))),
        buffer_after=timedelta(minutes=draw(st.sampled_from([0, 10]))),
        notice=draw(st.integers(0, 30)),
        horizon_days=draw(st.integers(0, 4)),
        daily_limit=draw(st.integers(0, 2)),
    )
    calls = [
        (since + timedelta(minutes=15 * quarter), since + timedelta(minutes=15 * quarter) + SLOT_LENGTH)
        for quarter in draw(st.lists(st.integers(0, 96), max_size=3))
    ]
    now = since - timedelta(hours=draw(st.integers(-12, 48)))
    return schedule, calls, now, since


@settings(max_examples=120, deadline=None)
@given(situations())
def test_it_agrees_with_a_reference_that_asks_each_minute(
    situation: tuple[Schedule, list[Period], datetime, datetime],
) -> None:
    schedule, calls, now, since = situation
    until = since + timedelta(days=1)

    expected = [
        begins
        for begins in (since + timedelta(minutes=minute) for minute in range(0, 24 * 60, 5))
        if is_free(schedule, calls, now, begins)
    ]

    assert free_slots(schedule, calls, now, since=since, until=until) == expected
    for minute in range(0, 24 * 60, 5):
        begins = since + timedelta(minutes=minute)
        assert (unavailable_reason(schedule, calls, now, begins) is None) == (begins in expected)
