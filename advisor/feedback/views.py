"""Saying whether a result fits: the page that the form under a result leads to.

The form carries no token against forgery, as a token needs a cookie, and the walk sets none. A forged vote would be one
in the name of nobody: what has to be kept out is another site that lets its visitors vote without their knowing. Their
browsers say which site a form comes from, and no page can make them say anything else.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from advisor.assessment import partials
from advisor.assessment.fit import given_reasons
from advisor.assessment.forms import FitForm
from advisor.assessment.visit import Visit, address_beside_result, visit_of
from advisor.feedback.actions import TooManyLinesError, say
from advisor.funnel.visitors import is_visitor
from advisor.http import HtmxHttpRequest, error_page, keep_private, render_page
from advisor.limits.networks import wide_network_of
from advisor.posts import may_be_foreign

TOO_MANY_LINES = (
    "So many lines came that we take no more just now. Please take yours out to send the rest, or try again tomorrow."
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def fit(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """Ask of each reason whether it fits, and count what is said; with ``sent``, thank for it."""
    visit = visit_of(request, guide_key)
    if visit.problems or visit.next_page:
        return redirect(visit.result_address)
    if request.method == "POST" and may_be_foreign(request):
        words = "It came from another site, so nothing was counted. Please use the form under the result itself."
        return error_page(403, "This was not taken", words)
    address = address_beside_result("fit", visit)
    if request.method != "POST" and request.GET.get("sent") == "fit":
        return render_page(request, "feedback/thanks.html", _context(visit, "Thank you"))
    form = FitForm(given_reasons(visit.guide, visit.recommendation), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if is_visitor(request):
                verdicts, line = form.verdicts, form.cleaned_data["line"]
                say(visit=visit, network=wide_network_of(request), verdicts=verdicts, line=line, now=timezone.now())
        except TooManyLinesError:
            form.add_error("line", TOO_MANY_LINES)
        else:
            return redirect(f"{address}&sent=fit")
    context = _context(visit, f"{'Error: ' if form.errors else ''}Does this result fit you?")
    context |= {"form": form, "fit": address} | _fields(visit, form)
    response = render_page(request, "feedback/ask.html", context)
    # What somebody wrote stands on it.
    return keep_private(response) if form.is_bound else response


def _fields(visit: Visit, form: FitForm) -> dict[str, SafeString]:
    """The fields as they stand under the result, filled in."""
    votes = [partials.vote(visit.guide, key, form.chosen(key)) for key in form.reasons]
    line = render_to_string("advisor/field.html", {"field": form["line"]})
    return {"votes": SafeString("".join(votes)), "line": line}


def _context(visit: Visit, title: str) -> dict[str, object]:
    return {
        "title": f"{title} – {visit.guide.title}",
        "description": "",
        "home": visit.fresh_address,
        "outcome": visit.recommendation.outcome,
        "result": visit.result_address,
    }
