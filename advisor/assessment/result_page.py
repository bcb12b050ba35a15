"""What the result shows: the memo, and what belongs to it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from advisor.assessment import pages, partials
from advisor.assessment.from_here import fit, keeping, outcome_card, passing_on
from advisor.assessment.partial_cache import concatenated, with_query
from advisor.assessment.recommendation_text import (
    a_role,
    agreement_in_words,
    choice_label,
    doubts_in_words,
    said_in_short,
    verdict,
)
from advisor.assessment.visit import Visit, short_path
from advisor.content.editions import edition_cache
from advisor.content.markdown import plain
from advisor.decision.answers import Answers
from advisor.decision.guide import Guide, RemarkKind
from advisor.decision.plurals import pluralize
from advisor.decision.recommendation import Basis, Change, Reason, RoleAnswer, ShownRemark
from advisor.skeletons import fill_in

Context = dict[str, Any]

MAX_STRONGEST = 3
"""Reasons that stand open; the others are folded."""

MAX_OPEN_CONFLICTS = 3
"""Pairs of answers that stand open."""

MAX_OPEN_ROWS = 3
"""Rows of the comparison table that stand open on the screen. Who ticks everything touches all."""


def result(visit: Visit) -> Context:
    """The recommendation with everything it rests on."""
    guide, published, recommendation = visit.guide, visit.published, visit.recommendation
    outcome, certainty = recommendation.outcome, recommendation.certainty
    is_weighed = any(found.reason for found in recommendation.roles)
    watched = recommendation.watch_for if is_weighed else ()
    open_rows, folded_rows, folded_touched = table_rows(visit)
    conflicts = remarks(visit, RemarkKind.CONTRADICTION)
    other_remarks = remarks(visit, RemarkKind.CAUTION, RemarkKind.ADVICE)
    reasons = [] if is_weighed else [partials.plain_reason(guide, visit.token, one) for one in recommendation.reasons]
    tips = changes(visit)
    return {
        **pages.frame(visit, f"{outcome.title} – {guide.title}", visit.canonical_result),
        "description": plain(outcome.text),
        "outcome": outcome.key,
        "certainty": certainty.value,
        "recommended": partials.recommended(guide, outcome.key),
        "in_full": partials.in_full(guide, outcome.key, certainty),
        "said_in_short": said_in_short(guide, visit.answers),
        "agreement": agreement_in_words(recommendation),
        "doubts": concatenated(
            partials.doubt(words) for words in doubts_in_words(guide, visit.answers, recommendation)
        ),
        "stale": partials.stale(
            tuple(f"{asked.text} {choice_label(asked, chosen)}" for asked, chosen in visit.stale_questions)
        ),
        "conflicts": concatenated(conflicts[:MAX_OPEN_CONFLICTS]),
        "more_conflicts": concatenated(conflicts[MAX_OPEN_CONFLICTS:]),
        "number_more_conflicts": str(len(conflicts) - MAX_OPEN_CONFLICTS),
        "remarks": concatenated(other_remarks),
        "number_of_remarks": pluralize(len(other_remarks), "note"),
        "reasons": with_query(visit.query, reasons),
        "rule": with_query(visit.query, [partials.rule(guide, visit.token, recommendation.reasons[0])]),
        "role_answers": role_answers(visit) if is_weighed else "",
        "has_decisive": any(
            reason.is_decisive and reason.rests_on
            for answer in recommendation.roles
            for reason in (answer.reason, *shown_points(visit, answer))
            if reason
        ),
        "against": against(visit) if is_weighed else "",
        "watch_for": partials.watch_for(guide, tuple(signal.key for signal in watched)) if watched else "",
        "evidence": partials.evidence(guide, tuple(len(found.ticked) for found in recommendation.evidence)),
        "changes": tips,
        "restated": restated(visit, is_further=bool(tips)),
        "pair": partials.pair(guide, outcome.roles),
        "paired": partials.paired(guide),
        "table_head": partials.table_head(guide, outcome.roles),
        "open_rows": concatenated(open_rows),
        "folded_rows": concatenated(folded_rows),
        "about_folded_rows": partials.about_folded_rows(len(folded_rows), folded_touched, bool(open_rows)),
        "many_named": len(outcome.roles) > 1,
        "ownership": partials.ownership(guide, outcome.key),
        "answers": pages.answers(visit),
        "code": visit.code,
        "link": settings.SITE_URL + short_path(visit.code) if visit.code else "",
        **passing_on(visit),
        **outcome_card(visit),
        **keeping(visit),
        **fit(visit),
        "call": "" if visit.token else visit.call_address,
        "edition": str(published.number),
        "published": f"{published.number}, published {published.published_at:%-d %B %Y}",
        "is_live": published.live or edition_cache.is_retired(guide.key),
        "today": visit.todays_result,
    }


def remarks(visit: Visit, *kinds: RemarkKind) -> list[SafeString]:
    """The remarks of these kinds, in this order; those first that would change the outcome if they were settled."""
    found = [(remarked, would_tip(visit, remarked)) for remarked in visit.recommendation.remarks]
    found = [one for one in found if one[0].remark.kind in kinds]
    found.sort(key=lambda one: (kinds.index(one[0].remark.kind), not one[1]))
    return [
        with_query(
            visit.query, [partials.remark(visit.guide, visit.token, remarked.remark.key, remarked.rests_on, tips)]
        )
        for remarked, tips in found
    ]


def sorted_by_kind(remarks: Iterable[ShownRemark]) -> list[ShownRemark]:
    """Contradictions first, then cautions, then advice."""
    order = list(RemarkKind)
    return sorted(remarks, key=lambda remarked: order.index(remarked.remark.kind))


def would_tip(visit: Visit, remarked: ShownRemark) -> bool:
    """Whether another answer to one side of a contradiction, by itself, leads to another outcome."""
    if remarked.remark.kind is not RemarkKind.CONTRADICTION:
        return False
    changes = visit.recommendation.changes
    tipping = {change.signal for change in changes if change.signal}
    answers_that_tip = {change.question for change in changes if change.choice}
    return any(
        basis.question in answers_that_tip if basis.is_answer else not tipping.isdisjoint(basis.signals)
        for basis in remarked.rests_on
    )


def role_answers(visit: Visit) -> SafeString:
    """Each role's own answer, with what speaks for the advice: the strongest of all, and the others folded."""
    roles = visit.recommendation.roles
    points = {answer.role: shown_points(visit, answer) for answer in roles}
    # What decides counts more than what supports, and then the role that the advice names. This chooses which stand
    # open; they stay in the guide's order.
    strongest = sorted(
        (point for answer in roles for point in points[answer.role] if point.text),
        key=lambda point: (not point.is_decisive, point.role not in visit.recommendation.outcome.roles),
    )[:MAX_STRONGEST]
    return with_query(
        visit.query,
        [
            partials.role_answer(
                visit.guide,
                visit.token,
                answer.role,
                verdict(answer),
                answer.reason,
                tuple(point for point in points[answer.role] if point in strongest),
                tuple(point for point in points[answer.role] if point not in strongest),
                is_named=answer.role in visit.recommendation.outcome.roles,
            )
            for answer in roles
        ],
    )


def shown_points(visit: Visit, answer: RoleAnswer) -> tuple[Reason, ...]:
    """What speaks for the advice beside a role's own reason: for a role that it names, against one that it leaves
    out.
    """
    is_named = answer.role in visit.recommendation.outcome.roles
    points = answer.speaks_for if is_named else answer.speaks_against
    if answer.reason is None:
        return points
    # An answer without a sentence of its own stands below the reason already.
    rests_on = answer.reason.rests_on
    return tuple(point for point in points if point.text or point.rests_on[0] not in rests_on)


def against(visit: Visit) -> SafeString:
    """What speaks against the advice, each thing once: for a role that it does not name, against one that it names."""
    guide, named = visit.guide, visit.recommendation.outcome.roles
    roles = visit.recommendation.roles
    sides = [(f"For {a_role(guide, one.role)}", one.speaks_for) for one in roles if one.role not in named]
    sides += [(f"Against {a_role(guide, one.role)}", one.speaks_against) for one in roles if one.role in named]
    shown: set[tuple[Basis, ...]] = set()
    found = []
    for heading, points in sides:
        if new := tuple(point for point in points if point.rests_on not in shown):
            shown |= {point.rests_on for point in new}
            found.append(partials.against(guide, visit.token, heading, new))
    return with_query(visit.query, found)


def changes(visit: Visit) -> SafeString:
    """What would change the outcome: each outcome with the likeliest change that leads to it, and the others."""
    by_outcome: dict[str, list[SafeString]] = {}
    for change in visit.recommendation.changes:
        if not change.restates:
            by_outcome.setdefault(change.outcome, []).append(linked(visit, change, partials.change))
    return concatenated(
        fill_in(
            "assessment/parts.html#tip",
            {
                "name": visit.guide.outcome[key].name,
                "smallest": links[0],
                "others": concatenated(links[1:]),
                "number": str(len(links) - 1),
            },
        )
        for key, links in by_outcome.items()
    )


def restated(visit: Visit, *, is_further: bool) -> SafeString:
    """The questions another answer to which only says another outcome, each with these answers."""
    by_question: dict[str, list[SafeString]] = {}
    for change in visit.recommendation.changes:
        if change.restates:
            by_question.setdefault(change.question, []).append(linked(visit, change, partials.restated))
    return concatenated(
        fill_in(
            "assessment/parts.html#restated_question",
            {
                "question": visit.guide.question[key].text,
                "links": SafeString(", ".join(links)),
                "is_further": is_further,
            },
        )
        for key, links in by_question.items()
    )


def linked(visit: Visit, change: Change, partial: Callable[[Guide, str, Change], SafeString]) -> SafeString:
    """A change with the link that makes it."""
    query = visit.query_with(changed(visit.answers, change))
    return with_query(query, [partial(visit.guide, visit.token, change)])


def changed(given: Answers, change: Change) -> Answers:
    """The answers after one change; ticking a signal takes back "none of these" above it."""
    if not change.signal:
        return Answers({**given.choices, change.question: change.choice}, given.signals, given.none_of)
    return Answers(given.choices, given.signals ^ {change.signal}, given.none_of - {change.question})


def table_rows(visit: Visit) -> tuple[list[SafeString], list[SafeString], int]:
    """The rows of the comparison table that stand open, the others, and how many of these ticked signals speak to.

    What most ticked signals speak to stands open.
    """
    recommendation = visit.recommendation
    ticked = [signal for found in recommendation.evidence for signal in found.ticked]
    because = [
        tuple(signal.name for signal in ticked if dimension.key in signal.speaks_to)
        for dimension in visit.guide.dimensions
    ]
    touched = [position for position, names in enumerate(because) if names]
    is_open = sorted(touched, key=lambda position: -len(because[position]))[:MAX_OPEN_ROWS]
    rows = [
        partials.table_row(visit.guide, position, recommendation.outcome.roles, names)
        for position, names in enumerate(because)
    ]
    folded = [row for position, row in enumerate(rows) if position not in is_open]
    return [rows[position] for position in sorted(is_open)], folded, len(touched) - len(is_open)
