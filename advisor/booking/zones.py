"""The time zones that are offered, and the current names of renamed zones."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.booking.words import zone_name


def _table_rows(name: str) -> Iterator[list[str]]:
    """The fields of each line of a table of the tz database."""
    table = files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return (line.split() for line in table.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def inhabited_zones() -> frozenset[str]:
    """The names of the zones in which people live. Each country has one or more."""
    return frozenset(name for _, _, name, *_ in _table_rows("zone.tab"))


@lru_cache(maxsize=1)
def _current_names() -> dict[str, str]:
    """Former names of inhabited zones, with their current names: Asia/Calcutta is Asia/Kolkata."""
    links = {fields[2]: fields[1] for fields in _table_rows("tzdata.zi") if fields[0] == "L"}
    return {old: new for old, new in links.items() if new in inhabited_zones() and old not in inhabited_zones()}


def current_name(zone: str) -> str:
    """The name under which a zone is offered. Browsers may know an older one. Any other name is returned as it is."""
    return _current_names().get(zone, zone)


@lru_cache(maxsize=1)
def offered_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones to choose from, by region. Each has its name in the database and its name for people."""
    named = sorted((name.partition("/")[0], zone_name(ZoneInfo(name)), name) for name in inhabited_zones())
    return [
        ("", [("UTC", "UTC")]),
        *(
            (region, [(name, words) for _, words, name in found])
            for region, found in groupby(named, key=lambda entry: entry[0])
        ),
    ]


@lru_cache(maxsize=1)
def _options() -> SafeString:
    return render_to_string("booking/zone_options.html", {"regions": offered_zones()})


def zone_options(zone: ZoneInfo) -> SafeString:
    """The options of a field for a zone, this one selected. They are rendered once: there are some four hundred."""
    value = format_html('value="{}"', zone.key)
    if value in _options():
        return SafeString(_options().replace(value, f"{value} selected", 1))
    return format_html("<option {} selected>{}</option>", value, zone_name(zone)) + _options()
