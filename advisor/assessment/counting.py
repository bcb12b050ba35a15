"""Which steps of the walk are counted. One request alone decides it: its address and the page that it came from.

A visitor who goes back and repeats a step is not counted twice, as far as the page before tells: htmx names it in
HX-Current-URL, a browser in Referer. ``advisor.funnel.definitions`` describes the resulting figures.
"""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from advisor.assessment.attribution import ENTRANCE, first_and_last_touch
from advisor.assessment.visit import Visit
from advisor.decision.guide import Page, RemarkKind
from advisor.funnel.actions import count
from advisor.funnel.models import Entrance, Step
from advisor.funnel.sources import source_of
from advisor.funnel.steps import Origin, StepTaken
from advisor.funnel.visitors import is_counted
from advisor.http import HtmxHttpRequest, wants_fragment

TIME_PARAMETERS = {"zone", "week", "slot", "clock"}
"""With these the call page shows other times: it is the same page, opened before."""


def origin_of(visit: Visit) -> Origin:
    """The edition, and by which way its visitor came in."""
    first, _ = first_and_last_touch(visit.attribution)
    return origin_by_first_touch(visit.guide.key, visit.published.number, first)


def origin_by_first_touch(guide: str, edition: int, first: Mapping[str, str]) -> Origin:
    """The same by what rode along when they came."""
    entrance = Entrance.EMBEDDED if first.get(ENTRANCE) == Entrance.EMBEDDED.value else Entrance.OWN
    return Origin(guide, edition, source_of(first), entrance.value)


def count_landing(request: HtmxHttpRequest, visit: Visit) -> None:
    """Only if nothing was answered yet."""
    if not visit.all_answers.choices:
        _count(request, visit, StepTaken(Step.LANDING))


def count_question(request: HtmxHttpRequest, visit: Visit, page: Page) -> None:
    """Only if the page is the first open one, and the visitor did not come to it by changing an answer."""
    if page is visit.next_page and not visit.problems and is_first_time(request, visit):
        _count(request, visit, StepTaken(Step.SHOWN, page.key))


def count_answer(request: HtmxHttpRequest, visit: Visit, page: Page) -> None:
    """Only if it was not answered before: no later question is answered, and the page with the form had no answer."""
    later = visit.pages[visit.pages.index(page) + 1 :]
    is_last = not any(question.key in visit.answers.choices for after in later for question in after.questions)
    if is_last and is_first_time(request, visit):
        _count(request, visit, StepTaken(Step.ANSWERED, page.key))


def count_result(request: HtmxHttpRequest, visit: Visit) -> None:
    """The result, its ticked signals and the contradictions on it."""
    recommendation = visit.recommendation
    if is_first_time(request, visit):
        _count(
            request,
            visit,
            StepTaken(Step.RESULT, recommendation.outcome.key, recommendation.certainty.value),
            *(StepTaken(Step.SIGNAL, found.key) for evidence in recommendation.evidence for found in evidence.ticked),
            *(
                StepTaken(Step.CONTRADICTION, found.remark.key)
                for found in recommendation.remarks
                if found.remark.kind is RemarkKind.CONTRADICTION
            ),
        )


def count_call_page(request: HtmxHttpRequest, visit: Visit) -> None:
    """Only when it is opened, not when it shows other times."""
    if not wants_fragment(request) and TIME_PARAMETERS.isdisjoint(request.GET):
        recommendation = visit.recommendation
        what = StepTaken(Step.CALL_PAGE, recommendation.outcome.key, recommendation.certainty.value)
        _count(request, visit, what)


def is_first_time(request: HtmxHttpRequest, visit: Visit) -> bool:
    """Whether the visitor takes this step for the first time, as far as the page before tells.

    They do not if that page is a question that was answered already, come back to by Back or Change, or a page after
    the questions, from which only who answers nothing yet begins anew. If the browser does not name the page before, it
    counts as the first time.
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
        return not visit.all_answers.choices
    given = parse_qs(parts.query)
    return not all(question.key in given for question in page.questions)


def _count(request: HtmxHttpRequest, visit: Visit, *what: StepTaken) -> None:
    """Visits to a draft are not counted: its authors make them."""
    if not visit.token and is_counted(request):
        count(origin=origin_of(visit), what=what, now=timezone.now())
