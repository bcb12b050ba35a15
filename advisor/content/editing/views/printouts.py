"""The logic of a draft or an edition to look at and to sign: a drawing, and one sheet with everything on it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.content.documents import read_edition
from advisor.content.drafts import read_draft
from advisor.content.editing.fields.answers import answers_in
from advisor.content.editing.pages import READ, guide_page, render_staff
from advisor.content.logic_tables import logic_tables, way_of
from advisor.content.models import Edition, Guide
from advisor.content.models.scenario import Case
from advisor.content.scenarios import cases_of, cases_of_edition, unknown_in
from advisor.content.wording import condition_in_short, condition_in_words, label_of
from advisor.decision import guide as decision
from advisor.decision.answers import read
from advisor.decision.guide import Condition
from advisor.decision.publish_checks import is_provable, publish_blockers


@require_safe
@guide_page(READ)
def drawing(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The drawing of the draft."""
    return _drawing(request, guide, read_draft(guide), of_draft(), cases_of(guide))


@require_safe
@guide_page(READ, "content.view_edition")
def edition_drawing(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """The drawing of an edition."""
    edition = get_object_or_404(Edition, guide=guide, number=number)
    return _drawing(request, guide, read_edition(edition), of_edition(edition), cases_of_edition(edition))


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


def _drawing(
    request: HttpRequest, guide: Guide, document: decision.Guide, what: str, cases: list[Case]
) -> HttpResponse:
    """The tables, and in them the way of the visitor whose answers stand in the address of this page."""
    given = request.GET.get("answers", "").strip()
    is_sound = is_provable(publish_blockers(document))
    pairs = answers_in(given) if given and is_sound else []
    answers, _ = read(document, pairs)
    way = way_of(document, answers) if pairs else None
    chosen = {key: label_of(document, key, choice) for key, choice in answers.choices.items()}
    follow_ups = {follow_up.key: follow_up for follow_up in document.follow_ups}
    context = {
        "what": what,
        "document": document,
        "given": given,
        "unknown": unknown_in(document, pairs),
        "is_sound": is_sound,
        "cases": cases if is_sound else [],
        "way": way,
        "asked": [(one, chosen.get(one.key, ""), follow_ups.get(one.follow_up)) for one in document.questions],
        "ticked": [signal.name for signal in document.signals if signal.key in answers.signals],
        "tables": logic_tables(document, way),
    }
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
