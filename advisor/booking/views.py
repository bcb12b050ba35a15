"""Asking for the introductory call, with a time or without. The form has a cookie, which protects it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor.assessment import counting
from advisor.assessment.visit import Visit, call_path, landing_path, result_path, visit_of
from advisor.booking.actions import NotFreeError, PhoneNeededError, request_with_call
from advisor.booking.availability import hosts_for
from advisor.booking.forms import NO_TIMES_ANY_MORE, NOT_FREE, PHONE_NEEDED, BookingForm
from advisor.booking.models import Call, Host
from advisor.booking.picker import Page, Picker, Wish, pick, with_nearest
from advisor.booking.words import time_in_words
from advisor.content.editions import shelf
from advisor.content.markdown import plain
from advisor.decision.recommendation import recommend
from advisor.http import HelpfulNotFound, HtmxHttpRequest, followed_by_the_browser, keep_private, render_page
from advisor.leads.actions import SentBeforeError
from advisor.leads.forms import AGAIN, CallForm, new_key
from advisor.leads.models import Submission
from advisor.posts import say_refusal, shows_again

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asking:
    """One request for a call: with whom it could be, and what was said of when."""

    visit: Visit
    hosts: list[Host]
    wish: Wish
    now: datetime

    @property
    def page(self) -> Page:
        return Page(call_path(self.visit.guide.key), tuple(parse_qsl(self.visit.query)))

    def picker(self) -> Picker | None:
        """The times of a week, or None where there is nobody to choose a time with."""
        return pick(self.hosts, self.wish, self.now, self.page) if self.hosts else None

    def refused(self, form: BookingForm) -> BookingForm:
        """The form whose time is not free, everything typed kept, with the times nearest to it."""
        usual = self.picker()
        if usual is None:
            form.add_error(None, NO_TIMES_ANY_MORE)
            return form.without_time()
        form.picker = with_nearest(usual, self.hosts, self.now, form.cleaned_data["slot"])
        form.add_error("slot", NOT_FREE)
        return form


# Back shows the page as it was left, with its key: what is sent again from there is the same request.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
@followed_by_the_browser
@shows_again
def call(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """The form; sent, it keeps the request, books the call and leads to the thank-you page."""
    visit = visit_of(request, guide_key)
    if visit.problems:
        # The result names what is wrong on its question, so it gets the address as it came.
        return redirect(f"{result_path(guide_key)}?{request.GET.urlencode()}")
    if visit.next_page:
        return redirect(visit.result_address)
    asking = asking_of(visit, request.POST if request.method == "POST" else request.GET)
    has_times = bool(asking.hosts)
    if request.method != "POST":
        counting.call_page_opened(request, visit, recommend(visit.guide, visit.answers))
        return _show(request, asking, BookingForm(visit, initial={"key": new_key()}, has_times=has_times))
    form = BookingForm(visit, request.POST, has_times=has_times)
    say_refusal(request, form)
    if "key" in form.errors:
        return _show(request, asking, form.with_new_key())
    if not form.is_valid():
        return _show(request, asking, form)
    try:
        request_with_call(
            key=form.cleaned_data["key"],
            visit=visit,
            details={name: form.cleaned_data[name] for name in CallForm.Meta.fields},
            consent=visit.guide.consent,
            begins=form.cleaned_data.get("slot"),
            zone=form.cleaned_data.get("zone", ""),
            now=asking.now,
        )
    except SentBeforeError:
        form.add_error(None, AGAIN)
        return _show(request, asking, form.with_new_key())
    except NotFreeError:
        # Asked anew: who has stopped in this moment has no other times to offer.
        asking = asking_of(visit, request.POST)
        return _show(request, asking, asking.refused(form))
    except PhoneNeededError:
        form.add_error("phone", PHONE_NEEDED)
        return _show(request, asking, form)
    except (OperationalError, InterfaceError) as error:
        logger.error("A request for a call could not be kept: %s", type(error).__name__)
        return _show(request, asking, form, unreachable=True)
    except DatabaseError:
        # Read-only after a failover, a table missing after a restore: not ours to know, and nothing to lose a form for.
        logger.exception("A request for a call could not be kept")
        return _show(request, asking, form, unreachable=True)
    return redirect("thanks", guide_key=guide_key, key=form.cleaned_data["key"])


def asking_of(visit: Visit, given: QueryDict) -> Asking:
    """Who could take the call. While the database cannot say, the request is taken without a time."""
    wish = Wish(given.get("zone", ""), given.get("week", ""), given.get("slot", ""))
    try:
        hosts = list(hosts_for(visit.guide.key, recommend(visit.guide, visit.answers).outcome.key))
    except DatabaseError as error:
        logger.warning("Nobody knows who takes calls (%s); the form is shown without times", type(error).__name__)
        hosts = []
    return Asking(visit, hosts, wish, timezone.now())


@never_cache
@require_safe
def thanks(request: HtmxHttpRequest, guide_key: str, key: str) -> HttpResponse:
    """What happens next, the call and the way to its page, and the result code; nothing about the person."""
    submission = (
        Submission.objects.select_related("lead__edition__guide")
        .defer("lead__edition__document")
        .filter(key=key, lead__edition__guide__key=guide_key)
        .first()
    )
    if submission is None or submission.lead is None:
        raise HelpfulNotFound("There is no request with this address. It may have been cut off when it was copied.")
    lead = submission.lead
    guide = shelf.edition(guide_key, lead.edition.number).guide
    booked = Call.objects.select_related("host").filter(lead=lead).first()
    if booked and booked.is_closed(timezone.now()):
        raise HelpfulNotFound("This call was a while ago, and its page is not kept any longer.")
    context = {
        "title": "Thank you",
        "guide": guide,
        "home": landing_path(guide_key),
        "code": lead.result_code,
        "result": lead.result_address,
        "call": booked,
        "open": booked is not None and booked.can_be_changed(timezone.now()),
        "when": time_in_words(booked.begins_at, booked.local_zone) if booked else "",
    }
    return keep_private(render_page(request, "booking/thanks.html", context))


def _show(request: HtmxHttpRequest, asking: Asking, form: BookingForm, *, unreachable: bool = False) -> HttpResponse:
    visit = asking.visit
    # While the database is away there is no use in asking it again, and the page must not fail over it.
    form.picker = form.picker or (None if unreachable else asking.picker())
    title = f"{'Error: ' if form.errors or unreachable else ''}{visit.guide.call_title} – {visit.guide.title}"
    context = {
        "title": title,
        "description": plain(visit.guide.call_text),
        "canonical": settings.SITE_URL + call_path(visit.guide.key),
        "guide": visit.guide,
        "home": visit.fresh_address,
        "form": form.as_can_be_shown(),
        "picker": form.picker,
        "outcome": recommend(visit.guide, visit.answers).outcome,
        "result": visit.result_address,
        "unreachable": unreachable,
        "contact_email": settings.CONTACT_EMAIL,
        "csrf_token": get_token(request),
    }
    return render_page(request, "booking/call.html", context, status=503 if unreachable else 200)
