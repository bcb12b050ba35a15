"""The data of webhooks about calls. docs/webhooks.md shows it, and a test compares the two."""

from datetime import UTC, datetime

import msgspec

from advisor.booking.models import Call
from advisor.delivery.models import EventType
from advisor.delivery.webhooks.actions import tell_endpoints
from advisor.leads.payloads import VERSION, LeadPayload, lead_payload

KEY_SUFFIXES = {EventType.CALL_BOOKED: "booked", EventType.CALL_MOVED: "moved", EventType.CALL_CANCELLED: "cancelled"}


class CallPayload(msgspec.Struct, frozen=True):
    """A call as it is at that moment, without the address of the visitor's own page, which would let others change it.

    Times are UTC, and ``zone`` is the visitor's. ``reason`` says why it was cancelled. ``changes`` is the number of
    changes: of two events, the one with the larger number is later.
    """

    id: int
    status: str
    begins_at: datetime
    ends_at: datetime
    zone: str
    host: str
    reason: str
    changes: int


class CallEvent(msgspec.Struct, frozen=True):
    """The data of ``call.booked``, ``call.moved`` and ``call.cancelled``."""

    version: int
    call: CallPayload
    lead: LeadPayload


def call_event(call: Call) -> CallEvent:
    """The call and its lead as they stand in memory."""
    payload = CallPayload(
        id=call.pk,
        status=call.status,
        begins_at=call.begins_at.astimezone(UTC),
        ends_at=call.ends_at.astimezone(UTC),
        zone=call.zone,
        host=call.host.name,
        reason=call.reason,
        changes=call.sequence,
    )
    return CallEvent(version=VERSION, call=payload, lead=lead_payload(call.lead))


def announce_call(call: Call, event: EventType, now: datetime) -> None:
    """Tell the endpoints of webhooks about a change of a call, in the transaction of the change."""
    key = f"call-{call.pk}-{call.sequence}-{KEY_SUFFIXES[event]}"
    tell_endpoints(event=event, key=key, about=call.lead.topic, data=lambda: call_event(call), now=now)
