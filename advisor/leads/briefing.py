"""What to know five minutes before a call, drawn from the answers and the edition they were given in."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl

import msgspec

from advisor.assessment.words import (
    REMARK_HEADINGS,
    basis_in_words,
    certainty_text,
    change_in_words,
    doubts_in_words,
)
from advisor.content.editions import shelf
from advisor.content.markdown import plain
from advisor.decision.answers import read
from advisor.decision.guide import Guide, RemarkKind
from advisor.decision.recommendation import Change, Doubt, DoubtKind, Recommendation, recommend
from advisor.leads.models import Lead

QUESTIONS = 3
TIPS = 3
"""How many changes are named that would tip the result."""

LAST_QUESTIONS = (
    "What has to be different in six months for this to have been worth it?",
    "Who else decides, and what do they expect?",
    "What have you tried so far, and why did it not last?",
)
"""Asked when the answers leave room: they fit whoever has asked for a call."""


class Briefing(msgspec.Struct, frozen=True):
    """The recommendation and what to make of it, in words. ``runner_up`` is "" where no single change leads elsewhere;
    ``tips`` are the changes that lead there.
    """

    title: str
    text: str
    certainty: str
    certainty_text: str
    doubts: list[str]
    reasons: list[str]
    contradictions: list[str]
    remarks: list[str]
    questions: list[str]
    runner_up: str
    tips: list[str]


def briefing_of(lead: Lead) -> Briefing:
    """The briefing for a call with the person of this lead. Raises as ``shelf.edition`` does."""
    guide = shelf.edition(lead.edition.guide.key, lead.edition.number).guide
    answers, _ = read(guide, parse_qsl(lead.answers))
    found = recommend(guide, answers)
    runner_up, tips = _runner_up(guide, found)
    return Briefing(
        title=found.outcome.title,
        text=plain(found.outcome.text),
        certainty=found.certainty.value,
        certainty_text=certainty_text(guide, found.certainty),
        doubts=doubts_in_words(guide, found.doubts),
        reasons=[plain(reason.text) for reason in found.reasons],
        contradictions=[
            _titled(remarked.remark.title, plain(remarked.remark.text))
            for remarked in found.remarks
            if remarked.remark.kind is RemarkKind.CONTRADICTION
        ],
        remarks=[
            f"{REMARK_HEADINGS[remarked.remark.kind]}: {remarked.remark.title}"
            for remarked in found.remarks
            if remarked.remark.kind is not RemarkKind.CONTRADICTION
        ],
        questions=list(islice(_questions(guide, found), QUESTIONS)),
        runner_up=runner_up,
        tips=tips,
    )


def _runner_up(guide: Guide, found: Recommendation) -> tuple[str, list[str]]:
    """The outcome that most single changes lead to, the first in the guide's order among equals."""
    by_outcome: dict[str, list[Change]] = {outcome.key: [] for outcome in guide.outcomes}
    for change in found.changes:
        by_outcome[change.outcome].append(change)
    key, changes = max(by_outcome.items(), key=lambda item: len(item[1]))
    if not changes:
        return "", []
    return guide.outcome[key].name, [change_in_words(guide, change) for change in changes[:TIPS]]


def _titled(title: str, text: str) -> str:
    return f"{title} {text}" if title.endswith("?") else f"{title}: {text}"


def _questions(guide: Guide, found: Recommendation) -> Iterator[str]:
    """What to ask, the most telling first: which side of a contradiction is true, what stands behind a doubt, what the
    situations they recognise cost.
    """
    for remarked in found.remarks:
        if remarked.remark.kind is RemarkKind.CONTRADICTION and len(remarked.rests_on) > 1:
            sides = " – or – ".join(basis_in_words(guide, basis) for basis in remarked.rests_on)
            yield f"Which of the two is true today? {sides}"
    for doubt in found.doubts:
        if question := _question_about(guide, doubt):
            yield question
    for evidence in found.evidence:
        if evidence.role in found.outcome.roles:
            for signal in evidence.ticked:
                yield f"You ticked “{signal.name}”. What has it cost you in the last three months?"
    yield from LAST_QUESTIONS


def _question_about(guide: Guide, doubt: Doubt) -> str:
    if doubt.kind is DoubtKind.CONTRADICTION:
        return ""
    role, asked = guide.role[doubt.about].name, guide.question_about[doubt.about].text
    match doubt.kind:
        case DoubtKind.NOT_AFFIRMED:
            return f"You did not say yes to “{asked}” What would have to happen for a yes?"
        case DoubtKind.NO_EVIDENCE:
            return f"None of the situations for a {role} sounded like you. Where do you feel the lack of one?"
        case DoubtKind.OTHER_AFFIRMED:
            return f"You said yes to “{asked}” as well. Which of the two problems would you solve first?"
        case DoubtKind.OTHER_EVIDENCE:
            return f"Some of what speaks for a {role} sounds like you, too. How urgent is that?"
