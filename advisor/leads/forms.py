"""The form for the introductory call."""

from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Submit
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from advisor.assessment.visit import Visit
from advisor.fields import AddressField, ManyLinesField, NamedErrors, OneLineField, PhoneField
from advisor.http import NOT_IN_PAGES
from advisor.leads.models import Employees, Lead, Submission

AGAIN = (
    "This form was sent once already, with other details. Your first request is safe. If you want to make a second one "
    "with what stands here, please send it now."
)


PRIVACY = (
    '<a href="{}" target="_blank" rel="noopener">What we keep, for how long, and your rights</a> (opens in a new tab). '
    "You can withdraw your consent at any time."
)
"""Beside the consent, and no part of its words, which are kept with the request."""

AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "company": "organization",
    "job_title": "organization-title",
    "phone": "tel",
}


def new_key() -> str:
    """A one-time key: makes the same form sent twice one request."""
    return str(uuid4())


class CallForm(NamedErrors, forms.ModelForm):
    """What we need to prepare the call; lengths are those of the model."""

    key = forms.CharField(
        widget=forms.HiddenInput,
        validators=Submission._meta.get_field("key").validators,
        error_messages={
            "required": "The form was incomplete when it arrived. Nothing is lost: please send it again.",
            "invalid": "The form was changed on its way. Nothing is lost: please send it again.",
        },
    )
    employees = forms.ChoiceField(
        choices=[("", "Prefer not to say"), *Employees.choices], required=False, label="Number of employees"
    )
    consent = forms.BooleanField(error_messages={"required": "We need your agreement to keep your request."})

    class Meta:
        model = Lead
        fields = ("name", "email", "company", "job_title", "phone", "employees", "message", "availability")
        labels = {
            "name": "Your name",
            "email": "E-mail address",
            "company": "Company",
            "job_title": "Your role in the company",
            "phone": "Phone",
            "message": "What would you like to talk about?",
            "availability": "When does it suit you?",
        }
        help_texts = {
            "email": "We reply to this address and use it for nothing else.",
            "availability": "Days or times that are good, and your time zone: Tuesday and Thursday mornings, Riga.",
        }
        error_messages = {
            "name": {"required": "Please tell us your name."},
            "email": {
                "required": "Please give an e-mail address, so that we can answer.",
            },
            "company": {"required": "Please tell us the name of your company."},
        }
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}
        field_classes = {
            "name": OneLineField,
            "email": AddressField,
            "company": OneLineField,
            "job_title": OneLineField,
            "phone": PhoneField,
            "message": ManyLinesField,
            "availability": OneLineField,
        }

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = visit.guide.consent
        self.fields["consent"].help_text = format_html(PRIVACY, reverse("privacy"))
        for name, token in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.fields["phone"].widget.input_type = "tel"
        self.helper = FormHelper()
        # Names the edition, so that what is agreed to is what was read, whatever is published in between.
        self.helper.form_action = visit.call_address
        self.helper.layout = Layout(
            "key",
            Fieldset("About you", "name", "email", "company", "job_title", "phone", "employees"),
            Fieldset("About the call", "message", "availability"),
            Field("consent"),
            Submit("", "Ask for the call"),
        )

    def validate_constraints(self) -> None:
        """Left to the database, which judges when the lead is made: Django would ask it here, and the form must be able
        to answer while it is away.
        """

    def with_new_key(self) -> Self:
        """The same form, everything typed kept, ready to be sent as a request of its own."""
        self.data = QueryDict(urlencode({**dict(self.data.items()), "key": new_key()}))
        return self

    def as_can_be_shown(self) -> Self:
        """The same form without the characters that a page cannot hold; what is wrong with them stays said."""
        if self.is_bound:
            typed = {name: NOT_IN_PAGES.sub("", value) for name, value in self.data.items()}
            self.data = QueryDict(urlencode(typed))
        return self
