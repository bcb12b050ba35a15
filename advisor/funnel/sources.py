"""Where visitors come from, as far as their address says so; bounded, as anyone may put anything into an address."""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from advisor.funnel.models import LONGEST_SOURCE, Count
from advisor.funnel.steps import Key

OTHER = "(other)"
"""Stands for the sources of a day that come after the first so many, for what is no name of a source or may be a
person, and for all that were counted too long ago.
"""

MOST_A_DAY = 200
"""Different sources of one day that are counted apart. Processes that write at once may let in a few more."""

SOURCE = re.compile(r"[\w.:/+&|-]+(?: [\w.:/+&|-]+){0,3}")
"""What a source may be: up to four words, as of a campaign or a site. What is a sentence or holds other signs, such as
an address, is somebody's message to us.
"""

MOST_DIGITS = 8
"""As a date has; numbers of phones and of clicks have more."""

NAMES = ("utm_source", "ref", "utm_referrer")
"""What names a source, the first that is there: a tagged link, a partner, the host of a site that links here."""


def source_of(carried: Mapping[str, str]) -> str:
    """The source in what rode along, in small letters; "" where there is none.

    What is longer than a name of a source, or looks like an address or a number of somebody's, is not kept: these
    numbers outlive the erasure of a person. A name that looks like that of a campaign cannot be told from one, which is
    why all of them are forgotten after a while.
    """
    named = " ".join(next((carried[name] for name in NAMES if carried.get(name)), "").lower().split())
    if not named:
        return ""
    is_one = len(named) <= LONGEST_SOURCE and SOURCE.fullmatch(named)
    return named if is_one and sum(map(str.isdecimal, named)) <= MOST_DIGITS else OTHER


class Sources:
    """The sources that a process has found to be let in already, for the days that it writes."""

    def __init__(self, most: int = MOST_A_DAY) -> None:
        self.most = most
        self._known: dict[date, set[str]] = {}

    def bounded(self, counts: Mapping[Key, int]) -> dict[Key, int]:
        """The same counts, with those of sources that are too many for their day under ``OTHER``."""
        by_day: dict[date, set[str]] = {}
        for key in counts:
            by_day.setdefault(key.day, set()).add(key.source)
        let_in = {day: self._let_in(day, sources) for day, sources in by_day.items()}
        found: dict[Key, int] = {}
        for key, number in counts.items():
            kept = key if key.source in let_in[key.day] else key._replace(source=OTHER)
            found[kept] = found.get(kept, 0) + number
        return found

    def _let_in(self, day: date, wanted: Collection[str]) -> set[str]:
        # Neither takes up room.
        free = {"", OTHER}
        known = self._known.get(day, set())
        unknown = sorted(set(wanted) - known - free)
        if unknown:
            # Other processes write, too. What was rolled back is not there.
            known = set(Count.objects.filter(day=day).values_list("source", flat=True).distinct()) - free
            self._known = {other: some for other, some in self._known.items() if other > day - timedelta(days=2)}
            self._known[day] = known
            room = max(0, self.most - len(known))
            return known | free | set([source for source in unknown if source not in known][:room])
        return known | free
