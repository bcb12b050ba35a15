"""Periods: some days of a guide, for one edition or for all of them, and the form that asks for them."""

from datetime import date, timedelta
from typing import Any

import msgspec
from django import forms
from django.http import QueryDict
from msgspec.structs import replace

from advisor.booking.staff_views import validate_this_century
from advisor.fields import NamedForm

MAX_DAYS = 3660
"""Days of a period, which are ten years."""


class Period(msgspec.Struct, frozen=True):
    """The days from ``since`` to ``until``, both included, in UTC. ``edition`` is None for all editions."""

    guide: str
    since: date
    until: date
    edition: int | None = None

    def __str__(self) -> str:
        days = " to ".join(dict.fromkeys(f"{day:%-d %B %Y}" for day in (self.since, self.until)))
        return days if self.edition is None else f"{days}, edition {self.edition}"

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.until - self.since).days + 1

    def before(self) -> "Period":
        """The period of the same length that ends the day before this one."""
        return replace(self, since=self.since - timedelta(days=self.days), until=self.since - timedelta(days=1))

    def last(self, days: int) -> "Period":
        """The last days of this period, or a longer one with the same end."""
        return replace(self, since=self.until - timedelta(days=days - 1))


def buckets(period: Period) -> list[tuple[date, date]]:
    """The first and the last day of each part: a day, a week or a month, depending on the length of the period.

    The first and the last part may be shorter.
    """
    firsts = [period.since + timedelta(days=number) for number in range(period.days)]
    if period.days > 190:
        firsts = [day for day in firsts if day.day == 1 or day == period.since]
    elif period.days > 31:
        firsts = [day for day in firsts if day.weekday() == 0 or day == period.since]
    ends = [first - timedelta(days=1) for first in firsts[1:]] + [period.until]
    return list(zip(firsts, ends, strict=True))


def day_field(label: str, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=[validate_this_century])


def edition_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=2_000_000_000)


class PeriodForm(NamedForm):
    """A period, and a second one if any of its fields is filled in."""

    guide = forms.ChoiceField()
    since = day_field("From")
    until = day_field("To")
    edition = edition_field("Edition")
    other_since = day_field("Compare from", required=False)
    other_until = day_field("Compare to", required=False)
    other_edition = edition_field("Compare edition")

    def __init__(self, query: QueryDict, *, guides: list[tuple[str, str]], today: date) -> None:
        """``guides`` are the keys and titles to choose from; the first is the default."""
        defaults = {"guide": guides[0][0], "since": today - timedelta(days=29), "until": today}
        super().__init__({name: str(value) for name, value in defaults.items()} | query.dict())
        self.fields["guide"].choices = guides  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for since, until in (("since", "until"), ("other_since", "other_until")):
            first, last = cleaned.get(since), cleaned.get(until)
            if first and last and first > last:
                self.add_error(until, "The last day is before the first day.")
            elif first and last and (last - first).days >= MAX_DAYS:
                self.add_error(until, "The period is longer than ten years.")
        if bool(cleaned.get("other_since")) != bool(cleaned.get("other_until")):
            self.add_error("other_until", "To compare with other days, fill in both.")
        return cleaned

    def periods(self) -> list[Period]:
        """One period, or two to compare. The form must be valid."""
        data = self.cleaned_data
        first = Period(data["guide"], data["since"], data["until"], data["edition"])
        if not (data["other_since"] or data["other_edition"]):
            return [first]
        days = data["other_since"] or first.since, data["other_until"] or first.until
        return [first, Period(first.guide, *days, data["other_edition"])]
