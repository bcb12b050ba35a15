"""The form for a call with its choice of a time, and those on a visitor's own page."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from advisor.assessment.visit import Visit
from advisor.booking.models import ZONES, Call
from advisor.booking.picker import Picker, from_value
from advisor.booking.words import time_in_words
from advisor.booking.zones import present_name
from advisor.fields import NamedForm, OneLineField
from advisor.leads.forms import CallForm

NO_TIME = "none"
"""What the form sends for "none of these suits me"."""

NOT_FREE = (
    "That time has just been taken, or is not offered any more. Nothing is lost: please choose another one. These are "
    "the nearest free times."
)
NO_TIME_CHOSEN = "Please choose a time."
NO_TIMES_ANY_MORE = (
    "No times are offered any more. Nothing is lost: please send the form as it stands here, and we will find a time "
    "together."
)
PHONE_NEEDED = "At this time we can call you by phone only. Please give a number, or choose another time."


class SlotField(forms.Field):
    """An instant of those that are offered, or None for "none of these suits me"."""

    def clean(self, value: Any) -> Any:
        super().clean(value)
        if not value or value == NO_TIME:
            return None
        begins = from_value(value) if isinstance(value, str) else None
        if begins is None:
            raise ValidationError("That is not one of the times. Please choose one of these.")
        return begins


class TimeFields(NamedForm):
    """The choice of a time; ``picker`` is what it shows."""

    slot = SlotField(
        label="Choose a time", error_messages={"required": "Please choose a time, or “None of these suits me”."}
    )
    zone = forms.CharField(label="Your time zone", error_messages={"required": "Please choose your time zone."})
    picker: Picker | None = None
    """What is shown; given to it when it is."""
    no_time = True
    """Whether "none of these suits me" can be chosen."""

    def clean_zone(self) -> str:
        """Every zone there is can be chosen, by every name it has."""
        zone: str = self.cleaned_data["zone"]
        if zone and zone not in ZONES:
            raise ValidationError("We do not know this time zone. Please choose yours from the list.")
        return present_name(zone)

    @property
    def chosen_time(self) -> str:
        """What was chosen, in words, where no times can be shown; "" for none."""
        begins, zone = from_value(self.data.get("slot", "")), self.data.get("zone", "")
        return time_in_words(begins, ZoneInfo(zone)) if begins and zone in ZONES else ""


class BookingForm(TimeFields, CallForm):
    """The request for a call together with a time, or alone where nobody is there to have it with."""

    field_order = ["slot", "zone"]

    def __init__(self, visit: Visit, *args: Any, has_times: bool, **kwargs: Any) -> None:
        super().__init__(visit, *args, **kwargs)
        if has_times:
            self.helper.layout.insert(1, Field("slot", template="booking/times.html"))
            self.helper.layout[-1] = Submit("", "Book the call")
        elif self.data.get("slot"):
            # What was chosen before the hosts could not be read any more comes along, and back.
            for name in ("slot", "zone"):
                self.fields[name].required = False
            self.helper.layout.insert(1, Field("slot", template="booking/times.html"))
        else:
            del self.fields["slot"], self.fields["zone"]

    def without_time(self) -> "BookingForm":
        """The same form, everything else kept, as the request alone."""
        self.data = QueryDict(urlencode({**dict(self.data.items()), "slot": "", "zone": ""}))
        return self


class MoveForm(TimeFields):
    """Another time for a call; there has to be one."""

    slot = SlotField(label="Choose a time", error_messages={"required": NO_TIME_CHOSEN})
    no_time = False

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = f"{call.path}change/"
        self.helper.layout = Layout(Field("slot", template="booking/times.html"), Submit("", "Change to this time"))

    def clean_slot(self) -> datetime:
        begins: datetime | None = self.cleaned_data["slot"]
        if begins is None:
            raise ValidationError(NO_TIME_CHOSEN)
        return begins


class CancelForm(NamedForm):
    """Calling it off."""

    reason = OneLineField(
        max_length=300, required=False, label="Would you tell us why?", help_text="It helps us, and nobody has to."
    )

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = f"{call.path}cancel/"
        self.helper.layout = Layout("reason", Submit("", "Cancel the call"))
