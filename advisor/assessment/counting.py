"""Which steps of the walk are counted, told by one request alone: by its address and the page that it came from.

A visitor who goes back and over something again is not counted twice, as far as the page before tells: htmx names it
in HX-Current-URL, a browser in Referer. ``advisor.funnel.definitions`` says in words what comes of it.
"""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from advisor.assessment.carried import ENTRANCE, touches
from advisor.assessment.visit import Visit
from advisor.decision.guide import Page, RemarkKind
from advisor.decision.recommendation import Recommendation
from advisor.funnel.actions import count
from advisor.funnel.models import Entrance, Step
from advisor.funnel.sources import source_of
from advisor.funnel.steps import What, Where
from advisor.funnel.visitors import is_counted
from advisor.http import HtmxHttpRequest, wants_fragment

TIMES = {"zone", "week", "slot"}
"""Parameters of the call page by which it shows other times: the same page, leafed through."""


def where(visit: Visit) -> Where:
    """The edition, and by which way its visitor came in."""
    first, _ = touches(visit.carried)
    return where_from(visit.guide.key, visit.published.number, first)


def where_from(guide: str, edition: int, first: Mapping[str, str]) -> Where:
    """The same by what rode along when they came."""
    entrance = Entrance.EMBEDDED if first.get(ENTRANCE) == Entrance.EMBEDDED.value else Entrance.OWN
    return Where(guide, edition, source_of(first), entrance.value)


def landing_seen(request: HtmxHttpRequest, visit: Visit) -> None:
    """Nothing was answered yet."""
    if not visit.given.choices:
        _count(request, visit, What(Step.LANDING))


def question_shown(request: HtmxHttpRequest, visit: Visit, page: Page) -> None:
    """The page is the first that is open, and nobody came to it by answering one anew."""
    if page is visit.next_page and not visit.problems and goes_on(request, visit):
        _count(request, visit, What(Step.SHOWN, page.key))


def question_answered(request: HtmxHttpRequest, visit: Visit, page: Page) -> None:
    """It was not answered before: nothing after it is, nor was it itself on the page with the form."""
    later = visit.pages[visit.pages.index(page) + 1 :]
    is_last = not any(question.key in visit.answers.choices for after in later for question in after.questions)
    if is_last and goes_on(request, visit):
        _count(request, visit, What(Step.ANSWERED, page.key))


def result_shown(request: HtmxHttpRequest, visit: Visit, recommendation: Recommendation) -> None:
    """With the situations that were ticked, and the contradictions that are shown."""
    if goes_on(request, visit):
        _count(
            request,
            visit,
            What(Step.RESULT, recommendation.outcome.key, recommendation.certainty.value),
            *(What(Step.SIGNAL, found.key) for evidence in recommendation.evidence for found in evidence.ticked),
            *(
                What(Step.CONTRADICTION, found.remark.key)
                for found in recommendation.remarks
                if found.remark.kind is RemarkKind.CONTRADICTION
            ),
        )


def call_page_opened(request: HtmxHttpRequest, visit: Visit, recommendation: Recommendation) -> None:
    """Not when other times are looked at."""
    if not wants_fragment(request) and TIMES.isdisjoint(request.GET):
        what = What(Step.CALL_PAGE, recommendation.outcome.key, recommendation.certainty.value)
        _count(request, visit, what)


def goes_on(request: HtmxHttpRequest, visit: Visit) -> bool:
    """Whether the page before lets one think that this is the first time.

    It does not when it is a question that had been answered already, come back to by Back or Change, or a page after
    the questions. Where a browser does not name the page before, it counts as the first time.
    """
    before = request.META.get("HTTP_HX_CURRENT_URL") or request.META.get("HTTP_REFERER", "")
    if not before:
        return True
    try:
        parts = urlsplit(before)
    except ValueError:
        return True
    guide, key = [*parts.path.split("/"), "", ""][1:3]
    if guide != visit.guide.key or not key or parts.netloc != request.get_host():
        return True
    page = visit.guide.page_of.get(key)
    if page is None:
        return False
    given = parse_qs(parts.query)
    return not all(question.key in given for question in page.questions)


def _count(request: HtmxHttpRequest, visit: Visit, *what: What) -> None:
    """A draft is walked by those who make it."""
    if not visit.token and is_counted(request):
        count(where=where(visit), what=what, now=timezone.now())
