"""Keeping the words by which a lead is found in step with what it says, and with what was noted about it."""

from collections.abc import Iterable

from advisor.leads.models import BY_HAND, Event, EventKind, Lead, LeadWord
from advisor.leads.words import words_in, words_of

WITH_REASON = {EventKind.STATUS: ": ", EventKind.CANCELLED: ": ", EventKind.CORRECTED: ". "} | dict.fromkeys(
    (EventKind.HELD, EventKind.NO_SHOW), ": "
)
"""What stands before the reason that somebody typed, in the words of such an event."""


def index(lead: Lead) -> None:
    """Have a lead found by what it says now, and by nothing that it said before."""
    lead.words.all().delete()
    noted = (word for event in lead.events.all() for word in words_in(typed_in(event)))
    add_words(lead, dict.fromkeys([*words_of(lead), *noted]))


def index_event(lead: Lead, event: Event) -> None:
    """Have it found by what was noted about it as well."""
    if words := words_in(typed_in(event)):
        known = set(lead.words.filter(word__in=words).values_list("word", flat=True))
        add_words(lead, (word for word in words if word not in known))


def add_words(lead: Lead, words: Iterable[str]) -> None:
    """Have a lead found by these, which it is not found by yet."""
    LeadWord.objects.bulk_create(LeadWord(lead=lead, word=word) for word in words)


def typed_in(event: Event) -> str:
    """What somebody typed of the words of an event: a note, a next step, a reason; "" where it was nothing."""
    kind, words = EventKind(event.kind), event.words
    if kind in BY_HAND:
        return words
    if kind == EventKind.NEXT_STEP:
        step, until, _ = words.rpartition(", until ")
        return step if until else words.partition(": ")[2]
    return words.partition(WITH_REASON[kind])[2] if kind in WITH_REASON else ""
