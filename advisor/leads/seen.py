"""The recommendation as the visitor saw it, in words: kept with the lead and readable without the edition."""

import msgspec

from advisor.assessment.visit import Visit
from advisor.assessment.words import (
    EVIDENCE_WORDS,
    basis_in_words,
    certainty_text,
    choice_label,
    doubts_in_words,
    ticked_names,
)
from advisor.content.markdown import plain
from advisor.decision.recommendation import recommend


class SeenAnswer(msgspec.Struct, frozen=True):
    question: str
    answer: str
    signals: list[str]


class SeenReason(msgspec.Struct, frozen=True):
    text: str
    rests_on: list[str]


class SeenRemark(msgspec.Struct, frozen=True):
    key: str
    kind: str
    title: str
    text: str
    rests_on: list[str]


class SeenEvidence(msgspec.Struct, frozen=True):
    role: str
    ticked: int
    of: int
    level: str


class Seen(msgspec.Struct, frozen=True):
    """Keys for what is counted (outcome, certainty, remark), words for what is read."""

    outcome: str
    certainty: str
    title: str
    text: str
    certainty_text: str
    doubts: list[str]
    answers: list[SeenAnswer]
    reasons: list[SeenReason]
    remarks: list[SeenRemark]
    evidence: list[SeenEvidence]


def as_seen(visit: Visit) -> Seen:
    """What the result page of this visit says."""
    guide = visit.guide
    recommendation = recommend(guide, visit.answers)
    return Seen(
        outcome=recommendation.outcome.key,
        certainty=recommendation.certainty.value,
        title=recommendation.outcome.title,
        text=plain(recommendation.outcome.text),
        certainty_text=certainty_text(guide, recommendation.certainty),
        doubts=doubts_in_words(guide, recommendation.doubts),
        answers=[
            SeenAnswer(
                question.text,
                choice_label(question, visit.answers.choices[question.key]),
                ticked_names(guide, question, visit.answers),
            )
            for page in visit.pages
            for question in page.questions
        ],
        reasons=[
            SeenReason(plain(reason.text), [basis_in_words(guide, basis) for basis in reason.rests_on])
            for reason in recommendation.reasons
        ],
        remarks=[
            SeenRemark(
                remarked.remark.key,
                remarked.remark.kind.value,
                remarked.remark.title,
                plain(remarked.remark.text),
                [basis_in_words(guide, basis) for basis in remarked.rests_on],
            )
            for remarked in recommendation.remarks
        ],
        evidence=[
            SeenEvidence(guide.role[found.role].name, len(found.ticked), found.of, EVIDENCE_WORDS[found.level])
            for found in recommendation.evidence
        ],
    )
