"""Everything that is kept about people, and leaving nothing of it.

What belongs to a person is found by the relations between the tables, so a table that is added later is shown and
erased as well. What has no relation to them, messages and Django's log of changes, is looked for by what it is about.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from advisor.delivery.models import Endpoint, Message
from advisor.leads.changes import settle
from advisor.leads.models import Event, EventKind, Lead, Person

ERASED = "erased"
"""What the log of changes calls whoever was erased."""

Sign = Callable[[datetime], Q]
"""From an instant to the leads with which something has happened since then, or is to happen."""

NOT_LIFE = (EventKind.EXPORTED, EventKind.WEBHOOK)
"""What is done with many leads at once keeps none of them any longer."""


def worked_on(since: datetime) -> Q:
    """Asked for, planned, or noted since then, be it with the lead that it was merged into or one of its parts."""
    events = Event.objects.filter(at__gte=since).exclude(kind__in=NOT_LIFE)
    own, kept = Exists(events.filter(lead=OuterRef("pk"))), Exists(events.filter(lead=OuterRef("merged_into")))
    parts = Exists(events.filter(lead__merged_into=OuterRef("pk")))
    return Q(requested_at__gte=since) | Q(next_step_on__gte=since) | Q(own) | Q(kept) | Q(parts)


signs_of_life: list[Sign] = [worked_on]
"""Later rooms add theirs."""

before_erasing: list[Callable[[Sequence[Lead], datetime], None]] = []
"""What later rooms do while leads that are about to be erased are still there, in the same transaction."""

logged: list[type[Model]] = [Message]
"""Beside this room's own, what tells of requests: entries in the log of changes about it go in their time. Later rooms
add theirs.
"""

TOPICS = "lead "
"""What the topics of all requests begin with; see ``Lead.topic``."""

Found = dict[type[Model], list[Model]]


def everything_about(subjects: Iterable[Person | Lead]) -> Found:
    """Every row about these people, or about these requests alone, by its model."""
    found = _rows(_collected(subjects, list))
    return found | {LogEntry: list(_log_of(found))}


def merged_with(person: Person) -> QuerySet[Lead]:
    """Requests from other addresses that sales merged with theirs: the same person, most likely, kept for itself."""
    own = Lead.objects.filter(person=person)
    kept = own.filter(merged_into__isnull=False).values("merged_into")
    together = Q(pk__in=kept) | Q(merged_into__in=kept) | Q(merged_into__in=own.values("pk"))
    return Lead.objects.filter(together).exclude(person=person).order_by("pk")


@transaction.atomic
def erase(*, subject: Person | Lead, by: User, now: datetime) -> str:
    """Leave nothing of a person, or of one request; the sentence that says what went, which the log keeps.

    The person goes with their last request. Where somebody else was faster there is nothing left to go.
    """
    kind, key = type(subject), subject.pk
    if isinstance(subject, Person):
        gone = _erase_people(Person.objects.filter(pk=key), now)
    else:
        gone = _erase_leads(Lead.objects.filter(pk=key), now)
    words = f"Erased: {in_words(gone)}."
    LogEntry.objects.create(
        user=by,
        action_time=now,
        content_type=ContentType.objects.get_for_model(kind),
        object_id=str(key),
        object_repr=ERASED,
        action_flag=DELETION,
        change_message=words,
    )
    return words


@transaction.atomic
def erase_leads(*, leads: QuerySet[Lead], now: datetime) -> int:
    """Leave nothing of these requests, nor of the people who have no others; how many requests it were."""
    return _erase_leads(leads, now)[Lead]


@transaction.atomic
def erase_lonely(*, people: QuerySet[Person]) -> int:
    """Leave nothing of those among these people who have no request; how many it were."""
    locked = _locked_people(people)
    return _erase([person for person in locked if not person.lead_set.exists()], [])[Person]


def in_words(counts: Counter[type[Model]]) -> str:
    """Such as "2 leads, 1 call, 7 messages"."""
    named = [
        f"{number} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for model, number in counts.items()
    ]
    return ", ".join(named) or "nothing"


def _erase_leads(leads: QuerySet[Lead], now: datetime) -> Counter[type[Model]]:
    people = _locked_people(Person.objects.filter(pk__in=leads.values("person")))
    going = _locked_leads(leads, now)
    staying = Lead.objects.filter(person__in=people).exclude(pk__in=[lead.pk for lead in going])
    others = set(staying.order_by().values_list("person_id", flat=True).distinct())
    return _erase([person for person in people if person.pk not in others], going)


def _erase_people(people: QuerySet[Person], now: datetime) -> Counter[type[Model]]:
    going = _locked_people(people)
    return _erase(going, _locked_leads(Lead.objects.filter(person__in=going), now))


def _locked_people(people: QuerySet[Person]) -> list[Person]:
    """Before anything of theirs, as by those who ask again: whoever comes second sees what the first has done."""
    return list(people.select_for_update(of=("self",)).order_by("pk"))


def _locked_leads(leads: QuerySet[Lead], now: datetime) -> list[Lead]:
    """After what later rooms lock and do first, as whoever moves a call locks that before its lead.

    Asked for once more when they are locked: those with which something happened in between may not be among them now.
    """
    chosen = list(leads)
    for prepare in before_erasing:
        prepare(chosen, now)
    keys = {lead.pk for lead in chosen}
    kept = {lead.merged_into_id for lead in chosen if lead.merged_into_id}
    locked = Lead.objects.filter(pk__in=keys | kept).order_by("pk").select_for_update()
    return list(leads.filter(pk__in=keys & {lead.pk for lead in locked}))


def _erase(people: Sequence[Person], leads: Sequence[Lead]) -> Counter[type[Model]]:
    collected = _collected([*people, *leads], _locked_messages)
    found = _rows(collected)
    _log_of(found).update(object_repr=ERASED, change_message="")
    kept = list(Lead.objects.filter(merged__in=leads).exclude(pk__in=[lead.pk for lead in leads]).distinct())
    collected.delete()
    for lead in kept:
        # A call that went counts for it no longer.
        settle(lead)
    return Counter({model: len(rows) for model, rows in found.items()})


def _locked_messages(messages: Iterable[Message]) -> list[Message]:
    """Before their attempts are looked up: a worker that comes back meanwhile writes down no other, and then finds them
    gone. After their endpoints, as workers do.
    """
    chosen = list(messages)
    endpoints = {message.endpoint_id for message in chosen if message.endpoint_id}
    list(Endpoint.objects.select_for_update(no_key=True).filter(pk__in=endpoints).order_by("pk"))
    return list(Message.objects.select_for_update().filter(pk__in=[one.pk for one in chosen]).order_by("pk"))


def _collected(
    subjects: Iterable[Person | Lead], chosen: Callable[[Iterable[Message]], Sequence[Message]]
) -> NestedObjects:
    """What belongs to them, with what was written about it, of which ``chosen`` makes a list; the log aside."""
    given = list(subjects)
    collector = NestedObjects(DEFAULT_DB_ALIAS, given)
    for kind in (Person, Lead):
        collector.collect([subject for subject in given if isinstance(subject, kind)])
    found = _rows(collector)
    collector.collect(chosen(_messages(found.get(Person, []), found.get(Lead, []))))
    return collector


def _rows(collected: NestedObjects) -> Found:
    return {model: sorted(rows, key=lambda row: row.pk) for model, rows in collected.data.items() if rows}


def _messages(people: Iterable[Any], leads: Iterable[Any]) -> Iterator[Message]:
    """What was written about these requests, and what else goes to these people or names them."""
    people, leads = list(people), list(leads)
    yield from Message.objects.filter(about__in=[lead.topic for lead in leads])
    yield from _naming(names_in(people, leads))


def names_in(people: Iterable[Any], leads: Iterable[Any]) -> set[str]:
    """By what these people are named where nothing else leads to them."""
    people, leads = list(people), list(leads)
    # As mail carries it and as it was typed, which differ where the domain is not in English letters.
    going = {person.pk for person in people}
    addresses = {person.email for person in people} | {lead.email for lead in leads if lead.person_id in going}
    return {words.casefold() for words in (*addresses, *map(str, leads))}


def _naming(names: set[str]) -> Iterator[Message]:
    """What is filed under no request and names one of these."""
    if not names:
        return
    # As a whole: o@example.com is not hello@example.com.
    named = re.compile(rf"(?<![\w.+-])(?:{'|'.join(map(re.escape, names))})(?![\w-]|\.\w)")
    elsewhere = Message.objects.exclude(about__startswith=TOPICS).defer("html", "attachments")
    for message in elsewhere.iterator():
        if named.search(f"{message.to} {message.subject} {message.text}".casefold()):
            yield message


def file_with(lead: Lead, names: set[str]) -> None:
    """File under a request what names its person by what they are called no longer, for erasing to find it there."""
    Message.objects.filter(pk__in=[message.pk for message in _naming(names)]).update(about=lead.topic)


def follow_in_log(before: Person | Lead, after: Person | Lead) -> None:
    """Let the log of changes call them as they are called now, under the key that they have now."""
    _log_of({type(before): [before]}).update(object_id=str(after.pk), object_repr=str(after)[:200])


def _log_of(found: Found) -> QuerySet[LogEntry]:
    """What Django's log of changes says about these rows."""
    about = Q(pk__in=[])
    for model, rows in found.items():
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=[str(row.pk) for row in rows])
    return LogEntry.objects.filter(about)
