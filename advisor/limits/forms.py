"""What a public form has against programs, and what it says to a person who meets it."""

from typing import Any
from urllib.parse import urlencode

from crispy_forms.layout import Field, LayoutObject
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from advisor.fields import NamedForm
from advisor.limits.stamps import is_in_time, stamp_of
from advisor.metrics import refusals

FILLED_IN_MESSAGE = (
    "A field that only programs see was filled in, perhaps by your browser. It is empty again, and everything else is "
    "as you typed it: please send the form once more."
)
TOO_FAST_MESSAGE = (
    "This came back faster than people fill in a form, so we have not taken it yet. Everything is as you typed it: "
    "please look at it and send it once more in a few seconds."
)


class GuardedForm(NamedForm):
    """A form with a field that people leave empty, and with the signed time at which it was shown."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    homepage = forms.CharField(
        required=False,
        label="Please leave this empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @staticmethod
    def guard() -> tuple[LayoutObject, ...]:
        """The two fields, for the layout of a form."""
        return "stamp", Field("homepage", template="advisor/layout/left_empty.html")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        now, form = timezone.now(), cleaned.get("key", "")
        if cleaned.pop("homepage", ""):
            self.add_error(None, FILLED_IN_MESSAGE)
            self.change_data(homepage="")
            refusals.labels("form, left empty").inc()
        elif settings.FORM_LIMITS and "key" not in self.errors and not is_in_time(cleaned["stamp"], form, now=now):
            self.add_error(None, TOO_FAST_MESSAGE)
            self.change_data(stamp=stamp_of(form, now=now))
            refusals.labels("form, time").inc()
        return cleaned

    def change_data(self, **fields: str) -> None:
        """Show other values than were sent."""
        self.data = QueryDict(urlencode({**dict(self.data.items()), **fields}))
