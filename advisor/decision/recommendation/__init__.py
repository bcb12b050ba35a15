"""``recommend(guide, answers)``: the outcome, the reason for everything, how sure, and what would change it.

    software=yes&signal=messy-stack&ai=no&both=software
    -> a CTO is needed (row 5 of its table), a Head of AI is not (row 6) -> rule 6 -> fractional-cto

First each role gets an answer of its own, then the outcome follows from these. A guide may do without the answers for
roles: then its rules decide by what was said alone.

A pure function: the same guide and answers give the same recommendation, on any machine, at any time.
"""

from advisor.decision.recommendation.advice import Recommendation, recommend
from advisor.decision.recommendation.values import (
    Basis,
    Certainty,
    Change,
    Doubt,
    DoubtKind,
    Reason,
    RoleAnswer,
    RoleEvidence,
    ShownRemark,
)

__all__ = [
    "Basis",
    "Certainty",
    "Change",
    "Doubt",
    "DoubtKind",
    "Reason",
    "Recommendation",
    "RoleAnswer",
    "RoleEvidence",
    "ShownRemark",
    "recommend",
]
