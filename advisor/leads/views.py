"""Asking for the introductory call. The only pages with a cookie, which protects the form."""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor.assessment.visit import Visit, call_path, result_path, visit_of
from advisor.content.markdown import plain
from advisor.decision.recommendation import recommend
from advisor.http import HelpfulNotFound, HtmxHttpRequest, render_page
from advisor.leads.actions import SentBeforeError, request_call
from advisor.leads.forms import AGAIN, CallForm, new_key
from advisor.leads.models import Submission

logger = logging.getLogger(__name__)


# Back shows the page as it was left, with its key: what is sent again from there is the same request.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """The form; sent, it keeps the request and leads to the thank-you page."""
    visit = visit_of(request, guide_key)
    if visit.problems:
        # The result names what is wrong on its question, so it gets the address as it came.
        return redirect(f"{result_path(guide_key)}?{request.GET.urlencode()}")
    if visit.next_page:
        return redirect(visit.result_address)
    if request.method != "POST":
        return _show(request, visit, CallForm(visit, initial={"key": new_key()}))
    form = CallForm(visit, request.POST)
    if "key" in form.errors:
        return _show(request, visit, form.with_new_key())
    if not form.is_valid():
        return _show(request, visit, form)
    details = {name: form.cleaned_data[name] for name in CallForm.Meta.fields}
    try:
        request_call(
            key=form.cleaned_data["key"],
            visit=visit,
            details=details,
            consent=visit.guide.consent,
            now=timezone.now(),
        )
    except SentBeforeError:
        form.add_error(None, AGAIN)
        return _show(request, visit, form.with_new_key())
    except (OperationalError, InterfaceError) as error:
        logger.error("A request for a call could not be kept: %s", type(error).__name__)
        return _show(request, visit, form, unreachable=True)
    except DatabaseError:
        # Read-only after a failover, a table missing after a restore: not ours to know, and nothing to lose a form for.
        logger.exception("A request for a call could not be kept")
        return _show(request, visit, form, unreachable=True)
    return redirect("thanks", guide_key=guide_key, key=form.cleaned_data["key"])


@never_cache
@require_safe
def thanks(request: HtmxHttpRequest, guide_key: str, key: str) -> HttpResponse:
    """What happens next, and the result code; nothing about the person, as the address can be passed on."""
    submission = (
        Submission.objects.select_related("lead__edition__guide")
        .defer("lead__edition__document")
        .filter(key=key, lead__edition__guide__key=guide_key)
        .first()
    )
    if submission is None or submission.lead is None:
        raise HelpfulNotFound("There is no request with this address. It may have been cut off when it was copied.")
    lead = submission.lead
    visit = visit_of(request, guide_key)
    context = {
        "title": "Thank you",
        "guide": visit.guide,
        "home": visit.fresh_address,
        "code": lead.result_code,
        "result": lead.result_address,
    }
    return render_page(request, "leads/thanks.html", context)


def _show(request: HtmxHttpRequest, visit: Visit, form: CallForm, *, unreachable: bool = False) -> HttpResponse:
    title = f"{'Error: ' if form.errors or unreachable else ''}{visit.guide.call_title} – {visit.guide.title}"
    context = {
        "title": title,
        "description": plain(visit.guide.call_text),
        "canonical": settings.SITE_URL + call_path(visit.guide.key),
        "guide": visit.guide,
        "home": visit.fresh_address,
        "form": form.as_can_be_shown(),
        "outcome": recommend(visit.guide, visit.answers).outcome,
        "result": visit.result_address,
        "unreachable": unreachable,
        "contact_email": settings.CONTACT_EMAIL,
        "csrf_token": get_token(request),
    }
    return render_page(request, "leads/call.html", context, status=503 if unreachable else 200)
