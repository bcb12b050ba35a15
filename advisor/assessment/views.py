"""The walk. Each page is a function of the edition and the answers in its address."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from advisor.assessment import counting, pages
from advisor.assessment.forms import PageForm
from advisor.assessment.pasted import code_in, result_in
from advisor.assessment.visit import Visit, edition_numbered, result_path, visit_of
from advisor.content.editions import shelf
from advisor.decision import answers as reading
from advisor.decision import result_code
from advisor.decision.guide import Page
from advisor.decision.recommendation import recommend
from advisor.decision.result_code import MistypedCodeError
from advisor.http import NOT_IN_PAGES, HelpfulNotFound, HtmxHttpRequest, render_page, wants_fragment

LONGEST_TYPED = 2000
"""Characters of what is typed in place of a code; a link to a result has some hundreds."""


def offered_page[**P](
    view: Callable[Concatenate[HtmxHttpRequest, str, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page of a guide; of one that is retired only those are shown that an edition is named for."""

    @require_safe
    @wraps(view)
    def checked(request: HtmxHttpRequest, guide_key: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        offered = shelf.offered()
        if shelf.is_retired(guide_key) and not request.GET.get("edition"):
            context = pages.guides("This guide is not offered any more", offered)
            context |= {"is_retired": True, "indexable": False, "canonical": ""}
            return render_page(request, "assessment/guides.html", context, status=410)
        return view(request, guide_key, *args, **kwargs)

    return checked


@require_safe
def front(request: HtmxHttpRequest) -> HttpResponse:
    """The landing of the default guide, a list of the guides where several are offered, or why there is none yet."""
    if len(offered := shelf.offered()) > 1:
        context = pages.guides("What do you have to decide?", offered)
        return render_page(request, "assessment/guides.html", context)
    published = shelf.default()
    if published is None:
        context = {"title": "This tool is being set up", "is_staff": _is_staff(request)}
        return render_page(request, "assessment/empty.html", context, status=503)
    return landing(request, published.guide.key)


@offered_page
def landing(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """What the guide is, both roles, the table, the signals, the questions people ask, and the way in."""
    return show_landing(request, visit_of(request, guide_key))


def show_landing(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """The landing of an edition or a draft."""
    counting.landing_seen(request, visit)
    return render_page(request, "assessment/landing.html", pages.landing(visit))


@offered_page
def question(request: HtmxHttpRequest, guide_key: str, question_key: str) -> HttpResponse:
    """One page of questions. With ``asked`` it has been answered: it goes on, or says what is wrong."""
    return ask(request, visit_of(request, guide_key), question_key)


def ask(request: HtmxHttpRequest, visit: Visit, question_key: str) -> HttpResponse:
    """A page of questions of an edition or a draft."""
    page = visit.guide.page_of.get(question_key)
    if page is None:
        raise HelpfulNotFound("This guide has no such question. You can begin again with the first one.")
    if page not in visit.pages:
        return _go_on(request, visit)
    if page.key != question_key:
        return redirect(visit.page_address(page))
    if visit.is_wrong_before(page):
        return _go_on(request, visit)
    asked = request.GET.get("asked") == page.key
    if asked and not visit.missing(page) and not visit.problems_on(page):
        counting.question_answered(request, visit, page)
        return _go_on(request, visit)
    return _show_question(request, visit, page, asked=asked)


@offered_page
def result(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """The recommendation, whole, whatever was visited before; or the first question that is wrong or open."""
    return recommend_to(request, visit_of(request, guide_key))


def recommend_to(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """The result in an edition or a draft."""
    if visit.problems or visit.next_page:
        return _go_on(request, visit)
    return _show_result(request, visit)


@require_safe
def code(request: HtmxHttpRequest, typed: str = "") -> HttpResponse:
    """From a result code to its result; without one, or with one that was mistyped, a field to type it into."""
    typed = (typed or request.GET.get("code", ""))[:LONGEST_TYPED]
    context = pages.about("Open a result by its code", reverse("code"), "From the code under a result to the result.")
    context |= {"typed": NOT_IN_PAGES.sub("", typed), "mistyped": False}
    if not typed.strip():
        return render_page(request, "assessment/code.html", context)
    if pasted := result_in(typed):
        return redirect(pasted)
    try:
        guide_number, number, digits = result_code.read_header(code_in(typed))
        published = edition_numbered(guide_number, number)
        answers = result_code.read_answers(published.guide, digits)
    except MistypedCodeError:
        context |= {"title": "Error: Open a result by its code", "mistyped": True}
        return render_page(request, "assessment/code.html", context, status=404)
    query = reading.query(published.guide, answers)
    return redirect(f"{result_path(published.guide.key)}?{query}&edition={number}")


@require_safe
def privacy(request: HtmxHttpRequest) -> HttpResponse:
    """What is kept about a visitor, and for how long: what the rooms declare, which is also what is applied."""
    return render_page(request, "assessment/privacy.html", pages.privacy(request.path))


@require_safe
def accessibility(request: HtmxHttpRequest) -> HttpResponse:
    """What works, how it was tested, and known gaps."""
    context = pages.about(
        "Accessibility", request.path, "What works for whom, how it is tested, and what does not yet."
    )
    context |= {"indexable": True}
    return render_page(request, "assessment/accessibility.html", context)


ROBOTS = """\
# Everything may be fetched. What is not for search engines, such as a result with somebody's answers in its address,
# says so itself. A crawler that were kept out here would never read that, and could list the bare address, answers
# included, because somebody links to it.
User-agent: *
Disallow:
"""


@require_safe
def robots(request: HtmxHttpRequest) -> HttpResponse:
    """What crawlers may fetch."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


def _is_staff(request: HtmxHttpRequest) -> bool:
    """Asked only while nothing is published; without tables nobody is logged in."""
    try:
        return request.user.is_staff
    except DatabaseError:
        return False


def _go_on(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """On to what is wrong, to the first open question, or to the result. htmx gets it at once, with its address."""
    if visit.problems:
        return _show_question(request, visit, visit.guide.page_of[visit.problems[0].question], asked=False)
    page = visit.next_page
    address = visit.page_address(page) if page else visit.result_address
    if not wants_fragment(request):
        onward = redirect(address)
        patch_vary_headers(onward, ["HX-Request"])
        return onward
    response = _show_question(request, visit, page, asked=False) if page else _show_result(request, visit)
    return push_url(response, address)


def _show_question(request: HtmxHttpRequest, visit: Visit, page: Page, *, asked: bool) -> HttpResponse:
    problems, missing = visit.problems_on(page), visit.missing(page) if asked else []
    if not problems and not missing:
        counting.question_shown(request, visit, page)
        return render_page(request, "assessment/question.html", pages.question(visit, page, None))
    form = PageForm(visit.guide, page, request.GET)
    form.report(problems, missing)
    response = render_page(request, "assessment/question.html", pages.question(visit, page, form))
    return push_url(response, False) if wants_fragment(request) else response


def _show_result(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    recommendation = recommend(visit.guide, visit.answers)
    counting.result_shown(request, visit, recommendation)
    return render_page(request, "assessment/result.html", pages.result(visit, recommendation))
