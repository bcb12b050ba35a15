"""The pages on which staff choose a time and a host: to move a call, or to book one for a lead, who may be on the
telephone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking.actions import CallNotChangeableError, NotFreeError, PhoneNeededError
from advisor.booking.admission import OpenCallError
from advisor.booking.availability import free_times
from advisor.booking.by_staff import HasCallError, RefusedTimeError, book_for, move_by_staff
from advisor.booking.models import TAKES_CALLS, Call, Host
from advisor.booking.rights import WORK_ON_CALLS
from advisor.booking.slots import instants_of
from advisor.booking.staff_views import SKIPPED_BY_CLOCK, UNAVAILABLE_MESSAGES, UnavailableTimeForm
from advisor.booking.words import time_in_words
from advisor.booking.zones import current_name, offered_zones
from advisor.fields import NamedErrors
from advisor.leads.models import Lead
from advisor.posts import refusal_of, shows_again
from advisor.rights import requires

MAX_OFFERED = 12
"""Free times that a page names."""

LOOK_AHEAD = timedelta(days=14)
"""For so long it looks for them."""

NOT_CHANGEABLE = "This call has begun or is cancelled by now, and stays as it is."
HAS_CALL = "This lead has a call by now, or was merged into another one."
OPEN_CALL = "This person has a call ahead already, by another request: move that one."


class HostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A host who takes calls, with the zone that the time is in."""

    def label_from_instance(self, host: Any) -> str:
        return f"{host} ({host.zone})"


class TimeByStaffForm(NamedErrors, UnavailableTimeForm):
    """A host, and a day and a time by their clock. ``begins`` is the chosen instant."""

    host = HostField(queryset=Host.objects.filter(TAKES_CALLS).order_by("name"), label="Host")
    anyway = forms.BooleanField(
        label="Although a rule speaks against it",
        required=False,
        help_text="You have asked the host. Another call or the past cannot be overruled.",
    )
    field_order = ("host", "day", "time", "zone", "anyway")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"host", "day", "time"} <= cleaned.keys():
            instants = instants_of(datetime.combine(cleaned["day"], cleaned["time"]), ZoneInfo(cleaned["host"].zone))
            if not instants:
                raise ValidationError({"time": SKIPPED_BY_CLOCK})
            # Of an hour that the clock repeats, the first: what comes later may be overslept.
            self.begins = instants[0]
        return cleaned

    def refuse(self, error: Exception) -> None:
        """Say what speaks against the time."""
        if isinstance(error, RefusedTimeError):
            instead = " To take it all the same, tick the last box." if error.can_be_overruled else ""
            self.add_error("time", f"{UNAVAILABLE_MESSAGES[error.reason]}{instead}")
        elif isinstance(error, PhoneNeededError):
            self.add_error("host", "This host calls by phone, and there is no number. Correct the details first.")
        elif isinstance(error, OpenCallError):
            self.add_error(None, OPEN_CALL)
        else:
            self.add_error("host", "This host takes no calls any more, or somebody was faster.")


class BookingByStaffForm(TimeByStaffForm):
    """The same with the zone that the visitor reads times in."""

    zone = forms.ChoiceField(
        label="Time zone of the visitor",
        choices=lambda: [
            ("", "Choose a zone"),
            *((region or "Everywhere", zones) for region, zones in offered_zones()),
        ],
    )

    def clean_zone(self) -> str:
        return current_name(self.cleaned_data["zone"])


@dataclass(frozen=True)
class TimePage:
    """What differs between the two pages."""

    title: str
    button: str
    back: str
    lead: Lead
    call: Call | None


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WORK_ON_CALLS)
@shows_again
def move_call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show free times of all hosts, and move the call when the form is sent."""
    call = get_object_or_404(Call.objects.select_related("host", "lead"), pk=call_id)
    back = reverse("admin:booking_call_change", args=[call.pk])
    if not call.can_be_changed(timezone.now()):
        messages.warning(request, NOT_CHANGEABLE)
        return redirect(back)
    form = TimeByStaffForm(request.POST if request.method == "POST" else None, initial=_asked(request, call.host))

    def move(**chosen: Any) -> None:
        move_by_staff(call=call, **chosen)

    page = TimePage(f"Move the call of {call.lead}", "Move the call", back, call.lead, call)
    return _answer(request, page, form, move, "Moved. Everybody concerned gets mail.")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WORK_ON_CALLS)
@shows_again
def book_call(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Show free times of all hosts, and book a call for a lead when the form is sent."""
    lead = get_object_or_404(Lead, pk=lead_id)
    last = Call.objects.filter(lead__person=lead.person_id).order_by("-booked_at").first()
    initial = _asked(request, None) | {"zone": current_name(last.zone) if last else ""}
    form = BookingByStaffForm(request.POST if request.method == "POST" else None, initial=initial)

    def book(**chosen: Any) -> None:
        book_for(lead=lead, zone=form.cleaned_data["zone"], **chosen)

    back = reverse("admin:leads_lead_change", args=[lead.pk])
    page = TimePage(f"Book a call for {lead}", "Book the call", back, lead, None)
    return _answer(request, page, form, book, "Booked. Both sides get an invitation.")


def _asked(request: HttpRequest, host: Host | None) -> dict[str, Any]:
    """What the link to a free time has filled in."""
    given = {name: request.GET[name] for name in ("host", "day", "time") if name in request.GET}
    return {"host": host and host.pk} | given


def _answer(
    request: HttpRequest, page: TimePage, form: TimeByStaffForm, apply: Callable[..., None], done: str
) -> HttpResponse:
    now = timezone.now()
    if not refusal_of(request) and form.is_valid():
        chosen = {"host": form.cleaned_data["host"], "begins": form.begins, "anyway": form.cleaned_data["anyway"]}
        try:
            apply(**chosen, now=now, by=request.user.get_username())
        except (CallNotChangeableError, HasCallError) as error:
            messages.warning(request, HAS_CALL if isinstance(error, HasCallError) else NOT_CHANGEABLE)
            return redirect(page.back)
        except (NotFreeError, PhoneNeededError, OpenCallError) as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(page.back)
    title = f"{'Error: ' if form.errors else ''}{page.title}"
    context = {"title": title, "page": page, "form": form, "offered": _offered(page, now)}
    return TemplateResponse(request, "booking/admin/time.html", admin.site.each_context(request) | context)


def _offered(page: TimePage, now: datetime) -> list[dict[str, str]]:
    """The next free times, each by the clock of a host who is free then, with a link that fills in the form."""
    hosts = list(Host.objects.filter(TAKES_CALLS).prefetch_related("windows", "exceptions", "busy_calendars"))
    free = free_times(hosts, now, now, now + LOOK_AHEAD, page.call)
    if page.call:
        free.pop(page.call.begins_at, None)
    return [
        {
            "words": f"{time_in_words(begins, ZoneInfo(found[0].zone))}, {found[0]}",
            "query": urlencode({"host": found[0].pk, "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}),
        }
        for begins, found in islice(free.items(), MAX_OFFERED)
        for local in [begins.astimezone(ZoneInfo(found[0].zone))]
    ]
