"""Types for data policies: which records a room keeps about people, why, for how long, and how they are removed.

Each room states one ``DataPolicy`` in its module ``data_policy``; the setting ``DATA_POLICIES`` lists them. The page
/privacy/, retention, erasure and the data export all read them, so what is promised is what is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

DAYS_IN_A_YEAR = 365


@dataclass(frozen=True)
class RetentionRule:
    """How long records of one kind are kept: a number of days after something happened.

    ``records`` and ``since`` form a sentence: "Requests that came to nothing: 365 days after anything last happened
    with them". ``setting`` names the setting with the number of days. ``due`` finds the records whose time ended before
    an instant. ``remove`` takes some of them, removes those that are still due in one transaction, and returns how many
    it removed. Records that are ``is_short_lived`` are wanted by nobody afterwards: any number may go at once.
    """

    records: str
    setting: str
    since: str
    due: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int]
    is_short_lived: bool = False

    def cutoff(self, now: datetime) -> datetime:
        """Records are due if their last event was before this instant."""
        return now - timedelta(days=self.days)

    @property
    def days(self) -> int:
        days: int = getattr(settings, self.setting)
        return days

    @property
    def days_as_text(self) -> str:
        """Such as "two years" or "180 days"."""
        number, unit = (self.days // DAYS_IN_A_YEAR, "year") if self.days % DAYS_IN_A_YEAR == 0 else (self.days, "day")
        return f"{apnumber(number)} {unit}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class RecordKind:
    """One kind of record, described for visitors on /privacy/.

    ``order`` is the position on the page. ``until`` says how long the records are kept if they have no rule of their
    own. ``models`` are the tables that hold them. ``timestamps`` are fields that are set when a record is written; the
    check for a wrong clock reads the newest of them. ``is_personal`` is false for numbers about all visitors, and
    ``is_of_staff`` true for what is kept about those who work with the site.
    """

    order: int
    title: str
    what: str
    why: str
    who: str
    rules: tuple[RetentionRule, ...] = ()
    until: str = ""
    models: tuple[type[Model], ...] = ()
    timestamps: tuple[tuple[type[Model], str], ...] = ()
    is_personal: bool = True
    is_of_staff: bool = False


@dataclass(frozen=True)
class DataPolicy:
    """Everything a room has to say about personal data.

    ``activity`` filters the leads with which something happened since an instant: they are not due for removal.
    ``before_erasing`` runs in the transaction that erases leads, while they are still there. ``about_people`` finds
    rows about people to which no relation leads: they are disclosed and erased with them. Entries about
    ``audited_models`` in Django's log are removed with the history of requests. ``not_about_visitors`` names the models
    of the room that hold nothing about visitors, so that every model stands in the policy.
    """

    kinds: tuple[RecordKind, ...] = ()
    activity: Callable[[datetime], Q] | None = None
    before_erasing: Callable[[Sequence[Any], datetime], None] | None = None
    about_people: Callable[[Sequence[Any]], QuerySet[Any]] | None = None
    audited_models: tuple[type[Model], ...] = ()
    not_about_visitors: tuple[type[Model], ...] = ()


def data_policies() -> list[DataPolicy]:
    """The policies of all rooms, in the order of the rooms."""
    return [import_string(path) for path in settings.DATA_POLICIES]


def record_kinds() -> list[RecordKind]:
    """All kinds of records of all rooms, in the order of /privacy/."""
    return sorted((kind for policy in data_policies() for kind in policy.kinds), key=lambda kind: kind.order)


def retention_rules() -> list[RetentionRule]:
    """All rules, in the order of /privacy/."""
    return [rule for kind in record_kinds() for rule in kind.rules]
