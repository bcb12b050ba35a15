"""Applies the rules of ``slots`` to the hosts and calls of the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import attrgetter, or_

from django.db.models import Q, QuerySet

from advisor.booking.models import TAKES_CALLS, Call, CallStatus, Host, Intake, Place
from advisor.booking.periods import NEVER_BUSY, Busy, Period
from advisor.booking.slots import (
    SLOT_LENGTH,
    UnavailableReason,
    free_slots,
    is_in_time_off,
    reason_by_calendars,
    slots_with_reasons,
    unavailable_reason,
)
from advisor.leads.assignment import least_loaded, takes_outcome

DAY = timedelta(days=1)

FreeTimes = dict[datetime, list[Host]]
"""The free instants in order, each with the hosts who are free then."""


def hosts_for(guide_key: str, outcome: str) -> QuerySet[Host]:
    """The active hosts who take calls about this outcome of a guide."""
    # A subquery, because a join would return a host twice, and PostgreSQL locks no rows of a DISTINCT.
    chosen = Host.objects.filter(takes_outcome(guide_key, outcome), TAKES_CALLS).values("pk")
    # The outer query repeats is_active, because PostgreSQL checks it again after it has waited for the lock.
    active = Host.objects.filter(pk__in=chosen, is_active=True)
    return active.order_by("pk").prefetch_related("windows", "exceptions", "busy_calendars")


MAX_HOSTS_AGE = timedelta(seconds=5)
"""For how long a page that shows times believes what was read of hosts, their hours and their calendars."""

_read_lately: dict[tuple[str, str], tuple[datetime, list[Host]]] = {}


def hosts_lately(guide_key: str, outcome: str, now: datetime) -> list[Host]:
    """The same hosts as they were at most ``MAX_HOSTS_AGE`` ago, so that a crowd on the call page does not have them
    read for each visitor. Which times are taken is asked each time, and whoever books is judged by ``hosts_for``.
    """
    read_at, hosts = _read_lately.get((guide_key, outcome), (datetime.min.replace(tzinfo=UTC), []))
    if not timedelta(0) <= now - read_at < MAX_HOSTS_AGE:
        hosts = list(hosts_for(guide_key, outcome))
        _read_lately[guide_key, outcome] = now, hosts
    return hosts


def hosts_for_phone(hosts: Iterable[Host], phone: str) -> list[Host]:
    """The hosts who can reach a visitor with this phone number; "" for a visitor without one."""
    return [host for host in hosts if phone or host.place != Place.PHONE]


def uncancelled_calls() -> QuerySet[Call]:
    """The calls that take up time of their hosts."""
    return Call.objects.exclude(status=CallStatus.CANCELLED)


def upcoming_calls(now: datetime) -> QuerySet[Call]:
    """The booked calls that have not begun."""
    return Call.objects.filter(status=CallStatus.BOOKED, begins_at__gt=now)


def holds(now: datetime) -> QuerySet[Intake]:
    """The requests whose times are held until their addresses are confirmed."""
    return Intake.objects.filter(held_until__gt=now, host__isnull=False)


def periods_of(
    hosts: Iterable[Host], now: datetime, since: datetime, until: datetime, except_for: Call | None = None
) -> dict[int, list[Period]]:
    """The periods of the calls, and of the times that are held, between two instants and on the days around them, by
    the key of the host.

    The rules about buffers and the daily limit need the days around.
    """
    around = Q(host__in=hosts, begins_at__gt=since - 2 * DAY, begins_at__lt=until + 2 * DAY)
    calls = uncancelled_calls().filter(around)
    if except_for:
        calls = calls.exclude(pk=except_for.pk)
    found: dict[int, list[Period]] = defaultdict(list)
    columns = ("host", "begins_at", "ends_at")
    held = holds(now).filter(around).order_by().values_list(*columns)
    for host_id, begins, ends in calls.order_by().values_list(*columns).union(held, all=True):
        found[host_id].append((begins, ends))
    return found


def busy_times(host: Host, now: datetime, except_for: Call | None = None) -> Busy:
    """When a host is busy by their own calendars. Prefetch ``busy_calendars`` if you read several hosts.

    The time of the call ``except_for`` counts as free: the calendar may have it without saying that it is ours.
    """
    busy = reduce(or_, (calendar.busy(now) for calendar in host.busy_calendars.all()), NEVER_BUSY)
    return busy.without(except_for.period) if except_for and except_for.host_id == host.pk else busy


def is_busy_elsewhere(host: Host, now: datetime, begins: datetime) -> bool:
    """Whether a host is busy by their own calendars, whatever the hours and the other calls say."""
    return reason_by_calendars(host.schedule, busy_times(host, now), begins) == UnavailableReason.BUSY


def free_times(
    hosts: Sequence[Host], now: datetime, since: datetime, until: datetime, except_for: Call | None = None
) -> FreeTimes:
    """When these hosts are free, from ``since`` to before ``until``, as if the call ``except_for`` did not exist."""
    periods = periods_of(hosts, now, since, until, except_for)
    found: FreeTimes = defaultdict(list)
    for host in hosts:
        busy = busy_times(host, now, except_for)
        for begins in free_slots(host.schedule, periods[host.pk], now, since=since, until=until, busy=busy):
            found[begins].append(host)
    return dict(sorted(found.items()))


def free_hosts(hosts: Sequence[Host], now: datetime, begins: datetime, except_for: Call | None = None) -> list[Host]:
    """The hosts who are free at one instant."""
    return free_times(hosts, now, begins, begins + SLOT_LENGTH, except_for).get(begins, [])


def reason_against(
    host: Host, now: datetime, begins: datetime, except_for: Call | None = None
) -> UnavailableReason | None:
    """The first rule that forbids a call at a time; None if the time is free. As if ``except_for`` did not exist."""
    periods = periods_of([host], now, begins, begins + SLOT_LENGTH, except_for)[host.pk]
    return unavailable_reason(host.schedule, periods, now, begins, busy_times(host, now, except_for))


def week_of(host: Host, now: datetime, since: datetime) -> list[tuple[datetime, UnavailableReason | None]]:
    """The beginnings of the slots in a host's hours of seven days, each with the rule against it; None if free."""
    until = since + 7 * DAY
    periods = periods_of([host], now, since, until)[host.pk]
    return slots_with_reasons(host.schedule, periods, now, since=since, until=until, busy=busy_times(host, now))


def why_nobody_can_book(host: Host) -> str:
    """What of a host who takes calls keeps visitors from ever booking one, in words for staff; "" if nothing does."""
    if not host.takes_calls:
        return ""
    if not host.windows.exists() and not host.exceptions.filter(is_extra=True).exists():
        return f"Nobody can book a call with {host}: there are no hours. Add some weekly hours."
    if not host.takes_every_outcome and not host.outcomes.exists():
        return f"Nobody can book a call with {host}: no outcome is chosen. Choose some, or every outcome."
    return ""


def calls_in_time_off(host: Host, now: datetime) -> list[Call]:
    """The calls ahead of a host that touch time off, in order. They take place unless somebody changes them."""
    schedule = host.schedule
    return [
        call
        for call in upcoming_calls(now).filter(host=host).select_related("lead", "host").order_by("begins_at")
        if is_in_time_off(schedule, call.begins_at)
    ]


def least_busy_host(hosts: Sequence[Host], now: datetime) -> Host:
    """The host with the fewest calls ahead in relation to the weight."""
    load = Counter(upcoming_calls(now).filter(host__in=hosts).values_list("host", flat=True))
    by_key = {host.pk: host for host in sorted(hosts, key=attrgetter("pk"))}
    return least_loaded(by_key, load, weight=attrgetter("weight"))
