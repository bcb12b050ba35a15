"""When someone is free: the hosts and calls of the database, put to the rules of ``slots``."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from advisor.booking.models import TAKES_CALLS, Call, CallStatus, Host, Place
from advisor.booking.slots import LENGTH, Obstacle, Period, free_slots, obstacle

DAY = timedelta(days=1)

FreeTimes = dict[datetime, list[Host]]
"""Each free instant, in order, with the hosts who are free then."""


def hosts_for(guide_key: str, outcome: str) -> QuerySet[Host]:
    """The active hosts who take calls about this outcome of a guide."""
    takes = Q(takes_every_outcome=True) | Q(outcomes__guide__key=guide_key, outcomes__key=outcome)
    # A host takes an outcome or not; a join would name one twice, and PostgreSQL locks no rows of a DISTINCT.
    chosen = Host.objects.filter(takes, TAKES_CALLS).values("pk")
    # Active is asked of the row itself once more: PostgreSQL looks at it anew after it has waited for the lock.
    return Host.objects.filter(pk__in=chosen, is_active=True).order_by("pk").prefetch_related("windows", "exceptions")


def reachable_by(hosts: Iterable[Host], phone: str) -> list[Host]:
    """Without a number only those who do not call by phone."""
    return [host for host in hosts if phone or host.place != Place.PHONE]


def going_ahead() -> QuerySet[Call]:
    """The calls that take up time, whether they lie ahead or not."""
    return Call.objects.exclude(status=CallStatus.CANCELLED)


def periods_of(
    hosts: Iterable[Host], since: datetime, until: datetime, leaving_out: Call | None = None
) -> dict[int, list[Period]]:
    """Host to the calls between two instants, and those of the days around them, which buffers and limits count."""
    calls = going_ahead().filter(host__in=hosts, begins_at__gt=since - 2 * DAY, begins_at__lt=until + 2 * DAY)
    if leaving_out:
        calls = calls.exclude(pk=leaving_out.pk)
    found: dict[int, list[Period]] = defaultdict(list)
    for host_id, begins, ends in calls.values_list("host", "begins_at", "ends_at"):
        found[host_id].append((begins, ends))
    return found


def free_times(
    hosts: Sequence[Host], now: datetime, since: datetime, until: datetime, leaving_out: Call | None = None
) -> FreeTimes:
    """When which of these hosts are free, from ``since`` to before ``until``; a call that is to move is left out."""
    periods = periods_of(hosts, since, until, leaving_out)
    found: FreeTimes = defaultdict(list)
    for host in hosts:
        for begins in free_slots(host.schedule, periods[host.pk], now, since=since, until=until):
            found[begins].append(host)
    return dict(sorted(found.items()))


def free_hosts(hosts: Sequence[Host], now: datetime, begins: datetime, leaving_out: Call | None = None) -> list[Host]:
    """Those of these hosts who are free at one instant."""
    return free_times(hosts, now, begins, begins + LENGTH, leaving_out).get(begins, [])


def why_not(host: Host, now: datetime, begins: datetime) -> Obstacle | None:
    """The first rule that speaks against a time, or None where it is offered."""
    return obstacle(host.schedule, periods_of([host], begins, begins + LENGTH)[host.pk], now, begins)


def least_loaded(hosts: Sequence[Host], now: datetime) -> Host:
    """Who has the fewest calls ahead for their weight."""
    ahead = Call.objects.filter(host__in=hosts, status=CallStatus.BOOKED, begins_at__gt=now)
    load = {host.pk: 0 for host in hosts}
    for host_id in ahead.values_list("host", flat=True):
        load[host_id] += 1
    return min(hosts, key=lambda host: ((load[host.pk] + 1) / host.weight, host.pk))
