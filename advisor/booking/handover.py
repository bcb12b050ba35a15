"""The page by which everything of somebody who left is handed over: open leads, and calls that lie ahead."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking.left import MOST, calls_ahead_of, give_calls_on, give_leads_on, open_leads_of
from advisor.booking.models import TAKES_CALLS, Host
from advisor.decision.counted import counted
from advisor.leads.assignment import WORK, at_work
from advisor.posts import refusal_of, shows_again

CALLS = "booking.change_call"
"""The right to give calls to another host."""

LEAST = "least"
LEAVE = ("", "Leave them where they are")
SHOWN = 20
"""How many leads are named before they are handed over."""


class HandoverForm(forms.Form):
    """To whom: one person for all, or for each whoever has the least to do."""

    leads_to = forms.ChoiceField(label="Open leads", required=False)
    calls_to = forms.ChoiceField(label="Calls ahead", required=False)

    def __init__(self, *args: Any, user: Any, has_leads: bool, has_calls: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = [(str(one.user_id), f"All to {one.user}") for one in at_work() if one.user != user]
        least = (LEAST, "Each to whoever takes its outcome and has the fewest open leads")
        self.fields["leads_to"].choices = [LEAVE, least, *sellers]  # type: ignore[attr-defined]
        hosts = Host.objects.filter(TAKES_CALLS).exclude(user=user)
        least = (LEAST, "Each to a host who is free then, takes its outcome and has the fewest calls ahead")
        named = [(str(host.pk), f"All to {host}") for host in hosts]
        self.fields["calls_to"].choices = [LEAVE, least, *named]  # type: ignore[attr-defined]
        if not has_leads:
            del self.fields["leads_to"]
        if not has_calls:
            del self.fields["calls_to"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error(None, "Choose who is to get them.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@shows_again
def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    """Names what an account has, and hands it over when that is sent; number 0 stands for what belongs to nobody."""
    may_leads, may_calls = request.user.has_perm(WORK), request.user.has_perm(CALLS)
    if not (may_leads or may_calls):
        raise PermissionDenied
    now = timezone.now()
    user = get_object_or_404(get_user_model(), pk=user_id) if user_id else None
    leads = open_leads_of(user) if may_leads else open_leads_of(user).none()
    calls = calls_ahead_of(user, now) if user and may_calls else calls_ahead_of(user, now).none()
    asked: dict[str, Any] = {"user": user, "has_leads": leads.exists(), "has_calls": calls.exists()}
    form = HandoverForm(request.POST if request.method == "POST" else None, **asked)
    if not refusal_of(request) and form.is_valid():
        _hand_over(request, user, form.cleaned_data, now)
        return redirect(request.path)
    context = {
        "title": f"Hand over what {user} has" if user else "Hand over what belongs to nobody",
        "account": user,
        "form": form,
        "leads": leads.order_by("-requested_at")[:SHOWN],
        "leads_number": leads.count(),
        "calls": calls.select_related("lead", "host").order_by("begins_at"),
        "most": MOST,
    }
    return TemplateResponse(request, "booking/admin/handover.html", admin.site.each_context(request) | context)


def _hand_over(request: HttpRequest, user: Any, given: dict[str, Any], now: Any) -> None:
    by = request.user.get_username()
    if to := given.get("leads_to"):
        taker = None if to == LEAST else get_user_model().objects.get(pk=int(to))
        number = give_leads_on(user=user, to=taker, by=by, now=now)
        messages.success(request, f"Handed over {counted(number, 'lead')}.")
        if left := open_leads_of(user).count():
            still = "one is" if left == 1 else f"{left} are"
            messages.warning(request, f"Of the leads {still} still here. {_why(number)}")
    if to := given.get("calls_to"):
        host = None if to == LEAST else Host.objects.get(pk=int(to))
        number, refusals = give_calls_on(user=user, to=host, by=by, now=now)
        words = f"Handed over {counted(number, 'call')}; everyone concerned gets mail."
        messages.success(request, words if number else "No call was handed over.")
        for refusal in refusals:
            messages.warning(request, refusal)


def _why(number: int) -> str:
    if number >= MOST:
        return f"{MOST} go at once: send the form again."
    return "Nobody at work takes leads with their outcome: choose somebody by name."
