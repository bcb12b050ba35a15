"""The choice of a time: the free slots of one week by the visitor's clock, or the slots nearest to a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from advisor.booking.availability import FreeTimes, free_times
from advisor.booking.clocks import Clock, clock_of
from advisor.booking.models import ZONES, Call, Host
from advisor.booking.slots import SLOT_LENGTH_IN_WORDS, nearest, parse_slot, slot_value
from advisor.booking.words import day_of_year, offset_in_words, time_of_day, zone_in_words, zone_name
from advisor.booking.zones import current_name, zone_options

WEEK = timedelta(days=7)
MAX_NEAREST = 6
"""Times that are offered in place of one that is not free."""
MAX_TIMES = 200
"""Times on one page, but for those of a single day. Where a week has more, the page ends before the day with which it
would have more; the link to later times goes on from there.
"""
PARTS_OF_THE_DAY = (("Morning", 7, 12), ("Afternoon", 12, 18), ("Evening", 18, 22))
"""From which hour to before which. Other hours are folded."""
OTHER_HOURS = "Other hours"


@dataclass(frozen=True)
class TimeChoice:
    """A free slot. ``value`` is its instant as the form sends it; ``clock`` has the offset where the day has two."""

    value: str
    day: str
    clock: str
    part: str


@dataclass(frozen=True)
class PartOfDay:
    """The free slots of a part of a day. Other hours are folded, and open at once where ``is_open``."""

    name: str
    times: tuple[TimeChoice, ...]
    is_folded: bool
    is_open: bool


@dataclass(frozen=True)
class DayChoices:
    """The free slots of one day. The day of the chosen time is open, or else the first with times in usual hours.

    ``offset`` is said where it differs within the week.
    """

    heading: str
    offset: str
    number: int
    parts: tuple[PartOfDay, ...]
    is_open: bool

    def rendered(self, *, next_day: str, first: str, chosen: str) -> SafeString:
        """The day as a page shows it. ``first`` is the time that a message about the times leads to, and ``next_day``
        the day of the time that is offered above.
        """
        return _rendered(self, next_day, first, chosen)


@dataclass(frozen=True)
class Picker:
    """The times that a page shows.

    ``earlier`` and ``later`` are addresses of other weeks; "" if nothing can be free there. ``week`` is the first day
    of the week in the query; "" for none. ``next`` is the first free time in usual hours, where the page begins with
    it; it is not among the times of its day. ``first`` is the value of the first time that is not folded.
    ``clock_said`` is the clock in the query; "" for none.
    """

    zone: ZoneInfo
    zone_words: str
    unknown_zone: str
    is_zone_guessed: bool
    clock: Clock
    clock_said: str
    week: str
    heading: str
    next: TimeChoice | None
    days: tuple[DayChoices, ...]
    earlier: str
    later: str
    page: "PickerPage"
    length = SLOT_LENGTH_IN_WORDS

    @property
    def zone_options(self) -> SafeString:
        """The zones to choose from. The zone in use is always among them."""
        return zone_options(self.zone)

    @property
    def first(self) -> str:
        if self.next:
            return self.next.value
        shown = (part for day in self.days if day.is_open for part in day.parts if part.is_open or not part.is_folded)
        return next((part.times[0].value for part in shown), "")


@dataclass(frozen=True)
class SlotQuery:
    """What a visitor has chosen: the zone, the first day of the week, the time and the clock; "" for each that is
    missing. ``languages`` are those that the browser asks for.
    """

    zone: str = ""
    week: str = ""
    slot: str = ""
    clock: str = ""
    languages: str = ""

    @classmethod
    def of(cls, given: QueryDict, languages: str, *, zone: str = "") -> "SlotQuery":
        """What a form or an address says; ``zone`` is used where it says none."""
        named = {name: given.get(name, "") for name in ("zone", "week", "slot", "clock")}
        return cls(**named | {"zone": named["zone"] or zone}, languages=languages)

    @property
    def chosen_clock(self) -> Clock:
        return clock_of(self.clock, self.languages)

    @property
    def clock_said(self) -> str:
        """The clock as it is carried along; "" if none was chosen."""
        return self.clock if self.clock in set(Clock) else ""


@dataclass(frozen=True)
class PickerPage:
    """The address of a page with a picker: its path and its other parameters."""

    path: str
    pairs: tuple[tuple[str, str], ...] = ()

    def address(self, zone: ZoneInfo, clock: str, day: date) -> str:
        """The address of the same page with the times of one week."""
        said = [("clock", clock)] if clock else []
        parameters = [*self.pairs, ("zone", zone.key), *said, ("week", day.isoformat())]
        return f"{self.path}?{urlencode(parameters)}#times"


def picker_for(
    hosts: Sequence[Host], query: SlotQuery, now: datetime, page: PickerPage, call: Call | None = None
) -> Picker:
    """The free times of some hosts in one week: that of the query, that of the chosen time, or the first with any."""
    zone, unknown = _zone(query.zone, hosts)
    today = now.astimezone(zone).date()
    last = today + timedelta(days=max(host.horizon_days for host in hosts) + 1)
    first = max(today, min(_first_day(query, zone) or today, last))
    free = _free_in_week(hosts, zone, first, now, call)
    if not (query.week or query.slot):
        # Skip weeks in which nothing is free.
        while not free and first + WEEK <= last:
            first += WEEK
            free = _free_in_week(hosts, zone, first, now, call)

    shown = _as_many_as_fit(free, zone)
    days = _days(tuple(shown), zone, query.chosen_clock, query.slot)
    begin_with = None if query.week or query.slot else _first_usual(days)
    if begin_with:
        first_usual = parse_slot(begin_with.value)
        others = tuple(begins for begins in shown if begins != first_usual)
        days = _days(others, zone, query.chosen_clock, has_usual=True)
    end = first + WEEK if len(shown) == len(free) else free_days(free, zone)[len(free_days(shown, zone))]
    return Picker(
        zone=zone,
        zone_words=_zone_words(shown or [now], zone),
        unknown_zone=unknown,
        is_zone_guessed=not query.zone,
        clock=query.chosen_clock,
        clock_said=query.clock_said,
        week=first.isoformat() if query.week else "",
        heading=f"{first:%-d %B} to {end - timedelta(days=1):%-d %B %Y}",
        next=begin_with,
        days=days,
        earlier=page.address(zone, query.clock_said, max(today, first - WEEK)) if first > today else "",
        later=page.address(zone, query.clock_said, end) if end <= last else "",
        page=page,
    )


def with_nearest_times(
    picker: Picker, hosts: Sequence[Host], now: datetime, wanted: datetime, call: Call | None = None
) -> Picker:
    """The same picker with the free times nearest to a time that is not free, in any week."""
    until = now + timedelta(days=max(host.horizon_days for host in hosts) + 1)
    around = _free_times(hosts, now, max(now, wanted - WEEK), min(until, wanted + WEEK), call)
    found = nearest(around or _free_times(hosts, now, now, until, call), wanted, MAX_NEAREST)
    return replace(
        picker,
        zone_words=_zone_words(found or [now], picker.zone),
        heading="the nearest free times" if found else "and none is free just now",
        next=None,
        days=_days(tuple(found), picker.zone, picker.clock, all_open=True),
    )


def _zone(name: str, hosts: Sequence[Host]) -> tuple[ZoneInfo, str]:
    """The visitor's zone and "", or the zone of the first host and the unknown name. No name is unknown, too."""
    if name in ZONES:
        return ZoneInfo(current_name(name)), ""
    return ZoneInfo(hosts[0].zone), name[:60]


def _first_day(query: SlotQuery, zone: ZoneInfo) -> date | None:
    if begins := parse_slot(query.slot):
        return begins.astimezone(zone).date()
    try:
        return date.fromisoformat(query.week)
    except ValueError:
        return None


def _free_in_week(hosts: Sequence[Host], zone: ZoneInfo, first: date, now: datetime, call: Call | None) -> FreeTimes:
    since, until = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (first, first + WEEK))
    return _free_times(hosts, now, since, until, call)


def _free_times(hosts: Sequence[Host], now: datetime, since: datetime, until: datetime, call: Call | None) -> FreeTimes:
    """The free times for a new call, or for moving one, without its present time."""
    free = free_times(hosts, now, since, until, call)
    if call:
        free.pop(call.begins_at, None)
    return free


def free_days(free: Iterable[datetime], zone: ZoneInfo) -> list[date]:
    """The days of some instants, each once, in order."""
    return list(dict.fromkeys(begins.astimezone(zone).date() for begins in free))


def _as_many_as_fit(free: Iterable[datetime], zone: ZoneInfo) -> list[datetime]:
    """The times of as many whole days as ``MAX_TIMES`` allows, and of one day at least."""
    found: list[datetime] = []
    for _, times in groupby(free, key=lambda begins: begins.astimezone(zone).date()):
        of_day = list(times)
        if found and len(found) + len(of_day) > MAX_TIMES:
            break
        found += of_day
    return found


def _zone_words(times: Sequence[datetime], zone: ZoneInfo) -> str:
    """The zone of all these times, without the offset where they have several."""
    is_one = len({begins.astimezone(zone).utcoffset() for begins in times}) == 1
    return zone_in_words(times[0], zone) if is_one else zone_name(zone)


@lru_cache(maxsize=64)
def _days(
    free: tuple[datetime, ...],
    zone: ZoneInfo,
    clock: Clock,
    chosen: str = "",
    *,
    has_usual: bool = False,
    all_open: bool = False,
) -> tuple[DayChoices, ...]:
    """The days of these times, worked out once for all who are shown the same.

    Other hours are folded if there are usual ones, or ``has_usual`` says so of the page.
    """
    offsets = {offset_in_words(begins, zone) for begins in free}
    times = {
        day: list(_time_choices(list(found), zone, clock))
        for day, found in groupby(free, key=lambda begins: day_of_year(begins, zone))
    }
    usual = [day for day, found in times.items() if any(time.part != OTHER_HOURS for time in found)]
    opened = next((day for day, found in times.items() if any(time.value == chosen for time in found)), "")
    opened = opened or next(iter(usual or times), "")
    offset_of = {day_of_year(begins, zone): offset_in_words(begins, zone) for begins in free}
    return tuple(
        DayChoices(
            heading=day,
            offset=offset_of[day] if len(offsets) > 1 else "",
            number=len(found),
            parts=tuple(_parts(found, chosen, all_open=all_open or not (usual or has_usual))),
            is_open=all_open or day == opened,
        )
        for day, found in times.items()
    )


@lru_cache(maxsize=512)
def _rendered(day: DayChoices, next_day: str, first: str, chosen: str) -> SafeString:
    context = {"day": day, "next_day": next_day, "first": first, "chosen": chosen}
    return render_to_string("booking/day.html", context)


def _time_choices(of_day: Sequence[datetime], zone: ZoneInfo, clock: Clock) -> Iterator[TimeChoice]:
    has_two_offsets = len({offset_in_words(begins, zone) for begins in of_day}) > 1
    for begins in of_day:
        offset = f" {offset_in_words(begins, zone)}" if has_two_offsets else ""
        hour = begins.astimezone(zone).hour
        part = next((name for name, since, until in PARTS_OF_THE_DAY if since <= hour < until), OTHER_HOURS)
        words = f"{time_of_day(begins, zone, clock)}{offset}"
        yield TimeChoice(slot_value(begins), day_of_year(begins, zone), words, part)


def _parts(of_day: Sequence[TimeChoice], chosen: str, *, all_open: bool) -> Iterator[PartOfDay]:
    """The parts of a day that have times; other hours come last."""
    for name in (*(name for name, _, _ in PARTS_OF_THE_DAY), OTHER_HOURS):
        if times := tuple(time for time in of_day if time.part == name):
            is_open = all_open or any(time.value == chosen for time in times)
            yield PartOfDay(name, times, name == OTHER_HOURS, is_open)


def _first_usual(days: Iterable[DayChoices]) -> TimeChoice | None:
    """The first time that is not among other hours."""
    return next((part.times[0] for day in days for part in day.parts if not part.is_folded), None)
