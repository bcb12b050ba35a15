"""What is kept about visitors, for how long, and how it goes: each room says so of its own in a module ``kept``.

The page /privacy/ and ``manage.py retention`` read the same declarations, so what is promised is what is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Model, QuerySet

YEAR = 365


@dataclass(frozen=True)
class Period:
    """How long records of one kind are kept: so many days after something happened, as a setting says.

    ``of`` and ``since`` are read as "Requests that are lost: 180 days after anything last happened with them".
    ``due`` finds the records whose time ran out before an instant. ``remove`` is given some of them, takes away those
    that are still due, in a transaction of its own, and says how many it were.
    """

    of: str
    setting: str
    since: str
    due: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int]

    def ended(self, now: datetime) -> datetime:
        """What happened last before this instant is not kept any longer."""
        return now - timedelta(days=self.days)

    @property
    def days(self) -> int:
        days: int = getattr(settings, self.setting)
        return days

    @property
    def length(self) -> str:
        """In words: "two years", "180 days"."""
        number, unit = (self.days // YEAR, "year") if self.days % YEAR == 0 else (self.days, "day")
        return f"{apnumber(number)} {unit}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class Kept:
    """One kind of record, in words for visitors. ``until`` says how long where no period of its own does.

    ``written`` names fields that say when a record was written: by the last of them a clock that is wrong is noticed.
    ``is_personal`` is whether it is about a person who asked for a call; otherwise it is a number about all visitors.
    """

    place: int
    title: str
    what: str
    why: str
    who: str
    periods: tuple[Period, ...] = ()
    until: str = ""
    written: tuple[tuple[type[Model], str], ...] = ()
    is_personal: bool = True


_declared: list[Kept] = []


def declare(kept: Kept) -> None:
    """Have it told to visitors, and its periods applied."""
    _declared.append(kept)


def all_kept() -> list[Kept]:
    """Everything that any room keeps, in the order in which it is told."""
    return sorted(_declared, key=lambda kept: kept.place)
