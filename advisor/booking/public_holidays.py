"""The public holidays of a country and a region, by their codes: DE, and BY for Bavaria. A library knows them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays, list_supported_countries
from holidays.registry import COUNTRIES

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
def holidays_of_year(country: str, region: str, year: int) -> dict[date, str]:
    """The names of the days of a year: in English where the library has them so."""
    return dict(country_holidays(country, subdiv=region or None, years=year, language="en_US"))


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays that are days off, by country and region; without a country there are none."""

    country: str = ""
    region: str = ""

    def __contains__(self, day: date) -> bool:
        return bool(self.name(day))

    def name(self, day: date) -> str:
        """The name of the holiday on a day; "" if it is none."""
        return holidays_of_year(self.country, self.region, day.year).get(day, "") if self.country else ""

    def following(self, first: date) -> list[tuple[date, str]]:
        """Those of a year from a day on, in order, with their names."""
        days = (first + timedelta(days=number) for number in range(366))
        return [(day, name) for day in days if (name := self.name(day))]


NO_HOLIDAYS = PublicHolidays()
