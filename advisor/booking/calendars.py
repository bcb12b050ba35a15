"""Calendar files: invitation, change and cancellation of a call (RFC 5545 and 5546), and a host's feed.

A call keeps its UID for life, and each change raises its SEQUENCE: by these two a calendar knows what replaces what.
The organiser is the address our mail comes from, as RFC 6047 wants it.
"""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from advisor.booking.models import Call, CallStatus, Host
from advisor.text import as_mail_carries_it

PRODUCT = "-//Advisor//Intro calls//EN"
ALARM = timedelta(minutes=15)
REFRESH = timedelta(hours=1)
YEAR = timedelta(days=366)


class Method(StrEnum):
    """What a calendar is asked to do: to take part, to take it out, or, of a file that was fetched, just to keep it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


def mime_type(method: Method) -> str:
    """The type of a calendar part of a mail; mail programs want the method in it, too."""
    return f"text/calendar; method={method.value}; charset=utf-8"


def invitation(call: Call, method: Method, *, zone: ZoneInfo, description: str) -> str:
    """The file that puts a call into a calendar, changes it there, or takes it out. Times are told in ``zone``."""
    calendar = _calendar()
    calendar.add("method", method.value)
    event = _event(call, zone, summary=f"Intro call: {call.host.name} and {call.lead.name}, {call.lead.company}")
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("description", description)
    event.add("organizer", _address(organiser(), "Advisor"))
    # A file that is only kept asks nobody to take part (RFC 5546, 3.2.1).
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
        alarm.add("trigger", -ALARM)
        alarm.add("description", f"Intro call with {call.host.name}")
        event.add_component(alarm)
    calendar.add_component(event)
    return _text(calendar, [call])


def removal(call: Call, *, zone: ZoneInfo) -> str:
    """The file that takes a call out of its host's calendar without a word about the visitor."""
    calendar = _calendar()
    calendar.add("method", Method.CANCEL.value)
    event = _event(call, zone, summary="Intro call: cancelled")
    event.add("status", "CANCELLED")
    event.add("organizer", _address(organiser(), "Advisor"))
    event.add("attendee", _address(call.host.email, call.host.name))
    calendar.add_component(event)
    return _text(calendar, [call])


def feed(host: Host, calls: Sequence[Call], address_of: dict[int, str]) -> str:
    """A host's calls for a calendar that subscribes to them. ``address_of`` says where staff read about each."""
    calendar = _calendar()
    calendar.add("x-wr-calname", f"Intro calls of {host.name}")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for call in calls:
        event = _event(call, ZoneInfo(host.zone), summary=f"Intro call: {call.lead.name}, {call.lead.company}")
        event.add("status", "CANCELLED" if call.status == CallStatus.CANCELLED else "CONFIRMED")
        event.add("url", address_of[call.pk])
        calendar.add_component(event)
    return _text(calendar, calls)


def organiser() -> str:
    """The address our mail comes from, without a name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(call: Call, zone: ZoneInfo, *, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{call.uid}@{organiser().rpartition('@')[2]}")
    event.add("sequence", call.sequence)
    event.add("dtstamp", call.changed_at)
    event.add("created", call.booked_at)
    event.add("last-modified", call.changed_at)
    event.add("dtstart", call.begins_at.astimezone(zone))
    event.add("dtend", call.ends_at.astimezone(zone))
    event.add("summary", summary)
    event.add("location", call.host.place_details)
    return event


def _address(address: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{as_mail_carries_it(address)}")
    found.params["CN"] = vText(name)
    return found


def _text(calendar: Calendar, calls: Sequence[Call]) -> str:
    """With the rules of the zones that are named, for the years that matter: some readers take those of 1970 wrong."""
    if days := [call.begins_at.date() for call in calls]:
        calendar.add_missing_timezones(first_date=min(days) - YEAR, last_date=max(days) + YEAR)
    text: str = calendar.to_ical().decode()
    return text
