"""Corrects the details of a person, in their requests and in their calls, on a page for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking import announcements
from advisor.booking.actions import PhoneNeededError, save_change
from advisor.booking.busy.writing import write_call
from advisor.booking.models import Call, Place
from advisor.fields import NamedModelForm, NameField, OneLineField
from advisor.leads.actions.correcting import CORRECTABLE_FIELDS, correct, fields_in_words, lock_people
from advisor.leads.desk.pages import address_of, staff_page
from advisor.leads.models import DETAILS, Lead
from advisor.leads.rights import WORK_ON_LEADS
from advisor.posts import refusal_of, shows_again
from advisor.rights import requires
from advisor.stale import StaleCheckForm


@transaction.atomic
def correct_details(*, lead: Lead, details: Mapping[str, str], reason: str, by: str, now: datetime) -> int:
    """Correct details of a person in all their requests and calls. Returns the number of corrected requests.

    It announces a call ahead again, to the new address. Its page gets a new address as well, because whoever reads the
    old mail could cancel the call. It confirms an unanswered request again.
    Raises ``PhoneNeededError`` if a call by phone lies ahead and no number is left.
    """
    # Erasing locks in the same order: people, calls, leads.
    lock_people(lead, details["email"])
    locked = Call.objects.select_for_update(of=("self",)).select_related("host").filter(lead__person=lead.person_id)
    calls = {call.lead_id: call for call in locked.order_by("pk")}
    corrections = correct(lead=lead, details=details, reason=reason, by=by, now=now)
    for one in corrections:
        call = calls.get(one.lead.pk)
        if call:
            call.lead = one.lead
            _correct_call(call, one.fields, now)
        elif "email" in one.fields and one.lead.is_open and not one.lead.responded_at:
            announcements.confirm_again(one.lead, now=now)
    return len(corrections)


def _correct_call(call: Call, fields: tuple[str, ...], now: datetime) -> None:
    is_ahead = call.can_be_changed(now)
    if is_ahead and call.host.place == Place.PHONE and not call.lead.phone:
        raise PhoneNeededError
    # Of a call that is over nobody is told, so the link stays, unless it is in a mail to a wrong address.
    save_change(call, now, renews_link=is_ahead or "email" in fields)
    if is_ahead:
        announcements.announce_correction(call, what=fields_in_words(fields), now=now)
        write_call(call, [call.host], now=now)


class CorrectionForm(StaleCheckForm, NamedModelForm):
    """The details of a person, with the rules of the form for a call."""

    stale_message = (
        "Somebody corrected this while you had it open. What they wrote is at the fields; sending again replaces it."
    )
    reason = OneLineField(
        label="Why",
        max_length=300,
        required=False,
        help_text="For the history, if there is something to say. Do not repeat there what was wrong.",
    )

    class Meta:
        model = Lead
        fields = CORRECTABLE_FIELDS
        field_classes = {name: DETAILS[name].form["form_class"] for name in CORRECTABLE_FIELDS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employees"].choices = DETAILS["employees"].form["choices"]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if isinstance(field, NameField):
                # It may be older than the rule about links; who corrects something else leaves it as it is.
                field.kept = self.initial[name]

    def validate_constraints(self) -> None:
        """Leave the constraints to the database."""

    def current_values(self) -> dict[str, Any]:
        return {name: self.initial[name] for name in CORRECTABLE_FIELDS}

    def current_words(self, name: str) -> str:
        return str(self.initial[name])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WORK_ON_LEADS)
@shows_again
def correction_page(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Show the details of a person, and correct them when the form is sent."""
    lead = get_object_or_404(Lead.objects.select_related("person"), pk=lead_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, instance=lead)
    if not refusal_of(request) and form.is_valid():
        given = form.cleaned_data
        try:
            number = correct_details(
                lead=lead,
                details={name: given[name] for name in CORRECTABLE_FIELDS},
                reason=given["reason"],
                by=request.user.get_username(),
                now=timezone.now(),
            )
        except PhoneNeededError:
            form.add_error("phone", "A call by phone lies ahead: give it to another host first, or keep a number.")
        except Lead.DoesNotExist:
            raise Http404 from None
        else:
            words = "Nothing was changed." if not number else "Corrected."
            messages.success(request, f"Corrected in {number} requests." if number > 1 else words)
            return redirect(address_of(lead))
    shown = Lead.objects.select_related("person").get(pk=lead.pk)
    title = f"{'Error: ' if form.errors else ''}Correct the details of {shown}"
    others = shown.person.lead_set.exclude(pk=shown.pk).count()
    return staff_page(request, "correct.html", title, {"lead": shown, "form": form, "others": others})
