"""What this room keeps: requests, for some time after the last thing that happened with them, and their history."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from advisor.assessment.keeping import Kept, Period, declare
from advisor.leads.models import Event, Export, Lead, Person, Status
from advisor.leads.privacy import ERASED, erase_leads, erase_lonely, logged, signs_of_life

LAST = "the last thing that happened with them"


def idle(statuses: Collection[Status]) -> Callable[[datetime], QuerySet[Lead]]:
    """Leads in one of these states with which nothing has happened since an instant."""

    def due(before: datetime) -> QuerySet[Lead]:
        found = Lead.objects.filter(status__in=statuses, requested_at__lt=before)
        for alive in signs_of_life:
            found = found.exclude(alive(before))
        return found

    return due


def remove_leads(leads: QuerySet[Lead]) -> int:
    return erase_leads(leads=leads, now=timezone.now())


def lonely(before: datetime) -> QuerySet[Person]:
    """Addresses that were first used before that instant, and have no request."""
    return Person.objects.filter(created_at__lt=before, lead__isnull=True)


def remove_lonely(people: QuerySet[Person]) -> int:
    return erase_lonely(people=people)


def old_history(before: datetime) -> QuerySet[LogEntry]:
    """What staff did with requests and what belongs to them; that someone was erased stays, as it names nobody."""
    kinds = ContentType.objects.get_for_models(*logged).values()
    about = Q(content_type__app_label=Lead._meta.app_label) | Q(content_type__in=kinds)
    return LogEntry.objects.filter(about, action_time__lt=before).exclude(object_repr=ERASED, action_flag=DELETION)


def old_exports(before: datetime) -> QuerySet[Export]:
    """That lists of requests were taken out as files."""
    return Export.objects.filter(began_at__lt=before)


def remove_history(entries: QuerySet[LogEntry] | QuerySet[Export]) -> int:
    number, _ = entries.delete()
    return number


declare(
    Kept(
        place=10,
        title="Your request",
        what="What you type into the form: your name, address and company, and your role, number, size of the company, "
        "message and times if you give them. With it your answers and the recommendation you saw, the text you agreed "
        "to and when, and, where your browser or the link said so, the site or campaign you came from. Then what we "
        "note about it: how far it has come, what was said and what is next.",
        why="To prepare and hold the call, and what follows from it.",
        who="Those who answer requests and hold calls.",
        periods=(
            Period(
                of="Requests that we are working on, or that became work",
                setting="KEEP_LEADS_DAYS",
                since=LAST,
                due=idle({Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.WON}),
                remove=remove_leads,
            ),
            Period(
                of="Requests that came to nothing",
                setting="KEEP_LOST_LEADS_DAYS",
                since=LAST,
                due=idle({Status.LOST}),
                remove=remove_leads,
            ),
            Period(
                of="Requests that were no requests, such as advertising",
                setting="KEEP_SPAM_DAYS",
                since=LAST,
                due=idle({Status.SPAM}),
                remove=remove_leads,
            ),
            Period(
                of="Addresses that are left without a request",
                setting="KEEP_SPAM_DAYS",
                since="they were first used",
                due=lonely,
                remove=remove_lonely,
            ),
        ),
        written=((Lead, "requested_at"), (Event, "at")),
    )
)
declare(
    Kept(
        place=40,
        title="Who of us did what",
        what="Which of us looked after your request, changed something about it or passed it on, and when.",
        why="So that we can say who had it in hand.",
        who="Those who answer requests.",
        periods=(
            Period(
                of="Entries about requests",
                setting="KEEP_HISTORY_DAYS",
                since="the day they were made",
                due=old_history,
                remove=remove_history,
            ),
            Period(
                of="That a list of requests was taken out as a file",
                setting="KEEP_HISTORY_DAYS",
                since="the day it was made",
                due=old_exports,
                remove=remove_history,
            ),
        ),
    )
)
