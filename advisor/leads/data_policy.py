"""Data policy of leads: requests, kept for some time after their last activity, and the history of their handling."""

from datetime import datetime

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import get_text_list

from advisor.data_policy import DataPolicy, RecordKind, RetentionRule, data_policies
from advisor.leads.models import (
    DETAILS,
    Event,
    EventKind,
    Export,
    Lead,
    LeadAlert,
    LeadWord,
    Person,
    Salesperson,
    Status,
    Submission,
    Tag,
)
from advisor.leads.privacy import ERASED, erase_leads, erase_people_without_leads

NO_ACTIVITY = (EventKind.EXPORTED, EventKind.WEBHOOK)
"""Events that happen to many leads at once; they do not extend the time for which a lead is kept."""


def with_recent_events(since: datetime) -> Q:
    """Leads requested, planned or noted since then. Events of a merged lead count for the lead it is part of, too."""
    events = Event.objects.filter(at__gte=since).exclude(kind__in=NO_ACTIVITY)
    own, whole = Exists(events.filter(lead=OuterRef("pk"))), Exists(events.filter(lead=OuterRef("merged_into")))
    parts = Exists(events.filter(lead__merged_into=OuterRef("pk")))
    return Q(requested_at__gte=since) | Q(next_step_on__gte=since) | Q(own) | Q(whole) | Q(parts)


def retention_of_leads(records: str, setting: str, *statuses: Status) -> RetentionRule:
    """The rule for leads in one of these states, which are due without activity since an instant."""

    def inactive(before: datetime) -> QuerySet[Lead]:
        leads = Lead.objects.filter(status__in=statuses, requested_at__lt=before)
        for policy in data_policies():
            if policy.activity:
                leads = leads.exclude(policy.activity(before))
        return leads

    since = "anything last happened with them"
    return RetentionRule(records=records, setting=setting, since=since, due=inactive, remove=erase_leads)


def people_without_leads(before: datetime) -> QuerySet[Person]:
    """People without a request whose address was first used before that instant."""
    return Person.objects.filter(created_at__lt=before, lead__isnull=True)


def old_history(before: datetime) -> QuerySet[LogEntry]:
    """Log entries about requests and what belongs to them. Entries that someone was erased stay: they name nobody."""
    audited = [model for policy in data_policies() for model in policy.audited_models]
    kinds = ContentType.objects.get_for_models(*audited).values()
    about = Q(content_type__app_label=Lead._meta.app_label) | Q(content_type__in=kinds)
    return LogEntry.objects.filter(about, action_time__lt=before).exclude(object_repr=ERASED, action_flag=DELETION)


def old_exports(before: datetime) -> QuerySet[Export]:
    """Records that lists of requests were exported."""
    return Export.objects.filter(began_at__lt=before)


def remove_history(entries: QuerySet[LogEntry] | QuerySet[Export]) -> int:
    number, _ = entries.delete()
    return number


def details_in_words(*, is_optional: bool) -> str:
    """What visitors have to give, or may: "name, e-mail address and company"."""
    return get_text_list([one.name_for_visitors for one in DETAILS.values() if one.field.blank == is_optional], "and")


YOUR_REQUEST = RecordKind(
    order=10,
    title="Your request",
    what=f"What you enter in the form: your {details_in_words(is_optional=False)} and, if you give them, your "
    f"{details_in_words(is_optional=True)}. Your answers and the recommendation you saw. The text you agreed to, and "
    "when. If your browser or the link told us, the site or campaign you came from. The result codes that you compared "
    "yours with, if you did. And our own notes: how far your request has got, what was said and what happens next.",
    why="To prepare for the call, hold it and follow it up.",
    who="The people here who answer requests and hold calls.",
    rules=(
        retention_of_leads(
            "Requests we are working on, or that led to work",
            "KEEP_LEADS_DAYS",
            *(Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.WON),
        ),
        retention_of_leads("Requests that came to nothing", "KEEP_LOST_LEADS_DAYS", Status.LOST),
        retention_of_leads("Spam and advertising", "KEEP_SPAM_DAYS", Status.SPAM),
        RetentionRule(
            records="E-mail addresses without a request",
            setting="KEEP_SPAM_DAYS",
            since="they were first used",
            due=people_without_leads,
            remove=erase_people_without_leads,
        ),
    ),
    models=(Person, Lead, Event, Submission, LeadWord),
    timestamps=((Lead, "requested_at"), (Event, "at")),
)

WHO_HANDLED_IT = RecordKind(
    order=40,
    title="Who handled it",
    what="Who in our company handled your request, changed something about it or exported it, and when.",
    why="So that we can account for what was done with your data.",
    who="The people here who answer requests.",
    rules=(
        RetentionRule(
            records="Records of what was done with a request",
            setting="KEEP_HISTORY_DAYS",
            since="they were made",
            due=old_history,
            remove=remove_history,
        ),
        RetentionRule(
            records="Records that a list of requests was exported",
            setting="KEEP_HISTORY_DAYS",
            since="they were made",
            due=old_exports,
            remove=remove_history,
        ),
    ),
    models=(Export,),
)

data_policy = DataPolicy(
    kinds=(YOUR_REQUEST, WHO_HANDLED_IT), activity=with_recent_events, not_about_visitors=(LeadAlert, Salesperson, Tag)
)
