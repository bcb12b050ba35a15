"""Everything that happened to a lead, newest first: done by the visitor, by staff, or automatically."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from advisor.delivery.models import Message, State
from advisor.leads.models import AUTOMATIC, BY_HAND, VISITOR, Event, Lead

MAX_ENTRIES = 200
"""How many entries of each kind are shown."""


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened. ``by`` says in words who did it. ``of`` is the lead it happened to, where that is one
    which was merged into the lead that is shown.
    """

    at: datetime
    what: str
    words: str
    by: str = AUTOMATIC
    of: Lead | None = None
    is_by_hand: bool = False


def timeline(lead: Lead) -> list[TimelineEntry]:
    """What happened to a lead and to those that were merged into it."""
    leads = {lead.pk: lead} | {other.pk: other for other in lead.merged.all()}
    topics = {one.topic: one for one in leads.values()}
    # Of what happened at one time, the request came first.
    entries = [*_events(lead, leads), *_messages(lead, topics), *_requests(lead, leads)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _of(one: Lead, shown: Lead) -> Lead | None:
    return None if one.pk == shown.pk else one


def _requests(lead: Lead, leads: dict[int, Lead]) -> Iterator[TimelineEntry]:
    for one in leads.values():
        words = f"Told: {one.seen.get('title', one.outcome)}"
        yield TimelineEntry(one.requested_at, "Request", words, VISITOR, _of(one, lead))


def _events(lead: Lead, leads: dict[int, Lead]) -> Iterator[TimelineEntry]:
    for event in Event.objects.filter(lead__in=leads).order_by("-at", "-pk")[:MAX_ENTRIES]:
        by_hand = event.kind in BY_HAND
        of = _of(leads[event.lead_id], lead)
        yield TimelineEntry(event.at, event.get_kind_display(), event.words, event.actor, of, by_hand)


def _messages(lead: Lead, topics: dict[str, Lead]) -> Iterator[TimelineEntry]:
    """What went out, or is about to; what was withdrawn never mattered."""
    messages = Message.objects.filter(about__in=topics).exclude(state=State.WITHDRAWN)
    shown = messages.select_related("endpoint").defer("text", "html", "attachments")
    for message in shown.order_by("-pk")[:MAX_ENTRIES]:
        one = topics[message.about]
        to = "them" if message.to == one.email else message.to or str(message.endpoint)
        state = message.get_state_display().lower()
        if message.state == State.WAITING and message.due_at > message.created_at:
            state = f"waits until {message.due_at:%-d %B %Y, %H:%M} UTC"
        at = message.sent_at or message.created_at
        words = f"“{message.subject}” to {to}: {state}"
        yield TimelineEntry(at, message.get_channel_display(), words, of=_of(one, lead))
