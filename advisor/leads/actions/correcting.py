"""Correcting what people said about themselves, as they may ask for at any time."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from advisor.leads.actions.requesting import address_of_person
from advisor.leads.changes import locked_together, write
from advisor.leads.indexing import index
from advisor.leads.models import EventKind, Lead, Person
from advisor.leads.privacy import file_with, follow_in_log, names_in

DETAILS = ("name", "email", "company", "job_title", "phone", "employees")
"""What can be corrected: what they said about themselves. What they wrote, answered and agreed to stays as it was."""


class Corrected(msgspec.Struct, frozen=True):
    """One request in which something was corrected, and what."""

    lead: Lead
    fields: tuple[str, ...]


def fields_in_words(fields: Iterable[str]) -> str:
    """Such as "name, e-mail address"."""
    return ", ".join(str(getattr(Lead._meta.get_field(name), "verbose_name", name)) for name in fields)


def lock_people(lead: Lead, email: str) -> None:
    """Before anything of theirs, as erasing does: whose request it is, and who has the address that it is to get."""
    either = Person.objects.filter(pk=lead.person_id) | Person.objects.filter(email=address_of_person(email))
    list(either.select_for_update().order_by("pk"))


@transaction.atomic
def correct(*, lead: Lead, details: Mapping[str, str], reason: str, by: str, now: datetime) -> list[Corrected]:
    """Replace details of a person by these, all of which are named; the requests in which something changed.

    A person is an address, so that one is corrected in all of their requests, as is what was wrong there in the same
    words. Where somebody has the new address already, both are one person from now on. The history says which details
    were corrected, by whom and why, and neither the old nor the new ones: what was wrong about a person is not kept.
    Raises ``Lead.DoesNotExist`` where they were erased.
    """
    lock_people(lead, details["email"])
    person = Lead.objects.select_related("person").get(pk=lead.pk).person
    found = locked_together(lambda: {*person.lead_set.values_list("pk", flat=True)})
    before = {name: getattr(found[lead.pk], name) for name in DETAILS}
    wrong = [name for name in DETAILS if before[name] != details[name]]
    if not wrong:
        return []
    names = {one.pk: names_in([person], [one]) for one in found.values()}
    now_at = _at(person, details["email"]) if "email" in wrong else person
    done = []
    for one in found.values():
        fields = tuple(name for name in wrong if name == "email" or getattr(one, name) == before[name])
        if fields:
            _correct(one, {name: details[name] for name in fields}, now_at, reason, by, now)
            file_with(one, names[one.pk] - names_in([now_at], [one]))
            done.append(Corrected(one, fields))
    if now_at != person:
        follow_in_log(person, now_at)
        person.delete()
    return done


def _correct(lead: Lead, right: Mapping[str, str], person: Person, reason: str, by: str, now: datetime) -> None:
    for name, value in right.items():
        setattr(lead, name, value)
    lead.person = person
    words = fields_in_words(right) + (f". {reason}" if reason else "")
    write(lead, "person", *right, kind=EventKind.CORRECTED, words=words, by=by, now=now)
    index(lead)
    follow_in_log(lead, lead)


def _at(person: Person, email: str) -> Person:
    """Who has this address from now on: they themselves, or whoever had it before."""
    address = address_of_person(email)
    if person.email == address:
        return person
    renamed = Person(pk=person.pk, email=address, created_at=person.created_at)
    try:
        with transaction.atomic():
            renamed.save(update_fields=["email"])
    except IntegrityError:
        return Person.objects.select_for_update().get(email=address)
    follow_in_log(person, renamed)
    return renamed
