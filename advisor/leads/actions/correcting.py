"""Correcting what people said about themselves, as they may ask for at any time."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from advisor.leads.actions.requesting import address_of_person
from advisor.leads.changes import lock_group, save_and_record
from advisor.leads.models import DETAILS, EventKind, Lead, Person
from advisor.leads.models.details import ABOUT_YOU
from advisor.leads.privacy import assign_messages_to_leads, names_in, rename_in_log
from advisor.leads.search.index import index

CORRECTABLE_FIELDS = tuple(name for name, detail in DETAILS.items() if detail.section == ABOUT_YOU)
"""What can be corrected: what they said about themselves. What they wrote, answered and agreed to stays as it was."""


class Correction(msgspec.Struct, frozen=True):
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
def correct(*, lead: Lead, details: Mapping[str, str], reason: str, by: str, now: datetime) -> list[Correction]:
    """Replace details of a person by these, all of which are named; the requests in which something changed.

    A person is an address, so that one is corrected in all of their requests, as is what was wrong there in the same
    words. Where somebody has the new address already, both are one person from now on. The history says which details
    were corrected, by whom and why, and neither the old nor the new ones: what was wrong about a person is not kept.
    Raises ``Lead.DoesNotExist`` where they were erased.
    """
    lock_people(lead, details["email"])
    person = Lead.objects.select_related("person").get(pk=lead.pk).person
    requests = lock_group(lambda: {*person.lead_set.values_list("pk", flat=True)})
    before = {name: getattr(requests[lead.pk], name) for name in CORRECTABLE_FIELDS}
    wrong = [name for name in CORRECTABLE_FIELDS if before[name] != details[name]]
    if not wrong:
        return []
    names = {one.pk: names_in([person], [one]) for one in requests.values()}
    now_at = _person_with_address(person, details["email"]) if "email" in wrong else person
    done: list[Correction] = []
    old_names: dict[str, str] = {}
    for one in requests.values():
        fields = tuple(name for name in wrong if name == "email" or getattr(one, name) == before[name])
        if fields:
            _correct(one, {name: details[name] for name in fields}, now_at, reason, by, now)
            old_names = dict.fromkeys(names[one.pk] - names_in([now_at], [one]), one.topic) | old_names
            done.append(Correction(one, fields))
    assign_messages_to_leads(old_names)
    if now_at != person:
        rename_in_log(person, now_at)
        person.delete()
    return done


def _correct(lead: Lead, right: Mapping[str, str], person: Person, reason: str, by: str, now: datetime) -> None:
    for name, value in right.items():
        setattr(lead, name, value)
    lead.person = person
    words = fields_in_words(right) + (f". {reason}" if reason else "")
    save_and_record(lead, "person", *right, kind=EventKind.CORRECTED, words=words, by=by, now=now)
    index(lead)
    rename_in_log(lead, lead)


def _person_with_address(person: Person, email: str) -> Person:
    """Return the person with this address: this one, renamed, or another one who has it already."""
    address = address_of_person(email)
    if person.email == address:
        return person
    renamed = Person(pk=person.pk, email=address, created_at=person.created_at)
    try:
        with transaction.atomic():
            renamed.save(update_fields=["email"])
    except IntegrityError:
        return Person.objects.select_for_update().get(email=address)
    rename_in_log(person, renamed)
    return renamed
