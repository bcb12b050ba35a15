"""Announces requests and calls: to visitors and hosts by mail, to other systems by webhooks.

Each announcement goes into the outbox in the transaction of the change that it announces. Its key names the call and
its number of changes, and the host where it goes to one, so nothing is written twice. Reminders are written when a call
is booked, and sent when they are due. A change of the call withdraws all its unsent mail, but not what tells former
hosts that it is not theirs any more: a host who may have been told of a call is told when it is gone, and no other is.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta

from django.conf import settings

from advisor.booking import letters
from advisor.booking.calendars import Method, invitation, mime_type, removal
from advisor.booking.models import LINK_LIFETIME, Call, Host, Intake
from advisor.booking.payloads import announce_call
from advisor.booking.words import time_in_words
from advisor.delivery.actions import keys_of_unsent, send_mail, told_last, was_written, withdraw
from advisor.delivery.letters import Block, Letter
from advisor.delivery.mail import Attachment
from advisor.delivery.models import EventType
from advisor.leads.models import Lead

REMINDERS = {"a day": timedelta(days=1), "an hour": timedelta(hours=1)}
"""How long before a call the visitor gets a reminder. The host gets the last one, with the briefing.

It names the time of the call and not the time that is left, as it may go out late: it expires only when the next one
is due.
"""

INVITATION_FILENAME = "invite.ics"


def announce_request(lead: Lead, *, now: datetime) -> None:
    """Confirm a request without a time to the visitor, and announce it to the staff who answer."""
    _confirm(lead, f"lead-{lead.pk}-visitor", now)
    note = letters.request_for_staff(lead)
    _send(f"lead-{lead.pk}-host", lead.topic, settings.CONTACT_EMAIL, note, now, reply_to=lead.email)


def confirm_again(lead: Lead, *, now: datetime) -> None:
    """Confirm a request to a corrected address, and withdraw the unsent mail to the old one."""
    withdraw(about=lead.topic, prefix=f"lead-{lead.pk}-visitor")
    _confirm(lead, f"lead-{lead.pk}-visitor-{now:%Y%m%dT%H%M%S.%f}", now)


def announce_booking(call: Call, *, now: datetime) -> None:
    """Invite visitor and host to a booked call, and write the reminders."""
    _invite(call, "Your intro call is booked", "Booked", (), now)
    announce_call(call, EventType.CALL_BOOKED, now)


def announce_move(call: Call, *, before: Call, now: datetime) -> None:
    """Announce another time or another host. ``before`` is the call as it was. A host who lost the call is told."""
    _withdraw(call)
    was: list[Block] = []
    if before.begins_at != call.begins_at:
        was.append(f"Before, it was {time_in_words(before.begins_at, call.local_zone)}.")
    if before.host != call.host:
        was.append(f"Before, it was with {before.host.name}.")
        # The old host's calendar finds the event by its old data; a higher sequence makes it accept the removal.
        before.sequence, before.changed_at = call.sequence, call.changed_at
        _announce_loss(before, f"{call.host.name} takes this call.", now)
        withdraw(about=call.lead.topic, prefix=_release_prefix(call))
    _invite(call, "Your intro call was changed", "Changed", was, now)
    announce_call(call, EventType.CALL_MOVED, now)


def announce_host_change(call: Call, *, before: Host, now: datetime) -> None:
    """Announce that the place, the name or the address of the host changed. ``before`` is the host as they were."""
    _withdraw(call)
    was: list[Block] = []
    if before.name != call.host.name:
        was.append(f"The name of your host was {before.name} before.")
    if (before.place, before.place_details) != (call.host.place, call.host.place_details):
        was += ["Before, it was to be here:", letters.place(before)]
    _invite(call, "New details of your intro call", "New details", was, now)


def announce_correction(call: Call, *, what: str, now: datetime) -> None:
    """Invite both again after details of the visitor were corrected. ``what`` names the details."""
    _withdraw(call)
    _invite(call, "New details of your intro call", "New details", [f"Corrected: {what}."], now)


def ask_to_confirm(intake: Intake, token: str, *, rank: int, now: datetime) -> None:
    """Ask an address whether it wants the call. It holds nothing that somebody typed: it may be anybody's address."""
    key, expires = f"{intake}-confirmation", now + LINK_LIFETIME
    to = intake.details["email"]
    letter = letters.confirmation_asked(intake, token)
    _send(key, intake.topic, to, letter, now, settings.CONTACT_EMAIL, expires_at=expires, rank=rank)


def remind_of_own_page(call: Call, number: str, *, now: datetime) -> None:
    """Mail a visitor the link to the call that they have, because somebody tried to book another one."""
    letter = letters.own_page(call)
    _send(_key(call, f"own-page-{number}"), call.lead.topic, call.lead.email, letter, now, call.host.email)


def announce_cancellation(call: Call, *, by: str, now: datetime) -> None:
    """Announce that a call is cancelled, by whom and why. ``by`` is the user name of staff; "" for a visitor."""
    _withdraw(call)
    letter = letters.cancellation_to_visitor(call, by)
    _send_about(call, _key(call, "visitor"), call.lead.email, letter, Method.CANCEL, now)
    _announce_loss(call, letters.why_cancelled(call, by), now)
    announce_call(call, EventType.CALL_CANCELLED, now)


def ask_for_other_time(call: Call, *, now: datetime) -> None:
    """Ask a visitor to choose another time, as the host is not there at this one. The call stays until they do."""
    letter = letters.other_time_asked(call)
    _send(_other_time_key(call), call.lead.topic, call.lead.email, letter, now, call.host.email)


def was_asked_for_other_time(call: Call) -> bool:
    """Whether the visitor was asked so for the time that the call has now."""
    return was_written(key=_other_time_key(call))


def _other_time_key(call: Call) -> str:
    return _key(call, "other-time")


def announce_busy_host(call: Call, *, now: datetime) -> None:
    """Tell a host and sales that the host's own calendar has something else at the time of a call."""
    letter = letters.busy_at_a_call(call)
    for to, address in (("host", call.host.email), ("sales", settings.CONTACT_EMAIL)):
        _send(_key(call, f"busy-{to}"), call.lead.topic, address, letter, now, call.host.email)


def announce_erasure(call: Call, *, now: datetime) -> None:
    """Tell the hosts who may know of a call ahead that it is off because its visitor is erased. The mail has no name.

    These are the host it is with, and those who lost it and whose mail about that did not go out: erasing deletes it.
    """
    told_of_loss = keys_of_unsent(about=call.lead.topic, keys=rf"^released-\d+-call-{call.pk}-")
    former = {int(key.split("-")[1]) for key in told_of_loss} - {call.host_id}
    hosts = [*Host.objects.filter(pk__in=former).order_by("pk")]
    if _may_know(call, now):
        hosts.append(call.host)
    for host in hosts:
        off = copy(call)
        off.host = host
        off.sequence, off.changed_at = call.sequence + 1, now
        _announce_erasure_to_host(off, now)


def _announce_erasure_to_host(call: Call, now: datetime) -> None:
    letter = letters.erasure_to_host(call)
    text = removal(call)
    parts = _calendar_parts(text, Method.CANCEL)
    key, about = _key(call, f"erased-{call.host_id}"), f"host {call.host_id}"
    _send(key, about, call.host.email, letter, now, settings.CONTACT_EMAIL, attachments=parts)


def _confirm(lead: Lead, key: str, now: datetime) -> None:
    letter = letters.request_arrived(lead)
    _send(key, lead.topic, lead.email, letter, now, reply_to=settings.CONTACT_EMAIL)


def _calendar_parts(text: str, method: Method) -> list[Attachment]:
    """A calendar file twice: as an alternative, for programs that offer to accept it, and attached, for all others."""
    return [
        Attachment(mimetype=mime_type(method), content=text, alternative=True),
        Attachment(mimetype="application/ics", content=text, filename=INVITATION_FILENAME),
    ]


def _invite(call: Call, subject: str, verb: str, was: Sequence[Block], now: datetime) -> None:
    letter = letters.invitation_to_visitor(call, subject, was)
    _send_about(call, _key(call, "visitor"), call.lead.email, letter, Method.REQUEST, now)
    host_letter = letters.invitation_to_host(call, verb, was)
    _send_about(call, _key(call, f"host-{call.host_id}"), call.host.email, host_letter, Method.REQUEST, now)
    dues = [call.begins_at - gap for gap in REMINDERS.values()]
    for before, due, following in zip(REMINDERS, dues, [*dues[1:], call.begins_at], strict=True):
        if due > now:
            _remind(call, before, due, following, now)
    host_due = dues[-1]
    if host_due > now:
        note = letters.reminder_to_host(call)
        key, topic, to = (
            _key(call, f"reminder-host-{call.host_id}"),
            call.lead.topic,
            call.host.email,
        )
        _send(key, topic, to, note, now, call.lead.email, due_at=host_due, expires_at=call.begins_at)


def _remind(call: Call, before: str, due: datetime, expires: datetime, now: datetime) -> None:
    letter = letters.reminder_to_visitor(call)
    key = _key(call, f"reminder-{before.replace(' ', '-')}")
    _send(key, call.lead.topic, call.lead.email, letter, now, call.host.email, due_at=due, expires_at=expires)


def _announce_loss(call: Call, why: str, now: datetime) -> None:
    """Tell a host that the call is not theirs any more, and take it out of their calendar.

    A host whose invitation never went out knows nothing of the call, and stays so.
    """
    if not _may_know(call, now):
        return
    key = f"{_release_prefix(call)}{call.sequence}"
    _send_about(call, key, call.host.email, letters.loss_to_host(call, why), Method.CANCEL, now)


def _withdraw(call: Call) -> None:
    """Withdraw what is unsent of the mail about a call to the visitor and the host."""
    withdraw(about=call.lead.topic, prefix=mail_prefix(call))


def mail_prefix(call: Call) -> str:
    """How the keys of all mail begin that invites to this call, changes it, cancels it or reminds of it."""
    return f"call-{call.pk}-"


def _key(call: Call, what: str) -> str:
    """The key of one of these, for this version of the call."""
    return f"{mail_prefix(call)}{call.sequence}-{what}"


def _release_prefix(call: Call) -> str:
    """How the keys of the mail begin that tells this host that the call is not theirs any more."""
    return f"released-{call.host_id}-call-{call.pk}-"


def _may_know(call: Call, now: datetime) -> bool:
    """Whether the host of a call may have heard of it, at whatever address, and not yet that it is theirs no more.

    The last mail to them that may have gone out decides. Of an old call, it may have been deleted by now.
    """
    if call.booked_at < now - timedelta(days=settings.KEEP_MESSAGES_DAYS):
        return True
    # Of an older release, keys do not name the host.
    keys = rf"^{mail_prefix(call)}\d+-(reminder-)?host(-{call.host_id})?$|^{_release_prefix(call)}"
    return told_last(about=call.lead.topic, keys=keys).startswith(mail_prefix(call))


def _send_about(call: Call, key: str, to: str, letter: Letter, method: Method, now: datetime) -> None:
    """Send a letter about a call with its calendar file."""
    is_visitor = to == call.lead.email
    # Whoever knows the address of the visitor's page can change the call, so only the visitor gets it.
    description = f"Change or cancel: {call.address}" if is_visitor else f"With {call.lead.name}, {call.lead.company}."
    text = invitation(call, method, description=description)
    parts = _calendar_parts(text, method)
    reply_to = call.host.email if is_visitor else call.lead.email
    _send(key, call.lead.topic, to, letter, now, reply_to, attachments=parts)


def _send(
    key: str,
    about: str,
    to: str,
    letter: Letter,
    now: datetime,
    reply_to: str,
    *,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    attachments: list[Attachment] | None = None,
    rank: int = 0,
) -> None:
    send_mail(
        key=key,
        about=about,
        to=to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        now=now,
        due_at=due_at,
        expires_at=expires_at,
        attachments=attachments or [],
        reply_to=reply_to,
        rank=rank,
    )
