"""What the memo on paper and the pictures beside links say, as plain values for ``templates/assessment/*.typ``."""

from typing import Any

from django.conf import settings
from django.utils.text import capfirst

from advisor.assessment import partials
from advisor.assessment.effort import effort_of
from advisor.assessment.recommendation_text import (
    REMARK_HEADINGS,
    basis_in_words,
    certainty_text,
    change_in_words,
    choice_label,
    doubts_in_words,
    evidence_in_words,
    split_sentence,
    ticked_names,
    verdict,
)
from advisor.assessment.result_page import shown_points, sorted_by_kind
from advisor.assessment.visit import Visit, short_path
from advisor.content.markdown import plain
from advisor.decision.guide import Guide, RemarkKind
from advisor.decision.recommendation import Basis, Reason

MAX_REASONS = 5
"""On the first page: why the rule decided, each role's own answer, and what is strongest beside these."""

MAX_CONFLICTS_AT_LENGTH = 3
"""Of more than these, only both sides stand on the first page."""

ENDS = (".", "!", "?")


def memo(visit: Visit) -> dict[str, Any]:
    """The result of a visit with complete answers to an edition."""
    guide, published, recommendation = visit.guide, visit.published, visit.recommendation
    outcome = recommendation.outcome
    sentence, more = split_sentence(outcome.text)
    return {
        "site": f"Advisor · {guide.title}",
        "stamp": f"Edition {published.number}, {published.published_at:%-d %B %Y} · {visit.code}",
        "footer": f"{outcome.name} · {visit.code}",
        "title": f"{outcome.title} – {guide.title}",
        "title_line": outcome.title,
        "sentence": sentence,
        "more": more,
        "evidence": _evidence(visit),
        "certainty": recommendation.certainty.value,
        "certainty_text": certainty_text(guide, recommendation.certainty),
        "doubts": doubts_in_words(guide, visit.answers, recommendation),
        "reasons": _reasons(visit),
        "conflicts_heading": REMARK_HEADINGS[RemarkKind.CONTRADICTION],
        "conflicts": _conflicts(visit),
        "remarks": _remarks(visit, {RemarkKind.CAUTION, RemarkKind.ADVICE}),
        "changes": _changes(visit),
        "link": settings.SITE_URL + short_path(visit.code),
        "call": settings.SITE_URL + visit.call_address,
        "call_title": guide.call_title,
        "edition": published.number,
        "roles": [
            {"name": role.name, "badge": partials.badge(guide) if role.key in outcome.roles else ""}
            for role in guide.roles
        ],
        "rows": _rows(visit),
        "answers": [
            {
                "question": asked.text,
                "answer": choice_label(asked, visit.answers.choices[asked.key]),
                "ticked": ticked_names(guide, asked, visit.answers),
            }
            for page in visit.pages
            for asked in page.questions
        ],
    }


def _evidence(visit: Visit) -> list[dict[str, Any]]:
    found = {one.role: one for one in visit.recommendation.evidence}
    rows = []
    for answer in visit.recommendation.roles:
        one = found.get(answer.role)
        rows.append(
            {
                "role": visit.guide.role[answer.role].name,
                "ticked": len(one.ticked) if one else 0,
                "of": one.of if one else 0,
                "level": evidence_in_words(one.level, len(one.ticked)) if one else "not asked about",
                "verdict": capfirst(verdict(answer)),
                "named": answer.role in visit.recommendation.outcome.roles,
            }
        )
    return rows


def _reasons(visit: Visit) -> list[dict[str, Any]]:
    """Why the rule decided, then of each role its own answer, then what is decisive, then what supports."""
    recommendation = visit.recommendation
    if not any(answer.reason for answer in recommendation.roles):
        return [_reason(visit.guide, reason, "") for reason in recommendation.reasons[:MAX_REASONS]]
    found = [_reason(visit.guide, recommendation.reasons[0], "")]
    points: list[tuple[str, Reason]] = []
    for answer in recommendation.roles:
        name = visit.guide.role[answer.role].name
        if answer.reason:
            found.append(_reason(visit.guide, answer.reason, f"{name}: {verdict(answer)}."))
        points += [(name, point) for point in shown_points(visit, answer) if point.text]
    points.sort(key=lambda point: not point[1].is_decisive)
    return [*found, *(_reason(visit.guide, point, f"{name}.") for name, point in points)][:MAX_REASONS]


def _reason(guide: Guide, reason: Reason, about: str) -> dict[str, Any]:
    return {"lead": about, "text": plain(reason.text), "rests": _rests(guide, reason.rests_on)}


def _rests(guide: Guide, rests_on: tuple[Basis, ...]) -> list[str]:
    return [basis_in_words(guide, basis) for basis in rests_on]


def _remarks(visit: Visit, kinds: set[RemarkKind]) -> list[dict[str, Any]]:
    return [
        {
            "lead": found.remark.title if found.remark.title.endswith(ENDS) else f"{found.remark.title}.",
            "text": plain(found.remark.text),
            "rests": _rests(visit.guide, found.rests_on),
        }
        for found in sorted_by_kind(visit.recommendation.remarks)
        if found.remark.kind in kinds
    ]


def _conflicts(visit: Visit) -> list[dict[str, Any]]:
    found = _remarks(visit, {RemarkKind.CONTRADICTION})
    return found if len(found) <= MAX_CONFLICTS_AT_LENGTH else [{**one, "text": ""} for one in found]


def _changes(visit: Visit) -> list[dict[str, str]]:
    """Of each outcome the change that somebody would make soonest."""
    by_outcome: dict[str, str] = {}
    for change in sorted(visit.recommendation.changes, key=lambda change: change.restates):
        words = f"if {change_in_words(visit.guide, change)}"
        by_outcome.setdefault(change.outcome, f"{words} (more is asked first)" if change.asks_more else words)
    return [{"outcome": visit.guide.outcome[key].name, "words": words} for key, words in by_outcome.items()]


def _rows(visit: Visit) -> list[dict[str, Any]]:
    ticked = [signal for found in visit.recommendation.evidence for signal in found.ticked]
    rows = []
    for dimension in visit.guide.dimensions:
        cells = {cell.role: cell.text for cell in dimension.cells}
        because = [signal.name for signal in ticked if dimension.key in signal.speaks_to]
        rows.append(
            {
                "label": dimension.label,
                "because": f"because you ticked {', '.join(because)}" if because else "",
                "cells": [cells[role.key] for role in visit.guide.roles],
            }
        )
    return rows


def outcome_card(guide: Guide, outcome: str) -> dict[str, str]:
    """The words on the picture beside a link to a result: nothing that was answered."""
    return {"above": "Our recommendation", "title": guide.outcome[outcome].title, "below": guide.title}


def guide_card(guide: Guide) -> dict[str, str]:
    """The words on the picture beside a link to a guide."""
    effort = effort_of(guide)
    return {"above": "Advisor", "title": guide.title, "below": f"{effort.questions}, {effort.time}, no sign-up"}
