"""Everything that happened to a lead, what came by itself and what was done by hand, newest first."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from advisor.delivery.models import Message, State
from advisor.leads.models import BY_HAND, Event, Lead

SHOWN = 200
"""How many entries of each kind are shown."""


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened. ``by`` is a user name, or "" for what came by itself; ``of`` the lead it happened to,
    where that was merged into the one that is shown.
    """

    at: datetime
    what: str
    words: str
    by: str = ""
    of: Lead | None = None
    is_by_hand: bool = False


def timeline(lead: Lead) -> list[Entry]:
    """What happened to a lead and to those that were merged into it."""
    leads = {lead.pk: lead} | {other.pk: other for other in lead.merged.all()}
    topics = {one.topic: one for one in leads.values()}
    entries = [
        # Of what happened at one time, the request came first.
        *_events(lead, leads),
        *_messages(lead, topics),
        *(Entry(one.requested_at, "Request", _request(one), of=_of(one, lead)) for one in leads.values()),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _of(one: Lead, shown: Lead) -> Lead | None:
    return None if one.pk == shown.pk else one


def _request(lead: Lead) -> str:
    return f"Told: {lead.seen.get('title', lead.outcome)}"


def _events(lead: Lead, leads: dict[int, Lead]) -> Iterator[Entry]:
    for event in Event.objects.filter(lead__in=leads).order_by("-at", "-pk")[:SHOWN]:
        by_hand = event.kind in BY_HAND
        of = _of(leads[event.lead_id], lead)
        yield Entry(event.at, event.get_kind_display(), event.words, event.by, of, by_hand)


def _messages(lead: Lead, topics: dict[str, Lead]) -> Iterator[Entry]:
    """What went out, or is about to; what was withdrawn never mattered."""
    messages = Message.objects.filter(about__in=topics).exclude(state=State.WITHDRAWN)
    shown = messages.select_related("endpoint").defer("text", "html", "attachments")
    for message in shown.order_by("-pk")[:SHOWN]:
        one = topics[message.about]
        to = "them" if message.to == one.email else message.to or str(message.endpoint)
        state = message.get_state_display().lower()
        if message.state == State.WAITING and message.due_at > message.created_at:
            state = f"waits until {message.due_at:%-d %B %Y, %H:%M} UTC"
        at = message.sent_at or message.created_at
        words = f"“{message.subject}” to {to}: {state}"
        yield Entry(at, message.get_channel_display(), words, of=_of(one, lead))
