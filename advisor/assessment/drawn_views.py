"""What the server draws: the memo as PDF, and the pictures beside links. None of it is a page of the walk."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from advisor.assessment import paper
from advisor.assessment.drawing import drawings
from advisor.assessment.views import guide_page
from advisor.assessment.visit import Visit, address_beside_result, edition_named
from advisor.http import NOT_INDEXED, HelpfulNotFound, HtmxHttpRequest

FOR_A_DAY = "private, max-age=86400"
"""For a memo, whose address names edition and answers: it changes with a release of this site at most."""

FOR_A_YEAR = "public, max-age=31536000, immutable"
"""For a picture whose address names its edition."""

FOR_AN_HOUR = "public, max-age=3600"


def show_memo(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """The result as one page of paper, with an appendix; of answers that are not complete, the way to complete them."""
    if visit.problems or visit.next_page:
        return redirect(visit.result_address)
    address = address_beside_result("memo", visit)
    if request.get_full_path() != address:
        # One address for each set of answers, and none without its edition.
        return redirect(address)
    response = HttpResponse(drawings.draw("memo.typ", "pdf", paper.memo(visit)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit.guide.key}-{visit.code}.pdf"'
    response["Cache-Control"] = FOR_A_DAY
    response["X-Robots-Tag"] = NOT_INDEXED
    return response


memo = guide_page(show_memo)


@require_safe
def card(request: HtmxHttpRequest, guide_key: str, outcome_key: str = "") -> HttpResponse:
    """The picture beside a link to a guide, or to a result with this outcome. It says nothing of any answer."""
    published = edition_named(guide_key, request.GET)
    if outcome_key and outcome_key not in published.guide.outcome:
        raise HelpfulNotFound("This edition of the guide has no such outcome.")
    words = paper.outcome_card(published.guide, outcome_key) if outcome_key else paper.guide_card(published.guide)
    response = HttpResponse(drawings.draw("card.typ", "png", words), content_type="image/png")
    # Messengers show it on pages of their own.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = FOR_A_YEAR if request.GET.get("edition") else FOR_AN_HOUR
    return response
