"""What visitors say of the reasons they were given, for editors and the owner."""

from datetime import date, timedelta
from typing import Any

import msgspec
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.assessment.fit import all_reasons
from advisor.content.editions import UnknownEditionError, edition_cache
from advisor.content.markdown import plain
from advisor.decision.guide import Guide
from advisor.feedback.models import MAX_PER_HOUR, MAX_PER_NETWORK, Line
from advisor.feedback.rights import READ_FEEDBACK
from advisor.feedback.sums import MIN_VOTES, ReasonSum, editions, sums
from advisor.insights.names import published_guides
from advisor.rights import requires
from advisor.text import parse_key

PERIODS = (("4 weeks", 4), ("12 weeks", 12), ("All", 0))
"""Links to the weeks that are summed; 0 stands for all of them."""

LINES_ON_A_PAGE = 25

DRAWING_WIDTH = 200
"""Of the drawing of an interval, for shares from 0 to 1."""


class ReasonRow(msgspec.Struct, frozen=True):
    """A reason with what was said of it. Places in the drawing are counted from the left."""

    text: str
    said: ReasonSum

    @property
    def words(self) -> str:
        """The bounds, of a hundred who would be asked."""
        return f"{round(100 * self.said.low)} to {round(100 * self.said.high)} of 100"

    @property
    def left(self) -> int:
        return round(self.said.low * DRAWING_WIDTH)

    @property
    def length(self) -> int:
        return round((self.said.high - self.said.low) * DRAWING_WIDTH)

    @property
    def at(self) -> int:
        return round(self.said.share * DRAWING_WIDTH)


@require_safe
@requires(READ_FEEDBACK)
def fit(request: HttpRequest) -> HttpResponse:
    """The sums of one edition of a guide by outcome and reason, and below them the lines of visitors."""
    guides = published_guides()
    context: dict[str, Any] = {"title": "What visitors say", "guides": guides, "least": MIN_VOTES}
    if guides:
        keys = [key for key, _ in guides]
        key = request.GET.get("guide", keys[0])
        if key not in keys:
            raise Http404("There is no such guide.")
        context |= _of_guide(request.GET, key)
    return render(request, "insights/fit.html", admin.site.each_context(request) | context)


def _of_guide(query: QueryDict, key: str) -> dict[str, Any]:
    live = edition_cache.live(key).number
    number = parse_key(query.get("edition", "")) or live
    weeks = next((weeks for _, weeks in PERIODS if query.get("weeks") == str(weeks)), 0)
    try:
        guide = edition_cache.edition(key, number).guide
    except UnknownEditionError:
        raise Http404("There is no such edition.") from None
    lines = Paginator(Line.objects.filter(guide=key, edition=number).order_by("-id"), LINES_ON_A_PAGE)
    page = lines.get_page(query.get("page"))
    return {
        "key": key,
        "guide_title": guide.title,
        "number": number,
        "live": live,
        "editions": sorted({live, number, *editions(key)}, reverse=True),
        "weeks": weeks,
        "periods": PERIODS,
        "outcomes": _outcomes(guide, number, _since(weeks)),
        "per_network": MAX_PER_NETWORK,
        "per_hour": MAX_PER_HOUR,
        "lines": page,
        "written": [(line, guide.outcome[line.outcome].name) for line in page],
    }


def _since(weeks: int) -> date | None:
    """The Monday of the first of so many weeks, of which this one is the last; None for all."""
    today = timezone.now().date()
    return today - timedelta(days=today.weekday() + 7 * (weeks - 1)) if weeks else None


def _outcomes(guide: Guide, number: int, since: date | None) -> list[tuple[str, list[ReasonRow]]]:
    """Each outcome of which something was said, with its reasons."""
    texts = all_reasons(guide)
    found = sums(guide=guide.key, edition=number, since=since)
    return [
        (outcome.name, [ReasonRow(plain(texts[one.reason]), one) for one in found[outcome.key]])
        for outcome in guide.outcomes
        if outcome.key in found
    ]
