"""The form for the introductory call."""

from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.assessment.visit import Visit
from advisor.fields import TickBox
from advisor.http import NOT_ALLOWED_IN_HTML
from advisor.leads.models import DETAILS, Lead, Submission
from advisor.limits.forms import GuardedForm
from advisor.limits.stamps import stamp_of

SENT_BEFORE = (
    "This form was sent once already, with other details. Your first request is safe. If you want to make a second one "
    "with what stands here, please send it now."
)

PRIVACY = (
    '<a href="{}" target="_blank" rel="noopener">What we keep, for how long, and your rights</a> (opens in a new tab). '
    "You can withdraw your consent at any time."
)
"""Beside the consent, and no part of its words, which are kept with the request."""


WHEN = "availability"
"""The detail that is asked only of who has found no time to choose."""


def new_key() -> str:
    """A one-time key: makes the same form sent twice one request."""
    return str(uuid4())


def new_form(*, now: datetime) -> dict[str, str]:
    """What a form begins with that is shown now."""
    key = new_key()
    return {"key": key, "stamp": stamp_of(key, now=now)}


def form_field(field: Any, **_: Any) -> Any:
    """The field of the form for a detail, as it is declared."""
    return field.formfield(**field.detail.form)


class Fold(Fieldset):
    """Fields that nobody has to fill in, folded until one of them was, or has an error."""

    template = "advisor/layout/fold.html"
    is_open = False

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        self.is_open = any(form[name].errors or form[name].value() for name in self.fields)
        html: SafeString = super().render(form, context, *args, **kwargs)
        return html


class CallForm(GuardedForm, forms.ModelForm):
    """What we need to prepare the call; lengths are those of the model."""

    key = forms.CharField(
        widget=forms.HiddenInput,
        validators=Submission._meta.get_field("key").validators,
        error_messages={
            "required": "The form was incomplete when it arrived. Nothing is lost: please send it again.",
            "invalid": "The form was changed on its way. Nothing is lost: please send it again.",
        },
    )
    consent = forms.BooleanField(
        widget=TickBox, error_messages={"required": "We need your agreement to keep your request."}
    )

    class Meta:
        model = Lead
        fields = tuple(DETAILS)
        formfield_callback = form_field

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = visit.guide.consent
        self.fields["consent"].help_text = format_html(PRIVACY, reverse("privacy"))
        self.helper = FormHelper()
        # Names the edition, so that what is agreed to is what was read, whatever is published in between.
        self.helper.form_action = visit.call_address
        needed = [name for name in DETAILS if self.fields[name].required]
        offered = [name for name in DETAILS if not self.fields[name].required and name != WHEN]
        self.order_fields([*needed, WHEN, *offered])
        self.helper.layout = Layout(
            "key",
            *self.guard(),
            Fieldset("About you", *needed),
            Div(WHEN, css_class="when"),
            Fold("More that helps us to prepare (optional)", *offered),
            Field("consent"),
            Submit("", "Ask for the call"),
        )

    def validate_constraints(self) -> None:
        """Left to the database, which judges when the lead is made: Django would ask it here, and the form must be able
        to answer while it is away.
        """

    def with_new_key(self) -> Self:
        """The same form, everything typed kept, ready to be sent as a request of its own."""
        self.change_data(**new_form(now=timezone.now()))
        return self

    def as_can_be_shown(self) -> Self:
        """The same form without the characters that a page cannot hold; what is wrong with them stays said."""
        if self.is_bound:
            typed = {name: NOT_ALLOWED_IN_HTML.sub("", value) for name, value in self.data.items()}
            self.data = QueryDict(urlencode(typed))
        return self
