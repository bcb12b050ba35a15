"""The public holidays of a country and a region, by their codes: DE, and BY for Bavaria. A library knows them."""

import re
from datetime import date, datetime
from functools import cache

from holidays import country_holidays, list_supported_countries
from holidays.registry import COUNTRIES

YEARS = (-1, 0, 1, 2)
"""Those around this year that a schedule reaches: a host may be booked a year ahead, and moved calls lie behind."""

SMALL = {"And", "Of", "The"}


@cache
def countries() -> dict[str, str]:
    """The name of each country with known holidays by its code, by name."""
    named = {code: _in_words(name) for name, code, *_ in COUNTRIES.values()}
    known = list_supported_countries(include_aliases=False)
    return dict(sorted(((code, named[code]) for code in known if code in named), key=lambda item: item[1]))


def _in_words(name: str) -> str:
    """BosniaAndHerzegovina -> Bosnia and Herzegovina."""
    words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", name)
    return " ".join(word.lower() if word in SMALL and number else word for number, word in enumerate(words))


@cache
def regions(country: str) -> tuple[str, ...]:
    """The regions of a country that have holidays of their own."""
    return tuple(list_supported_countries(include_aliases=False).get(country, ()))


@cache
def holidays_of_year(country: str, region: str, year: int) -> tuple[tuple[date, str], ...]:
    """The days of a year, in order, with their names: in English where the library has them so."""
    found = country_holidays(country, subdiv=region or None, years=year, language="en_US")
    return tuple(sorted(found.items()))


def holidays_around(country: str, region: str, now: datetime) -> tuple[tuple[date, str], ...]:
    """The days of the years around an instant, in order, with their names; none without a country."""
    if not country:
        return ()
    return tuple(found for offset in YEARS for found in holidays_of_year(country, region, now.year + offset))
