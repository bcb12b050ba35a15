"""The walk. Each page is a function of the edition and the answers in its address."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from advisor.assessment import counting, group_pages, pages, result_page
from advisor.assessment.attribution import (
    attribution,
    for_this_visitor,
    said_by_the_browser,
    with_source_in_address,
)
from advisor.assessment.code_input import MAX_CODE_INPUT, MISTYPED_CODE, NO_CODE, extract_code, result_address
from advisor.assessment.forms import PageForm
from advisor.assessment.group import read_group
from advisor.assessment.others import SENT
from advisor.assessment.visit import Visit, edition_named, pairs_of, visit_by_code, visit_of
from advisor.content.editions import edition_cache
from advisor.decision.guide import Page
from advisor.decision.result_code import MistypedCodeError
from advisor.funnel.visitors import has_session
from advisor.http import (
    ASK_EACH_TIME,
    NOT_ALLOWED_IN_HTML,
    HelpfulNotFound,
    HtmxHttpRequest,
    render_page,
    wants_fragment,
)
from advisor.skeletons import fill_in

CODE_ERROR_TITLE = "Error: Open a result by its code"


def guide_page[**P](
    view: Callable[Concatenate[HtmxHttpRequest, Visit, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page of the guide in the address. Of a retired guide only addresses that name an edition are shown."""

    @require_safe
    @wraps(view)
    def checked(request: HtmxHttpRequest, guide_key: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        edition_cache.refresh()
        if edition_cache.is_retired(guide_key) and not request.GET.get("edition"):
            context = pages.guides("This guide is not offered any more", edition_cache.offered())
            context |= {"is_retired": True, "indexable": False, "canonical": ""}
            return render_page(request, "assessment/guides.html", context, status=410)
        response = view(request, visit_of(request, guide_key), *args, **kwargs)
        response.headers.setdefault("Cache-Control", ASK_EACH_TIME)
        return response

    return checked


@require_safe
def front(request: HtmxHttpRequest) -> HttpResponse:
    """The landing of the default guide, a list of the guides where several are offered, or why there is none yet."""
    if len(offered := edition_cache.offered()) > 1:
        context = pages.guides("What do you have to decide?", offered)
        return render_page(request, "assessment/guides.html", context)
    published = edition_cache.default()
    if published is None:
        context = {
            "title": "This tool is being set up",
            "contact_email": settings.CONTACT_EMAIL,
            "is_staff": has_session(request),
        }
        return render_page(request, "assessment/empty.html", context, status=503)
    return landing(request, published.guide.key)


def show_landing(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """What the guide is, both roles, the table, the signals, the frequent questions, and the link to the first one."""
    counting.count_landing(request, visit)
    return render_page(request, "assessment/landing.html", pages.landing(visit), render=fill_in)


def show_question(request: HtmxHttpRequest, visit: Visit, question_key: str) -> HttpResponse:
    """One page of questions. With ``asked`` it was answered: the next page follows, or it says what is wrong."""
    page = visit.guide.page_of.get(question_key)
    if page is None:
        raise HelpfulNotFound("This guide has no such question. You can begin again with the first one.")
    if page not in visit.pages:
        return _next_step(request, visit)
    if page.key != question_key:
        return redirect(visit.page_address(page))
    if visit.is_wrong_before(page):
        return _next_step(request, visit)
    asked = request.GET.get("asked") == page.key
    if asked and not visit.missing(page) and not visit.problems_on(page):
        counting.count_answer(request, visit, page)
        return _next_step(request, visit)
    return _render_question(request, visit, page, asked=asked)


def show_result(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """The recommendation, whole, whatever was visited before; or the first question that is wrong or open."""
    if visit.problems or visit.next_page:
        return _next_step(request, visit)
    return _render_result(request, visit)


landing = with_source_in_address(guide_page(show_landing))
question = with_source_in_address(guide_page(show_question))
result = with_source_in_address(guide_page(show_result))


@require_safe
def code(request: HtmxHttpRequest, typed: str = "") -> HttpResponse:
    """From a result code to its result; without one, or with one that was mistyped, a field to type it into.

    With a code in its path it is the link that people pass on: the result says so, and where it came from rides along.
    """
    is_link = bool(typed)
    typed = (typed or request.GET.get("code", ""))[:MAX_CODE_INPUT]
    context = pages.about("Open a result by its code", reverse("code"), "From the code under a result to the result.")
    context |= {"typed": NOT_ALLOWED_IN_HTML.sub("", typed), "error": ""}
    if not typed.strip():
        if "code" in request.GET:
            context |= {"title": CODE_ERROR_TITLE, "error": NO_CODE}
        return render_page(request, "assessment/code.html", context)
    if address := result_address(typed):
        return redirect(address)
    try:
        found = visit_by_code(extract_code(typed))
    except MistypedCodeError:
        context |= {"title": CODE_ERROR_TITLE, "error": MISTYPED_CODE}
        return render_page(request, "assessment/code.html", context, status=404)
    if not is_link:
        return redirect(found.result_address)
    by_browser = said_by_the_browser(request)
    rides_along = [(SENT, found.code), *attribution([*pairs_of(request), *by_browser])]
    redirection = redirect(f"{found.result_address}&{urlencode(rides_along)}")
    return for_this_visitor(redirection) if by_browser else redirection


@require_safe
@with_source_in_address
def together(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """The answers of two to four people side by side; with the code of one, where somebody else is asked for theirs;
    with none, or with one that cannot be used, a field to type it into.
    """
    guide = edition_named(guide_key, QueryDict()).guide
    group = read_group(guide, request.GET, attribution(pairs_of(request)))
    if group.address and group.codes != request.GET.getlist("code"):
        # As the codes are written, so that the address can be passed on.
        return redirect(group.address)
    context = group_pages.page(group)
    return render_page(request, "assessment/together.html", context, status=404 if group.error else 200)


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
    context |= {"indexable": True, "without_htmx": True}
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


SECURITY_TXT_LIFETIME = timedelta(days=180)
"""Readers take what has expired for out of date (RFC 9116); it is written anew each time it is asked for."""


@require_safe
def security_txt(request: HtmxHttpRequest) -> HttpResponse:
    """Whom to write to about a weakness."""
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {timezone.now() + SECURITY_TXT_LIFETIME:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def _next_step(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """A redirect to what is wrong, to the first open question, or to the result. htmx gets the page itself."""
    if visit.problems:
        return _render_question(request, visit, visit.guide.page_of[visit.problems[0].question], asked=False)
    page = visit.next_page
    address = visit.page_address(page) if page else visit.result_address
    if not wants_fragment(request):
        redirection = redirect(address)
        patch_vary_headers(redirection, ["HX-Request"])
        return redirection
    response = _render_question(request, visit, page, asked=False) if page else _render_result(request, visit)
    return push_url(response, address)


def _render_question(request: HtmxHttpRequest, visit: Visit, page: Page, *, asked: bool) -> HttpResponse:
    problems, missing = visit.problems_on(page), visit.missing(page) if asked else []
    if not problems and not missing:
        counting.count_question(request, visit, page)
        return render_page(request, "assessment/question.html", pages.question(visit, page, None), render=fill_in)
    form = PageForm(visit.guide, page, request.GET)
    form.report(problems, missing)
    response = render_page(request, "assessment/question.html", pages.question(visit, page, form))
    return push_url(response, False) if wants_fragment(request) else response


def _render_result(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    counting.count_result(request, visit)
    return render_page(request, "assessment/result.html", result_page.result(visit), render=fill_in)
