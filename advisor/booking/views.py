"""The form for the introductory call, with a time or without, and the page after it. A cookie protects the form."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor.assessment import counting
from advisor.assessment.attribution import with_source_in_address
from advisor.assessment.templatetags.texts import copy
from advisor.assessment.visit import Visit, call_path, landing_path, result_path, visit_of
from advisor.booking.actions import NotFreeError, PhoneNeededError
from advisor.booking.admission import (
    MAX_OF_ADDRESS,
    AddressUsedUpError,
    OpenCallError,
    Refusal,
    TooManyRequestsError,
    count_refusal,
    mail_open_call,
)
from advisor.booking.availability import hosts_for, hosts_lately
from advisor.booking.clocks import browser_clock
from advisor.booking.forms import (
    ANOTHER_CALL_MESSAGE,
    NO_TIMES_LEFT_MESSAGE,
    PHONE_NEEDED_MESSAGE,
    BookingForm,
    SlotForm,
    filled_in,
    unfilled,
)
from advisor.booking.intake import ask_for_call
from advisor.booking.intake_views import show_waiting, waiting_with
from advisor.booking.models import Call, Host
from advisor.booking.picker import Picker, PickerPage, SlotQuery, picker_for, with_nearest_times
from advisor.booking.words import time_in_words
from advisor.content.editions import edition_cache
from advisor.content.markdown import plain
from advisor.http import HelpfulNotFound, HtmxHttpRequest, followed_by_the_browser, keep_private, render_page
from advisor.leads.actions.requesting import SentBeforeError
from advisor.leads.forms import SENT_BEFORE, CallForm, new_form
from advisor.leads.models import Submission
from advisor.limits.networks import wide_network_of
from advisor.posts import say_refusal, shows_again
from advisor.skeletons import fill_in

TOO_MANY = {
    Refusal.BLOCKED: "We take no requests from your network, or from the provider of your e-mail address, by this form "
    "just now. Nothing is lost: please write to {email}.",
    Refusal.OF_NETWORK: "So many requests came today from the network that you are in that we take no more by this "
    "form. Nothing is lost: please try again tomorrow, or write to {email} now.",
    Refusal.IN_HOUR: "So many requests came in within this hour that we take no more by this form. Nothing is lost: "
    "please try again in an hour, or write to {email} now.",
    Refusal.IN_DAY: "So many requests came in today that we take no more by this form. Nothing is lost: please try "
    "again tomorrow, or write to {email} now.",
}
ADDRESS_USED_UP = (
    "This e-mail address was used {times} times today, and we take no more with it until tomorrow. Nothing is lost: "
    "please write to {email}."
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CallRequest:
    """One request of the call page: the hosts who could take the call, and the chosen time."""

    visit: Visit
    hosts: list[Host]
    query: SlotQuery
    now: datetime

    @property
    def page(self) -> PickerPage:
        return PickerPage(call_path(self.visit.guide.key), tuple(parse_qsl(self.visit.query)))

    @cached_property
    def picker(self) -> Picker | None:
        """The times of a week; None if there is no host, or the database fails."""
        try:
            return picker_for(self.hosts, self.query, self.now, self.page) if self.hosts else None
        except DatabaseError as error:
            logger.warning("Nobody knows which times are free (%s); the form is shown without", type(error).__name__)
            return None

    def refused(self, form: BookingForm) -> BookingForm:
        """The form whose time is not free, as it was sent, with the nearest free times."""
        picker = self.picker
        if picker is None:
            form.add_error(None, NO_TIMES_LEFT_MESSAGE)
            return form.without_time()
        form.refuse(with_nearest_times(picker, self.hosts, self.now, form.cleaned_data["slot"]))
        return form


# Back shows the page as it was left, with its key, so a form that is sent again from there is the same request.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_source_in_address
@followed_by_the_browser
@shows_again
def call(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """Show the form. When it is sent, store the request, book the call and go on to the thank-you page."""
    visit = visit_of(request, guide_key)
    if visit.problems:
        # The page of the result shows each problem on its question, so it gets the unchanged address.
        return redirect(f"{result_path(guide_key)}?{request.GET.urlencode()}")
    if visit.next_page:
        return redirect(visit.result_address)
    call_request = call_request_of(request, visit)
    if request.method != "POST":
        counting.count_call_page(request, visit)
        return _show(request, call_request)
    form = BookingForm(visit, request.POST, has_times=bool(call_request.hosts))
    say_refusal(request, form)
    if "key" in form.errors:
        return _show(request, call_request, form.with_new_key())
    if not form.is_valid():
        return _show(request, call_request, form)
    try:
        ask_for_call(
            key=form.cleaned_data["key"],
            visit=visit,
            details={name: form.cleaned_data[name] for name in CallForm.Meta.fields},
            consent=visit.guide.consent,
            network=wide_network_of(request),
            begins=form.cleaned_data.get("slot"),
            zone=form.cleaned_data.get("zone", ""),
            now=call_request.now,
        )
    except SentBeforeError:
        form.add_error(None, SENT_BEFORE)
        return _show(request, call_request, form.with_new_key())
    except OpenCallError:
        mail_open_call(email=form.cleaned_data["email"], network=wide_network_of(request), now=call_request.now)
        form.add_error("email", ANOTHER_CALL_MESSAGE)
        return _show(request, call_request, form)
    except AddressUsedUpError:
        count_refusal(network=wide_network_of(request), now=call_request.now)
        form.add_error("email", ADDRESS_USED_UP.format(times=apnumber(MAX_OF_ADDRESS), email=settings.CONTACT_EMAIL))
        return _show(request, call_request, form)
    except TooManyRequestsError as refusal:
        form.add_error(None, TOO_MANY[refusal.why].format(email=settings.CONTACT_EMAIL))
        return _show(request, call_request, form)
    except NotFreeError:
        # Read the hosts again, because one may have been switched off at this moment.
        call_request = call_request_of(request, visit, afresh=True)
        return _show(request, call_request, call_request.refused(form))
    except PhoneNeededError:
        form.add_error("phone", PHONE_NEEDED_MESSAGE)
        return _show(request, call_request, form)
    except (OperationalError, InterfaceError) as error:
        logger.error("A request for a call could not be kept: %s", type(error).__name__)
        return _show(request, call_request, form, unreachable=True)
    except DatabaseError:
        # The database may be read-only after a failover, or lack a table after a restore. The visitor keeps the form.
        logger.exception("A request for a call could not be kept")
        return _show(request, call_request, form, unreachable=True)
    return redirect("thanks", guide_key=guide_key, key=form.cleaned_data["key"])


def call_request_of(request: HtmxHttpRequest, visit: Visit, *, afresh: bool = False) -> CallRequest:
    """Who could take the call, as of a moment ago or ``afresh``. If the database fails, the form has no times."""
    given = request.POST if request.method == "POST" else request.GET
    query, now = SlotQuery.of(given, request.headers.get("Accept-Language", "")), timezone.now()
    guide_key, outcome = visit.guide.key, visit.recommendation.outcome.key
    try:
        hosts = list(hosts_for(guide_key, outcome)) if afresh else hosts_lately(guide_key, outcome, now)
    except DatabaseError as error:
        logger.warning("Nobody knows who takes calls (%s); the form is shown without times", type(error).__name__)
        hosts = []
    return CallRequest(visit, hosts, query, now)


@never_cache
@require_safe
def thanks(request: HtmxHttpRequest, guide_key: str, key: str) -> HttpResponse:
    """Show what happens next, the call with the link to its page, and the result code. Nothing is about the person."""
    submission = (
        Submission.objects.select_related("lead__edition__guide")
        .defer("lead__edition__document")
        .filter(key=key, lead__edition__guide__key=guide_key)
        .first()
    )
    if submission is None and (waits := waiting_with(key)):
        return show_waiting(request, waits)
    if submission is None or submission.lead is None:
        raise HelpfulNotFound("There is no request with this address. It may have been cut off when it was copied.")
    lead = submission.lead
    guide = edition_cache.edition(guide_key, lead.edition.number).guide
    booked = Call.objects.select_related("host").filter(lead=lead).first()
    now = timezone.now()
    if booked and booked.is_closed(now):
        raise HelpfulNotFound("This call was a while ago, and its page is not kept any longer.")
    context = {
        "title": "Thank you",
        "guide": guide,
        "home": landing_path(guide_key),
        "code": lead.result_code,
        "result": lead.result_address,
        "call": booked,
        "open": booked is not None and booked.can_be_changed(now),
        "over": booked is not None and booked.is_over(now),
        "when": time_in_words(booked.begins_at, booked.local_zone, browser_clock(request)) if booked else "",
    }
    return keep_private(render_page(request, "booking/thanks.html", context))


def _show(
    request: HtmxHttpRequest, call_request: CallRequest, sent: BookingForm | None = None, *, unreachable: bool = False
) -> HttpResponse:
    """The page with the form as it was sent, or as nobody has filled it in yet."""
    visit = call_request.visit
    form = sent.as_can_be_shown() if sent else SlotForm()
    # While the database is unreachable, another query would only fail as well.
    form.picker = form.picker or (None if unreachable else call_request.picker)
    form.clock = call_request.query.chosen_clock
    token = get_token(request)
    title = f"{'Error: ' if form.errors or unreachable else ''}{visit.guide.call_title} – {visit.guide.title}"
    context = {
        "title": title,
        "description": plain(visit.guide.call_text),
        "canonical": settings.SITE_URL + call_path(visit.guide.key),
        "home": visit.fresh_address,
        "heading": visit.guide.call_title,
        "text": copy(visit.guide, visit.guide.call_text),
        "outcome": visit.recommendation.outcome.title,
        "result": visit.result_address,
        "unreachable": unreachable,
        "errors": render_to_string("advisor/errors.html", {"form": form}) if form.errors else "",
        "zone": form.choice_of_zone,
        "times": form.times,
        "form": filled_in(sent, token) if sent else unfilled(visit, new_form(now=call_request.now), token, form.times),
        "contact_email": settings.CONTACT_EMAIL,
        "csrf_token": token,
    }
    response = render_page(
        request,
        "booking/call.html",
        context,
        status=503 if unreachable else 200,
        parts=("times",) if form.picker else (),
        render=fill_in,
    )
    patch_vary_headers(response, ["Accept-Language"])
    return response
