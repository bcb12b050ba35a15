"""The page by which staff correct what a person said about themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking.actions import PhoneNeededError
from advisor.booking.correcting import correct_details
from advisor.content.admin.meanwhile import AsItIsNow, ShownField
from advisor.content.editing.shown import digest, read_shown, write_shown
from advisor.fields import NamedModelForm, OneLineField
from advisor.leads.actions import DETAILS
from advisor.leads.assignment import WORK
from advisor.leads.desk.pages import address_of, staff_page
from advisor.leads.forms import CallForm
from advisor.leads.models import Lead
from advisor.posts import refusal_of, shows_again

STALE = (
    "Somebody corrected this while you had it open. What they wrote stands at the fields; sending again replaces it."
)


class CorrectionForm(NamedModelForm):
    """What they said about themselves, by the rules of the form in which they said it."""

    bound_field_class = AsItIsNow

    shown = ShownField(required=False)
    reason = OneLineField(
        label="Why",
        max_length=300,
        required=False,
        help_text="For the history, if there is something to say. Do not repeat there what was wrong.",
    )

    class Meta:
        model = Lead
        fields = DETAILS
        field_classes = CallForm.Meta.field_classes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renewed = {"shown"}
        self.fields["employees"].choices = CallForm.base_fields["employees"].choices  # type: ignore[attr-defined]
        self._before = {name: getattr(self.instance, name) for name in DETAILS}
        self._now = {name: digest(value) for name, value in self._before.items()}
        self.initial["shown"] = write_shown(self._now)

    def validate_constraints(self) -> None:
        """The database judges when it is saved."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        was, stale = read_shown(self.data.get("shown", "")), []
        for name, now in self._now.items():
            if was.get(name) != now and digest(cleaned.get(name, "")) != now:
                stale.append(name)
                self.add_error(name, f"Now it says “{self._before[name]}”. What you entered is in the field.")
        if stale:
            self.add_error(None, STALE)
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@shows_again
def correcting(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Shows what a person said about themselves, and keeps it as it is sent."""
    if not request.user.has_perm(WORK):
        raise PermissionDenied
    lead = get_object_or_404(Lead.objects.select_related("person"), pk=lead_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, instance=lead)
    if not refusal_of(request) and form.is_valid():
        given = form.cleaned_data
        try:
            number = correct_details(
                lead=lead,
                details={name: given[name] for name in DETAILS},
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
