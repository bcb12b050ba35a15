"""The recommendation as the visitor saw it, in words: kept with the lead and readable without the edition."""

import msgspec

from advisor.assessment.recommendation_text import (
    basis_in_words,
    certainty_text,
    choice_label,
    doubts_in_words,
    evidence_in_words,
    ticked_names,
)
from advisor.assessment.visit import Visit
from advisor.content.markdown import plain
from advisor.decision.guide import Guide
from advisor.decision.recommendation import Reason
from advisor.leads.conclusions import conclusions_from


class SnapshotAnswer(msgspec.Struct, frozen=True):
    question: str
    answer: str
    signals: list[str]


class SnapshotReason(msgspec.Struct, frozen=True):
    text: str
    rests_on: list[str]
    is_decisive: bool


class SnapshotRole(msgspec.Struct, frozen=True):
    """A role's own answer, in an edition that has one."""

    name: str
    needed: bool
    reason: SnapshotReason
    speaks_for: list[SnapshotReason]
    speaks_against: list[SnapshotReason]


class SnapshotRemark(msgspec.Struct, frozen=True):
    key: str
    kind: str
    title: str
    text: str
    rests_on: list[str]


class SnapshotEvidence(msgspec.Struct, frozen=True):
    role: str
    ticked: int
    of: int
    level: str


class RecommendationSnapshot(msgspec.Struct, frozen=True):
    """Keys for what is counted (outcome, certainty, needs, balance, remark), words for what is read.

    Snapshots from before an edition could decide about roles first are without ``needs``, ``balance``, ``roles``,
    ``watch_for`` and ``is_decisive``.
    """

    outcome: str
    certainty: str
    title: str
    text: str
    certainty_text: str
    doubts: list[str]
    answers: list[SnapshotAnswer]
    reasons: list[SnapshotReason]
    remarks: list[SnapshotRemark]
    evidence: list[SnapshotEvidence]
    needs: dict[str, bool]
    balance: str
    roles: list[SnapshotRole]
    watch_for: list[str]


def take_snapshot(visit: Visit) -> RecommendationSnapshot:
    """What the result page of this visit says."""
    guide = visit.guide
    recommendation = visit.recommendation
    conclusions = conclusions_from(guide, recommendation)
    is_weighed = any(found.reason for found in recommendation.roles)
    return RecommendationSnapshot(
        outcome=recommendation.outcome.key,
        certainty=recommendation.certainty.value,
        title=recommendation.outcome.title,
        text=plain(recommendation.outcome.text),
        certainty_text=certainty_text(guide, recommendation.certainty),
        doubts=doubts_in_words(guide, visit.answers, recommendation),
        answers=[
            SnapshotAnswer(
                question.text,
                choice_label(question, visit.answers.choices[question.key]),
                ticked_names(guide, question, visit.answers),
            )
            for page in visit.pages
            for question in page.questions
        ],
        reasons=[_reason(guide, reason) for reason in recommendation.reasons],
        remarks=[
            SnapshotRemark(
                remarked.remark.key,
                remarked.remark.kind.value,
                remarked.remark.title,
                plain(remarked.remark.text),
                [basis_in_words(guide, basis) for basis in remarked.rests_on],
            )
            for remarked in recommendation.remarks
        ],
        evidence=[
            SnapshotEvidence(
                guide.role[one.role].name, len(one.ticked), one.of, evidence_in_words(one.level, len(one.ticked))
            )
            for one in recommendation.evidence
        ],
        needs=conclusions.needs,
        balance=conclusions.balance,
        roles=[
            SnapshotRole(
                guide.role[found.role].name,
                found.is_needed,
                _reason(guide, found.reason),
                [_reason(guide, point) for point in found.speaks_for],
                [_reason(guide, point) for point in found.speaks_against],
            )
            for found in recommendation.roles
            if found.reason
        ],
        watch_for=[signal.name for signal in recommendation.watch_for] if is_weighed else [],
    )


def _reason(guide: Guide, reason: Reason) -> SnapshotReason:
    rests_on = [basis_in_words(guide, basis) for basis in reason.rests_on]
    return SnapshotReason(plain(reason.text), rests_on, reason.is_decisive)
