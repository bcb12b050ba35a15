"""Reads from an address where a visitor comes from. Anyone may write there, so length and number are limited."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from advisor.funnel.models import MAX_SOURCE_LENGTH, Count
from advisor.funnel.steps import CountKey

OTHER_SOURCES = "(other)"
"""Bucket for sources beyond the daily maximum, for texts that are no source or may name a person, and for sources that
were counted too long ago.
"""

MAX_SOURCES_PER_DAY = 200
"""Different sources that are counted on one day. Processes that write at once may admit a few more."""

SOURCE = re.compile(r"[\w.:/+&|-]+(?: [\w.:/+&|-]+){0,3}")
"""A source has up to four words, like a campaign or a site. A sentence, or a text with other characters such as an
e-mail address, is somebody's message to us.
"""

MAX_DIGITS = 8
"""A date has this many digits; phone numbers and click ids have more."""

SOURCE_PARAMETERS = ("utm_source", "ref", "utm_referrer")
"""The parameters that name a source; the first that is there counts. They stand for a tagged link, a partner, and the
host of a site that links here.
"""


def source_of(first_touch: Mapping[str, str]) -> str:
    """The source that a first touch names, in lower case; "" if it names none.

    A text that is too long for a source, or looks like somebody's address or phone number, is not stored, because the
    counts outlive the erasure of a person. A person's name may still look like a campaign, so all sources are forgotten
    after a while.
    """
    given = next((first_touch[name] for name in SOURCE_PARAMETERS if first_touch.get(name)), "")
    named = " ".join(given.lower().split())
    if not named:
        return ""
    is_one = len(named) <= MAX_SOURCE_LENGTH and SOURCE.fullmatch(named)
    return named if is_one and sum(map(str.isdecimal, named)) <= MAX_DIGITS else OTHER_SOURCES


class DailySources:
    """Limits the sources of each day, and remembers which are admitted."""

    def __init__(self, most: int = MAX_SOURCES_PER_DAY) -> None:
        self.most = most
        self._known: dict[date, set[str]] = {}

    def limit(self, counts: Mapping[CountKey, int]) -> Counter[CountKey]:
        """The same counts, with sources beyond the maximum of their day as ``OTHER_SOURCES``."""
        by_day: dict[date, set[str]] = {}
        for key in counts:
            by_day.setdefault(key.day, set()).add(key.source)
        admitted = {day: self._admit(day, sources) for day, sources in by_day.items()}
        found = Counter[CountKey]()
        for key, number in counts.items():
            found[key if key.source in admitted[key.day] else key._replace(source=OTHER_SOURCES)] += number
        return found

    def _admit(self, day: date, wanted: Collection[str]) -> set[str]:
        # These two do not count towards the maximum.
        free = {"", OTHER_SOURCES}
        known = self._known.get(day, set()) | free
        if known.issuperset(wanted):
            return known
        # Ask the database, because other processes write as well, and a transaction may have been rolled back.
        known = set(Count.objects.filter(day=day).values_list("source", flat=True).distinct()) - free
        self._known = {other: some for other, some in self._known.items() if other > day - timedelta(days=2)}
        self._known[day] = known
        room = max(0, self.most - len(known))
        return known | free | set(sorted(set(wanted) - known - free)[:room])
