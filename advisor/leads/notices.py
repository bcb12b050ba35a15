"""Telling staff of new leads: each at once, or all of a day together."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from advisor.delivery.actions import send_mail
from advisor.delivery.letters import Letter, Link
from advisor.leads.models import How, Lead, Notice, Status

DIGEST_HOUR = 7
"""By the clock of TIME_ZONE."""

COMMITTED = timedelta(minutes=1)
"""A lead has its time from before it is there for others to see. What is younger is told the next day."""

MOST = 50
"""Leads that one mail names."""


def tell_staff(lead: Lead, *, now: datetime) -> None:
    """Write a mail to everyone who wants to hear of each lead, in the transaction in which it is kept."""
    letter = Letter(
        f"New lead: {lead.name}, {lead.company}",
        f"They were told: {lead.seen['title']} ({lead.certainty}).",
        Link("The lead", lead.staff_address),
    )
    for notice in _wanted(How.AT_ONCE):
        _send(notice, f"lead-{lead.pk}-notice-{notice.user_id}", lead.topic, letter, now)


def send_digests(now: datetime) -> str:
    """Mail to everyone who wants one a day what came since the last; what was done, in words."""
    mails, most = 0, 0
    for notice in _wanted(How.DAILY):
        with transaction.atomic():
            count = _digest(Notice.objects.select_for_update().get(pk=notice.pk), now)
        mails, most = mails + bool(count), max(most, count)
    if not mails:
        return "Nobody was to be told of anything new."
    return (
        f"Told {mails} {'person' if mails == 1 else 'people'} of up to {most} new {'lead' if most == 1 else 'leads'}."
    )


def can_be_told(notice: Notice) -> bool:
    """Whether someone may read leads, and has an address. A wrong one must not get into the way of a visitor."""
    try:
        validate_email(notice.user.email)
    except ValidationError:
        return False
    return notice.user.is_active and notice.user.is_staff and notice.user.has_perm("leads.view_lead")


def _wanted(how: How) -> Iterator[Notice]:
    return filter(can_be_told, Notice.objects.filter(how=how).select_related("user"))


def _digest(notice: Notice, now: datetime) -> int:
    """The number of leads that one mail tells of.

    It names nobody: a mail about several people is filed under none of them, and would outlive their erasure.
    """
    until = now - COMMITTED
    new = Lead.objects.filter(requested_at__gt=notice.told_until, requested_at__lte=until).exclude(status=Status.SPAM)
    count = new.count()
    if count:
        named = [
            Link(f"{lead.requested_at:%-d %B, %H:%M} UTC: {lead.seen['title']} ({lead.certainty})", lead.staff_address)
            for lead in new.order_by("requested_at")[:MOST]
        ]
        rest = [f"And {count - MOST} more, in the list of leads."] if count > MOST else []
        leads = "lead" if count == 1 else "leads"
        letter = Letter(f"{count} new {leads}", "Since the last of these mails:", *named, *rest)
        key = f"digest-{notice.user_id}-{until:%Y-%m-%dT%H:%M:%S.%f}"
        _send(notice, key, f"digest {notice.user_id}", letter, now)
    notice.told_until = until
    notice.save(update_fields=["told_until"])
    return count


def _send(notice: Notice, key: str, about: str, letter: Letter, now: datetime) -> None:
    send_mail(
        key=key,
        about=about,
        to=notice.user.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        now=now,
    )
