"""A visitor's own call, behind an address that only they have: details, calendar file, another time, cancel.

A GET changes nothing, as mail programs follow links. No cache, search engine or other page gets to know the address.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from advisor.booking.actions import ClosedError, NotFreeError, cancel, move
from advisor.booking.availability import going_ahead, hosts_for, reachable_by
from advisor.booking.calendars import Method, feed, invitation
from advisor.booking.forms import NOT_FREE, CancelForm, MoveForm
from advisor.booking.models import KEPT, Call, CallStatus, Host
from advisor.booking.picker import Page, Picker, Wish, pick, with_nearest
from advisor.booking.words import time_in_words
from advisor.http import HelpfulNotFound, HtmxHttpRequest, followed_by_the_browser, keep_private, render_page
from advisor.posts import say_refusal, shows_again


def with_call[**P](
    view: Callable[Concatenate[HtmxHttpRequest, Call, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Finds the call that a token opens, and keeps the address private."""

    @wraps(view)
    def found(request: HtmxHttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        calls = Call.objects.select_related("host", "lead__edition__guide").defer("lead__edition__document")
        call = calls.filter(token=token).first()
        if call is None:
            raise HelpfulNotFound("There is no call at this address. It may have been cut off when it was copied.")
        if call.is_closed(timezone.now()):
            raise HelpfulNotFound("This call was a while ago, and its page is not kept any longer.")
        return keep_private(view(request, call, *args, **kwargs))

    return found


@require_safe
@with_call
def own_call(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """When, with whom, where, and what can still be done about it."""
    return render_page(request, "booking/own.html", _context(call, "Your intro call"))


@require_http_methods(["GET", "HEAD", "POST"])
@with_call
@followed_by_the_browser
@shows_again
def change(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """Another time."""
    now = timezone.now()
    if not call.can_be_changed(now):
        return redirect(call.path)
    given = request.POST if request.method == "POST" else request.GET
    wish = Wish(given.get("zone", "") or call.zone, given.get("week", ""), given.get("slot", ""))
    page = Page(f"{call.path}change/")
    hosts = reachable_by(hosts_for(call.lead.edition.guide.key, call.lead.outcome), call.lead.phone)
    if not hosts:
        return render_page(request, "booking/own.html", _context(call, "No other time is offered just now"))
    picker = pick(hosts, wish, now, page, call)
    if request.method != "POST":
        return _show_change(request, call, MoveForm(call), picker)
    form = MoveForm(call, request.POST)
    say_refusal(request, form)
    if not form.is_valid():
        return _show_change(request, call, form, picker)
    begins = form.cleaned_data["slot"]
    try:
        move(call=call, begins=begins, zone=form.cleaned_data["zone"], now=now)
    except ClosedError:
        return redirect(call.path)
    except NotFreeError:
        form.add_error("slot", NOT_FREE)
        return _show_change(request, call, form, with_nearest(picker, hosts, now, begins, call))
    return redirect(call.path)


@require_http_methods(["GET", "HEAD", "POST"])
@with_call
@followed_by_the_browser
@shows_again
def call_off(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """Asks once; sent, the call is cancelled."""
    now = timezone.now()
    if not call.can_be_changed(now):
        return redirect(call.path)
    form = CancelForm(call, request.POST if request.method == "POST" else None)
    say_refusal(request, form)
    if not form.is_valid():
        title = f"{'Error: ' if form.errors else ''}Cancel your intro call"
        context = _context(call, title) | {"form": form, "csrf_token": get_token(request)}
        return render_page(request, "booking/cancel.html", context)
    # Its page says it if it has begun in this moment.
    with suppress(ClosedError):
        cancel(call=call, reason=form.cleaned_data["reason"], now=now)
    return redirect(call.path)


@require_safe
@with_call
def calendar_file(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """The call for a calendar that did not get the mail."""
    method = Method.CANCEL if call.status == CallStatus.CANCELLED else Method.PUBLISH
    text = invitation(call, method, zone=call.local_zone, description=f"Change or cancel: {call.address}")
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="intro-call.ics"'},
    )


@require_safe
def host_feed(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """The calls of one host for their calendar program, which reads it without a login."""
    # Who has left reads no names any more.
    host = Host.objects.filter(feed_token=token, user__is_active=True).first()
    if host is None:
        raise HelpfulNotFound("There is no calendar at this address. It may have been given another one.")
    calls = list(going_ahead().filter(host=host, ends_at__gt=timezone.now() - KEPT).select_related("host", "lead"))
    address_of = {call.pk: settings.SITE_URL + reverse("admin:booking_call_change", args=[call.pk]) for call in calls}
    return keep_private(HttpResponse(feed(host, calls, address_of), content_type="text/calendar; charset=utf-8"))


def _show_change(request: HtmxHttpRequest, call: Call, form: MoveForm, picker: Picker) -> HttpResponse:
    form.picker = picker
    title = f"{'Error: ' if form.errors else ''}Another time for your intro call"
    context = _context(call, title) | {"form": form, "picker": picker, "csrf_token": get_token(request)}
    return render_page(request, "booking/change.html", context)


def _context(call: Call, title: str) -> dict[str, object]:
    return {
        "title": title,
        "description": "",
        "call": call,
        "when": time_in_words(call.begins_at, call.local_zone),
        "open": call.can_be_changed(timezone.now()),
    }
