"""Data policy of booking. Calls are removed together with their request."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from advisor.booking import announcements
from advisor.booking.busy.writing import write_call
from advisor.booking.models import (
    INTAKE_TOPIC,
    PAGE_LIFETIME,
    BlockedSource,
    BusyCalendar,
    Call,
    FormerLink,
    Host,
    HoursException,
    Intake,
    IntakeState,
    WeeklyWindow,
)
from advisor.data_policy import DataPolicy, RecordKind, RetentionRule
from advisor.delivery.data_policy import finished_messages, remove_messages
from advisor.delivery.models import Message
from advisor.leads.actions.requesting import address_of_person
from advisor.leads.models import Lead, Person


def with_recent_call(since: datetime) -> Q:
    """Leads with a call that ended, ends or was changed since then."""
    calls = Call.objects.filter(Q(ends_at__gte=since) | Q(changed_at__gte=since), lead=OuterRef("pk"))
    return Q(Exists(calls))


def notify_hosts(leads: Sequence[Lead], now: datetime) -> None:
    """Tell the hosts of calls ahead that the visitor is erased. The mail says nothing about the visitor."""
    calls = Call.objects.select_for_update(of=("self",)).select_related("host").filter(lead__in=leads)
    for call in calls.order_by("pk"):
        if call.can_be_changed(now):
            announcements.announce_erasure(call, now=now)
            call.sequence += 1
            write_call(call, [call.host], now=now)


def waiting_requests(people: Sequence[Person]) -> QuerySet[Intake]:
    """The requests of these people that wait for a click: by their addresses, as no lead leads to a person yet."""
    addresses = {person.email for person in people}
    waiting = Intake.objects.filter(state=IntakeState.WAITING)
    typed = waiting.values_list("pk", "details__email") if addresses else ()
    return Intake.objects.filter(pk__in=[key for key, email in typed if address_of_person(email) in addresses])


YOUR_CALL = RecordKind(
    order=20,
    title="Your call",
    what="The time you chose, your time zone, who the call is with, whether it was moved, cancelled or held, and "
    "what was agreed.",
    why="To hold the call, and to learn whether our recommendations are right.",
    who="The people here who answer requests and hold calls.",
    until=f"As long as your request. The page to change or cancel it closes {PAGE_LIFETIME.days} days after the call.",
    models=(Call, FormerLink),
)

BUSY_TIMES = RecordKind(
    order=80,
    title="Busy times of our hosts",
    what="For the people here who hold calls and want it: when their own calendar says that they are busy. Beginning "
    "and end, and nothing else: no titles, no places, no people.",
    why="So that no call is offered while they are busy.",
    who="The people here who hold calls, and those who plan them.",
    until="As long as the host has the calendar here and may log in. Each reading replaces what was read before, and "
    "what is over is not kept.",
    models=(BusyCalendar,),
    is_of_staff=True,
)


def old_intakes(before: datetime) -> QuerySet[Intake]:
    """Requests that came in before then."""
    return Intake.objects.filter(asked_at__lt=before)


def remove_intakes(intakes: QuerySet[Intake]) -> int:
    """Remove where requests came from, and what was typed into those that nobody confirmed."""
    _, removed = intakes.delete()
    return removed.get(Intake._meta.label, 0)


def old_confirmations(before: datetime) -> QuerySet[Message]:
    """Mail that asked for a click, was due before then and does not wait."""
    return finished_messages(before).filter(about__startswith=INTAKE_TOPIC)


def old_blocks(before: datetime) -> QuerySet[BlockedSource]:
    """What was blocked before then."""
    return BlockedSource.objects.filter(blocked_at__lt=before)


def remove_blocks(blocks: QuerySet[BlockedSource]) -> int:
    number, _ = blocks.delete()
    return number


WAITING_CALLS = RecordKind(
    order=21,
    title="A call that waits for your click",
    what="If many requests come in, or many from the network that your device is in, we ask you by e-mail to confirm "
    "yours. Until then we keep what you wrote apart, and nobody is told of it. Of every request we keep for some days "
    "a number made of the network and one made of the provider of your e-mail address, from which nobody can read "
    "either. Of a provider that we take nothing from for a week, we keep the name.",
    why="So that nobody fills our calendar, or has us write to strangers.",
    who="The people here who answer requests and hold calls.",
    rules=(
        RetentionRule(
            records="Requests that nobody confirmed, and where requests came from",
            setting="KEEP_INTAKES_DAYS",
            since="they were made",
            due=old_intakes,
            remove=remove_intakes,
            is_short_lived=True,
        ),
        RetentionRule(
            records="E-mails that asked to confirm them",
            setting="KEEP_INTAKES_DAYS",
            since="they were due",
            due=old_confirmations,
            remove=remove_messages,
            is_short_lived=True,
        ),
        RetentionRule(
            records="That nothing is taken from a network or a provider",
            setting="KEEP_INTAKES_DAYS",
            since="it was blocked",
            due=old_blocks,
            remove=remove_blocks,
            is_short_lived=True,
        ),
    ),
    models=(Intake, BlockedSource),
    timestamps=((Intake, "asked_at"),),
)

data_policy = DataPolicy(
    kinds=(YOUR_CALL, WAITING_CALLS, BUSY_TIMES),
    activity=with_recent_call,
    before_erasing=notify_hosts,
    about_people=waiting_requests,
    audited_models=(Call,),
    not_about_visitors=(Host, WeeklyWindow, HoursException),
)
