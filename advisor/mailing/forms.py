"""The form that asks for an address, and the buttons of the pages behind its links."""

from datetime import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict

from advisor.assessment.visit import Visit, address_beside_result
from advisor.fields import AddressField
from advisor.limits.forms import GuardedForm
from advisor.limits.stamps import stamp_of


class AskForm(GuardedForm):
    """Where a result shall go."""

    email = AddressField(
        label="Your e-mail address",
        max_length=254,
        help_text="We ask this address first whether it wants the result, and then send it once.",
        error_messages={"required": "Please give the e-mail address that the result shall go to."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, visit: Visit, data: QueryDict | None, *, now: datetime) -> None:
        super().__init__(data, initial={"stamp": stamp_of("", now=now)})
        self.helper = FormHelper()
        self.helper.form_action = address_beside_result("mail-result", visit)
        self.helper.layout = Layout(*self.guard(), "email", Submit("", "Send it to me"))
