"""Times in words, always with their zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from advisor.booking.clocks import Clock


def zone_name(zone: ZoneInfo) -> str:
    """The name of a zone for people: "Buenos Aires" for America/Argentina/Buenos_Aires."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def offset_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """The difference of a zone from UTC at an instant: "UTC+2", "UTC−3:30", "UTC"."""
    offset = instant.astimezone(zone).utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    sign = "+" if offset > timedelta(0) else "−"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def zone_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """The zone of a time: "Riga, UTC+2"."""
    name, offset = zone_name(zone), offset_in_words(instant, zone)
    return name if name == offset else f"{name}, {offset}"


def day_of_year(instant: datetime, zone: ZoneInfo) -> str:
    """The day, where the year is said beside it: "Monday, 30 November"."""
    return f"{instant.astimezone(zone):%A, %-d %B}"


def day_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """The day: "Monday, 30 November 2026"."""
    return f"{instant.astimezone(zone):%A, %-d %B %Y}"


def time_of_day(instant: datetime, zone: ZoneInfo, clock: Clock = Clock.TWENTY_FOUR) -> str:
    """The time of day: "09:00", or "9:00 am"."""
    local = instant.astimezone(zone)
    if clock is Clock.TWENTY_FOUR:
        return f"{local:%H:%M}"
    return f"{local:%-I:%M}\N{NO-BREAK SPACE}{'am' if local.hour < 12 else 'pm'}"


def time_in_words(instant: datetime, zone: ZoneInfo, clock: Clock = Clock.TWENTY_FOUR) -> str:
    """Day, time and zone: "Monday, 30 November 2026, 09:00 (Riga, UTC+2)"."""
    return f"{day_in_words(instant, zone)}, {time_of_day(instant, zone, clock)} ({zone_in_words(instant, zone)})"
