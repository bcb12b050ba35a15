"""The pages of a visitor's own call, at an address that only they have: details, calendar file, another time, cancel.

A GET changes nothing, because mail programs follow links. No cache, search engine or other page learns the address.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from advisor.booking.actions import CallNotChangeableError, NotFreeError, cancel, move
from advisor.booking.availability import hosts_for, hosts_for_phone, uncancelled_calls
from advisor.booking.calendars import Method, feed, invitation
from advisor.booking.clocks import browser_clock
from advisor.booking.forms import CancelForm, TimeForm
from advisor.booking.models import PAGE_LIFETIME, Call, CallStatus, FormerLink, Host, digest_of
from advisor.booking.picker import PickerPage, SlotQuery, picker_for, with_nearest_times
from advisor.booking.words import time_in_words
from advisor.http import (
    HelpfulNotFound,
    HtmxHttpRequest,
    error_page_with_form,
    followed_by_the_browser,
    keep_private,
    render_page,
)
from advisor.posts import say_refusal, shows_again

RENEWED = "This link has been renewed"
RENEWED_BECAUSE = (
    "The call was moved, cancelled or changed in another way after this link was sent, and with each change its page "
    "gets a new address. The new one is in our latest e-mail about the call."
)


def with_call[**P](view: Callable[Concatenate[HtmxHttpRequest, Call, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the call that belongs to a token, and keep the address private."""

    @wraps(view)
    def found(request: HtmxHttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        calls = Call.objects.select_related("host", "lead__edition__guide").defer("lead__edition__document")
        call = calls.filter(token=token).first()
        if call is None and (former := FormerLink.objects.filter(digest=digest_of(token)).first()):
            if former.form and former.form == form_digest(request):
                return keep_private(redirect(former.call.path))
            return error_page_with_form(request, HTTPStatus.GONE, RENEWED, RENEWED_BECAUSE, again=False)
        if call is None:
            raise HelpfulNotFound("There is no call at this address. It may have been cut off when it was copied.")
        if call.is_closed(timezone.now()):
            raise HelpfulNotFound("This call was a while ago, and its page is not kept any longer.")
        return keep_private(view(request, call, *args, **kwargs))

    return found


def form_digest(request: HtmxHttpRequest) -> str:
    """What marks one form in one page: the token against forgery, which is masked anew whenever a form is shown. Who
    sends the same form twice, by a double press, is led on, and nobody else; "" for a request that sends none.
    """
    sent = request.POST.get("csrfmiddlewaretoken", "") if request.method == "POST" else ""
    return sent and digest_of(sent)


@contextmanager
def remembering_form(request: HtmxHttpRequest, call: Call) -> Iterator[None]:
    """Whatever changes the call in here, and renews its link, is known to come from this form."""
    former = digest_of(call.token)
    with transaction.atomic():
        yield
        FormerLink.objects.filter(digest=former).update(form=form_digest(request))


@require_safe
@with_call
def own_call(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """Show when, with whom and where the call is, and what the visitor can still change."""
    return render_page(request, "booking/own.html", _context(request, call, "Your intro call"))


@require_http_methods(["GET", "HEAD", "POST"])
@with_call
@followed_by_the_browser
@shows_again
def change_time(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """Show other times, and move the call when the form is sent."""
    now = timezone.now()
    if not call.can_be_changed(now):
        return redirect(call.path)
    given = request.POST if request.method == "POST" else request.GET
    query = SlotQuery.of(given, request.headers.get("Accept-Language", ""), zone=call.zone)
    hosts = hosts_for_phone(hosts_for(call.lead.edition.guide.key, call.lead.outcome), call.lead.phone)
    if not hosts:
        return render_page(request, "booking/own.html", _context(request, call, "No other time is offered just now"))
    picker = picker_for(hosts, query, now, PickerPage(f"{call.path}change/"), call)
    form = _change_form(call, request.POST if request.method == "POST" else None)
    form.picker = picker
    say_refusal(request, form)
    if not form.is_valid():
        return _show_change(request, call, form)
    begins = form.cleaned_data["slot"]
    try:
        with remembering_form(request, call):
            moved = move(call=call, begins=begins, zone=form.cleaned_data["zone"], now=now)
    except CallNotChangeableError:
        return redirect(call.path)
    except NotFreeError:
        form.refuse(with_nearest_times(picker, hosts, now, begins, call))
        return _show_change(request, call, form)
    return redirect(moved.path)


@require_http_methods(["GET", "HEAD", "POST"])
@with_call
@followed_by_the_browser
@shows_again
def cancel_call(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """Ask for confirmation, and cancel the call when the form is sent."""
    now = timezone.now()
    if not call.can_be_changed(now):
        return redirect(call.path)
    form = CancelForm(call, request.POST if request.method == "POST" else None)
    say_refusal(request, form)
    if not form.is_valid():
        title = f"{'Error: ' if form.errors else ''}Cancel your intro call"
        context = _context(request, call, title) | {"form": form, "csrf_token": get_token(request)}
        return render_page(request, "booking/cancel.html", context)
    # If the call has begun at this moment, its page says so.
    with suppress(CallNotChangeableError), remembering_form(request, call):
        call = cancel(call=call, reason=form.cleaned_data["reason"], now=now)
    return redirect(call.path)


@require_safe
@with_call
def calendar_file(request: HtmxHttpRequest, call: Call) -> HttpResponse:
    """Serve the call as a file, for a calendar that did not get the mail."""
    method = Method.CANCEL if call.status == CallStatus.CANCELLED else Method.PUBLISH
    text = invitation(call, method, description=f"Change or cancel: {call.address}")
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="intro-call.ics"'},
    )


@require_safe
def host_feed(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """Serve the calls of one host for their calendar program, which has no login."""
    # A host whose account is closed must not read names any more.
    host = Host.objects.filter(feed_token=token, user__is_active=True).first()
    if host is None:
        raise HelpfulNotFound("There is no calendar at this address. It may have been given another one.")
    calls = list(
        uncancelled_calls().filter(host=host, ends_at__gt=timezone.now() - PAGE_LIFETIME).select_related("host", "lead")
    )
    address_of = {call.pk: settings.SITE_URL + reverse("admin:booking_call_change", args=[call.pk]) for call in calls}
    return keep_private(HttpResponse(feed(host, calls, address_of), content_type="text/calendar; charset=utf-8"))


def _change_form(call: Call, data: QueryDict | None = None) -> TimeForm:
    return TimeForm(f"{call.path}change/", "Change to this time", data)


def _show_change(request: HtmxHttpRequest, call: Call, form: TimeForm) -> HttpResponse:
    title = f"{'Error: ' if form.errors else ''}Another time for your intro call"
    context = _context(request, call, title) | {"form": form, "picker": form.picker, "csrf_token": get_token(request)}
    return render_page(request, "booking/change.html", context, parts=("times",))


def _context(request: HtmxHttpRequest, call: Call, title: str) -> dict[str, object]:
    now = timezone.now()
    return {
        "title": title,
        "description": "",
        "call": call,
        "when": time_in_words(call.begins_at, call.local_zone, browser_clock(request)),
        "open": call.can_be_changed(now),
        "over": call.is_over(now),
        "contact_email": settings.CONTACT_EMAIL,
    }
