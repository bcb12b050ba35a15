"""The time zones that are offered, and what an older name is called today."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from zoneinfo import ZoneInfo

from advisor.booking.words import zone_name


def _lines(name: str) -> Iterator[list[str]]:
    """The fields of each line of a table of the tz database."""
    table = files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return (line.split() for line in table.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def inhabited_zones() -> frozenset[str]:
    """The names of the zones that people live in, one or more to a country."""
    return frozenset(name for _, _, name, *_ in _lines("zone.tab"))


@lru_cache(maxsize=1)
def _renamed() -> dict[str, str]:
    """What zones were called before: Asia/Calcutta is Asia/Kolkata. Links to what nobody lives in are left out."""
    links = {fields[2]: fields[1] for fields in _lines("tzdata.zi") if fields[0] == "L"}
    return {old: new for old, new in links.items() if new in inhabited_zones() and old not in inhabited_zones()}


def present_name(zone: str) -> str:
    """The name under which a zone is offered, as browsers may know it by an older one; any other comes back."""
    return _renamed().get(zone, zone)


@lru_cache(maxsize=1)
def offered_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones to choose from, by region: each by its name in the database and in words."""
    named = sorted((name.partition("/")[0], zone_name(ZoneInfo(name)), name) for name in inhabited_zones())
    return [
        ("", [("UTC", "UTC")]),
        *(
            (region, [(name, words) for _, words, name in found])
            for region, found in groupby(named, key=lambda entry: entry[0])
        ),
    ]
