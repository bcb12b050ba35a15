"""The walk. Each page is a function of the edition and the answers in its address."""

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from advisor.assessment import pages
from advisor.assessment.forms import PageForm
from advisor.assessment.visit import Visit, edition_numbered, result_path, visit_of
from advisor.content.editions import shelf
from advisor.decision import answers as reading
from advisor.decision import result_code
from advisor.decision.guide import Page
from advisor.decision.result_code import MistypedCodeError
from advisor.http import NOT_IN_PAGES, HelpfulNotFound, HtmxHttpRequest, render_page, wants_fragment


@require_safe
def front(request: HtmxHttpRequest) -> HttpResponse:
    """The landing of the default guide, or a word about why there is none yet."""
    published = shelf.default()
    if published is None:
        context = {"title": "This tool is being set up", "is_staff": _is_staff(request)}
        return render_page(request, "assessment/empty.html", context, status=503)
    return landing(request, published.guide.key)


@require_safe
def landing(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """What the guide is, both roles, the table, the signals, the questions people ask, and the way in."""
    return render_page(request, "assessment/landing.html", pages.landing(visit_of(request, guide_key)))


@require_safe
def question(request: HtmxHttpRequest, guide_key: str, question_key: str) -> HttpResponse:
    """One page of questions. With ``asked`` it has been answered: it goes on, or says what is wrong."""
    visit = visit_of(request, guide_key)
    page = visit.guide.page_of.get(question_key)
    if page is None:
        raise HelpfulNotFound("This guide has no such question. You can begin again with the first one.")
    if page not in visit.pages:
        return _go_on(request, visit)
    if page.key != question_key:
        return redirect(visit.page_address(page))
    asked = request.GET.get("asked") == page.key
    if asked and not visit.missing(page) and not visit.problems_on(page):
        return _go_on(request, visit)
    return _show_question(request, visit, page, asked=asked)


@require_safe
def result(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """The recommendation, whole, whatever was visited before; or the first question that is wrong or open."""
    visit = visit_of(request, guide_key)
    if visit.problems or visit.next_page:
        return _go_on(request, visit)
    return _show_result(request, visit)


@require_safe
def code(request: HtmxHttpRequest, typed: str = "") -> HttpResponse:
    """From a result code to its result; without one, or with one that was mistyped, a field to type it into."""
    typed = (typed or request.GET.get("code", ""))[:60]
    context = pages.about("Open a result by its code", reverse("code"), "From the code under a result to the result.")
    context |= {"typed": NOT_IN_PAGES.sub("", typed), "mistyped": False}
    if not typed.strip():
        return render_page(request, "assessment/code.html", context)
    try:
        guide_number, number, digits = result_code.read_header(typed)
        published = edition_numbered(guide_number, number)
        answers = result_code.read_answers(published.guide, digits)
    except MistypedCodeError:
        context |= {"title": "Error: Open a result by its code", "mistyped": True}
        return render_page(request, "assessment/code.html", context, status=404)
    query = reading.query(published.guide, answers)
    return redirect(f"{result_path(published.guide.key)}?{query}&edition={number}")


@require_safe
def privacy(request: HtmxHttpRequest) -> HttpResponse:
    """What is kept about a visitor, and for how long."""
    context = pages.about("Privacy", request.path, "What is kept about you, what for and for how long.")
    return render_page(request, "assessment/privacy.html", context)


@require_safe
def accessibility(request: HtmxHttpRequest) -> HttpResponse:
    """What works, how it was tested, and known gaps."""
    context = pages.about(
        "Accessibility", request.path, "What works for whom, how it is tested, and what does not yet."
    )
    return render_page(request, "assessment/accessibility.html", context)


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
        return render_page(request, "assessment/question.html", pages.question(visit, page, None))
    form = PageForm(visit.guide, page, request.GET)
    form.report(problems, missing)
    response = render_page(request, "assessment/question.html", pages.question(visit, page, form))
    return push_url(response, False) if wants_fragment(request) else response


def _show_result(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    return render_page(request, "assessment/result.html", pages.result(visit))
