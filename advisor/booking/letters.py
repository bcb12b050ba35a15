"""The letters about calls: to visitors with the way to their own page, to hosts with the briefing, and to staff.

Each begins with a greeting and ends with a signature. A letter to an address that nobody has confirmed holds nothing
that somebody typed.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from advisor.booking.models import Call, Host, Intake, Place, confirm_address
from advisor.booking.slots import SLOT_LENGTH_IN_WORDS
from advisor.booking.words import time_in_words
from advisor.content.editions import edition_cache
from advisor.content.markdown import plain
from advisor.delivery.letters import Block, Heading, Letter, Link
from advisor.leads.briefing import briefing_of
from advisor.leads.models import DETAILS, Lead


def request_arrived(lead: Lead) -> Letter:
    """To a visitor who named no time."""
    guide = edition_cache.edition(lead.edition.guide.key, lead.edition.number).guide
    subject = "We have your request for an intro call"
    return _to_visitor(lead, subject, "Your request has arrived.", plain(guide.call_next), *_result(lead))


def request_for_staff(lead: Lead) -> Letter:
    """To those who answer such a request."""
    when = f"When it suits them: {lead.availability}" if lead.availability else "They named no time."
    subject = f"Call asked for: {lead.name}, {lead.company}"
    return Letter(subject, "Hello,", when, *_person(lead), *_briefing(lead), _signed_by_site())


def confirmation_asked(intake: Intake, token: str) -> Letter:
    """To an address that may be anybody's."""
    when = time_in_words(intake.begins_at, ZoneInfo(intake.zone)) if intake.begins_at else ""
    if intake.held_until:
        held = f"It is kept free for you until {time_in_words(intake.held_until, ZoneInfo(intake.zone))}."
    else:
        held = "It is yours once you confirm. If somebody books it first, you can choose another time."
    return Letter(
        f"Please confirm your intro call: {when}" if when else "Please confirm that you would like an intro call",
        "Hello,",
        "Somebody, most likely you, asked us for an intro call with this e-mail address.",
        Link("Confirm the call", confirm_address(token)),
        *([f"The time: {when}. {held}"] if when else ()),
        "The link works for a day. If it was not you, do nothing: nothing is booked, and we do not write again.",
        _signed(settings.CONTROLLER_NAME),
    )


def own_page(call: Call) -> Letter:
    """To a visitor who has a call already."""
    return _to_visitor(
        call.lead,
        f"You have an intro call already: {time_in_words(call.begins_at, call.local_zone)}",
        "Somebody, most likely you, tried to book another intro call with this e-mail address. One is booked:",
        *_details(call),
        *_change_or_cancel(call),
        "If it was not you, there is nothing to do: your call stays as it is.",
        host=call.host,
    )


def invitation_to_visitor(call: Call, subject: str, was: Sequence[Block]) -> Letter:
    when = time_in_words(call.begins_at, call.local_zone)
    blocks = *_details(call), *was, *_change_or_cancel(call), *_result(call.lead)
    return _to_visitor(call.lead, f"{subject}: {when}", *blocks, host=call.host)


def invitation_to_host(call: Call, verb: str, was: Sequence[Block]) -> Letter:
    here = _by_host_clock(call)
    return _to_host(call.host, f"{verb}: {_who(call)}, {here}", here, *was, *_for_host(call))


def reminder_to_visitor(call: Call) -> Letter:
    when = time_in_words(call.begins_at, call.local_zone)
    blocks = *_details(call), *_change_or_cancel(call)
    return _to_visitor(call.lead, f"Reminder: your intro call, {when}", *blocks, host=call.host)


def reminder_to_host(call: Call) -> Letter:
    here = _by_host_clock(call)
    return _to_host(call.host, f"Reminder: {_who(call)}, {here}", here, *_for_host(call))


def cancellation_to_visitor(call: Call, by: str) -> Letter:
    """``by`` is the user name of staff, here and below; "" for the visitor."""
    return _to_visitor(
        call.lead,
        f"Your intro call on {time_in_words(call.begins_at, call.local_zone)} is cancelled",
        f"We had to cancel the call with {call.host.name}. It will not take place, and we are sorry."
        if by
        else f"You cancelled the call with {call.host.name}. It will not take place.",
        _reason(call),
        "Another call can be booked whenever it suits you, with the answers that you gave:",
        Link("Book another call", settings.SITE_URL + call.lead.call_address),
        Link("The page of this call", call.address),
        *_result(call.lead),
        host=call.host,
    )


def why_cancelled(call: Call, by: str) -> str:
    """Who cancelled a call and why, for its host."""
    return f"{by or call.lead.name} cancelled it. {_reason(call)}"


def loss_to_host(call: Call, why: str) -> Letter:
    """To a host who does not have a call any more."""
    subject = f"Cancelled: {_who(call)}, {_by_host_clock(call)}"
    return _to_host(call.host, subject, "You do not have this call any more.", why)


def erasure_to_host(call: Call) -> Letter:
    """The same where the visitor is erased. It says nothing about them."""
    return _to_host(
        call.host,
        f"Cancelled: your call on {_by_host_clock(call)}",
        "You do not have this call any more. Everything about the visitor was erased, which is why this mail does not "
        "say who it was.",
        "Please erase what you have of them, too: the mails about this call, notes, and the entry in your calendar, if "
        "it does not go by itself.",
    )


def other_time_asked(call: Call) -> Letter:
    """To a visitor whose host is not there at the time of the call."""
    return _to_visitor(
        call.lead,
        f"Please choose another time for your intro call on {time_in_words(call.begins_at, call.local_zone)}",
        f"{call.host.name} cannot take your call at that time after all, and we are sorry. Every time that is offered "
        "here is a good one:",
        Link("Choose another time", f"{call.address}change/"),
        "Until you choose one, the call stands as it is. You can also write to us by answering this mail.",
        host=call.host,
    )


def busy_at_a_call(call: Call) -> Letter:
    """To a host and to sales: the call takes place unless somebody does something about it."""
    return Letter(
        f"{call.host.name} is busy at the time of a call: {_by_host_clock(call)}",
        "Hello,",
        f"The calendar of {call.host.name} says by now that they are busy when the call with {_who(call)} takes place: "
        f"{_by_host_clock(call)}.",
        "The call stays as it is. Give it to another host or move it; or leave it, if the other thing gives way. If "
        "their calendar means the call itself, there is nothing to do.",
        Link("The call", settings.SITE_URL + reverse("admin:booking_call_change", args=[call.pk])),
        "This is said once.",
        _signed_by_site(),
    )


def place(host: Host) -> Block:
    """Where the call takes place, as a link if it is an address."""
    kind = "Video call" if host.place == Place.VIDEO else "Phone call"
    if host.place_details.startswith(("https://", "http://")):
        return Link(kind, host.place_details)
    return f"{kind}: {host.place_details}"


def _to_visitor(lead: Lead, subject: str, *blocks: Block, host: Host | None = None) -> Letter:
    names = [host.name] if host else []
    return Letter(subject, f"Hello {lead.name},", *blocks, _signed(*names, settings.CONTROLLER_NAME))


def _to_host(host: Host, subject: str, *blocks: Block) -> Letter:
    return Letter(subject, f"Hello {host.name},", *blocks, _signed_by_site())


def _signed(*names: str) -> str:
    # A site on trial has no controller yet.
    return "\n".join(["Kind regards", *filter(None, names)])


def _signed_by_site() -> str:
    return _signed(f"Advisor, at {settings.SITE_URL}")


def _by_host_clock(call: Call) -> str:
    return time_in_words(call.begins_at, ZoneInfo(call.host.zone))


def _who(call: Call) -> str:
    return f"{call.lead.name}, {call.lead.company}"


def _reason(call: Call) -> str:
    return f"The reason that was given: {call.reason}" if call.reason else "No reason was given."


def _details(call: Call) -> list[Block]:
    return [
        f"When: {time_in_words(call.begins_at, call.local_zone)}, {SLOT_LENGTH_IN_WORDS}.",
        f"With: {call.host.name}.",
        place(call.host),
    ]


def _change_or_cancel(call: Call) -> list[Block]:
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
    return [place(call.host), *_person(call.lead), *_briefing(call.lead)]


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
