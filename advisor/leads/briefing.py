"""What to know five minutes before a call, drawn from the answers and the edition they were given in.

It speaks about the visitor. What the guide says to the visitor is quoted, as what they read.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl

import msgspec

from advisor.assessment.recommendation_text import (
    THEY,
    a_role,
    certainty_text,
    change_in_words,
    choice_label,
    contradictions,
    doubts_in_words,
    is_said_against_ticked,
    joined,
    missing_facts,
    other_doubts,
    share_in_words,
    verdict,
)
from advisor.content.editions import edition_cache
from advisor.content.markdown import plain
from advisor.decision.answers import Answers, read
from advisor.decision.guide import EVEN, Guide
from advisor.decision.recommendation import Basis, Change, Doubt, DoubtKind, Reason, Recommendation, ShownRemark
from advisor.leads.conclusions import balance_of
from advisor.leads.models import Lead

MAX_QUESTIONS = 3
MAX_TIPS = 3
"""How many changes are named that would tip the result."""

GENERAL_QUESTIONS = (
    "What has to be different in six months for this to have been worth it?",
    "Who else decides, and what do they expect?",
    "What have they tried so far, and why did it not last?",
)
"""Asked when the answers leave room: they fit whoever has asked for a call."""


class Briefing(msgspec.Struct, frozen=True):
    """The recommendation and what to make of it, in words.

    ``text``, ``certainty_text``, ``contradictions`` and ``reasons`` are what the visitor read. ``sides`` hold what they
    said against what they recognised, and ``to_clear_up`` the contradictions that none of the questions is about.
    ``runner_up`` is "" where no single change leads elsewhere; ``tips`` are the changes that lead there.
    """

    title: str
    text: str
    certainty: str
    certainty_text: str
    doubts: list[str]
    sides: list[str]
    questions: list[str]
    to_clear_up: list[str]
    contradictions: list[str]
    reasons: list[str]
    runner_up: str
    tips: list[str]


def briefing_of(lead: Lead) -> Briefing:
    """The briefing for a call with the person of this lead. Raises as ``edition_cache.edition`` does."""
    guide = edition_cache.edition(lead.edition.guide.key, lead.edition.number).guide
    answers, _ = read(guide, parse_qsl(lead.answers))
    recommendation = lead.recommendation
    questions, asked = _questions(guide, recommendation)
    runner_up, tips = _runner_up(guide, recommendation)
    return Briefing(
        title=recommendation.outcome.title,
        text=plain(recommendation.outcome.text),
        certainty=recommendation.certainty.value,
        certainty_text=certainty_text(guide, recommendation.certainty),
        doubts=doubts_in_words(guide, answers, recommendation, THEY),
        sides=list(_sides(guide, answers, recommendation)),
        questions=questions,
        to_clear_up=[
            f"{_contradiction_in_words(guide, remarked)}."
            for remarked in contradictions(recommendation)
            if not _subjects(remarked) <= asked
        ],
        contradictions=[plain(remarked.remark.text) for remarked in contradictions(recommendation)],
        reasons=[plain(reason.text) for reason in _reasons(recommendation)],
        runner_up=runner_up,
        tips=tips,
    )


def _sides(guide: Guide, answers: Answers, recommendation: Recommendation) -> Iterator[str]:
    """For each role whether it is needed, what they said of it and what they ticked; then what they said of both, and
    which way the situations point.
    """
    verdicts = {found.role: verdict(found) for found in recommendation.roles}
    for found in recommendation.evidence:
        asked = guide.question_about[found.role]
        label = choice_label(asked, answers.choices.get(asked.key, ""))
        names = f" ({_quoted(signal.name for signal in found.ticked)})" if found.ticked else ""
        ticked = f"{share_in_words(found)}{names}"
        name = guide.role[found.role].name
        yield f"{name} {verdicts[found.role]}. They answered “{label}” to “{asked.text}” and ticked {ticked}."
    for asked in guide.questions:
        if not asked.role and not asked.follow_up and asked.key in answers.choices:
            yield f"They answered “{choice_label(asked, answers.choices[asked.key])}” to “{asked.text}”."
    balance = balance_of(guide, recommendation)
    if balance != EVEN:
        yield f"By the situations, more speaks for {a_role(guide, balance)}."
    elif any(found.ticked for found in recommendation.evidence):
        yield "By the situations, no role is ahead."


def _reasons(recommendation: Recommendation) -> list[Reason]:
    """Why they were told this: by the rule and the answer for each role, or, in a guide without these, by all of it."""
    by_role = [found.reason for found in recommendation.roles if found.reason]
    return [recommendation.reasons[0], *by_role] if by_role else list(recommendation.reasons)


def _runner_up(guide: Guide, recommendation: Recommendation) -> tuple[str, list[str]]:
    """The outcome that most single changes lead to, the first in the guide's order among equals. What only says another
    outcome is a change where there is no other.
    """
    by_outcome: dict[str, list[Change]] = {outcome.key: [] for outcome in guide.outcomes}
    telling = [change for change in recommendation.changes if not change.restates]
    for change in telling or recommendation.changes:
        by_outcome[change.outcome].append(change)
    key, changes = max(by_outcome.items(), key=lambda item: len(item[1]))
    if not changes:
        return "", []
    return guide.outcome[key].name, [change_in_words(guide, change, THEY) for change in changes[:MAX_TIPS]]


def _questions(guide: Guide, recommendation: Recommendation) -> tuple[list[str], set[str]]:
    """The most telling questions, no two about the same, and what they are about."""
    chosen: list[str] = []
    asked: set[str] = set()
    for subjects, words in _possible_questions(guide, recommendation):
        if not subjects & asked and len(chosen) < MAX_QUESTIONS:
            chosen.append(words)
            asked |= subjects
    return chosen, asked


def _possible_questions(guide: Guide, recommendation: Recommendation) -> Iterator[tuple[set[str], str]]:
    """What to ask, the most telling first, each with the questions and signals that it is about: contradictions in the
    words that they read, first those of what they said against what they recognised, then missing facts, what stands
    behind a doubt, and what the situations cost.
    """
    for remarked in sorted(contradictions(recommendation), key=is_said_against_ticked, reverse=True):
        yield _subjects(remarked), f"“{plain(remarked.remark.text)}”"
    if missing := missing_facts(guide, recommendation):
        texts = joined(f"“{question.text}”" for question in missing.questions)
        yield {question.key for question in missing.questions}, f"Ask once more: {texts}."
    for doubt in other_doubts(guide, recommendation):
        yield _question_about(guide, recommendation, doubt)
    for evidence in recommendation.evidence:
        if evidence.role in recommendation.outcome.roles:
            for signal in evidence.ticked:
                yield {signal.key}, f"They ticked “{signal.name}”. What has it cost them in the last three months?"
    for words in GENERAL_QUESTIONS:
        yield set(), words


def _subjects(remarked: ShownRemark) -> set[str]:
    """The questions and signals that a contradiction is about."""
    answered = {basis.question for basis in remarked.rests_on if basis.is_answer}
    return answered.union(*(basis.signals for basis in remarked.rests_on))


def _contradiction_in_words(guide: Guide, remarked: ShownRemark) -> str:
    words = joined(_side(guide, basis) for basis in remarked.rests_on)
    return words[:1].upper() + words[1:]


def _side(guide: Guide, basis: Basis) -> str:
    if basis.is_answer:
        question = guide.question[basis.question]
        return f"they answered “{choice_label(question, basis.choice)}” to “{question.text}”"
    if basis.not_ticked:
        return f"they did not tick “{guide.signal[basis.not_ticked].name}”"
    return f"they ticked {_quoted(guide.signal[key].name for key in basis.signals)}"


def _quoted(names: Iterable[str]) -> str:
    return joined(f"“{name}”" for name in names)


def _question_about(guide: Guide, recommendation: Recommendation, doubt: Doubt) -> tuple[set[str], str]:
    asked = guide.question_about[doubt.about]
    if doubt.kind is DoubtKind.NOT_AFFIRMED:
        return {asked.key}, f"What would make “{asked.text}” a yes?"
    if doubt.kind is DoubtKind.NO_EVIDENCE:
        return {asked.key}, f"Where do they feel the lack of {a_role(guide, doubt.about)}?"
    if doubt.kind is DoubtKind.OTHER_AFFIRMED:
        return {asked.key}, f"They said yes to “{asked.text}”. How urgent is that?"
    ticked = next(found.ticked for found in recommendation.evidence if found.role == doubt.about)
    names = _quoted(signal.name for signal in ticked)
    return {signal.key for signal in ticked}, f"They ticked {names}. How urgent is that?"
