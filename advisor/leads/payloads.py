"""What other systems are told about a lead. docs/webhooks.md shows it, and a test compares the two."""

from datetime import UTC, date, datetime

import msgspec
from django.conf import settings

from advisor.delivery.models import EventType
from advisor.delivery.webhooks.actions import tell_endpoints
from advisor.leads.conclusions import conclusions_of
from advisor.leads.models import DETAILS, Lead

VERSION = 1
"""Of all payloads. What is added leaves it as it is; a field that goes or means something else is a new version."""


class RecommendationPayload(msgspec.Struct, frozen=True):
    """What they were told: keys for programs, words for people."""

    guide: str
    edition: int
    outcome: str
    title: str
    certainty: str
    reasons: list[str]
    result_code: str
    result_address: str
    needs: dict[str, bool]
    balance: str


class LeadPayload(msgspec.Struct, frozen=True):
    """A lead as it is at that moment. The touches hold the ``utm_*``, ``ref`` and referrer that led here.

    ``merged_into`` is the ``id`` of the one that is worked on in its place; ``person`` holds all details as they typed
    them, "" for what they left empty.
    """

    id: int
    status: str
    lost_reason: str
    owner: str
    next_step: str
    next_step_on: date | None
    tags: list[str]
    merged_into: int | None
    requested_at: datetime
    address: str
    person: dict[str, str]
    recommendation: RecommendationPayload
    first_touch: dict[str, str]
    last_touch: dict[str, str]


class LeadEvent(msgspec.Struct, frozen=True):
    """The data of ``lead.created`` and ``lead.changed``."""

    version: int
    lead: LeadPayload


def lead_payload(lead: Lead) -> LeadPayload:
    """The lead as it stands in memory, so it has to be what was saved."""
    needs, balance = conclusions_of(lead)
    return LeadPayload(
        id=lead.pk,
        status=lead.status,
        lost_reason=lead.lost_reason,
        owner=lead.owner.get_username() if lead.owner else "",
        next_step=lead.next_step,
        next_step_on=lead.next_step_on,
        tags=[tag.name for tag in lead.tags.all()],
        merged_into=lead.merged_into_id,
        requested_at=lead.requested_at.astimezone(UTC),
        address=lead.staff_address,
        person={name: getattr(lead, name) for name in DETAILS},
        recommendation=RecommendationPayload(
            guide=lead.edition.guide.key,
            edition=lead.edition.number,
            outcome=lead.outcome,
            title=lead.seen["title"],
            certainty=lead.certainty,
            reasons=[reason["text"] for reason in lead.seen["reasons"]],
            result_code=lead.result_code,
            result_address=settings.SITE_URL + lead.result_address,
            needs=needs,
            balance=balance,
        ),
        first_touch=lead.first_touch,
        last_touch=lead.last_touch,
    )


def announce_lead(lead: Lead, event: EventType, now: datetime) -> None:
    """Tell the endpoints of webhooks about a lead: that it was created, or, from then on, changed.

    To be called by every verb that changes what ``LeadPayload`` holds, inside its transaction and once the change is
    saved: the lead is told as it is given, once the transaction is committed. A creation is told once, however often it
    is announced. Changes of one moment, as one form makes several, are told once, by the last: a verb is given the
    moment in which its request came. Where nobody listens it costs one query.
    """
    is_new = event == EventType.LEAD_CREATED
    key = f"lead-{lead.pk}-" + ("created" if is_new else f"changed-{now.astimezone(UTC):%Y%m%dT%H%M%S.%f}")

    def data() -> LeadEvent:
        return LeadEvent(version=VERSION, lead=lead_payload(lead))

    tell_endpoints(event=event, key=key, about=lead.topic, data=data, now=now, replaces=not is_new)
