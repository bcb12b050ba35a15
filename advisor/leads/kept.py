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

LAST = "anything last happened with them"


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
        what="What you enter in the form: your name, e-mail address and company and, if you give them, your role, "
        "phone number, company size, message and preferred times. Your answers and the recommendation you saw. The "
        "text you agreed to, and when. If your browser or the link told us, the site or campaign you came from. And "
        "our own notes: how far your request has got, what was said and what happens next.",
        why="To prepare for the call, hold it and follow it up.",
        who="The people here who answer requests and hold calls.",
        periods=(
            Period(
                of="Requests we are working on, or that led to work",
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
                of="Spam and advertising",
                setting="KEEP_SPAM_DAYS",
                since=LAST,
                due=idle({Status.SPAM}),
                remove=remove_leads,
            ),
            Period(
                of="E-mail addresses without a request",
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
        title="Who handled it",
        what="Who in our company handled your request, changed something about it or exported it, and when.",
        why="So that we can account for what was done with your data.",
        who="The people here who answer requests.",
        periods=(
            Period(
                of="Records of what was done with a request",
                setting="KEEP_HISTORY_DAYS",
                since="they were made",
                due=old_history,
                remove=remove_history,
            ),
            Period(
                of="Records that a list of requests was exported",
                setting="KEEP_HISTORY_DAYS",
                since="they were made",
                due=old_exports,
                remove=remove_history,
            ),
        ),
    )
)
