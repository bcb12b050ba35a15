"""The pages of requests that wait: for the visitor who is to confirm one, and for staff who decide on many."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.assessment.visit import landing_path
from advisor.booking.actions import NotFreeError, PhoneNeededError
from advisor.booking.admission import OpenCallError, domain_of, mail_open_call
from advisor.booking.availability import free_hosts, hosts_for, hosts_for_phone, upcoming_calls
from advisor.booking.clocks import browser_clock
from advisor.booking.forms import ANOTHER_CALL_MESSAGE, TimeForm
from advisor.booking.intake import (
    RequestClosedError,
    cancel_and_block,
    confirm,
    of_the_burst,
    recent_or_waiting,
    release,
    unblock,
    visit_of_intake,
)
from advisor.booking.models import BLOCK_LENGTH, BlockedSource, Host, Intake, IntakeState, digest_of
from advisor.booking.picker import PickerPage, SlotQuery, picker_for, with_nearest_times
from advisor.booking.rights import READ_CALLS, WORK_ON_CALLS
from advisor.booking.words import time_in_words, time_of_day
from advisor.decision.plurals import pluralize
from advisor.http import HelpfulNotFound, HtmxHttpRequest, followed_by_the_browser, keep_private, render_page
from advisor.leads.models import Person
from advisor.limits.networks import wide_network_of
from advisor.posts import refusal_of, say_refusal, shows_again
from advisor.rights import requires

EXPIRED = "This link has expired, or it was cut off when it was copied. You can ask for a call again at any time."

BOOK = "Book this time"
"""The button that takes another time."""

MAX_LISTED = 50
"""Networks, and domains, that the page of staff names."""

NEWEST = 3
"""Requests that it shows of each."""


def waiting_with(key: str) -> Intake | None:
    """The request of a form with this key, while it waits."""
    return Intake.objects.filter(key=key, state=IntakeState.WAITING).first()


def show_waiting(request: HtmxHttpRequest, intake: Intake) -> HttpResponse:
    """Say that a click in a mail is needed. Nothing is about the person."""
    return keep_private(render_page(request, "booking/asked.html", _context(request, intake, "Check your e-mail")))


@require_http_methods(["GET", "HEAD", "POST"])
@followed_by_the_browser
@shows_again
def confirm_call(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """The page behind the link of the mail: one button takes the call. Programs that look through mail follow links, so
    a GET changes nothing. If the time is gone, another one can be chosen.
    """
    now = timezone.now()
    intake = Intake.objects.select_related("lead").filter(token=digest_of(token)).first()
    if intake is None or not (intake.lead or intake.can_be_confirmed(now)):
        raise HelpfulNotFound(EXPIRED)
    if intake.lead:
        return redirect("thanks", guide_key=intake.guide, key=intake.key)
    form = TimeForm(request.path, BOOK, request.POST if "slot" in request.POST or "zone" in request.POST else None)
    hosts = _hosts(intake)
    if (refusal := refusal_of(request)) and not form.is_bound:
        return _show(request, intake, form, hosts, error=refusal.of_an_action)
    say_refusal(request, form)
    refused: datetime | None = None
    is_free = intake.begins_at is None or intake.is_held(now) or bool(free_hosts(hosts, now, intake.begins_at))
    if request.method == "POST" and (form.is_valid() or not form.is_bound) and not refusal_of(request):
        chosen: dict[str, Any] = form.cleaned_data if form.is_bound else {"slot": None, "zone": ""}
        try:
            confirm(intake=intake, begins=chosen["slot"], zone=chosen["zone"], now=now)
        except RequestClosedError:
            raise HelpfulNotFound(EXPIRED) from None
        except OpenCallError:
            mail_open_call(email=intake.details["email"], network=wide_network_of(request), now=now)
            return _show(request, intake, form, hosts, error=ANOTHER_CALL_MESSAGE)
        except (NotFreeError, PhoneNeededError):
            is_free, refused = False, chosen["slot"]
        else:
            return redirect("thanks", guide_key=intake.guide, key=intake.key)
    return _show(request, intake, form, hosts, needs_time=not is_free or form.is_bound, refused=refused)


def _hosts(intake: Intake) -> list[Host]:
    outcome = visit_of_intake(intake).recommendation.outcome.key
    return hosts_for_phone(hosts_for(intake.guide, outcome), intake.details.get("phone", ""))


def _show(
    request: HtmxHttpRequest,
    intake: Intake,
    form: TimeForm,
    hosts: list[Host],
    *,
    needs_time: bool = False,
    refused: datetime | None = None,
    error: str = "",
) -> HttpResponse:
    now = timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    if needs_time and hosts:
        query = SlotQuery.of(given, request.headers.get("Accept-Language", ""), zone=intake.zone)
        form.picker = picker_for(hosts, query, now, PickerPage(request.path))
        if refused:
            form.refuse(with_nearest_times(form.picker, hosts, now, refused))
        form.clock = query.chosen_clock
    title = "Your time is gone: choose another one" if needs_time else "Confirm your intro call"
    context = _context(request, intake, f"{'Error: ' if form.errors or error else ''}{title}") | {
        "form": form,
        "picker": form.picker,
        "needs_time": needs_time,
        "error": error,
        "csrf_token": get_token(request),
    }
    return keep_private(render_page(request, "booking/confirm.html", context, parts=("times",) if form.picker else ()))


def _context(request: HtmxHttpRequest, intake: Intake, title: str) -> dict[str, Any]:
    visit = visit_of_intake(intake)
    local = ZoneInfo(intake.zone) if intake.zone else None
    clock = browser_clock(request)
    held = intake.held_until if intake.is_held(timezone.now()) else None
    return {
        "title": title,
        "description": "",
        "guide": visit.guide,
        "home": landing_path(intake.guide),
        "result": visit.result_address,
        "when": time_in_words(intake.begins_at, local, clock) if intake.begins_at and local else "",
        "held_until": time_of_day(held, local, clock) if held and local else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(READ_CALLS, to_send=WORK_ON_CALLS)
@shows_again
def waiting(request: HttpRequest) -> HttpResponse:
    """List the requests that wait for their address to be confirmed, by where they came from; release them, or cancel
    and block all that are alike.
    """
    waits = Intake.objects.filter(state=IntakeState.WAITING)
    if request.method == "POST" and not refusal_of(request):
        return _decide(request, waits)
    context = {
        "title": "Calls that wait for a click",
        "number": waits.count(),
        "networks": _groups(waits, "network"),
        "domains": _groups(waits, "domain"),
        "blocked": BlockedSource.objects.filter(blocked_at__gt=timezone.now() - BLOCK_LENGTH).order_by("-blocked_at"),
        "most": MAX_LISTED,
        "may_decide": request.user.has_perm(WORK_ON_CALLS),
    }
    return render(request, "booking/admin/waiting.html", admin.site.each_context(request) | context)


def _groups(waits: QuerySet[Intake], by: str) -> list[dict[str, Any]]:
    """The largest groups that have a network or a mail domain in common, each with its newest requests. It takes three
    queries, however many groups there are.
    """
    counted = waits.values(by).annotate(number=Count("pk")).order_by("-number", by)[:MAX_LISTED]
    numbers: dict[str, int] = {row[by]: row["number"] for row in counted}
    alike = recent_or_waiting(timezone.now()).filter(**{f"{by}__in": numbers})
    taken = dict(alike.order_by().values(by).annotate(taken=Count("lead")).values_list(by, "taken"))
    place = Window(RowNumber(), partition_by=by, order_by="-pk")
    newest: dict[str, list[Intake]] = defaultdict(list)
    for intake in (
        waits.filter(**{f"{by}__in": numbers}).annotate(place=place).filter(place__lte=NEWEST).order_by("-pk")
    ):
        newest[getattr(intake, by)].append(intake)
    return [
        {
            "by": by,
            "mark": mark,
            "name": _name(by, newest[mark][0]),
            "number": number,
            "taken": taken[mark],
            "newest": newest[mark],
        }
        for mark, number in numbers.items()
        # One that somebody else decided on meanwhile is not there any more.
        if newest[mark]
    ]


def _name(by: str, intake: Intake) -> str:
    """What a group is called on the page."""
    return domain_of(intake.details["email"]) if by == "domain" else f"network {intake.network[:12]}"


def _ask_before_blocking(request: HttpRequest, by: str, intake: Intake, mark: str) -> HttpResponse:
    """How much goes, and how many people have an address of the domain: whether it is a large provider."""
    alike = of_the_burst(timezone.now(), **{by: mark}).exclude(state=IntakeState.BLOCKED)
    ahead = upcoming_calls(timezone.now()).filter(lead__intake__in=alike)
    name = _name(by, intake)
    context = {
        "title": f"Cancel and block all of {name}?",
        "by": by,
        "mark": mark,
        "name": name,
        "requests": alike.count(),
        "calls": ahead.count(),
        "people": Person.objects.filter(email__endswith=f"@{name}").count() if by == "domain" else 0,
    }
    return render(request, "booking/admin/block.html", admin.site.each_context(request) | context)


def _decide(request: HttpRequest, waits: QuerySet[Intake]) -> HttpResponse:
    again = redirect(request.path)
    by, mark, now = request.POST.get("by", ""), request.POST.get("mark", ""), timezone.now()
    if request.POST.get("do") == "unblock":
        unblock(mark=mark)
        messages.success(request, "Requests from there are taken again.")
        return again
    first = waits.filter(**{by: mark}).first() if by in {"network", "domain"} else None
    if first is None:
        messages.warning(request, "These are not there any more: somebody else decided on them.")
        return again
    user = request.user.get_username()
    if request.POST.get("do") == "release":
        done, failed = release(intakes=list(waits.filter(**{by: mark})), by=user, now=now)
        messages.success(request, f"Released {pluralize(done, 'request')}.")
        if failed:
            messages.warning(
                request, f"{pluralize(failed, 'request')} could not be: the time is taken, or they have a call."
            )
    elif request.POST.get("do") == "block":
        if "sure" not in request.POST:
            return _ask_before_blocking(request, by, first, mark)
        number = cancel_and_block(**{by: mark}, label=_name(by, first), by=user, now=now)
        messages.success(
            request, f"Cancelled {pluralize(number, 'request')}, and no more is taken from there for a week."
        )
    return again
