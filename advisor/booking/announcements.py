"""What visitors and hosts are told by mail, and other systems by webhooks.

It is written into the outbox in the transaction of what it is about. Keys name the call and how often it was changed,
so that nothing is written twice. Reminders are written at once, to be sent when they are due, and withdrawn, like all
mail that is not sent yet, when the call is changed.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from advisor.booking.calendars import Method, invitation, mime_type, removal
from advisor.booking.models import Call, Host, Place
from advisor.booking.payloads import announce_call
from advisor.booking.words import time_in_words
from advisor.content.editions import shelf
from advisor.content.markdown import plain
from advisor.delivery.actions import send_mail, withdraw
from advisor.delivery.letters import Heading, Letter, Link, Part
from advisor.delivery.mail import Attachment
from advisor.delivery.models import EventType
from advisor.leads.briefing import briefing_of
from advisor.leads.models import Lead

REMINDERS = {"a day": timedelta(days=1), "an hour": timedelta(hours=1)}
"""How long before a call the visitor is reminded; the host is reminded by the last of them, with the briefing.

One that could not be sent until the next one is due is not sent any more: its words would be wrong by then.
"""

INVITE = "invite.ics"


def requested(lead: Lead, *, now: datetime) -> None:
    """A call was asked for without a time: confirm it, and tell those who answer."""
    _confirm(lead, f"lead-{lead.pk}-visitor", now)
    when = f"When it suits them: {lead.availability}" if lead.availability else "They named no time."
    note = Letter(f"Call asked for: {lead.name}, {lead.company}", when, *_person(lead), *_briefing(lead))
    _send(f"lead-{lead.pk}-host", lead.topic, settings.CONTACT_EMAIL, note, now, reply_to=lead.email)


def confirmed_again(lead: Lead, *, now: datetime) -> None:
    """Their address was corrected: what went to the old one, or was to go there, goes to the new one."""
    withdraw(about=lead.topic, prefix=f"lead-{lead.pk}-visitor")
    _confirm(lead, f"lead-{lead.pk}-visitor-{now:%Y%m%dT%H%M%S.%f}", now)


def booked(call: Call, *, now: datetime) -> None:
    """A slot was taken: invite both, and write the reminders."""
    _invite(call, "Your intro call is booked", "Booked", (), now)
    announce_call(call, EventType.CALL_BOOKED, now)


def moved(call: Call, *, before: Call, now: datetime) -> None:
    """Another time or another host; ``before`` is the call as it was. A host who is not part of it any more is told."""
    withdraw(about=call.lead.topic, prefix=f"call-{call.pk}-")
    was: list[Part] = []
    if before.begins_at != call.begins_at:
        was.append(f"Before, it was {time_in_words(before.begins_at, call.local_zone)}.")
    if before.host != call.host:
        was.append(f"Before, it was with {before.host.name}.")
        # As it was, for that calendar to find and remove, but counted as the change that it is.
        before.sequence, before.changed_at = call.sequence, call.changed_at
        _release(before, f"{call.host.name} takes this call.", now)
    _invite(call, "Your intro call was changed", "Changed", was, now)
    announce_call(call, EventType.CALL_MOVED, now)


def host_changed(call: Call, *, before: Host, now: datetime) -> None:
    """Its host is met elsewhere, or has another name or address; ``before`` is the host as they were."""
    withdraw(about=call.lead.topic, prefix=f"call-{call.pk}-")
    was: list[Part] = []
    if before.name != call.host.name:
        was.append(f"The name of your host was {before.name} before.")
    if (before.place, before.place_details) != (call.host.place, call.host.place_details):
        was += ["Before, it was to be here:", _place(before)]
    _invite(call, "New details of your intro call", "New details", was, now)


def corrected(call: Call, *, what: str, now: datetime) -> None:
    """What the visitor had said about themselves was corrected: both get it anew, wherever it stands."""
    withdraw(about=call.lead.topic, prefix=f"call-{call.pk}-")
    _invite(call, "New details of your intro call", "New details", [f"Corrected: {what}."], now)


def cancelled(call: Call, *, now: datetime) -> None:
    """Called off, for whichever reason."""
    withdraw(about=call.lead.topic, prefix=f"call-{call.pk}-")
    reason = f"The reason that was given: {call.reason}" if call.reason else "No reason was given."
    letter = Letter(
        f"Your intro call on {time_in_words(call.begins_at, call.local_zone)} is cancelled",
        f"The call with {call.host.name} will not take place.",
        reason,
        "You can ask for another one whenever it suits you.",
        *_result(call.lead),
    )
    _send_about(call, "visitor", call.lead.email, letter, Method.CANCEL, now)
    _release(call, reason, now)
    announce_call(call, EventType.CALL_CANCELLED, now)


def erased(call: Call, *, now: datetime) -> None:
    """The visitor of a call that lies ahead is about to be erased: its host is told which time is free, and no name."""
    call = copy(call)
    call.sequence, call.changed_at = call.sequence + 1, now
    here = time_in_words(call.begins_at, ZoneInfo(call.host.zone))
    letter = Letter(
        f"Cancelled: your call on {here}",
        "You do not have this call any more. Everything about the visitor was erased, which is why this mail does not "
        "say who it was.",
        "Please erase what you have of them, too: the mails about this call, notes, and the entry in your calendar, if "
        "it does not go by itself.",
    )
    text = removal(call, zone=ZoneInfo(call.host.zone))
    parts = _calendar_parts(text, Method.CANCEL)
    key, about = f"call-{call.pk}-{call.sequence}-erased", f"host {call.host.pk}"
    _send(key, about, call.host.email, letter, now, settings.CONTACT_EMAIL, attachments=parts)


def _confirm(lead: Lead, key: str, now: datetime) -> None:
    guide = shelf.edition(lead.edition.guide.key, lead.edition.number).guide
    letter = Letter(
        "We have your request for an intro call",
        "Your request has arrived.",
        plain(guide.call_next),
        *_result(lead),
    )
    _send(key, lead.topic, lead.email, letter, now, reply_to=settings.CONTACT_EMAIL)


def _calendar_parts(text: str, method: Method) -> list[Attachment]:
    """A calendar file, inside, for programs that offer to accept it, and attached, for all others."""
    return [
        Attachment(mimetype=mime_type(method), content=text, alternative=True),
        Attachment(mimetype="application/ics", content=text, filename=INVITE),
    ]


def _invite(call: Call, subject: str, verb: str, was: Sequence[Part], now: datetime) -> None:
    when = time_in_words(call.begins_at, call.local_zone)
    letter = Letter(f"{subject}: {when}", *_details(call), *was, *_own_page(call), *_result(call.lead))
    _send_about(call, "visitor", call.lead.email, letter, Method.REQUEST, now)
    here = time_in_words(call.begins_at, ZoneInfo(call.host.zone))
    host_letter = Letter(f"{verb}: {call.lead.name}, {call.lead.company}, {here}", here, *was, *_for_host(call))
    _send_about(call, "host", call.host.email, host_letter, Method.REQUEST, now)
    dues = [call.begins_at - gap for gap in REMINDERS.values()]
    for before, due, following in zip(REMINDERS, dues, [*dues[1:], call.begins_at], strict=True):
        if due > now:
            _remind(call, before, due, following, now)
    host_due = call.begins_at - REMINDERS["an hour"]
    if host_due > now:
        note = Letter(f"In an hour: {call.lead.name}, {call.lead.company}", here, *_for_host(call))
        key = f"call-{call.pk}-{call.sequence}-reminder-host"
        _send(
            key,
            call.lead.topic,
            call.host.email,
            note,
            now,
            call.lead.email,
            due_at=host_due,
            expires_at=call.begins_at,
        )


def _remind(call: Call, before: str, due: datetime, expires: datetime, now: datetime) -> None:
    when = time_in_words(call.begins_at, call.local_zone)
    letter = Letter(f"In {before}: your intro call, {when}", *_details(call), *_own_page(call))
    key = f"call-{call.pk}-{call.sequence}-reminder-{before.replace(' ', '-')}"
    _send(key, call.lead.topic, call.lead.email, letter, now, call.host.email, due_at=due, expires_at=expires)


def _release(call: Call, why: str, now: datetime) -> None:
    """Take the call out of its host's calendar."""
    host = call.host
    here = time_in_words(call.begins_at, ZoneInfo(host.zone))
    letter = Letter(
        f"Cancelled: {call.lead.name}, {call.lead.company}, {here}", "You do not have this call any more.", why
    )
    _send_about(call, f"released-{host.pk}", host.email, letter, Method.CANCEL, now)


def _send_about(call: Call, what: str, to: str, letter: Letter, method: Method, now: datetime) -> None:
    """A letter with the calendar file."""
    is_visitor = to == call.lead.email
    zone = call.local_zone if is_visitor else ZoneInfo(call.host.zone)
    # The page of the visitor is the key to the call, and is for the visitor alone.
    description = f"Change or cancel: {call.address}" if is_visitor else f"With {call.lead.name}, {call.lead.company}."
    text = invitation(call, method, zone=zone, description=description)
    parts = _calendar_parts(text, method)
    reply_to = call.host.email if is_visitor else call.lead.email
    _send(f"call-{call.pk}-{call.sequence}-{what}", call.lead.topic, to, letter, now, reply_to, attachments=parts)


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
    )


def _details(call: Call) -> list[Part]:
    return [
        f"When: {time_in_words(call.begins_at, call.local_zone)}, 30 minutes.",
        f"With: {call.host.name}.",
        _place(call.host),
    ]


def _place(host: Host) -> Part:
    """Where the call is, as a link where there is one."""
    place = "Video call" if host.place == Place.VIDEO else "Phone call"
    if host.place_details.startswith(("https://", "http://")):
        return Link(place, host.place_details)
    return f"{place}: {host.place_details}"


def _own_page(call: Call) -> list[Part]:
    return [Link("Change the time or cancel the call", call.address)]


def _result(lead: Lead) -> list[Part]:
    return [
        f"Your result: {lead.seen['title']}. Its code is {lead.result_code}.",
        Link("Read your result again", settings.SITE_URL + lead.result_address),
    ]


def _person(lead: Lead) -> list[Part]:
    details = {
        "Name": lead.name,
        "Company": lead.company,
        "Role": lead.job_title,
        "Employees": lead.get_employees_display(),
        "E-mail": lead.email,
        "Phone": lead.phone,
        "Wants to talk about": lead.message,
    }
    return [[f"{label}: {value}" for label, value in details.items() if value]]


def _for_host(call: Call) -> list[Part]:
    return [_place(call.host), *_person(call.lead), *_briefing(call.lead)]


def _briefing(lead: Lead) -> list[Part]:
    """What whoever takes the call reads five minutes before it."""
    briefing = briefing_of(lead)
    parts: list[Part] = [
        Heading(f"They were told: {briefing.title}"),
        briefing.text,
        f"How sure: {briefing.certainty}. {briefing.certainty_text}",
        briefing.doubts,
        Heading("Why"),
        briefing.reasons,
    ]
    if briefing.contradictions:
        parts += [Heading("To clear up"), briefing.contradictions]
    parts += [Heading("Three questions to ask"), briefing.questions, Heading("What would tip it")]
    if briefing.runner_up:
        parts += [f"Next in line is {briefing.runner_up}, if", briefing.tips]
    else:
        parts += ["No single change of an answer would lead elsewhere."]
    return [
        *(part for part in parts if part),
        Link("The lead", lead.staff_address),
        Link("The result as it was seen", settings.SITE_URL + lead.result_address),
    ]
