"""The recommendation in words: what the result page says, a lead keeps and sales reads.

Every sentence has to be true beside every set of answers: it says what was ticked or answered, and how many, and never
what that is worth.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from advisor.content.markdown import plain
from advisor.decision.answers import Answers
from advisor.decision.guide import Evidence, Guide, Question, RemarkKind
from advisor.decision.plurals import pluralize
from advisor.decision.polarity import restating_questions
from advisor.decision.recommendation import (
    Basis,
    Certainty,
    Change,
    Doubt,
    DoubtKind,
    Reason,
    Recommendation,
    RoleAnswer,
    RoleEvidence,
    ShownRemark,
)

NONE_OF_THESE = "None of these"

EVIDENCE_WORDS = {
    Evidence.NONE: "no evidence",
    Evidence.SOME: "some evidence",
    Evidence.STRONG: "strong evidence",
}

TOO_LITTLE = "too little to count"
"""Instead of "no evidence" beside what was ticked."""

REMARK_HEADINGS = {
    RemarkKind.CONTRADICTION: "This does not fit together",
    RemarkKind.CAUTION: "Worth a second look",
    RemarkKind.ADVICE: "If you go ahead",
}


# A sentence ends before a space and a capital letter or an opening quotation mark.
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ“])")

ABOUT_ROLES = frozenset(
    {DoubtKind.NOT_AFFIRMED, DoubtKind.NO_EVIDENCE, DoubtKind.OTHER_AFFIRMED, DoubtKind.OTHER_EVIDENCE}
)
"""The doubts where what was said and what was recognised do not say the same about a role."""


class Pronouns(NamedTuple):
    """How a sentence calls the visitor. Verbs are in the past, where both have the same form."""

    subject: str
    """At the beginning of a sentence."""
    object: str
    possessive: str


YOU = Pronouns("You", "you", "your")
"""For the visitor."""

THEY = Pronouns("They", "them", "their")
"""For whoever talks to the visitor."""


def certainty_text(guide: Guide, certainty: Certainty) -> str:
    """How sure, in the guide's words."""
    match certainty:
        case Certainty.CLEAR:
            return guide.clear
        case Certainty.LEANING:
            return guide.leaning
        case Certainty.MIXED:
            return guide.mixed


@lru_cache(maxsize=4096)
def split_sentence(text: str) -> tuple[str, str]:
    """The first sentence of a long text, which stands where there is room for one, and the others ("" for none)."""
    first, *rest = SENTENCE_END.split(plain(text), maxsplit=1)
    return first, "".join(rest)


def said_in_short(guide: Guide, answers: Answers) -> str:
    """What was said about the roles, in a line: the answer that names them, or else what was said of each."""
    choices = answers.choices
    for key in sorted(restating_questions(guide)):
        choice = guide.question[key].choice(choices.get(key, ""))
        if choice and not choice.unsure:
            return choice.label
    about = [question for question in guide.questions if question.role]
    return " · ".join(f"{asked.name}: {choice_label(asked, choices.get(asked.key, ''))}" for asked in about)


def agreement_in_words(recommendation: Recommendation) -> str:
    """Whether what was said and what was recognised agree."""
    if found := contradictions(recommendation):
        if any(map(is_said_against_ticked, found)):
            return "What you said and what you recognised do not agree."
        return f"{'Two' if len(found) == 1 else 'Several'} of your answers do not agree."
    kinds = {doubt.kind for doubt in recommendation.doubts}
    if not any(found.ticked for found in recommendation.evidence):
        if DoubtKind.NO_EVIDENCE in kinds:
            return "You recognised nothing that backs what you said."
        if DoubtKind.MISSING_FACT in kinds:
            return "You left answers open and recognised none of the situations."
    if kinds & ABOUT_ROLES or points_elsewhere(recommendation):
        return "What you said and what you recognised agree in part."
    return "What you said and what you recognised agree."


def points_elsewhere(recommendation: Recommendation) -> bool:
    """Whether more situations were ticked for a role that is not named than for each that is."""
    named = recommendation.outcome.roles
    most = max((len(found.ticked) for found in recommendation.evidence if found.role in named), default=0)
    return any(len(found.ticked) > most for found in recommendation.evidence if found.role not in named)


def evidence_in_words(level: Evidence, ticked: int) -> str:
    """What so many ticked signals amount to."""
    return TOO_LITTLE if ticked and level is Evidence.NONE else EVIDENCE_WORDS[level]


def verdict(answer: RoleAnswer) -> str:
    """The answer for one role, in a word or two."""
    return "needed" if answer.is_needed else "not needed"


def weight(reason: Reason) -> str:
    """What the recommendation would be without a reason: another or the same."""
    return "Decisive" if reason.is_decisive else "Supporting"


def contradictions(recommendation: Recommendation) -> list[ShownRemark]:
    """The remarks of this kind."""
    return [found for found in recommendation.remarks if found.remark.kind is RemarkKind.CONTRADICTION]


def is_said_against_ticked(remark: ShownRemark) -> bool:
    """Whether what was answered stands against what was ticked, rather than answers or ticks against each other."""
    ticks = [bool(basis.signals) for basis in remark.rests_on if not basis.is_answer]
    return any(ticks) and len(ticks) < len(remark.rests_on)


def doubts_in_words(guide: Guide, answers: Answers, recommendation: Recommendation, who: Pronouns = YOU) -> list[str]:
    """Why the recommendation is not clear, each thing once: contradictions first, then what rows say in the guide's own
    words, the facts that are missing, and what else is missing or speaks for another role.
    """
    found = [*_contradictions_in_words(recommendation, who)]
    said = [plain(doubt.about) for doubt in recommendation.doubts if doubt.kind is DoubtKind.ROW]
    found += said if who is YOU else [f"We told them: “{words}”" for words in said]
    if missing := missing_facts(guide, recommendation):
        found.append(missing_in_words(missing, who))
    found += [
        _doubt_in_words(guide, answers, recommendation, doubt, who) for doubt in other_doubts(guide, recommendation)
    ]
    return list(dict.fromkeys(found))


def _contradictions_in_words(recommendation: Recommendation, who: Pronouns) -> Iterator[str]:
    """One sentence, however many there are. The visitor finds each of them below it."""
    if found := contradictions(recommendation):
        count = "Two" if len(found) == 1 else "Several"
        where = f"; see “{REMARK_HEADINGS[RemarkKind.CONTRADICTION]}” below" if who is YOU else ""
        yield f"{count} of {who.possessive} answers do not fit together{where}."


class MissingFacts(NamedTuple):
    """The questions that were left open. ``outcomes`` are the names of those that the answer to each of them decides
    between, the one that was reached first; none where the questions differ in it, decide only together, or lead to
    more that is asked.
    """

    questions: tuple[Question, ...]
    outcomes: tuple[str, ...]


def missing_facts(guide: Guide, recommendation: Recommendation) -> MissingFacts | None:
    """The facts that the outcome turns on and that were left open, if there are any."""
    questions: list[Question] = []
    by_question: set[tuple[str, ...]] = set()
    for doubt in recommendation.doubts:
        if doubt.kind is DoubtKind.MISSING_FACT:
            changes = [found for found in recommendation.changes if found.choice and found.question == doubt.about]
            # What is asked on the way may lead elsewhere again.
            is_last = not any(found.asks_more for found in changes)
            reached = dict.fromkeys(found.outcome for found in changes if is_last)
            names = tuple(guide.outcome[key].name for key in (recommendation.outcome.key, *reached)) if reached else ()
            questions.append(guide.question[doubt.about])
            by_question.add(names)
    if not questions:
        return None
    return MissingFacts(tuple(questions), by_question.pop() if len(by_question) == 1 else ())


def missing_in_words(missing: MissingFacts, who: Pronouns = YOU) -> str:
    """What was left open, and what hangs on it."""
    named = joined(f"“{question.text}”" for question in missing.questions)
    is_one = len(missing.questions) == 1
    if missing.outcomes:
        outcomes = joined(f"“{name}”" for name in missing.outcomes)
        rest = f"the answer{'' if is_one else 's'} decide{'s' if is_one else ''} between {outcomes}"
    else:
        rest = f"the answer{'' if is_one else 's'} could change the recommendation"
    return f"{who.subject} were not sure about {named}, and {rest}."


def joined(names: Iterable[str]) -> str:
    """Such as "A, B and C"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def other_doubts(guide: Guide, recommendation: Recommendation) -> list[Doubt]:
    """The doubts about roles. That a question was not answered yes is no news where it is named as missing."""
    missing = {doubt.about for doubt in recommendation.doubts if doubt.kind is DoubtKind.MISSING_FACT}
    return [
        doubt
        for doubt in recommendation.doubts
        if doubt.kind not in (DoubtKind.CONTRADICTION, DoubtKind.ROW, DoubtKind.MISSING_FACT)
        and not (doubt.kind is DoubtKind.NOT_AFFIRMED and guide.question_about[doubt.about].key in missing)
    ]


def _doubt_in_words(guide: Guide, answers: Answers, recommendation: Recommendation, doubt: Doubt, who: Pronouns) -> str:
    asked = guide.question_about[doubt.about]
    if doubt.kind is DoubtKind.NOT_AFFIRMED:
        choice = asked.choice(answers.choices.get(asked.key, ""))
        if choice is None:
            return f"{who.subject} did not answer “{asked.text}”."
        if choice.unsure:
            return f"{who.subject} were not sure about “{asked.text}”."
        # What does not affirm may be "Sometimes", so the guide's own word is quoted.
        return f"{who.subject} answered “{choice.label}” to “{asked.text}”."
    if doubt.kind is DoubtKind.OTHER_AFFIRMED:
        return f"{who.subject} said yes to “{asked.text}”, which speaks for {a_role(guide, doubt.about)}."
    return f"{who.subject} ticked {ticked_of(guide, recommendation, doubt.about)}."


def ticked_of(guide: Guide, recommendation: Recommendation, role: str) -> str:
    """How many of a role's situations were ticked, such as "2 of the 5 situations that speak for a Cook"."""
    found = next(one for one in recommendation.evidence if one.role == role)
    return f"{share_in_words(found)} that speak for {a_role(guide, role)}"


def share_in_words(found: RoleEvidence) -> str:
    """Such as "2 of the 5 situations"."""
    return f"{len(found.ticked) or 'none'} of the {pluralize(found.of, 'situation')}"


def a_role(guide: Guide, key: str) -> str:
    """The name of a role with its article."""
    name = guide.role[key].name
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def basis_in_words(guide: Guide, basis: Basis, who: Pronouns = YOU) -> str:
    """An answer, a ticked situation, or what was ticked for a role."""
    if basis.is_answer:
        question = guide.question[basis.question]
        return f"{question.text} {choice_label(question, basis.choice)}"
    if basis.not_ticked:
        return f"{who.subject} did not tick “{guide.signal[basis.not_ticked].name}”"
    names = ", ".join(f"“{guide.signal[key].name}”" for key in basis.signals)
    return f"{who.subject} ticked {names or f'nothing for {a_role(guide, basis.role)}'}"


def change_in_words(guide: Guide, change: Change, who: Pronouns = YOU) -> str:
    """One change as the condition of a sentence."""
    if change.signal:
        name = guide.signal[change.signal].name
        return f"“{name}” {'sounded' if change.ticked else 'did not sound'} like {who.object}"
    question = guide.question[change.question]
    return f"{who.subject.lower()} answered “{choice_label(question, change.choice)}” to “{question.text}”"


def choice_label(question: Question, key: str) -> str:
    """The words of one answer."""
    choice = question.choice(key)
    return choice.label if choice else "Not answered"


def ticked_names(guide: Guide, question: Question, answers: Answers) -> list[str]:
    """What was ticked below one question: the names of the signals in the guide's order, or "None of these"."""
    if question.key in answers.none_of:
        return [NONE_OF_THESE]
    return [signal.name for signal in guide.signals_of.get(question.role, ()) if signal.key in answers.signals]
