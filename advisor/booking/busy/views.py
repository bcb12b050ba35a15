"""The page of a host's own calendars: what they block, how they are, and the forms to add, change and remove them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking.busy.actions import (
    MAX_CALENDARS,
    AnotherTakesCallsError,
    SameCalendarError,
    TooManyCalendarsError,
    add_calendar,
    change_policy,
    read_now,
    remove_calendar,
)
from advisor.booking.busy.forms import CalendarForm, PolicyForm
from advisor.booking.busy.status import status_of
from advisor.booking.models import BusyCalendar, Host
from advisor.booking.rights import CHANGE_HOSTS
from advisor.posts import refusal_of, shows_again

ANOTHER_TAKES_CALLS = "Calls are written into another calendar of this host. Have that end first."

ADD, SAVE, READ, REMOVE = "add", "save", "read", "remove"
"""What a form of the page is sent for. A button that says something else comes after the field that says it first."""


@require_http_methods(["GET", "HEAD", "POST"])
@shows_again
def calendars_page(request: HttpRequest, host_id: int) -> HttpResponse:
    """Show the calendars of a host, and do what a button says. Hosts may do it for themselves."""
    host = get_object_or_404(Host.objects.select_related("user"), pk=host_id)
    if not (request.user.has_perm(CHANGE_HOSTS) or request.user.pk == host.user_id):
        raise PermissionDenied
    calendars = list(BusyCalendar.objects.filter(host=host))
    for calendar in calendars:
        calendar.host = host
    pressed = request.POST.get("do", "") if request.method == "POST" else ""
    chosen = next((one for one in calendars if str(one.pk) == request.POST.get("calendar")), None)
    adding = CalendarForm(request.POST if pressed == ADD else None)
    changing = PolicyForm(request.POST, instance=chosen, prefix=_prefix(chosen)) if chosen and pressed == SAVE else None
    if not refusal_of(request) and _is_done(request, host, pressed, chosen, adding, changing):
        return redirect(request.path)
    return _show(request, host, calendars, adding, changing)


def _is_done(
    request: HttpRequest,
    host: Host,
    pressed: str,
    chosen: BusyCalendar | None,
    adding: CalendarForm,
    changing: PolicyForm | None,
) -> bool:
    """Do what was asked for, and say so. Returns whether it is done."""
    if pressed == ADD:
        return _add(request, host, adding)
    if changing and chosen and changing.is_valid():
        try:
            change_policy(calendar=chosen, now=timezone.now(), **changing.cleaned_data)
        except AnotherTakesCallsError:
            changing.add_error("takes_calls", ANOTHER_TAKES_CALLS)
            return False
        return _say(request, host, f"Saved what is done with the calendar at {chosen.shown_address}.")
    if chosen and pressed == READ:
        read_now(calendar=chosen, now=timezone.now())
        return _say(request, host, f"The worker reads the calendar at {chosen.shown_address} within seconds.")
    if chosen and pressed == REMOVE:
        remove_calendar(calendar=chosen)
        return _say(request, host, f"Removed the calendar at {chosen.shown_address}, with its address and busy times.")
    if pressed in {SAVE, READ, REMOVE} and chosen is None:
        messages.warning(request, "This calendar was removed meanwhile.")
        return True
    return False


def _add(request: HttpRequest, host: Host, form: CalendarForm) -> bool:
    if not form.is_valid():
        return False
    try:
        calendar = add_calendar(host=host, now=timezone.now(), **form.cleaned_data)
    except SameCalendarError:
        form.add_error("address", "This calendar is here already.")
    except TooManyCalendarsError:
        form.add_error("address", f"A host can have {MAX_CALENDARS} calendars. Remove one first.")
    except AnotherTakesCallsError:
        form.add_error("takes_calls", ANOTHER_TAKES_CALLS)
    else:
        return _say(request, host, f"Added the calendar at {calendar.shown_address}. It is read within seconds.")
    return False


def _say(request: HttpRequest, host: Host, words: str) -> bool:
    admin.site.get_model_admin(Host).log_change(request, host, words)
    messages.success(request, words)
    return True


def _show(
    request: HttpRequest, host: Host, calendars: list[BusyCalendar], adding: CalendarForm, changing: PolicyForm | None
) -> HttpResponse:
    now = timezone.now()
    shown: list[dict[str, Any]] = [
        {
            "calendar": calendar,
            "status": status_of(calendar, now),
            "form": changing if changing and changing.instance == calendar else _form_of(calendar),
        }
        for calendar in calendars
    ]
    has_errors = bool(adding.errors or (changing and changing.errors))
    title = f"{'Error: ' if has_errors else ''}Own calendars of {host}"
    context = {
        "title": title,
        "host": host,
        "shown": shown,
        "form": adding,
        "may_see_hosts": request.user.has_perm("booking.view_host"),
        "can_add": len(calendars) < MAX_CALENDARS,
        "most": MAX_CALENDARS,
    }
    return TemplateResponse(request, "booking/admin/calendars.html", admin.site.each_context(request) | context)


def _form_of(calendar: BusyCalendar) -> PolicyForm:
    return PolicyForm(instance=calendar, prefix=_prefix(calendar))


def _prefix(calendar: BusyCalendar | None) -> str | None:
    """Several forms are on the page, and their fields need names of their own."""
    return f"calendar-{calendar.pk}" if calendar else None
