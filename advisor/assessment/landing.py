"""What a landing shows below its first lines: a sample of a result, and everything about roles for whoever opens it."""

from advisor.assessment.partial_cache import Context, cached_partial, with_query
from advisor.assessment.partials import pair, paired, table_head, table_row
from advisor.assessment.recommendation_text import (
    a_role,
    basis_in_words,
    change_in_words,
)
from advisor.decision.guide import Guide
from advisor.decision.recommendation import recommend
from advisor.decision.walk import example_answers

SAMPLE_REASONS = 1
"""Reasons of the result that are shown in the sample."""


@cached_partial("assessment/landing_body.html")
def landing_body(guide: Guide, controller: str, controller_address: str, contact_email: str) -> Context:
    """The roles, the table, the signals, the frequent questions, and who stands behind it."""
    return {
        "guide": guide,
        "pair": pair(guide, ()),
        "paired": paired(guide),
        "table_head": table_head(guide, ()),
        "rows": with_query("", [table_row(guide, position, (), ()) for position in range(len(guide.dimensions))]),
        "signals": [(role, a_role(guide, role.key), guide.signals_of[role.key]) for role in guide.roles],
        "controller": controller,
        "controller_address": controller_address,
        "contact_email": contact_email,
    }


@cached_partial("assessment/sample.html")
def sample(guide: Guide) -> Context:
    """A small part of the result that the answers of the guide's example lead to; nothing without an example."""
    given = example_answers(guide)
    if given is None:
        return {}
    recommendation = recommend(guide, given)
    resting = [reason for reason in recommendation.reasons if reason.text and reason.rests_on]
    changes = [change for change in recommendation.changes if not change.restates] or recommendation.changes
    return {
        "outcome": recommendation.outcome,
        "certainty": recommendation.certainty.value,
        "evidence": [
            (
                guide.role[found.role].name,
                "●" * len(found.ticked) + "○" * (found.of - len(found.ticked)),
                f"{len(found.ticked)} of {found.of}",
            )
            for found in recommendation.evidence
        ],
        "reasons": [
            (reason.text, [basis_in_words(guide, basis) for basis in reason.rests_on])
            for reason in resting[:SAMPLE_REASONS]
        ],
        "change": [(change_in_words(guide, change), guide.outcome[change.outcome].name) for change in changes[:1]],
    }
