"""Leads by the million, with their words and some history."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction

from advisor.content.models import Edition
from advisor.leads.models import OPEN, Employees, Event, EventKind, Lead, LeadWord, Person, Salesperson, Status, Tag
from advisor.leads.priority import points_of
from advisor.leads.search.index import index_event
from advisor.leads.search.words import words_of

BATCH = 2000
YEARS = timedelta(days=3 * 365)
"""Over which time the leads came."""

SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wy", "zan")
KINDS = ("Engines", "Looms", "Ships", "Mills", "Bridges", "Lamps", "Clocks", "Maps")
OUTCOMES = {"fractional-cto": 1, "head-of-ai": 1, "both-roles": 2, "one-leader": 1, "not-yet": 0}
"""Those of the first guide, and how many roles each names."""

SETTLED = {Status.LOST: 55, Status.WON: 25, Status.CONTACTED: 8, Status.SPAM: 7, Status.QUALIFIED: 5}
"""What has become of a hundred leads by now, the newest twentieth aside, which is new."""


def make_leads(number: int, *, now: datetime, progress: Callable[[int], None] = lambda done: None) -> None:
    """Make so many leads on top of those that are there, with their words and some history; the same ones each time."""
    dice = Random(number)
    edition = Edition.objects.filter(guide__is_default=True).latest("number")
    sellers = list(_sellers())
    tags = [Tag.objects.get_or_create(name=name)[0] for name in ("warm", "conference", "partner")]
    first = (Lead.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for batch in batched(range(number), BATCH):
        with transaction.atomic():
            people, leads = [], []
            for index in batch:
                age = YEARS * ((number - index) / number)
                lead = _lead(first + index, dice, now - age, is_new=index > number * 0.95)
                lead.edition, lead.owner = edition, dice.choice([*sellers, None])
                _plan(lead, dice, now)
                people.append(Person(email=lead.email, created_at=lead.requested_at))
                leads.append(lead)
            for lead, person in zip(leads, Person.objects.bulk_create(people), strict=True):
                lead.person = person
            Lead.objects.bulk_create(leads)
            LeadWord.objects.bulk_create(
                [LeadWord(lead=lead, word=word) for lead in leads for word in words_of(lead)], batch_size=5000
            )
            noted = [
                Event(lead=lead, at=lead.requested_at, kind=EventKind.NOTE, words=_note(dice), by="seller-1")
                for lead in leads
                if dice.random() < 0.3
            ]
            Event.objects.bulk_create(noted)
            for event in noted:
                index_event(event.lead, event)
            Event.objects.bulk_create(
                Event(lead=lead, at=lead.requested_at, kind=EventKind.OWNER, words="Given to someone")
                for lead in leads
                if lead.owner
            )
            through = Lead.tags.through
            through._default_manager.bulk_create(
                through(lead=lead, tag=dice.choice(tags)) for lead in leads if dice.random() < 0.1
            )
        progress(batch[-1] + 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _sellers() -> Iterator[Any]:
    for number in range(10):
        user, _ = get_user_model().objects.get_or_create(username=f"seller-{number}", is_staff=True)
        user.groups.add(Group.objects.get(name="Sales"))
        Salesperson.objects.get_or_create(user=user)
        yield user


def _lead(key: int, dice: Random, asked: datetime, *, is_new: bool) -> Lead:
    """One request, not saved; ``key`` makes its address its own."""
    word = ["".join(dice.choices(SYLLABLES, k=3)) for _ in range(3)]
    name, company = f"{word[0]} {word[1]}".title(), f"{word[2].title()} {dice.choice(KINDS)} Ltd"
    outcome = dice.choice(list(OUTCOMES))
    status = Status.NEW if is_new else dice.choices(list(SETTLED), list(SETTLED.values()))[0]
    hours = dice.randrange(1, 72)
    lead = Lead(
        requested_at=asked,
        status=status,
        lost_reason="They hire in house." if status == Status.LOST else "",
        name=name,
        email=f"{word[0]}{key}@{word[2]}.example.com",
        company=company,
        phone=f"+371 {dice.randrange(20_000_000, 29_999_999)}",
        employees=dice.choice(Employees.values),
        consent="You may.",
        consented_at=asked,
        answers="software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software",
        outcome=outcome,
        certainty=dice.choice(("clear", "leaning", "mixed")),
        seen={"title": outcome.replace("-", " ").capitalize(), "certainty": "clear", "certainty_text": "Clear."},
        roles=OUTCOMES[outcome],
        result_code=f"{key:09X}",
        responded_at=None if status in {Status.NEW, Status.SPAM} else asked + timedelta(hours=hours),
        call_at=asked + timedelta(days=dice.randrange(1, 15)) if dice.random() < 0.2 else None,
    )
    lead.priority = points_of(lead, has_call=True) if lead.call_at else points_of(lead, has_call=False)
    return lead


def _note(dice: Random) -> str:
    """A dozen words, of which some stand in many notes."""
    invented = ("".join(dice.choices(SYLLABLES, k=3)) for _ in range(9))
    return f"Spoke with {' '.join(invented)} about budget."


def _plan(lead: Lead, dice: Random, now: datetime) -> None:
    """Half of what is open has a next step; a third of these is late."""
    if lead.status in OPEN and dice.random() < 0.5:
        lead.next_step, lead.next_step_on = "Call them", (now + timedelta(days=dice.randrange(-5, 10))).date()
