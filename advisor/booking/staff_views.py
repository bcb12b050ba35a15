"""Pages of our own in the admin: the calls of seven days, and why a time is not offered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.booking.availability import reason_against, week_of
from advisor.booking.models import Call, Host
from advisor.booking.picker import WEEK
from advisor.booking.rights import READ_CALLS, READ_HOSTS
from advisor.booking.slots import SLOT_LENGTH, SLOT_LENGTH_IN_WORDS, UnavailableReason, instants_of
from advisor.booking.words import day_in_words, time_in_words, time_of_day, zone_in_words
from advisor.rights import requires

UNAVAILABLE_MESSAGES = {
    UnavailableReason.PAST: "It is over.",
    UnavailableReason.NOTICE: "It is too soon: the notice of this host is longer.",
    UnavailableReason.HORIZON: "It is too far ahead: the horizon of this host is nearer.",
    UnavailableReason.HOLIDAY: "It is a public holiday of this host.",
    UnavailableReason.TIME_OFF: "The host has taken it off.",
    UnavailableReason.OUTSIDE_HOURS: "It is not inside the hours of this host.",
    UnavailableReason.OUT_OF_STEP: (
        f"Calls begin every {SLOT_LENGTH_IN_WORDS} from the beginning of the hours; this is in between."
    ),
    UnavailableReason.TAKEN: "There is a call at that time.",
    UnavailableReason.BUFFER: "A call before or after it is too near, with the buffers of this host.",
    UnavailableReason.DAILY_LIMIT: "The host has as many calls on that day as there may be.",
    UnavailableReason.BUSY: "Busy in the host’s calendar.",
    UnavailableReason.CALENDAR_UNREAD: "A calendar of the host was not read as far as that, so nobody knows.",
}


SKIPPED_BY_CLOCK = "The clock skips this time on that day."


def validate_this_century(day: date) -> None:
    """Refuse days at the ends of the calendar, where dates cannot be calculated."""
    if not 2000 <= day.year < 2100:
        raise ValidationError("Name a day of this century.")


class UnavailableTimeForm(forms.Form):
    """Asks for a time by the host's clock."""

    day = forms.DateField(
        label="Day", widget=forms.DateInput(attrs={"type": "date"}), validators=[validate_this_century]
    )
    time = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}))


@require_safe
@requires(READ_HOSTS)
def why_not_offered(request: HttpRequest, host_id: int) -> HttpResponse:
    """Explain a time, and each half hour of a week, by the same rules that decide what is shown and accepted."""
    host = get_object_or_404(Host, pk=host_id)
    form = UnavailableTimeForm(request.GET if "day" in request.GET else None)
    zone, now = ZoneInfo(host.zone), timezone.now()
    answers: list[tuple[str, str]] = []
    first = _first_day(request.GET.get("week", ""), now.astimezone(zone).date())
    if form.is_valid():
        first = form.cleaned_data["day"]
        reading = datetime.combine(form.cleaned_data["day"], form.cleaned_data["time"])
        instants = instants_of(reading, zone)
        if not instants:
            answers.append((f"{reading:%A, %-d %B %Y, %H:%M}", SKIPPED_BY_CLOCK))
        for begins in instants:
            reason = reason_against(host, now, begins)
            words = _answer(reason)
            if reason is None and not host.takes_calls:
                what = "the account of this host" if host.is_active else "this host"
                words = f"It would be offered, but {what} is not active."
            answers.append((time_in_words(begins, zone), words))
    title = f"Why is a time of {host} not offered?"
    context = {
        "title": title,
        "host": host,
        "form": form,
        "answers": answers,
        "zone": host.zone,
        "days": _days_with_reasons(host, zone, now, first),
        "before": (first - WEEK).isoformat(),
        "after": (first + WEEK).isoformat(),
    }
    return render(request, "booking/admin/why.html", admin.site.each_context(request) | context)


def _answer(reason: UnavailableReason | None) -> str:
    return UNAVAILABLE_MESSAGES[reason] if reason else "It is offered."


@dataclass
class Span:
    """Half hours in a row that are all offered, or not for the same reason; ``ends`` and ``begins`` are instants."""

    begins: datetime
    ends: datetime
    reason: UnavailableReason | None
    zone: ZoneInfo

    @property
    def clock(self) -> str:
        return f"{time_of_day(self.begins, self.zone)}–{time_of_day(self.ends, self.zone)}"

    @property
    def words(self) -> str:
        return _answer(self.reason)


def _days_with_reasons(host: Host, zone: ZoneInfo, now: datetime, first: date) -> dict[str, tuple[str, list[Span]]]:
    """For each of seven days: the name of its public holiday, and of the host's hours what is offered or not."""
    since = datetime.combine(first, datetime.min.time(), zone)
    days: dict[str, tuple[str, list[Span]]] = {
        f"{day:%A, %-d %B %Y}": (host.holidays.name(day), []) for day in (first + timedelta(days=n) for n in range(7))
    }
    for begins, reason in week_of(host, now, since):
        _, spans = days.get(day_in_words(begins, zone), ("", []))
        if spans and spans[-1].ends == begins and spans[-1].reason == reason:
            spans[-1].ends += SLOT_LENGTH
        else:
            spans.append(Span(begins, begins + SLOT_LENGTH, reason, zone))
    return days


@require_safe
@requires(READ_CALLS)
def week(request: HttpRequest) -> HttpResponse:
    """Show the calls of seven days from today, or from the day in the query.

    The times are by the clock of the chosen host, or else of the account, or else of all hosts if they share one.
    """
    hosts = list(Host.objects.all())
    chosen = [host for host in hosts if str(host.pk) == request.GET.get("host", "")]
    zones = {host.zone for host in chosen or [host for host in hosts if host.user_id == request.user.pk] or hosts}
    zone = ZoneInfo(zones.pop() if len(zones) == 1 else "UTC")
    first = _first_day(request.GET.get("week", ""), timezone.now().astimezone(zone).date())
    since, until = (datetime.combine(day, datetime.min.time(), zone) for day in (first, first + WEEK))
    calls = Call.objects.filter(begins_at__gte=since, begins_at__lt=until).select_related("host", "lead")
    if chosen:
        calls = calls.filter(host=chosen[0])
    days: dict[str, list[dict[str, Any]]] = {
        day_in_words(since + timedelta(days=number, hours=12), zone): [] for number in range(7)
    }
    for call in calls:
        days[day_in_words(call.begins_at, zone)].append({"clock": time_of_day(call.begins_at, zone), "call": call})
    context = {
        "title": f"Calls from {first:%-d %B} to {first + WEEK - timedelta(days=1):%-d %B %Y}",
        "days": days,
        "zone": zone_in_words(since, zone),
        "hosts": hosts,
        "chosen": chosen[0] if chosen else None,
        "is_today": "week" not in request.GET,
        "before": (first - WEEK).isoformat(),
        "after": (first + WEEK).isoformat(),
    }
    return render(request, "booking/admin/week.html", admin.site.each_context(request) | context)


def _first_day(text: str, today: date) -> date:
    """The date that a text names, at most ten years from today; today if it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return min(max(day, today - 520 * WEEK), today + 520 * WEEK)
