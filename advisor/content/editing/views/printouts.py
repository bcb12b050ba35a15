"""The logic of a draft or an edition to look at and to sign: a drawing, and one sheet with everything on it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.content.documents import read_edition
from advisor.content.drafts import read_draft
from advisor.content.editing.pages import READ, guide_page, render_staff
from advisor.content.logic_diagram import draw
from advisor.content.models import Edition, Guide
from advisor.content.wording import condition_in_short, condition_in_words
from advisor.decision import guide as decision
from advisor.decision.guide import Condition


@require_safe
@guide_page(READ)
def drawing(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The drawing of the draft."""
    return _drawing(request, guide, read_draft(guide), of_draft())


@require_safe
@guide_page(READ, "content.view_edition")
def edition_drawing(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """The drawing of an edition."""
    edition = get_object_or_404(Edition, guide=guide, number=number)
    return _drawing(request, guide, read_edition(edition), of_edition(edition))


@require_safe
@guide_page(READ)
def sheet(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The sign-off sheet of the draft."""
    return _sheet(request, guide, read_draft(guide), of_draft())


@require_safe
@guide_page(READ, "content.view_edition")
def edition_sheet(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """The sign-off sheet of an edition."""
    edition = get_object_or_404(Edition, guide=guide, number=number)
    return _sheet(request, guide, read_edition(edition), of_edition(edition))


def of_draft() -> str:
    """What a paper about the draft says it is about."""
    return f"Draft of {timezone.now():%-d %B %Y}"


def of_edition(edition: Edition) -> str:
    """What a paper about an edition says it is about."""
    at = f"{edition.published_at:%-d %B %Y}"
    return f"Edition {edition.number}, published {at} by {edition.published_by}: {edition.note}"


def _drawing(request: HttpRequest, guide: Guide, document: decision.Guide, what: str) -> HttpResponse:
    context = {"what": what, "document": document, "drawing": draw(document)}
    context |= in_words(document, condition_in_words)
    return render_staff(request, "content/drawing.html", guide, "Drawing of the logic", context)


def _sheet(request: HttpRequest, guide: Guide, document: decision.Guide, what: str) -> HttpResponse:
    context = {"what": what, "document": document} | in_words(document, condition_in_short)
    return render_staff(request, "content/sheet.html", guide, "Sign-off sheet", context)


def in_words(document: decision.Guide, say: Callable[[decision.Guide, Condition], str]) -> dict[str, Any]:
    """The tables of a document as rows of words. What a condition names and is not there keeps its key."""
    return {
        "needs": [
            (role, [(say(document, row.when) if row.when else "", row.needed, row.doubt) for row in role.need])
            for role in document.roles
            if role.need
        ],
        "rules": [
            (
                say(document, rule.when) if rule.when else "",
                document.outcome[rule.outcome].name if rule.outcome in document.outcome else rule.outcome,
                rule.doubt,
            )
            for rule in document.rules
        ],
        "remarks": [(remark, say(document, remark.when)) for remark in document.remarks],
        "follow_ups": [
            (
                follow_up,
                [say(document, when) for when in follow_up.asked_when],
                [question for question in document.questions if question.follow_up == follow_up.key],
            )
            for follow_up in document.follow_ups
        ],
        "questions": [question for question in document.questions if not question.follow_up],
        "signals": [(role, document.signals_of[role.key]) for role in document.roles],
    }
