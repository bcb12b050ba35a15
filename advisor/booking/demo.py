"""Demonstration data: hosts, leads in every state, calls and counted steps; all of it marked, and removed at once.

It is made by the same verbs as what visitors and staff do, at times in the past that are passed in.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import cycle

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from advisor.assessment.visit import Visit, visit_in
from advisor.booking.actions import cancel, close, request_with_call
from advisor.booking.availability import free_times
from advisor.booking.models import Call, CallStatus, Host, Place
from advisor.content.editions import shelf
from advisor.delivery.actions import forget, withdraw
from advisor.delivery.brake import Removal, look_first
from advisor.delivery.models import Channel
from advisor.funnel import demonstration
from advisor.http import HtmxHttpRequest
from advisor.leads.actions import note, plan, set_status, tag
from advisor.leads.forms import new_key
from advisor.leads.models import OPEN, Employees, EventKind, Lead, Person, Salesperson, Status, Tag
from advisor.leads.privacy import erase_lonely

GUIDE = "cto-or-head-of-ai"
MARK = "demo-"
TAG = f"{MARK}conference"
DOMAIN = "@demo.example.com"
"""What user names and addresses of the demonstration begin and end with."""

OF_VISITORS = "Requests of visitors that were booked with hosts of the demonstration"

HOSTS = (
    ("technology", "Demo host for technology", "Europe/Riga", Place.VIDEO, "https://meet.example.com/demo"),
    ("ai", "Demo host for AI", "America/New_York", Place.PHONE, "We call the number you gave."),
)
ANSWERS = (
    "software=yes&signal=directionless-team&signal=messy-stack&ai=no&signal=none.ai&both=software",
    "software=no&signal=none.software&ai=yes&signal=ai-is-the-product&signal=ai-risks&both=ai",
    "software=yes&signal=fundraising&ai=yes&signal=ai-risks&both=both&team-size=ten-or-more&ai-place=core&scope=hands-on",
    "software=yes&signal=messy-stack&ai=yes&both=unsure&team-size=under-ten&ai-place=feature&scope=strategy",
    "software=yes&signal=no-ai-component&ai=yes&signal=ai-is-the-product&both=neither",
)
"""One set for each outcome of the first guide; the last two hold a doubt and a contradiction."""

CALLS = (None, CallStatus.BOOKED, CallStatus.HELD, CallStatus.CANCELLED, CallStatus.NO_SHOW)
"""What becomes of the calls of the demonstration, in turn; None asks without a time."""

WAYS = {
    Status.NEW: (),
    Status.CONTACTED: (Status.CONTACTED,),
    Status.QUALIFIED: (Status.CONTACTED, Status.QUALIFIED),
    Status.WON: (Status.CONTACTED, Status.QUALIFIED, Status.WON),
    Status.LOST: (Status.LOST,),
    Status.SPAM: (Status.SPAM,),
}
"""How a lead gets to each status."""


class NoGuideError(LookupError):
    """The first guide is not published, and the demonstration is about it."""


def exists() -> bool:
    """Whether the demonstration is there."""
    return Host.objects.filter(user__username__startswith=MARK).exists()


@transaction.atomic
def make(*, now: datetime) -> None:
    """Make it; where it exists already it stays as it is. Raises ``NoGuideError``."""
    if exists():
        return
    if GUIDE not in {published.guide.key for published in shelf.offered()}:
        raise NoGuideError
    hosts = [_host(*described) for described in HOSTS]
    for host in hosts:
        Salesperson.objects.create(user=host.user)
    Tag.objects.create(name=TAG)
    published = shelf.live(GUIDE)
    demonstration.make(guide=published.guide, edition=published.number, now=now)
    turns = zip(cycle(ANSWERS), cycle(CALLS), cycle(Employees), list(Status) * len(CALLS), strict=False)
    for number, (answers, fate, employees, status) in enumerate(turns, 1):
        asked_at = now - timedelta(days=14, hours=-7 * number)
        lead = _lead(number, answers, employees, fate, hosts, now if fate is CallStatus.BOOKED else asked_at)
        # Who has a call ahead is neither won nor lost.
        is_ahead = fate is CallStatus.BOOKED and status not in OPEN
        _work(lead, Status.CONTACTED if is_ahead else status, number, now)
        # Nobody reads these mails, and no other system is to know these people.
        withdraw(about=lead.topic, channels=tuple(Channel))


def remove(*, confirmed: int | None = None) -> tuple[int, int]:
    """Remove it, with what visitors booked with its hosts: how many people of its own it was, and how many of those.

    A call cannot be without its host, and nobody would hold it. Who has other requests keeps those. Raises
    ``LookFirstError`` where many requests of visitors would go with it, unless their number is ``confirmed``.
    """
    ours, hosts = Q(person__email__endswith=DOMAIN), Host.objects.filter(user__username__startswith=MARK)
    of_visitors = Lead.objects.exclude(ours)
    visitors = of_visitors.filter(call__host__in=hosts).count()
    look_first(removals=[Removal(OF_VISITORS, visitors, of_visitors.count())], confirmed=confirmed)
    return _remove(ours, hosts), visitors


@transaction.atomic
def _remove(ours: Q, hosts: QuerySet[Host]) -> int:
    demonstration.remove()
    number = Person.objects.filter(email__endswith=DOMAIN).count()
    leads = list(Lead.objects.filter(ours | Q(call__host__in=hosts)))
    for lead in leads:
        forget(about=lead.topic)
        lead.delete()
    erase_lonely(people=Person.objects.filter(pk__in={lead.person_id for lead in leads}))
    hosts.delete()
    Tag.objects.filter(name=TAG).delete()
    get_user_model().objects.filter(username__startswith=MARK).delete()
    return number


def _host(key: str, name: str, zone: str, place: Place, details: str) -> Host:
    user = get_user_model().objects.create(username=f"{MARK}{key}")
    user.set_unusable_password()
    user.save()
    host = Host.objects.create(
        user=user,
        name=name,
        email=f"{user.get_username()}{DOMAIN}",
        zone=zone,
        place=place,
        place_details=details,
    )
    for weekday in range(5):
        host.windows.create(weekday=weekday, begins=time(9), ends=time(12))
        host.windows.create(weekday=weekday, begins=time(13), ends=time(17))
    return host


def _lead(number: int, answers: str, employees: str, fate: CallStatus | None, hosts: list[Host], now: datetime) -> Lead:
    begins = next(_free(hosts, now, skipping=number)) if fate else None
    lead = request_with_call(
        key=new_key(),
        visit=_visit(answers),
        details={
            "name": f"Demo visitor {number}",
            "email": f"visitor-{number}{DOMAIN}",
            "company": f"Demo company {number}",
            "job_title": "Founder",
            "phone": "+371 2000 0000",
            "employees": employees,
            "message": "This request is part of the demonstration.",
            "availability": "" if begins else "Any morning",
        },
        consent=shelf.live(GUIDE).guide.consent,
        now=now,
        begins=begins,
        zone="Europe/London" if begins else "",
    )
    if begins and fate is CallStatus.CANCELLED:
        cancel(call=Call.objects.get(lead=lead), reason="Something came in between.", now=now)
    elif begins and fate in {CallStatus.HELD, CallStatus.NO_SHOW}:
        agreed = lead.outcome if fate is CallStatus.HELD else ""
        close(call=Call.objects.get(lead=lead), status=fate, reason="", agreed=agreed, now=begins)
    return lead


def _work(lead: Lead, status: Status, number: int, now: datetime) -> None:
    """What a salesperson would have done with it by now: some next steps are planned, some are late, some missing."""
    by = lead.owner.get_username() if lead.owner else f"{MARK}technology"
    for step in WAYS[status]:
        set_status(lead=lead, status=step, by=by, now=now, reason="They hire in house." if step == Status.LOST else "")
    if status in OPEN and number % 3:
        on = (now + timedelta(days=number % 5 - 2)).date()
        plan(lead=lead, step="Send two references", on=on, by=by, now=now)
    if number % 4 == 0:
        note(lead=lead, kind=EventKind.NOTE, words="Met them at a conference last year.", by=by, now=now)
        tag(lead=lead, tags=[Tag.objects.get(name=TAG)], by=by, now=now)


def _free(hosts: list[Host], now: datetime, *, skipping: int) -> Iterator[datetime]:
    """Free times of the next days, beginning a few later for each visitor, so that they do not crowd one day."""
    yield from list(free_times(hosts, now, now, now + timedelta(days=7)))[skipping:]


def _visit(answers: str) -> Visit:
    request = HtmxHttpRequest()
    request.GET = QueryDict(f"{answers}&utm_source={demonstration.SOURCE}")
    return visit_in(shelf.live(GUIDE), request)
