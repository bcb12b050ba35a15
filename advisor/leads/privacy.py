"""What people may ask for: everything that is kept about them, on a page and as one file, and its erasure.

What belongs to a person is found by the relations between the tables, so a table that is added later is shown and
erased as well. What has no relation to them is looked for by what it is about: messages, Django's log of changes, and
what later rooms name in their data policies.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.utils import timezone

from advisor.data_policy import data_policies
from advisor.delivery.models import Endpoint, Message
from advisor.key_addresses import masked_within
from advisor.leads.changes import save_with_priority
from advisor.leads.models import Lead, Person

ERASED = "erased"
"""What the log of changes calls whoever was erased."""

TOPICS = "lead "
"""What the topics of all requests begin with; see ``Lead.topic``."""

RowsByModel = dict[type[Model], list[Model]]


def everything_about(subjects: Iterable[Person | Lead]) -> RowsByModel:
    """Every row about these people, or about these requests alone, by its model."""
    by_model = _rows(_collected(subjects, list))
    return by_model | {LogEntry: list(_log_of(by_model))}


def merged_with(person: Person) -> QuerySet[Lead]:
    """Requests from other addresses that sales merged with theirs: the same person, most likely, kept for itself."""
    own = Lead.objects.filter(person=person)
    targets = own.filter(merged_into__isnull=False).values("merged_into")
    together = Q(pk__in=targets) | Q(merged_into__in=targets) | Q(merged_into__in=own.values("pk"))
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
def erase_leads(leads: QuerySet[Lead]) -> int:
    """Erase these requests, and the people who have no others. Return the number of requests."""
    return _erase_leads(leads, timezone.now())[Lead]


@transaction.atomic
def erase_people(people: QuerySet[Person]) -> int:
    """Erase these people with all their requests. Return the number of people."""
    return _erase_people(people, timezone.now())[Person]


@transaction.atomic
def erase_people_without_leads(people: QuerySet[Person]) -> int:
    """Erase those of these people who have no request. Return their number."""
    locked = _locked_people(people)
    return _erase([person for person in locked if not person.lead_set.exists()], [])[Person]


def in_words(counts: Counter[type[Model]]) -> str:
    """Such as "2 leads, 1 call, 7 messages"."""
    named = [
        f"{number} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for model, number in counts.items()
    ]
    return ", ".join(named) or "nothing"


def _erase_people(people: QuerySet[Person], now: datetime) -> Counter[type[Model]]:
    going = _locked_people(people)
    return _erase(going, _locked_leads(Lead.objects.filter(person__in=going), now))


def _erase_leads(leads: QuerySet[Lead], now: datetime) -> Counter[type[Model]]:
    people = _locked_people(Person.objects.filter(pk__in=leads.values("person")))
    going = _locked_leads(leads, now)
    staying = Lead.objects.filter(person__in=people).exclude(pk__in=[lead.pk for lead in going])
    others = set(staying.order_by().values_list("person_id", flat=True).distinct())
    return _erase([person for person in people if person.pk not in others], going)


def _locked_people(people: QuerySet[Person]) -> list[Person]:
    """Before anything of theirs, as by those who ask again: whoever comes second sees what the first has done.

    Only what no relation leads to is locked before, as whoever confirms a request locks that before its person.
    """
    for rows in _about_people(list(people)):
        list(rows.select_for_update(of=("self",)).order_by("pk"))
    return list(people.select_for_update(of=("self",)).order_by("pk"))


def _locked_leads(leads: QuerySet[Lead], now: datetime) -> list[Lead]:
    """After what later rooms lock and do first, as whoever moves a call locks that before its lead.

    Asked for again when they are locked: those with which something happened in between may not be among them now.
    """
    chosen = list(leads)
    for policy in data_policies():
        if policy.before_erasing:
            policy.before_erasing(chosen, now)
    keys = {lead.pk for lead in chosen}
    targets = {lead.merged_into_id for lead in chosen if lead.merged_into_id}
    locked = Lead.objects.filter(pk__in=keys | targets).order_by("pk").select_for_update()
    return list(leads.filter(pk__in=keys & {lead.pk for lead in locked}))


def _erase(people: Sequence[Person], leads: Sequence[Lead]) -> Counter[type[Model]]:
    collected = _collected([*people, *leads], _locked_messages)
    by_model = _rows(collected)
    _log_of(by_model).update(object_repr=ERASED, change_message="")
    targets = list(Lead.objects.filter(merged__in=leads).exclude(pk__in=[lead.pk for lead in leads]).distinct())
    collected.delete()
    for lead in targets:
        # A call that went counts for it no longer.
        save_with_priority(lead)
    return Counter({model: len(rows) for model, rows in by_model.items()})


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
    for rows in _about_people([subject for subject in given if isinstance(subject, Person)]):
        collector.collect(list(rows))
    by_model = _rows(collector)
    collector.collect(chosen(_messages(by_model.get(Person, []), by_model.get(Lead, []))))
    return collector


def _about_people(people: Sequence[Any]) -> Iterator[QuerySet[Any]]:
    """What later rooms keep about these people that no relation leads to."""
    for policy in data_policies():
        if policy.about_people:
            yield policy.about_people(people)


def _rows(collected: NestedObjects) -> RowsByModel:
    return {model: sorted(rows, key=lambda row: row.pk) for model, rows in collected.data.items() if rows}


def _messages(people: Sequence[Any], leads: Sequence[Any]) -> Iterator[Message]:
    """What was written about these requests, and what else goes to these people or names them."""
    yield from Message.objects.filter(about__in=[lead.topic for lead in leads])
    yield from (message for message, _ in _naming(names_in(people, leads)))


def names_in(people: Sequence[Any], leads: Sequence[Any]) -> set[str]:
    """By what these people are named where nothing else leads to them."""
    # As mail carries it and as it was typed, which differ where the domain is not in English letters.
    going = {person.pk for person in people}
    addresses = {person.email for person in people} | {lead.email for lead in leads if lead.person_id in going}
    return {words.casefold() for words in (*addresses, *map(str, leads))}


def _naming(names: Collection[str]) -> Iterator[tuple[Message, str]]:
    """What is filed under no request and names one of these, with the first that it names. Every message is read."""
    if not names:
        return
    # As a whole: o@example.com is not hello@example.com.
    named = re.compile(rf"(?<![\w.+-])(?:{'|'.join(map(re.escape, names))})(?![\w-]|\.\w)")
    elsewhere = Message.objects.exclude(about__startswith=TOPICS).defer("html", "attachments")
    for message in elsewhere.iterator():
        if match := named.search(f"{message.to} {message.subject} {message.text}".casefold()):
            yield message, match[0]


def assign_messages_to_leads(topics: Mapping[str, str]) -> None:
    """Assign messages that name a person by an old name to the topic of their request, so that erasing finds them.

    ``topics`` has the topic of a request by each old name. All names are looked for at once.
    """
    filed = defaultdict(list)
    for message, name in _naming(topics):
        filed[topics[name]].append(message.pk)
    for topic, keys in filed.items():
        Message.objects.filter(pk__in=keys).update(about=topic)


def rename_in_log(before: Person | Lead, after: Person | Lead) -> None:
    """Let the log of changes name them as they are named now, under their key of now."""
    _log_of({type(before): [before]}).update(object_id=str(after.pk), object_repr=str(after)[:200])


def _log_of(by_model: RowsByModel) -> QuerySet[LogEntry]:
    """What Django's log of changes says about these rows."""
    about = Q(pk__in=[])
    for model, rows in by_model.items():
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=[str(row.pk) for row in rows])
    return LogEntry.objects.filter(about)


EXPORT_NOTE = (
    "Everything that is kept about this person, one list for each kind of record. Times are in UTC. Fields are "
    "named as staff see them."
)

MASKED = "not shown: whoever knows it can change the call"

Record = dict[str, Any]
"""The fields of a row by their names for people."""


def disclosure_sections(person: Person) -> list[tuple[str, list[Record]]]:
    """All rows of each kind about a person, under its name in the plural; what belongs to them first, the log last."""
    return [
        (str(model._meta.verbose_name_plural), [_record(row) for row in rows])
        for model, rows in everything_about([person]).items()
        if rows
    ]


def as_file(person: Person, *, now: datetime) -> dict[str, Any]:
    """The same, ready to be written as JSON."""
    kinds = [{"what": what, "records": records} for what, records in disclosure_sections(person)]
    return {"about": person.email, "made": now, "explained": EXPORT_NOTE, "kept": kinds}


def _record(row: Model) -> Record:
    return {str(field.verbose_name): _value(row, field) for field in row._meta.concrete_fields}


def _value(row: Model, field: "Field[Any, Any]") -> Any:
    """What other rows are called, and choices as they are shown."""
    if isinstance(field, ForeignKey):
        other = getattr(row, field.name)
        return "" if other is None else str(other)
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    # The key of a message is a name, and every other key opens a page.
    if field.name == "token" or (field.name == "key" and not isinstance(row, Message)):
        return MASKED
    return masked_within(field.value_from_object(row))
