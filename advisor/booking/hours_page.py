"""The page on which hosts set their own hours and time off, and ask those whose calls lie in it for another time."""

from itertools import combinations
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import inlineformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking.announcements import ask_for_other_time, was_asked_for_other_time
from advisor.booking.availability import calls_in_time_off, why_nobody_can_book
from advisor.booking.handover import give_calls, say_what_was_given, stand_in_of, stand_ins
from advisor.booking.models import Call, Host, HoursException, WeeklyWindow
from advisor.booking.models.host import Weekday
from advisor.booking.public_holidays import countries
from advisor.booking.rights import CHANGE_HOSTS, WORK_ON_CALLS
from advisor.booking.slots import Window
from advisor.booking.words import time_in_words
from advisor.decision.plurals import pluralize
from advisor.fields import NamedModelForm
from advisor.posts import refusal_of, shows_again

SAVE, COPY, ASK, GIVE = "save", "copy", "ask", "give"
"""What a form of the page is sent for. A button that says something else comes after the field that says it first."""

MAX_HOLIDAYS_SHOWN = 12
MAX_ROWS = 100
SPARE_ROWS = 2
"""Empty rows below those that are there, as the page adds none by itself."""

OTHER_WEEKDAYS = (Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)


class HoursFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Adds no hours that the host already has, even if a form is sent twice or two rows are the same."""

    model: type[models.Model]

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        names = [column.name for column in self.model._meta.concrete_fields if column.name not in {"id", "host"}]
        same = self.model._default_manager.filter(
            host=self.instance, **{name: form.cleaned_data[name] for name in names}
        )
        return same.first() or super().save_new(form, commit)


class WeeklyHoursFormSet(HoursFormSet):
    """Refuses hours that overlap others: their slots would lie across each other."""

    def clean(self) -> None:
        super().clean()
        given = [
            (Window(form.cleaned_data["weekday"], form.cleaned_data["begins"], form.cleaned_data["ends"]), form)
            for form in self.forms
            if form.is_valid() and form not in self.deleted_forms and form.cleaned_data.get("ends") is not None
        ]
        for (one, _), (other, form) in combinations(given, 2):
            # The same row sent twice is added once.
            if one != other and one.overlaps(other):
                words = f"{Weekday(one.weekday).label} {one.begins:%H:%M}–{one.ends:%H:%M}"
                form.add_error("begins", f"These hours overlap {words}. Make one row of both, or let them meet.")


def _formset_of(model: type[models.Model], formset: type[HoursFormSet]) -> type[Any]:
    clock = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return inlineformset_factory(
        Host,
        model,
        form=NamedModelForm,
        formset=formset,
        exclude=(),
        extra=SPARE_ROWS,
        max_num=MAX_ROWS,
        absolute_max=MAX_ROWS + SPARE_ROWS,
        widgets={"begins": clock, "ends": clock, "first_day": day, "last_day": day},
    )


class HolidaysField(forms.ChoiceField):
    """The countries whose public holidays are known, by name."""

    def __init__(self, **options: Any) -> None:
        column = Host._meta.get_field("holidays_of")
        ready = {"label": "Public holidays", "help_text": column.help_text, "required": False}
        super().__init__(choices=lambda: [("", "None are days off"), *countries().items()], **ready | options)


class HolidaysForm(NamedModelForm):
    """Which public holidays are days off."""

    holidays_of = HolidaysField()

    class Meta:
        model = Host
        fields = ("holidays_of", "holidays_region")


WeekFormSet = _formset_of(WeeklyWindow, WeeklyHoursFormSet)
ExceptionsFormSet = _formset_of(HoursException, HoursFormSet)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_again
def hours_page(request: HttpRequest, host_id: int) -> HttpResponse:
    """Show the hours and the time off of a host, and do what a button says. Hosts do it for themselves alone."""
    host = get_object_or_404(Host.objects.select_related("user"), pk=host_id)
    if not (request.user.has_perm(CHANGE_HOSTS) or request.user.pk == host.user_id):
        raise PermissionDenied
    pressed = request.POST.get("do", "")
    if pressed == GIVE and not refusal_of(request):
        _give(request, host)
        return redirect(request.path)
    with transaction.atomic():
        if request.method == "POST":
            # Bookings lock the host as well: no call is booked by hours that are being changed.
            host = Host.objects.select_for_update(of=("self",)).select_related("user").get(pk=host_id)
        return _changed_or_shown(request, host, pressed)


def _changed_or_shown(request: HttpRequest, host: Host, pressed: str) -> HttpResponse:
    data = request.POST if pressed in {SAVE, COPY} else None
    week = WeekFormSet(data, instance=host, prefix="windows")
    exceptions = ExceptionsFormSet(data, instance=host, prefix="exceptions")
    holidays = HolidaysForm(data, instance=host)
    if not refusal_of(request):
        # Each of them is asked, so that all that is wrong is said at once.
        if data and all([week.is_valid(), exceptions.is_valid(), holidays.is_valid()]):
            holidays.save()
            week.save()
            exceptions.save()
            if pressed == COPY:
                copy_monday(host=host)
            _say_what_is_saved(request, host, "Copied Monday to Friday." if pressed == COPY else "Saved the hours.")
            return redirect(request.path)
        if pressed == ASK:
            _ask(request, host)
            return redirect(request.path)
    return _show(request, host, week, exceptions, holidays)


def copy_monday(*, host: Host) -> None:
    """Give Tuesday to Friday the hours of Monday, in place of their own."""
    monday = list(host.windows.filter(weekday=Weekday.MONDAY))
    host.windows.filter(weekday__in=OTHER_WEEKDAYS).delete()
    for weekday in OTHER_WEEKDAYS:
        for window in monday:
            host.windows.create(weekday=weekday, begins=window.begins, ends=window.ends)


def _say_what_is_saved(request: HttpRequest, host: Host, words: str) -> None:
    _log(request, host, words)
    messages.success(request, words)
    if reason := why_nobody_can_book(host):
        messages.warning(request, reason)


def _ask(request: HttpRequest, host: Host) -> None:
    """Ask those whose calls are ticked for another time. The same once only, however often it is sent."""
    now = timezone.now()
    if not (chosen := _chosen(request, host)):
        return
    for call in chosen:
        ask_for_other_time(call, now=now)
    words = f"Asked for another time: {pluralize(len(chosen), 'visitor')}."
    _log(request, host, words)
    messages.success(request, f"{words} Until they choose one, their calls stay as they are.")


def _give(request: HttpRequest, host: Host) -> None:
    """Give the calls that are ticked to somebody who stands in."""
    if not request.user.has_perm(WORK_ON_CALLS):
        raise PermissionDenied
    to = request.POST.get("to", "")
    if to not in dict(stand_ins(host.user)):
        messages.warning(request, "Choose who is to take the calls.")
        return
    if not (chosen := _chosen(request, host)):
        return
    by = request.user.get_username()
    given, refusals = give_calls(calls=chosen, to=stand_in_of(to), by=by, now=timezone.now())
    say_what_was_given(request, given, refusals)


def _chosen(request: HttpRequest, host: Host) -> list[Call]:
    """The calls in time off that are ticked; if none is, the request is told so."""
    chosen = [call for call in _touched(host) if str(call.pk) in request.POST.getlist("call")]
    if not chosen:
        messages.warning(request, "Tick a call first. One that was moved or cancelled meanwhile is gone from the list.")
    return chosen


def _log(request: HttpRequest, host: Host, words: str) -> None:
    admin.site.get_model_admin(Host).log_change(request, host, words)


def _touched(host: Host) -> list[Call]:
    return calls_in_time_off(host, timezone.now())


def _show(
    request: HttpRequest, host: Host, week: HoursFormSet, exceptions: HoursFormSet, holidays: HolidaysForm
) -> HttpResponse:
    has_errors = any(form.is_bound and not form.is_valid() for form in (week, exceptions, holidays))
    if has_errors:
        # What was typed and is wrong is not what holds.
        host = Host.objects.get(pk=host.pk)
    today = timezone.now().astimezone(host.schedule.zone).date()
    context = {
        "title": f"{'Error: ' if has_errors else ''}Hours and time off of {host}",
        "host": host,
        "holidays_form": holidays,
        "holidays": host.holidays.following(today)[:MAX_HOLIDAYS_SHOWN],
        "sections": [("Weekly hours", week), ("Days with other hours", exceptions)],
        "touched": [
            {
                "call": call,
                "when": time_in_words(call.begins_at, host.schedule.zone),
                "is_asked": was_asked_for_other_time(call),
            }
            for call in _touched(host)
        ],
        "may_see_hosts": request.user.has_perm("booking.view_host"),
        "may_see_calls": request.user.has_perm("booking.view_call"),
        "stand_ins": stand_ins(host.user) if request.user.has_perm(WORK_ON_CALLS) else [],
    }
    return TemplateResponse(request, "booking/admin/hours.html", admin.site.each_context(request) | context)
