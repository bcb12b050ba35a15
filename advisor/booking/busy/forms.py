"""The forms on the page of a host's calendars."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from advisor.booking.busy.actions import as_https
from advisor.booking.models import BusyCalendar
from advisor.delivery.webhooks.addresses import ForbiddenAddressError, read_address, resolve
from advisor.fields import NamedModelForm, OneLineField


class PolicyForm(NamedModelForm):
    """What happens when a calendar cannot be read."""

    class Meta:
        model = BusyCalendar
        fields = ("stale_after_hours", "when_stale", "takes_calls")
        labels = {
            "stale_after_hours": "Hours until it is too old",
            "when_stale": "When it is too old",
            "takes_calls": "Write calls into it",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stale_after_hours"].help_text = "While it cannot be read, what was read last counts for this long."
        if self.instance.pk and not self.instance.user_name:
            del self.fields["takes_calls"]


class CalendarForm(PolicyForm):
    """A calendar to add."""

    address = OneLineField(
        label="Secret address of your calendar",
        max_length=2000,
        help_text="It begins with https:// or webcal:// and often ends with .ics. Whoever has it can read your "
        "calendar, so it is kept encrypted and not shown again.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "vLargeTextField"}),
    )
    user_name = OneLineField(
        label="User name",
        max_length=200,
        required=False,
        help_text="For an address of CalDAV alone, such as Nextcloud shows under “Copy private link”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    app_password = forms.CharField(
        label="App password",
        max_length=200,
        required=False,
        help_text="Made for this site in the settings of your provider, never your own. It is kept encrypted.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("address", "user_name", "app_password", "takes_calls", "stale_after_hours", "when_stale")

    def clean_address(self) -> str:
        """Check the address as a webhook's is checked: nothing but the public internet is asked."""
        address = as_https(self.cleaned_data["address"])
        try:
            resolve(read_address(address))
        except ForbiddenAddressError as refusal:
            raise ValidationError(str(refusal)) from None
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("user_name") and not cleaned.get("app_password"):
            self.add_error("app_password", "Please give the app password that belongs to this user name.")
        if cleaned.get("app_password") and not cleaned.get("user_name"):
            self.add_error("user_name", "Please give the user name that belongs to this app password.")
        elif cleaned.get("takes_calls") and not cleaned.get("user_name"):
            self.add_error("takes_calls", "Calls are written by CalDAV, with a user name and an app password only.")
        return cleaned
