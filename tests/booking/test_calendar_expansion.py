"""When calendar files say that somebody is busy: those of four providers, everything that may be in them, another
computation of random series, and files that are large or meant to harm.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from advisor.booking.busy import expansion
from advisor.booking.busy.expansion import MAX_SPANS, BusyTimes, ExpansionOrder, answer, needed_lines, own_name

FEEDS = Path(__file__).with_name("feeds")
RIGA = ZoneInfo("Europe/Riga")
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def order(
    *, zone: str = "Europe/Riga", own: tuple[str, ...] = (), since: datetime = MONDAY, until: datetime = MONDAY + WEEK
) -> ExpansionOrder:
    return ExpansionOrder(
        zone=zone,
        addresses=["host@example.com"],
        own=list(own),
        since=int(since.timestamp()),
        until=int(until.timestamp()),
        is_caldav=False,
    )


def by_clock(found: BusyTimes, zone: str = "Europe/Riga") -> list[str]:
    """The busy times by a clock."""
    found_by_clock = []
    for span in found["spans"]:
        begins, ends = (datetime.fromtimestamp(moment, ZoneInfo(zone)) for moment in span)
        day = "" if begins.date() == ends.date() else f"{ends:%a} "
        found_by_clock.append(f"{begins:%a %-d %H:%M}–{day}{ends:%H:%M}")
    return found_by_clock


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar with events, each given by its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN", *head.split()]
    for number, event in enumerate(events):
        uid = [] if "UID:" in event else [f"UID:event-{number}"]
        lines += ["BEGIN:VEVENT", *uid, *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def busy(*events: str, head: str = "", zone: str = "Europe/Riga", own: tuple[str, ...] = ()) -> list[str]:
    """When these events make their owner busy in the week, by the owner's clock; all of them can be read."""
    found = answer(calendar(*events, head=head), order(zone=zone, own=own))
    assert (found["error"], found["unreadable"]) == ("", 0)
    return by_clock(found, zone)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "google",
            [
                "Mon 30 09:00–09:30",
                "Mon 30 17:00–17:30",
                "Wed 2 14:00–14:30",
                "Thu 3 09:00–09:30",
                "Fri 4 00:00–Sat 00:00",
            ],
        ),
        ("outlook", ["Mon 30 11:00–12:00", "Tue 1 12:30–13:30", "Tue 1 14:00–15:00", "Wed 2 00:00–Fri 00:00"]),
        (
            "icloud",
            [
                "Mon 30 15:00–16:30",
                "Mon 30 18:00–19:00",
                "Tue 1 18:00–19:00",
                "Wed 2 18:00–19:00",
                "Sat 5 00:00–Sun 00:00",
            ],
        ),
        (
            "nextcloud",
            [
                "Mon 30 08:00–08:30",
                "Tue 1 08:00–08:30",
                "Wed 2 09:00–09:30",
                "Wed 2 14:00–15:00",
                "Thu 3 09:00–09:30",
            ],
        ),
    ],
)
def test_what_four_providers_send_is_understood(name: str, expected: list[str]) -> None:
    found = answer((FEEDS / f"{name}.ics").read_bytes(), order())

    assert found["error"] == ""
    assert found["unreadable"] == 0
    assert by_clock(found) == expected


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_titles_places_and_people_are_dropped_before_the_file_is_understood(line_end: bytes) -> None:
    file = (FEEDS / "google.ics").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", line_end)

    kept = b"\n".join(needed_lines(file, [b"mailto:host@example.com"]))

    assert b"DTSTART;TZID=Europe/Riga:20240101T090000" in kept
    for secret in (b"Stand-up", b"folded", b"seventy-five", b"somebody", b"other@example.com", b"sea"):
        assert secret not in kept.replace(b"standup@google.com", b"")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param("DTSTART:20261201T090000Z\nDTEND:20261201T100000Z", ["Tue 1 11:00–12:00"], id="in UTC"),
        pytest.param("DTSTART:20261201T090000\nDTEND:20261201T100000", ["Tue 1 09:00–10:00"], id="without a zone"),
        pytest.param(
            "DTSTART;TZID=Nowhere/Land:20261201T090000\nDTEND;TZID=Nowhere/Land:20261201T100000",
            ["Tue 1 09:00–10:00"],
            id="a zone that nobody knows",
        ),
        pytest.param(
            "DTSTART;TZID=Tokyo Standard Time:20261201T180000\nDTEND;TZID=Tokyo Standard Time:20261201T190000",
            ["Tue 1 11:00–12:00"],
            id="a Microsoft zone without its rules",
        ),
        pytest.param("DTSTART:20261201T090000Z\nDURATION:PT90M", ["Tue 1 11:00–12:30"], id="a length, no end"),
        pytest.param("DTSTART;VALUE=DATE:20261201", ["Tue 1 00:00–Wed 00:00"], id="a whole day"),
        pytest.param(
            "DTSTART;VALUE=DATE:20261120\nDTEND;VALUE=DATE:20261202", ["Mon 30 02:00–Wed 00:00"], id="days begun before"
        ),
        pytest.param("DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nTRANSP:TRANSPARENT", [], id="shown as free"),
        pytest.param("DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nTRANSP:transparent", [], id="in small letters"),
        pytest.param("DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nSTATUS:CANCELLED", [], id="cancelled"),
        pytest.param(
            "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nSTATUS:TENTATIVE", ["Tue 1 11:00–12:00"], id="tentative"
        ),
        pytest.param("DTSTART:20261201T090000Z", [], id="without a length"),
        pytest.param(
            "DTSTART:20261201T100000Z\nDTEND:20261201T090000Z", ["Tue 1 11:00–12:00"], id="an end before the beginning"
        ),
        pytest.param(
            "DTSTART:20261201T090000Z\nDTEND:20261201T093000Z\nRRULE:FREQ=DAILY;COUNT=2\nRDATE:20261204T120000Z",
            ["Tue 1 11:00–11:30", "Wed 2 11:00–11:30", "Fri 4 14:00–14:30"],
            id="an additional day",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261130\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20261201,20261202,20261203",
            ["Mon 30 02:00–Tue 00:00", "Fri 4 00:00–Mon 02:00"],
            id="whole days with exceptions, for ever",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Riga:20261130T230000\nDTEND;TZID=Europe/Riga:20261201T010000\nRRULE:FREQ=DAILY;COUNT=2",
            ["Mon 30 23:00–Tue 01:00", "Tue 1 23:00–Wed 01:00"],
            id="across midnight",
        ),
    ],
)
def test_an_event(event: str, expected: list[str]) -> None:
    assert busy(event) == expected


def test_whole_days_and_times_without_a_zone_are_by_the_clock_of_the_host() -> None:
    events = ("DTSTART;VALUE=DATE:20261201", "DTSTART:20261203T090000\nDTEND:20261203T100000")

    for zone in ("Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu"):
        assert busy(*events, zone=zone) == ["Tue 1 00:00–Wed 00:00", "Thu 3 09:00–10:00"]


def test_times_without_a_zone_are_by_the_zone_of_the_whole_calendar_if_it_names_one() -> None:
    event = "DTSTART:20261201T090000\nDTEND:20261201T100000"

    assert busy(event, head="X-WR-TIMEZONE:Asia/Tokyo") == ["Tue 1 02:00–03:00"]
    assert busy(event, head="X-WR-TIMEZONE:Nowhere/Land") == ["Tue 1 09:00–10:00"]


SERIES = """
UID:series
DTSTART;TZID=Europe/Riga:20261123T090000
DTEND;TZID=Europe/Riga:20261123T100000
RRULE:FREQ=DAILY
"""


@pytest.mark.parametrize(
    ("exception", "tuesday"),
    [
        pytest.param("DTSTART:20261201T120000Z\nDTEND:20261201T123000Z", ["Tue 1 14:00–14:30"], id="moved"),
        pytest.param("DTSTART:20270301T120000Z\nDTEND:20270301T123000Z", [], id="moved out of what is asked for"),
        pytest.param("DTSTART:20261201T070000Z\nDTEND:20261201T080000Z\nSTATUS:CANCELLED", [], id="cancelled"),
        pytest.param("DTSTART:20261201T070000Z\nDTEND:20261201T080000Z\nTRANSP:TRANSPARENT", [], id="shown as free"),
    ],
)
@pytest.mark.parametrize("name", ["RECURRENCE-ID:20261201T070000Z", "RECURRENCE-ID;TZID=Europe/Riga:20261201T090000"])
def test_one_day_of_a_series_that_is_different(exception: str, tuesday: list[str], name: str) -> None:
    found = busy(SERIES, f"UID:series\n{name}\n{exception}")

    others = [f"{day} 09:00–10:00" for day in ("Mon 30", "Wed 2", "Thu 3", "Fri 4", "Sat 5", "Sun 6")]
    assert sorted(found) == sorted([*others, *tuesday])


def test_what_is_moved_into_the_week_from_far_away_counts() -> None:
    yearly = "UID:yearly\nDTSTART:20200601T090000Z\nDTEND:20200601T100000Z\nRRULE:FREQ=YEARLY"
    moved = "UID:yearly\nRECURRENCE-ID:20260601T090000Z\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z"

    assert busy(yearly, moved) == ["Tue 1 11:00–12:00"]


OUTLOOK = "040000008200E00074C5B7101A82E00800000000"
OWN = "8f14e45f-ceea-467f-a0e6-1234567890ab@example.com"


@pytest.mark.parametrize(
    "uid",
    [
        OWN,
        f"{OUTLOOK}{bytes(20).hex()}{b'vCal-Uid'.hex().upper()}01000000{OWN.encode().hex().upper()}00",
    ],
)
def test_calls_that_were_booked_here_are_left_out_under_each_name(uid: str) -> None:
    event = f"UID:{uid}\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z"

    assert own_name(uid) == OWN
    assert busy(event, own=(OWN,)) == []
    assert busy(event) == ["Tue 1 11:00–12:00"]


@pytest.mark.parametrize("uid", ["040000008200E00074C5B7101A82E008", "040000008200E00074C5B7101A82E008zz", "", "04"])
def test_other_names_stay_as_they_are(uid: str) -> None:
    assert own_name(uid) == uid


def test_a_calendar_that_is_published_without_events_is_understood() -> None:
    file = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VFREEBUSY\r\nUID:1\r\nDTSTAMP:20261127T120000Z\r\n"
        b"FREEBUSY;FBTYPE=BUSY:20261201T090000Z/20261201T100000Z,20261201T120000Z/PT30M\r\n"
        b"FREEBUSY;FBTYPE=FREE:20261202T090000Z/PT1H\r\nFREEBUSY:20261203T090000Z/PT1H\r\n"
        b"END:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )

    assert by_clock(answer(file, order())) == ["Tue 1 11:00–12:00", "Tue 1 14:00–14:30", "Thu 3 11:00–12:00"]


@pytest.mark.parametrize(
    "bad",
    [
        "DTEND:20261201T100000Z",
        "DTSTART:soon\nDTEND:20261201T100000Z",
        "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nRRULE:FREQ=SOMETIMES",
        "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nRRULE:FREQ=DAILY;UNTIL=never",
    ],
)
def test_an_event_that_cannot_be_read_is_counted_and_hides_no_other(bad: str) -> None:
    good = "DTSTART:20261203T090000Z\nDTEND:20261203T100000Z"

    found = answer(calendar(bad, good), order())

    assert "Thu 3 11:00–12:00" in by_clock(found)
    assert found["unreadable"] == 1
    assert found["error"] == ""


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (b"", "is not a calendar"),
        (b"<!doctype html><title>Log in</title>", "is not a calendar"),
        (b"\x00\xff\xfe" * 1000, "is not a calendar"),
        (calendar("DTSTART:20261201T090000Z")[:-20], "ends in the middle"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "cannot be read"),
        (b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n", "cannot be read"),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(file: bytes, error: str) -> None:
    assert error in answer(file, order())["error"]


def test_an_empty_calendar_is_never_busy() -> None:
    assert answer(calendar(), order()) == BusyTimes(spans=[], unreadable=0, error="")


ZONES = ("Europe/Riga", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SPRING, AUTUMN = datetime(2027, 3, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


class RandomSeries:
    """A series with its days, found by asking every day since its first whether it belongs to it."""

    def __init__(self, dice: Random) -> None:
        self.zone = ZoneInfo(dice.choice(ZONES))
        self.first = date(2026, 1, 1) + timedelta(days=dice.randrange(330))
        self.begins = time(dice.randrange(24), dice.choice((0, 15, 30)))
        self.length = timedelta(minutes=dice.choice((15, 30, 60, 90)))
        self.interval = dice.randrange(1, 5)
        self.weekdays = sorted(dice.sample(range(7), dice.randrange(1, 5)) if dice.random() < 0.6 else [])
        if self.weekdays and self.first.weekday() not in self.weekdays:
            self.first += timedelta(days=(self.weekdays[0] - self.first.weekday()) % 7)
        self.count = dice.randrange(1, 200) if dice.random() < 0.3 else None
        self.last = self.first + timedelta(days=dice.randrange(500)) if dice.random() < 0.3 and not self.count else None
        days = self._days()
        self.excluded = set(dice.sample(days, min(len(days), dice.randrange(4))))
        self.moved = {day: dice.randrange(1, 48) for day in dice.sample(days, min(len(days), dice.randrange(3)))}
        for day in self.excluded:
            self.moved.pop(day, None)

    def _days(self) -> list[date]:
        found: list[date] = []
        for number in range(600):
            day = self.first + timedelta(days=number)
            if self.weekdays:
                weeks = (day - self.first + timedelta(days=self.first.weekday())).days // 7
                belongs = day.weekday() in self.weekdays and weeks % self.interval == 0
            else:
                belongs = number % self.interval == 0
            if belongs and not (self.last and day > self.last) and not (self.count and len(found) >= self.count):
                found.append(day)
        return found

    def minutes(self) -> Iterator[tuple[int, int]]:
        """When it makes its owner busy, in seconds since 1970."""
        for day in self._days():
            if day not in self.excluded:
                begins = datetime.combine(day, self.begins, self.zone).timestamp()
                begins += self.moved.get(day, 0) * 1800
                yield int(begins), int(begins + self.length.total_seconds())

    def _reading(self, day: date) -> str:
        return f"TZID={self.zone.key}:{datetime.combine(day, self.begins):%Y%m%dT%H%M%S}"

    def text(self) -> list[str]:
        """It and its exceptions as events."""
        rule = [f"FREQ={'WEEKLY' if self.weekdays else 'DAILY'}", f"INTERVAL={self.interval}"]
        rule += [f"BYDAY={','.join(DAYS[day] for day in self.weekdays)}"] if self.weekdays else []
        rule += [f"COUNT={self.count}"] if self.count else []
        if self.last:
            rule.append(f"UNTIL={datetime.combine(self.last, self.begins, self.zone).astimezone(UTC):%Y%m%dT%H%M%SZ}")
        lines = [
            "UID:series",
            f"DTSTART;{self._reading(self.first)}",
            f"DURATION:PT{self.length // timedelta(minutes=1)}M",
            f"RRULE:{';'.join(rule)}",
            *(
                f"EXDATE;TZID={self.zone.key}:{datetime.combine(day, self.begins):%Y%m%dT%H%M%S}"
                for day in self.excluded
            ),
        ]
        events = ["\n".join(lines)]
        for day, half_hours in self.moved.items():
            begins = datetime.combine(day, self.begins, self.zone).astimezone(UTC) + half_hours * timedelta(minutes=30)
            events.append(
                f"UID:series\nRECURRENCE-ID;{self._reading(day)}\n"
                f"DTSTART:{begins:%Y%m%dT%H%M%SZ}\nDURATION:PT{self.length // timedelta(minutes=1)}M"
            )
        return events


def joined(spans: Iterator[tuple[int, int]], since: int, until: int) -> set[int]:
    """The busy minutes among those that are asked for."""
    return {minute for begins, ends in spans for minute in range(max(begins, since) // 60, min(ends, until) // 60)}


@pytest.mark.parametrize("since", [AUTUMN, SPRING])
@pytest.mark.parametrize("seed", range(20))
def test_random_series_are_as_another_computation_finds_them(since: datetime, seed: int) -> None:
    """Eight hundred of them, around both changes of the clock, in six zones."""
    dice = Random(seed)

    for _ in range(20):
        series = RandomSeries(dice)
        asked = order(zone=series.zone.key, since=since, until=since + timedelta(days=60))
        found = answer(calendar(*series.text()), asked)

        expected = joined(series.minutes(), asked["since"], asked["until"])
        assert joined(iter(found["spans"]), asked["since"], asked["until"]) == expected, "\n".join(series.text())
        assert found["unreadable"] == 0


def run(file: bytes, asked: ExpansionOrder) -> tuple[subprocess.CompletedProcess[bytes], float]:
    """The process itself, with the seconds that it took."""
    started = monotonic()
    done = subprocess.run(
        [sys.executable, "-I", expansion.__file__],
        input=json.dumps(asked).encode() + b"\n" + file,
        capture_output=True,
        check=False,
        env={},
    )
    return done, monotonic() - started


def many_events(number: int, description: int) -> bytes:
    """Events of half an hour, twenty-four a day, with descriptions of some length."""
    begins = [MONDAY - timedelta(days=200) + timedelta(hours=count) for count in range(number)]
    return calendar(
        *(f"DTSTART:{each:%Y%m%dT%H%M%SZ}\nDURATION:PT30M\nDESCRIPTION:{'x' * description}" for each in begins)
    )


def test_ten_thousand_events_in_twenty_megabytes_are_read_in_seconds() -> None:
    file = many_events(10_000, 1_850)
    assert len(file) > 19_000_000

    done, seconds = run(file, order())

    found = json.loads(done.stdout)
    assert (len(found["spans"]), found["unreadable"], found["error"]) == (7 * 24, 0, "")
    assert seconds < 60


def test_more_busy_times_than_anybody_has_are_an_error() -> None:
    minutely = "DTSTART:20261130T000000Z\nDTEND:20261130T000010Z\nRRULE:FREQ=MINUTELY"

    found = answer(calendar(minutely), order(until=MONDAY + timedelta(minutes=MAX_SPANS + 1)))

    assert found["spans"] == []
    assert "more than 10,000 busy times" in found["error"]


def test_a_series_that_would_take_for_ever_is_ended_by_the_bound_on_time() -> None:
    secondly = calendar("DTSTART:19000101T000000Z\nDTEND:19000101T000001Z\nRRULE:FREQ=SECONDLY")
    code = "from advisor.booking.busy import expansion; expansion.MAX_SECONDS = 2; expansion.main()"

    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(order()).encode() + b"\n" + secondly,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={},
    )

    assert done.returncode < 0
    assert done.stdout == b""
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < expansion.MAX_MEMORY // 1024
