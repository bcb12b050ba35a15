"""Makes and removes the demonstration: hosts, leads in every state, calls and counted steps, all of them marked.

It uses the verbs of visitors and staff, at times in the past.
"""

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
from advisor.content.editions import edition_cache
from advisor.delivery.actions import forget, withdraw
from advisor.delivery.models import Channel
from advisor.delivery.removal_guard import Removal, require_confirmation
from advisor.funnel import demonstration
from advisor.funnel.sums import remove_source
from advisor.http import HtmxHttpRequest
from advisor.leads.actions.sales import note, plan, set_status, tag
from advisor.leads.forms import new_key
from advisor.leads.models import OPEN, Employees, EventKind, Lead, Person, Salesperson, Status, Tag
from advisor.leads.privacy import erase_people_without_leads

GUIDE = "cto-or-head-of-ai"
PREFIX = "demo-"
TAG = f"{PREFIX}conference"
DOMAIN = "@demo.example.com"
"""User names of the demonstration begin with the prefix, and addresses end with the domain."""

REQUESTS_OF_VISITORS = "Requests of visitors that were booked with hosts of the demonstration"

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
"""Answers for each outcome of the first guide. The last two lead to a doubt and a contradiction."""

CALLS = (None, CallStatus.BOOKED, CallStatus.HELD, CallStatus.CANCELLED, CallStatus.NO_SHOW)
"""The final states of the calls, in turn; None for a request without a time."""

STATUS_PATHS = {
    Status.NEW: (),
    Status.CONTACTED: (Status.CONTACTED,),
    Status.QUALIFIED: (Status.CONTACTED, Status.QUALIFIED),
    Status.WON: (Status.CONTACTED, Status.QUALIFIED, Status.WON),
    Status.LOST: (Status.LOST,),
    Status.SPAM: (Status.SPAM,),
}
"""The changes of status that lead to each status."""


class NoGuideError(LookupError):
    """The first guide, which the demonstration uses, is not published."""


def exists() -> bool:
    """Whether the demonstration exists."""
    return Host.objects.filter(user__username__startswith=PREFIX).exists()


@transaction.atomic
def make(*, now: datetime) -> None:
    """Make the demonstration, unless it exists. Raises ``NoGuideError``."""
    if exists():
        return
    if GUIDE not in {published.guide.key for published in edition_cache.offered()}:
        raise NoGuideError
    hosts = [_host(*described) for described in HOSTS]
    for host in hosts:
        Salesperson.objects.create(user=host.user)
    Tag.objects.create(name=TAG)
    published = edition_cache.live(GUIDE)
    demonstration.make(guide=published.guide, edition=published.number, now=now)
    turns = zip(cycle(ANSWERS), cycle(CALLS), cycle(Employees), list(Status) * len(CALLS), strict=False)
    for number, (answers, state, employees, status) in enumerate(turns, 1):
        asked_at = now - timedelta(days=14, hours=-7 * number)
        lead = _lead(number, answers, employees, state, hosts, now if state is CallStatus.BOOKED else asked_at)
        # A lead with a call ahead is neither won nor lost.
        is_ahead = state is CallStatus.BOOKED and status not in OPEN
        _work(lead, Status.CONTACTED if is_ahead else status, number, now)
        # Nobody would read the mails, and other systems must not learn about invented people.
        withdraw(about=lead.topic, channels=tuple(Channel))


def remove(*, confirmed: int | None = None) -> tuple[int, int]:
    """Remove the demonstration, and the requests of visitors who booked with its hosts. Returns both numbers.

    The first is that of its own people. A visitor's call cannot be without its host; other requests of that visitor
    stay. Raises ``ConfirmationRequiredError`` if many requests of visitors would go, unless their number is
    ``confirmed``.
    """
    ours, hosts = Q(person__email__endswith=DOMAIN), Host.objects.filter(user__username__startswith=PREFIX)
    of_visitors = Lead.objects.exclude(ours)
    visitors = of_visitors.filter(call__host__in=hosts).count()
    require_confirmation(removals=[Removal(REQUESTS_OF_VISITORS, visitors, of_visitors.count())], confirmed=confirmed)
    return _remove(ours, hosts), visitors


@transaction.atomic
def _remove(ours: Q, hosts: QuerySet[Host]) -> int:
    remove_source(demonstration.SOURCE)
    number = Person.objects.filter(email__endswith=DOMAIN).count()
    leads = list(Lead.objects.filter(ours | Q(call__host__in=hosts)))
    for lead in leads:
        forget(about=lead.topic)
        lead.delete()
    erase_people_without_leads(Person.objects.filter(pk__in={lead.person_id for lead in leads}))
    hosts.delete()
    Tag.objects.filter(name=TAG).delete()
    get_user_model().objects.filter(username__startswith=PREFIX).delete()
    return number


def _host(key: str, name: str, zone: str, place: Place, details: str) -> Host:
    user = get_user_model().objects.create(username=f"{PREFIX}{key}")
    user.set_unusable_password()
    user.save()
    host = Host.objects.create(
        user=user, name=name, email=f"{user.get_username()}{DOMAIN}", zone=zone, place=place, place_details=details
    )
    for weekday in range(5):
        host.windows.create(weekday=weekday, begins=time(9), ends=time(12))
        host.windows.create(weekday=weekday, begins=time(13), ends=time(17))
    return host


def _lead(
    number: int, answers: str, employees: str, state: CallStatus | None, hosts: list[Host], now: datetime
) -> Lead:
    # Each visitor skips some times, so that the calls do not crowd one day.
    begins = list(free_times(hosts, now, now, now + timedelta(days=7)))[number] if state else None
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
        consent=edition_cache.live(GUIDE).guide.consent,
        now=now,
        begins=begins,
        zone="Europe/London" if begins else "",
    )
    if begins and state is CallStatus.CANCELLED:
        cancel(call=Call.objects.get(lead=lead), reason="Something came in between.", now=now)
    elif begins and state in {CallStatus.HELD, CallStatus.NO_SHOW}:
        agreed = lead.outcome if state is CallStatus.HELD else ""
        close(call=Call.objects.get(lead=lead), status=state, reason="", agreed=agreed, now=begins)
    return lead


def _work(lead: Lead, status: Status, number: int, now: datetime) -> None:
    """Do what a salesperson would have done by now. Some next steps are planned, some are late, some are missing."""
    by = lead.owner.get_username() if lead.owner else f"{PREFIX}technology"
    for step in STATUS_PATHS[status]:
        set_status(lead=lead, status=step, by=by, now=now, reason="They hire in house." if step == Status.LOST else "")
    if status in OPEN and number % 3:
        on = (now + timedelta(days=number % 5 - 2)).date()
        plan(lead=lead, step="Send two references", on=on, by=by, now=now)
    if number % 4 == 0:
        note(lead=lead, kind=EventKind.NOTE, words="Met them at a conference last year.", by=by, now=now)
        tag(lead=lead, tags=[Tag.objects.get(name=TAG)], by=by, now=now)


def _visit(answers: str) -> Visit:
    request = HtmxHttpRequest()
    request.GET = QueryDict(f"{answers}&utm_source={demonstration.SOURCE}")
    return visit_in(edition_cache.live(GUIDE), request)
