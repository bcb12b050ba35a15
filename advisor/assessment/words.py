"""The recommendation in words: what the result page says, a lead keeps and sales reads."""

from collections.abc import Sequence

from advisor.decision.answers import Answers
from advisor.decision.guide import Evidence, Guide, Question, RemarkKind
from advisor.decision.recommendation import Basis, Certainty, Change, Doubt, DoubtKind

NONE_OF_THESE = "None of these"

EVIDENCE_WORDS = {
    Evidence.NONE: "no evidence",
    Evidence.SOME: "some evidence",
    Evidence.STRONG: "strong evidence",
}

REMARK_HEADINGS = {
    RemarkKind.CONTRADICTION: "This does not fit together",
    RemarkKind.CAUTION: "Worth a second look",
    RemarkKind.ADVICE: "If you go ahead",
}


def certainty_text(guide: Guide, certainty: Certainty) -> str:
    """How sure, in the guide's words."""
    match certainty:
        case Certainty.CLEAR:
            return guide.clear
        case Certainty.LEANING:
            return guide.leaning
        case Certainty.MIXED:
            return guide.mixed


def doubts_in_words(guide: Guide, doubts: Sequence[Doubt]) -> list[str]:
    """Why the recommendation is not clear: a sentence for all contradictions, and one for each other reason."""
    contradictions = [doubt for doubt in doubts if doubt.kind is DoubtKind.CONTRADICTION]
    if len(contradictions) < 2:
        return [_doubt_in_words(guide, doubt) for doubt in doubts]
    titles = ", ".join(f"“{doubt.about}”" for doubt in contradictions)
    others = [_doubt_in_words(guide, doubt) for doubt in doubts if doubt not in contradictions]
    return [f"Some of your answers do not fit together: {titles}.", *others]


def _doubt_in_words(guide: Guide, doubt: Doubt) -> str:
    if doubt.kind is DoubtKind.CONTRADICTION:
        return f"Two of your answers do not fit together: “{doubt.about}”."
    role = guide.role[doubt.about].name
    question = guide.question_about[doubt.about].text
    match doubt.kind:
        case DoubtKind.NOT_AFFIRMED:
            return f"You did not say yes to “{question}”."
        case DoubtKind.NO_EVIDENCE:
            return f"You ticked none of the situations that speak for a {role}."
        case DoubtKind.OTHER_AFFIRMED:
            return f"You said yes to “{question}”, which speaks for a {role} as well."
        case DoubtKind.OTHER_EVIDENCE:
            return f"You ticked situations that speak for a {role} as well."


def basis_in_words(guide: Guide, basis: Basis) -> str:
    """An answer, a ticked situation, or what was ticked for a role."""
    if basis.is_answer:
        question = guide.question[basis.question]
        return f"{question.text} {choice_label(question, basis.choice)}"
    names = ", ".join(f"“{guide.signal[key].name}”" for key in basis.signals)
    return f"You ticked {names}" if names else f"You ticked nothing for a {guide.role[basis.role].name}"


def change_in_words(guide: Guide, change: Change) -> str:
    """One change as the condition of a sentence."""
    if change.signal:
        name = guide.signal[change.signal].name
        return f"“{name}” also sounded like you" if change.ticked else f"“{name}” did not sound like you"
    question = guide.question[change.question]
    return f"you answered “{choice_label(question, change.choice)}” to “{question.text}”"


def choice_label(question: Question, key: str) -> str:
    """The words of one answer."""
    choice = question.choice(key)
    return choice.label if choice else "Not answered"


def ticked_names(guide: Guide, question: Question, answers: Answers) -> list[str]:
    """What was ticked below one question: the names of the signals in the guide's order, or "None of these"."""
    if question.key in answers.none_of:
        return [NONE_OF_THESE]
    return [signal.name for signal in guide.signals_of.get(question.role, ()) if signal.key in answers.signals]
