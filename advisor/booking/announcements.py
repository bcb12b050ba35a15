"""Announces requests and calls: to visitors and hosts by mail, to other systems by webhooks.

Each announcement goes into the outbox in the transaction of the change that it announces. Its key names the call and
its number of changes, and the host where it goes to one, so nothing is written twice. Reminders are written when a call
is booked, and sent when they are due. A change of the call withdraws all its unsent mail, but not what tells former
hosts that it is not theirs any more: a host who may have been told of a call is told when it is gone, and no other is.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from advisor.booking.calendars import Method, invitation, mime_type, removal
from advisor.booking.models import LINK_LIFETIME, Call, Host, Intake, Place, confirm_address
from advisor.booking.payloads import announce_call
from advisor.booking.slots import SLOT_LENGTH_IN_WORDS
from advisor.booking.words import time_in_words
from advisor.content.editions import edition_cache
from advisor.content.markdown import plain
from advisor.delivery.actions import keys_of_unsent, send_mail, told_last, withdraw
from advisor.delivery.letters import Block, Heading, Letter, Link
from advisor.delivery.mail import Attachment
from advisor.delivery.models import EventType
from advisor.leads.briefing import briefing_of
from advisor.leads.models import DETAILS, Lead

REMINDERS = {"a day": timedelta(days=1), "an hour": timedelta(hours=1)}
"""How long before a call the visitor gets a reminder. The host gets the last one, with the briefing.

It names the time of the call and not the time that is left, as it may go out late: it expires only when the next one
is due.
"""

INVITATION_FILENAME = "invite.ics"


def announce_request(lead: Lead, *, now: datetime) -> None:
    """Confirm a request without a time to the visitor, and announce it to the staff who answer."""
    _confirm(lead, f"lead-{lead.pk}-visitor", now)
    when = f"When it suits them: {lead.availability}" if lead.availability else "They named no time."
    note = Letter(f"Call asked for: {lead.name}, {lead.company}", when, *_person(lead), *_briefing(lead))
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
        was += ["Before, it was to be here:", _place(before)]
    _invite(call, "New details of your intro call", "New details", was, now)


def announce_correction(call: Call, *, what: str, now: datetime) -> None:
    """Invite both again after details of the visitor were corrected. ``what`` names the details."""
    _withdraw(call)
    _invite(call, "New details of your intro call", "New details", [f"Corrected: {what}."], now)


def ask_to_confirm(intake: Intake, token: str, *, rank: int, now: datetime) -> None:
    """Ask an address whether it wants the call. It holds nothing that somebody typed: it may be anybody's address."""
    when = time_in_words(intake.begins_at, ZoneInfo(intake.zone)) if intake.begins_at else ""
    if intake.held_until:
        held = f"It is kept free for you until {time_in_words(intake.held_until, ZoneInfo(intake.zone))}."
    else:
        held = "It is yours once you confirm. If somebody books it first, you can choose another time."
    letter = Letter(
        f"Please confirm your intro call: {when}" if when else "Please confirm that you would like an intro call",
        "Somebody, most likely you, asked us for an intro call with this e-mail address.",
        Link("Confirm the call", confirm_address(token)),
        *([f"The time: {when}. {held}"] if when else ()),
        "The link works for a day. If it was not you, do nothing: nothing is booked, and we do not write again.",
    )
    key, expires = f"{intake}-confirmation", now + LINK_LIFETIME
    to = intake.details["email"]
    _send(key, intake.topic, to, letter, now, settings.CONTACT_EMAIL, expires_at=expires, rank=rank)


def remind_of_own_page(call: Call, number: str, *, now: datetime) -> None:
    """Mail a visitor the link to the call that they have, because somebody tried to book another one."""
    when = time_in_words(call.begins_at, call.local_zone)
    letter = Letter(
        f"You have an intro call already: {when}",
        "Somebody, most likely you, tried to book another intro call with this e-mail address. One is booked:",
        *_details(call),
        *_own_page(call),
        "If it was not you, there is nothing to do: your call stays as it is.",
    )
    _send(_key(call, f"own-page-{number}"), call.lead.topic, call.lead.email, letter, now, call.host.email)


def announce_cancellation(call: Call, *, now: datetime) -> None:
    """Announce that a call is cancelled, with its reason."""
    _withdraw(call)
    reason = f"The reason that was given: {call.reason}" if call.reason else "No reason was given."
    letter = Letter(
        f"Your intro call on {time_in_words(call.begins_at, call.local_zone)} is cancelled",
        f"The call with {call.host.name} will not take place.",
        reason,
        "You can ask for another one whenever it suits you.",
        *_result(call.lead),
    )
    _send_about(call, _key(call, "visitor"), call.lead.email, letter, Method.CANCEL, now)
    _announce_loss(call, reason, now)
    announce_call(call, EventType.CALL_CANCELLED, now)


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
    here = time_in_words(call.begins_at, ZoneInfo(call.host.zone))
    letter = Letter(
        f"Cancelled: your call on {here}",
        "You do not have this call any more. Everything about the visitor was erased, which is why this mail does not "
        "say who it was.",
        "Please erase what you have of them, too: the mails about this call, notes, and the entry in your calendar, if "
        "it does not go by itself.",
    )
    text = removal(call)
    parts = _calendar_parts(text, Method.CANCEL)
    key, about = _key(call, f"erased-{call.host_id}"), f"host {call.host_id}"
    _send(key, about, call.host.email, letter, now, settings.CONTACT_EMAIL, attachments=parts)


def _confirm(lead: Lead, key: str, now: datetime) -> None:
    guide = edition_cache.edition(lead.edition.guide.key, lead.edition.number).guide
    subject, arrived = "We have your request for an intro call", "Your request has arrived."
    letter = Letter(subject, arrived, plain(guide.call_next), *_result(lead))
    _send(key, lead.topic, lead.email, letter, now, reply_to=settings.CONTACT_EMAIL)


def _calendar_parts(text: str, method: Method) -> list[Attachment]:
    """A calendar file twice: as an alternative, for programs that offer to accept it, and attached, for all others."""
    return [
        Attachment(mimetype=mime_type(method), content=text, alternative=True),
        Attachment(mimetype="application/ics", content=text, filename=INVITATION_FILENAME),
    ]


def _invite(call: Call, subject: str, verb: str, was: Sequence[Block], now: datetime) -> None:
    when = time_in_words(call.begins_at, call.local_zone)
    letter = Letter(f"{subject}: {when}", *_details(call), *was, *_own_page(call), *_result(call.lead))
    _send_about(call, _key(call, "visitor"), call.lead.email, letter, Method.REQUEST, now)
    here = time_in_words(call.begins_at, ZoneInfo(call.host.zone))
    host_letter = Letter(f"{verb}: {call.lead.name}, {call.lead.company}, {here}", here, *was, *_for_host(call))
    _send_about(call, _key(call, f"host-{call.host_id}"), call.host.email, host_letter, Method.REQUEST, now)
    dues = [call.begins_at - gap for gap in REMINDERS.values()]
    for before, due, following in zip(REMINDERS, dues, [*dues[1:], call.begins_at], strict=True):
        if due > now:
            _remind(call, before, due, following, now)
    host_due = dues[-1]
    if host_due > now:
        note = Letter(f"Reminder: {call.lead.name}, {call.lead.company}, {here}", here, *_for_host(call))
        key, topic, to = (
            _key(call, f"reminder-host-{call.host_id}"),
            call.lead.topic,
            call.host.email,
        )
        _send(key, topic, to, note, now, call.lead.email, due_at=host_due, expires_at=call.begins_at)


def _remind(call: Call, before: str, due: datetime, expires: datetime, now: datetime) -> None:
    when = time_in_words(call.begins_at, call.local_zone)
    letter = Letter(f"Reminder: your intro call, {when}", *_details(call), *_own_page(call))
    key = _key(call, f"reminder-{before.replace(' ', '-')}")
    _send(key, call.lead.topic, call.lead.email, letter, now, call.host.email, due_at=due, expires_at=expires)


def _announce_loss(call: Call, why: str, now: datetime) -> None:
    """Tell a host that the call is not theirs any more, and take it out of their calendar.

    A host whose invitation never went out knows nothing of the call, and stays so.
    """
    if not _may_know(call, now):
        return
    host = call.host
    here = time_in_words(call.begins_at, ZoneInfo(host.zone))
    letter = Letter(
        f"Cancelled: {call.lead.name}, {call.lead.company}, {here}", "You do not have this call any more.", why
    )
    key = f"{_release_prefix(call)}{call.sequence}"
    _send_about(call, key, host.email, letter, Method.CANCEL, now)


def _withdraw(call: Call) -> None:
    """Withdraw what is unsent of the mail about a call to the visitor and the host."""
    withdraw(about=call.lead.topic, prefix=_prefix(call))


def _prefix(call: Call) -> str:
    """How the keys of all mail begin that invites to this call, changes it, cancels it or reminds of it."""
    return f"call-{call.pk}-"


def _key(call: Call, what: str) -> str:
    """The key of one of these, for this version of the call."""
    return f"{_prefix(call)}{call.sequence}-{what}"


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
    keys = rf"^{_prefix(call)}\d+-(reminder-)?host(-{call.host_id})?$|^{_release_prefix(call)}"
    return told_last(about=call.lead.topic, keys=keys).startswith(_prefix(call))


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


def _details(call: Call) -> list[Block]:
    return [
        f"When: {time_in_words(call.begins_at, call.local_zone)}, {SLOT_LENGTH_IN_WORDS}.",
        f"With: {call.host.name}.",
        _place(call.host),
    ]


def _place(host: Host) -> Block:
    """Where the call takes place, as a link if it is an address."""
    place = "Video call" if host.place == Place.VIDEO else "Phone call"
    if host.place_details.startswith(("https://", "http://")):
        return Link(place, host.place_details)
    return f"{place}: {host.place_details}"


def _own_page(call: Call) -> list[Block]:
    return [Link("Change the time or cancel the call", call.address)]


def _result(lead: Lead) -> list[Block]:
    return [
        f"Your result: {lead.seen['title']}. Its code is {lead.result_code}.",
        Link("Read your result again", settings.SITE_URL + lead.short_address),
    ]


def _person(lead: Lead) -> list[Block]:
    """The details of the person. Their availability stands elsewhere, or a booked time replaces it."""
    given = {detail.name_for_staff: detail.in_words(lead) for name, detail in DETAILS.items() if name != "availability"}
    return [[f"{heading}: {words}" for heading, words in given.items() if words]]


def _for_host(call: Call) -> list[Block]:
    return [_place(call.host), *_person(call.lead), *_briefing(call.lead)]


def _briefing(lead: Lead) -> list[Block]:
    """What the host reads five minutes before the call."""
    briefing = briefing_of(lead)
    blocks: list[Block] = [
        Heading(f"They were told: {briefing.title}"),
        f"How sure: {briefing.certainty}.",
        briefing.doubts,
        Heading("What they said, and what they recognised"),
        briefing.sides,
        Heading("Three questions to ask"),
        briefing.questions,
    ]
    if briefing.to_clear_up:
        blocks += [Heading("Also to clear up"), briefing.to_clear_up]
    blocks += [Heading("What would tip it")]
    if briefing.runner_up:
        blocks += [f"Closest alternative: {briefing.runner_up}, if", briefing.tips]
    else:
        blocks += ["No single change of an answer would lead elsewhere."]
    read = [briefing.text, briefing.certainty_text, *briefing.contradictions, *briefing.reasons]
    blocks += [Heading("What they read"), [f"“{words}”" for words in read]]
    links = [
        Link("The lead", lead.staff_address),
        Link("The result as it was seen", settings.SITE_URL + lead.result_address),
    ]
    if lead.comparison_address:
        links.append(Link("Side by side with those they compared it with", settings.SITE_URL + lead.comparison_address))
    return [*(block for block in blocks if block), *links]
