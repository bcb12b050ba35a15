"""Writes calendar files: invitation, change and cancellation of a call (RFC 5545 and 5546), and the feed of a host.

A call keeps its UID, and each change raises its SEQUENCE, so a calendar knows the newest version. The organiser is the
sender of our mail, as RFC 6047 requires. Times are written in UTC (RFC 5545, 3.3.5, form 2): each is one instant, also
in the hour that a change of the clock repeats, which a local time cannot tell from the one before.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from advisor.booking.models import Call, CallStatus, Host
from advisor.text import as_mail_carries_it

PRODUCT = "-//Advisor//Intro calls//EN"
ALARM_BEFORE = timedelta(minutes=15)
REFRESH_INTERVAL = timedelta(hours=1)


class Method(StrEnum):
    """What a calendar does with a file: ask its owner to take part, remove the call, or just store it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


def mime_type(method: Method) -> str:
    """The type of a calendar part of a mail. Mail programs need the method in it."""
    return f"text/calendar; method={method.value}; charset=utf-8"


def invitation(call: Call, method: Method, *, description: str) -> str:
    """The file that adds a call to a calendar, changes it there, or removes it."""
    calendar = _calendar()
    calendar.add("method", method.value)
    event = _event(call, summary=f"Intro call: {call.host.name} and {call.lead.name}, {call.lead.company}")
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("description", description)
    event.add("organizer", _address(organiser(), "Advisor"))
    # A published file asks nobody to take part (RFC 5546, 3.2.1).
    if method is not Method.PUBLISH:
        for address, name in ((call.lead.email, call.lead.name), (call.host.email, call.host.name)):
            attendee = _address(address, name)
            attendee.params |= {
                "ROLE": vText("REQ-PARTICIPANT"),
                "PARTSTAT": vText("ACCEPTED"),
                "CUTYPE": vText("INDIVIDUAL"),
            }
            event.add("attendee", attendee)
    if method is not Method.CANCEL:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARM_BEFORE)
        alarm.add("description", f"Intro call with {call.host.name}")
        event.add_component(alarm)
    calendar.add_component(event)
    return _text(calendar)


def removal(call: Call) -> str:
    """The file that removes a call from the calendar of its host. It says nothing about the visitor."""
    calendar = _calendar()
    calendar.add("method", Method.CANCEL.value)
    event = _event(call, summary="Intro call: cancelled")
    event.add("status", "CANCELLED")
    event.add("organizer", _address(organiser(), "Advisor"))
    event.add("attendee", _address(call.host.email, call.host.name))
    calendar.add_component(event)
    return _text(calendar)


def feed(host: Host, calls: Sequence[Call], address_of: dict[int, str]) -> str:
    """The calls of a host for a calendar that subscribes to them. ``address_of`` has the page of staff for each."""
    calendar = _calendar()
    calendar.add("x-wr-calname", f"Intro calls of {host.name}")
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    for call in calls:
        calendar.add_component(_entry(call, address_of[call.pk]))
    return _text(calendar)


def entry(call: Call, address: str) -> str:
    """A call as it stands in the calendar of its host. It names no guests: a server would write to them by itself."""
    calendar = _calendar()
    calendar.add_component(_entry(call, address))
    return _text(calendar)


def _entry(call: Call, address: str) -> Event:
    event = _event(call, summary=f"Intro call: {call.lead.name}, {call.lead.company}")
    event.add("status", "CANCELLED" if call.status == CallStatus.CANCELLED else "CONFIRMED")
    event.add("url", address)
    return event


def organiser() -> str:
    """The sender of our mail, without a name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(call: Call, *, summary: str) -> Event:
    event = Event()
    event.add("uid", call.calendar_uid)
    event.add("sequence", call.sequence)
    event.add("dtstamp", call.changed_at)
    event.add("created", call.booked_at)
    event.add("last-modified", call.changed_at)
    event.add("dtstart", call.begins_at.astimezone(UTC))
    event.add("dtend", call.ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("location", call.host.place_details)
    return event


def _address(address: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{as_mail_carries_it(address)}")
    found.params["CN"] = vText(name)
    return found


def _text(calendar: Calendar) -> str:
    text: str = calendar.to_ical().decode()
    return text
