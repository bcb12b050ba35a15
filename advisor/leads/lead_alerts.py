"""Mails to staff about new leads: one for each at once, or one a day for all."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from advisor.decision.plurals import pluralize
from advisor.delivery.actions import send_mail
from advisor.delivery.daily_jobs import DailyJob
from advisor.delivery.letters import Letter, Link
from advisor.leads.models import Frequency, Lead, LeadAlert, Status

DIGEST_HOUR = 7
"""By the clock of TIME_ZONE."""

COMMIT_DELAY = timedelta(minutes=1)
"""A lead has its time from before it is there for others to see. What is younger is told the next day."""

MAX_LISTED_LEADS = 50
"""Leads that one mail names."""


def notify_staff(lead: Lead, *, now: datetime) -> None:
    """Write a mail to everyone who wants to hear of each lead, in the transaction in which it is kept."""
    letter = Letter(
        f"New lead: {lead.name}, {lead.company}",
        f"They were told: {lead.seen['title']} ({lead.certainty}).",
        Link("The lead", lead.staff_address),
    )
    for alert in _alerts_of(Frequency.AT_ONCE):
        _send(alert, f"lead-{lead.pk}-alert-{alert.user_id}", lead.topic, letter, now)


def send_digests(now: datetime) -> str:
    """Mail to everyone who wants one a day what came since the last; what was done, in words."""
    mails, most = 0, 0
    for alert in _alerts_of(Frequency.DAILY):
        with transaction.atomic():
            count = _send_digest(LeadAlert.objects.select_for_update().get(pk=alert.pk), now)
        mails, most = mails + bool(count), max(most, count)
    if not mails:
        return "Nobody was to be told of anything new."
    return f"Told {pluralize(mails, 'person', 'people')} of up to {pluralize(most, 'new lead')}."


def can_be_notified(alert: LeadAlert) -> bool:
    """Whether someone may read leads, and has an address. A wrong one must not get into the way of a visitor."""
    try:
        validate_email(alert.user.email)
    except ValidationError:
        return False
    return alert.user.is_active and alert.user.is_staff and alert.user.has_perm("leads.view_lead")


def _alerts_of(frequency: Frequency) -> Iterator[LeadAlert]:
    return filter(can_be_notified, LeadAlert.objects.filter(frequency=frequency).select_related("user"))


def _send_digest(alert: LeadAlert, now: datetime) -> int:
    """Send one mail about all new leads, if there are any, and return their number.

    It names nobody: a mail about several people is filed under none of them, and would outlive their erasure.
    """
    until = now - COMMIT_DELAY
    new = Lead.objects.filter(requested_at__gt=alert.notified_until, requested_at__lte=until).exclude(
        status=Status.SPAM
    )
    count = new.count()
    if count:
        named = [
            Link(f"{lead.requested_at:%-d %B, %H:%M} UTC: {lead.seen['title']} ({lead.certainty})", lead.staff_address)
            for lead in new.order_by("requested_at")[:MAX_LISTED_LEADS]
        ]
        rest = [f"And {count - MAX_LISTED_LEADS} more, in the list of leads."] if count > MAX_LISTED_LEADS else []
        letter = Letter(pluralize(count, "new lead"), "Since the last of these mails:", *named, *rest)
        key = f"digest-{alert.user_id}-{until:%Y-%m-%dT%H:%M:%S.%f}"
        _send(alert, key, f"digest {alert.user_id}", letter, now)
    alert.notified_until = until
    alert.save(update_fields=["notified_until"])
    return count


def _send(alert: LeadAlert, key: str, about: str, letter: Letter, now: datetime) -> None:
    send_mail(
        key=key, about=about, to=alert.user.email, subject=letter.subject, text=letter.text, html=letter.html, now=now
    )


daily_job = DailyJob("Digest of new leads", send_digests, hour=DIGEST_HOUR)
