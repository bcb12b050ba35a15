"""Which period is looked at, and with what it is compared."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from advisor.booking.staff import this_century
from advisor.fields import NamedForm
from advisor.insights.periods import Period

LONGEST = 3660
"""Days of a period: ten years."""


def day_field(label: str, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=[this_century])


def edition_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=2_000_000_000)


class PeriodForm(NamedForm):
    """A period, and another beside it if anything of that is filled in."""

    guide = forms.ChoiceField()
    since = day_field("From")
    until = day_field("To")
    edition = edition_field("Edition")
    other_since = day_field("Compare from", required=False)
    other_until = day_field("Compare to", required=False)
    other_edition = edition_field("Compare edition")

    def __init__(self, given: QueryDict, *, guides: list[tuple[str, str]], today: date) -> None:
        """``guides`` are the keys and titles to choose from, the first of them where nothing is chosen."""
        usual = {"guide": guides[0][0], "since": today - timedelta(days=29), "until": today}
        super().__init__({name: str(value) for name, value in usual.items()} | given.dict())
        self.fields["guide"].choices = guides  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for since, until in (("since", "until"), ("other_since", "other_until")):
            first, last = cleaned.get(since), cleaned.get(until)
            if first and last and first > last:
                self.add_error(until, "It is before the first day.")
            elif first and last and (last - first).days >= LONGEST:
                self.add_error(until, "It is more than ten years after the first day.")
        if bool(cleaned.get("other_since")) != bool(cleaned.get("other_until")):
            self.add_error("other_until", "To compare with other days, fill in both.")
        return cleaned

    def periods(self) -> list[Period]:
        """One, or two to be shown side by side; of a form that is valid."""
        given = self.cleaned_data
        first = Period(given["guide"], given["since"], given["until"], given["edition"])
        if not (given["other_since"] or given["other_edition"]):
            return [first]
        days = given["other_since"] or first.since, given["other_until"] or first.until
        return [first, Period(first.guide, *days, given["other_edition"])]
