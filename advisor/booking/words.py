"""Times in words, always with their zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def zone_name(zone: ZoneInfo) -> str:
    """A zone as people call it: "Buenos Aires" for America/Argentina/Buenos_Aires."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def offset_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """How far a zone is from UTC at an instant: "UTC+2", "UTC−3:30", "UTC"."""
    offset = instant.astimezone(zone).utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    sign = "+" if offset > timedelta(0) else "−"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def zone_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """The zone as it is written beside a time: "Riga, UTC+2"."""
    name, offset = zone_name(zone), offset_in_words(instant, zone)
    return name if name == offset else f"{name}, {offset}"


def day_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """The day: "Monday, 30 November 2026"."""
    return f"{instant.astimezone(zone):%A, %-d %B %Y}"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """The time of day: "09:00"."""
    return f"{instant.astimezone(zone):%H:%M}"


def time_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """All of it: "Monday, 30 November 2026, 09:00 (Riga, UTC+2)"."""
    return f"{day_in_words(instant, zone)}, {clock(instant, zone)} ({zone_in_words(instant, zone)})"
