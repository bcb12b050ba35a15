"""The form for a call with the choice of a time, and the forms of a visitor's own page."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import escape, strip_spaces_between_tags
from django.utils.safestring import SafeString

from advisor.assessment.pages import hidden_fields
from advisor.assessment.partial_cache import concatenated
from advisor.assessment.visit import Visit, visit_with
from advisor.booking.clocks import Clock
from advisor.booking.models import ZONES, Call
from advisor.booking.picker import Picker
from advisor.booking.slots import parse_slot
from advisor.booking.words import time_in_words
from advisor.booking.zones import current_name
from advisor.content.editions import LoadedEdition
from advisor.decision.answers import Answers
from advisor.fields import NamedForm, OneLineField
from advisor.leads.forms import WHEN, CallForm
from advisor.skeletons import fill_in

NO_TIME = "none"
"""The value of "none of these suits me"."""

AFTER_HIDDEN = 1 + len(CallForm.guard())
"""The place in the layout after the fields that nobody sees."""

SLOT_TAKEN_MESSAGE = (
    "That time has just been taken, or is not offered any more. Nothing is lost: please choose another one. These are "
    "the nearest free times."
)
LAST_TAKEN_MESSAGE = "That time has just been taken, or is not offered any more, and no other one is free just now."
SAY_WHEN = "Nothing is lost: choose “None of these suits me”, and we will find a time together."
WRITE_TO_US = "Please look again later, or write to {email}."
ANOTHER_CALL_MESSAGE = (
    "We cannot book one more call with this e-mail address. Nothing is lost: if a call is booked with it already, the "
    "link to change or cancel that one is in a mail that we have sent there."
)
NO_TIME_CHOSEN_MESSAGE = "Please choose a time."
NO_TIMES_LEFT_MESSAGE = (
    "No times are offered any more. Nothing is lost: please send the form as it stands here, and we will find a time "
    "together."
)
PHONE_NEEDED_MESSAGE = "At this time we can call you by phone only. Please give a number, or choose another time."


class SlotField(forms.Field):
    """Reads the chosen instant; None for "none of these suits me"."""

    def clean(self, value: Any) -> Any:
        super().clean(value)
        if not value or value == NO_TIME:
            return None
        begins = parse_slot(value) if isinstance(value, str) else None
        if begins is None:
            raise ValidationError("That is not one of the times. Please choose one of these.")
        return begins


def errors_of(field: BoundField) -> SafeString:
    """What is wrong with a field; "" if nothing is."""
    template = "advisor/layout/help_and_errors.html"
    return render_to_string(template, {"field": field}) if field.errors else SafeString("")


class SlotForm(NamedForm):
    """The choice of a time and a zone. The view sets ``picker``, which shows the times."""

    slot = SlotField(
        label="Choose a time", error_messages={"required": "Please choose a time, or “None of these suits me”."}
    )
    zone = forms.CharField(label="Your time zone", error_messages={"required": "Please choose your time zone."})
    picker: Picker | None = None
    clock = Clock.TWENTY_FOUR
    no_time = True
    """Whether it offers "none of these suits me"."""

    def refuse(self, nearest: Picker) -> None:
        """Say that the chosen time is not free, and show the nearest ones that are, if any."""
        self.picker = nearest
        instead = SAY_WHEN if self.no_time else WRITE_TO_US.format(email=settings.CONTACT_EMAIL)
        self.add_error("slot", SLOT_TAKEN_MESSAGE if nearest.days else f"{LAST_TAKEN_MESSAGE} {instead}")

    def clean_zone(self) -> str:
        """Accept every zone by every name that it has, and return its current name."""
        zone: str = self.cleaned_data["zone"]
        if zone and zone not in ZONES:
            raise ValidationError("We do not know this time zone. Please choose yours from the list.")
        return current_name(zone)

    @property
    def days(self) -> list[SafeString]:
        """The days of the times that are shown."""
        picker = self.picker
        if picker is None:
            return []
        next_day, first = (picker.next.day, "") if picker.next else ("", picker.first)
        return [day.rendered(next_day=next_day, first=first, chosen=self["slot"].value() or "") for day in picker.days]

    @property
    def choice_of_zone(self) -> SafeString:
        """The form for another zone or clock; "" where no times are shown."""
        picker = self.picker
        if picker is None:
            return SafeString("")
        field = self["zone"]
        context = {
            "path": picker.page.path,
            "hidden": hidden_fields(picker.page.pairs),
            "is_guessed": picker.is_zone_guessed,
            "label": field.label,
            "errors": errors_of(field),
            "unknown": "" if field.errors else picker.unknown_zone,
            "options": picker.zone_options,
            "is_twelve_hours": picker.clock is Clock.TWELVE,
        }
        return fill_in("booking/zone.html", context)

    @property
    def times(self) -> SafeString:
        """The choice of a time as it stands in the form; "" where no times are shown."""
        picker = self.picker
        if picker is None:
            return SafeString("")
        field = self["slot"]
        context = {
            "label": field.label,
            "about": f"{picker.length}, {picker.heading}. Times for {picker.zone_words}.",
            "errors": errors_of(field),
            "zone": picker.zone.key,
            "clock": picker.clock_said,
            "week": picker.week,
            "next": picker.next.value if picker.next else "",
            "next_words": f"{picker.next.day}, {picker.next.clock}" if picker.next else "",
            "days": concatenated(self.days),
            "earlier": picker.earlier,
            "later": picker.later,
            "may_say_none": self.no_time,
            "is_none_first": not picker.first,
            "is_none_chosen": field.value() == NO_TIME,
        }
        return SafeString(strip_spaces_between_tags(fill_in("booking/times.html", context)))

    @property
    def chosen_time(self) -> str:
        """The chosen time in words, for a page that cannot show times; "" for none."""
        begins, zone = parse_slot(self.data.get("slot", "")), self.data.get("zone", "")
        return time_in_words(begins, ZoneInfo(zone), self.clock) if begins and zone in ZONES else ""


class BookingForm(SlotForm, CallForm):
    """The request for a call, with the choice of a time if any host is available."""

    def __init__(self, visit: Visit, *args: Any, has_times: bool, **kwargs: Any) -> None:
        super().__init__(visit, *args, **kwargs)
        self.order_fields(["slot", "zone", WHEN] if has_times else ["slot", "zone"])
        if has_times:
            self.helper.layout.insert(AFTER_HIDDEN, Field("slot", template="booking/slot.html"))
            # Below "none of these suits me", which shows it.
            self.helper.layout.insert(AFTER_HIDDEN + 1, self.helper.layout.pop(AFTER_HIDDEN + 2))
            self.helper.layout[-1] = Submit("", "Book the call")
        elif self.data.get("slot"):
            # The hosts cannot be read, so the form carries the time that was chosen before.
            for name in ("slot", "zone"):
                self.fields[name].required = False
            self.helper.layout.insert(AFTER_HIDDEN, Field("slot", template="booking/slot.html"))
        else:
            del self.fields["slot"], self.fields["zone"]

    def without_time(self) -> "BookingForm":
        """The same form without the chosen time."""
        self.change_data(slot="", zone="")
        return self


FORM_ACTION, FORM_KEY, FORM_STAMP, FORM_TOKEN, FORM_TIMES = (f"hole-{token_hex(16)}" for _ in range(5))
"""Stand for what differs from one request to the next in a form that nobody has filled in yet."""


@lru_cache(maxsize=32)
def _unfilled(published: LoadedEdition, *, has_times: bool) -> SafeString:
    initial = {"key": FORM_KEY, "stamp": FORM_STAMP}
    form = BookingForm(visit_with(published, Answers()), initial=initial, has_times=has_times)
    form.helper.form_action = FORM_ACTION
    if has_times:
        form.helper.layout[AFTER_HIDDEN] = HTML(FORM_TIMES)
    html: SafeString = render_crispy_form(form, context={"csrf_token": FORM_TOKEN})
    return html


def filled_in(form: BookingForm, token: str) -> SafeString:
    """The HTML of the form as it was sent, with what is wrong in it."""
    html: SafeString = render_crispy_form(form, context={"csrf_token": token})
    return html


def unfilled(visit: Visit, initial: Mapping[str, str], token: str, times: SafeString) -> SafeString:
    """The HTML of the form as nobody has filled it in yet: rendered once for an edition, and what differs is put in."""
    html = _unfilled(visit.published, has_times=bool(times))
    for hole, value in (
        (FORM_ACTION, escape(visit.call_address)),
        (FORM_KEY, initial["key"]),
        (FORM_STAMP, initial["stamp"]),
        (FORM_TOKEN, token),
        (FORM_TIMES, times),
    ):
        html = SafeString(html.replace(hole, value))
    return html


class TimeForm(SlotForm):
    """The choice of a time and nothing else: another one for a call, or for a request whose time is gone."""

    slot = SlotField(label="Choose a time", error_messages={"required": NO_TIME_CHOSEN_MESSAGE})
    no_time = False

    def __init__(self, action: str, button: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.layout = Layout(Field("slot", template="booking/slot.html"), Submit("", button))

    def clean_slot(self) -> datetime:
        begins: datetime | None = self.cleaned_data["slot"]
        if begins is None:
            raise ValidationError(NO_TIME_CHOSEN_MESSAGE)
        return begins


class CancelForm(NamedForm):
    """Asks for a reason before a call is cancelled."""

    reason = OneLineField(
        max_length=300, required=False, label="Would you tell us why?", help_text="It helps us, and nobody has to."
    )

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = f"{call.path}cancel/"
        self.helper.layout = Layout("reason", Submit("", "Cancel the call", css_class="destructive"))
