"""``recommend(guide, answers)``: the outcome, the reason for everything, how sure, and what would change it.

    both=both                      -> rule 2 -> both-roles, because of the answer to "both"
    both=unsure&software=yes&ai=no -> rule 10 -> fractional-cto

A pure function: the same guide and answers give the same recommendation, on any machine, at any time.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from advisor.decision.answers import Answers
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL
from advisor.decision.guide import Evidence, Guide, Outcome, Remark, RemarkKind, Signal
from advisor.decision.logic import Logic, Situation, logic_of


class Certainty(StrEnum):
    """How sure the recommendation is. Never a made-up percentage."""

    CLEAR = "clear"
    LEANING = "leaning"
    MIXED = "mixed"


class DoubtKind(StrEnum):
    """What keeps a recommendation from being clear."""

    NOT_AFFIRMED = "not-affirmed"
    NO_EVIDENCE = "no-evidence"
    OTHER_AFFIRMED = "other-affirmed"
    OTHER_EVIDENCE = "other-evidence"
    CONTRADICTION = "contradiction"


class Doubt(msgspec.Struct, frozen=True):
    """One thing that keeps the recommendation from being clear: about a role, or a contradiction's title."""

    kind: DoubtKind
    about: str


class Basis(msgspec.Struct, frozen=True):
    """What a reason or remark rests on: one answer, one signal, or the evidence for one role.

    ``question`` is where it can be changed. ``choice`` is the answer given there (for an answer), ``signals``
    the ticked signals (for a signal or evidence; none ticked is a basis too).
    """

    question: str
    choice: str = ""
    role: str = ""
    signals: tuple[str, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether it is the answer to the question itself rather than what was ticked below it."""
        return not self.role


class Reason(msgspec.Struct, frozen=True):
    """A sentence for the outcome and what it rests on."""

    text: str
    rests_on: tuple[Basis, ...]


class Remarked(msgspec.Struct, frozen=True):
    """A remark that was collected and what it rests on: for a contradiction, both of its sides."""

    remark: Remark
    rests_on: tuple[Basis, ...]


class RoleEvidence(msgspec.Struct, frozen=True):
    """How many of a role's signals are ticked, and what that amounts to."""

    role: str
    ticked: tuple[Signal, ...]
    of: int
    level: Evidence


class Change(msgspec.Struct, frozen=True):
    """One change that leads to another outcome: another choice, or one signal ticked or unticked.

    ``asks_more`` says that the changed answers open a follow-up, so that the outcome named is the one before it
    is answered.
    """

    question: str
    outcome: str
    choice: str = ""
    signal: str = ""
    ticked: bool = False
    asks_more: bool = False


class Recommendation(msgspec.Struct, frozen=True):
    """What one visitor gets. ``rule`` counts from 1."""

    outcome: Outcome
    rule: int
    certainty: Certainty
    doubts: tuple[Doubt, ...]
    reasons: tuple[Reason, ...]
    evidence: tuple[RoleEvidence, ...]
    remarks: tuple[Remarked, ...]
    changes: tuple[Change, ...]


def recommend(guide: Guide, answers: Answers) -> Recommendation:
    """The recommendation for these answers; any of them may be missing.

    Raises ``LookupError`` when no rule matches, which a guide that passes ``unfinished`` cannot bring about.
    """
    logic = logic_of(guide)
    situation = logic.situation(answers)
    holding = logic.holding(situation)
    number, key = logic.outcome(holding)
    outcome = guide.outcome[key]
    evidence = _evidence(logic, answers)
    with_outcome = holding | logic.outcome_bits[key]
    counted = _counted(logic, answers, holding)
    remarks = tuple(
        Remarked(remark, tuple(_bases(logic, counted, remark.when)))
        for forbidden, remark in logic.remarks
        if not with_outcome & forbidden
    )
    doubts = tuple(_doubts(guide, answers, outcome, evidence, remarks))
    contradicted = any(doubt.kind is DoubtKind.CONTRADICTION for doubt in doubts)
    return Recommendation(
        outcome=outcome,
        rule=number,
        certainty=Certainty.MIXED if contradicted else Certainty.LEANING if doubts else Certainty.CLEAR,
        doubts=doubts,
        reasons=tuple(_reasons(logic, counted, number, outcome)),
        evidence=evidence,
        remarks=remarks,
        changes=tuple(_changes(logic, answers, situation, holding, key)),
    )


def _counted(logic: Logic, answers: Answers, holding: int) -> Answers:
    """The answers without those to follow-ups that are not asked."""
    choices = {
        question: choice for question, choice in answers.choices.items() if holding & logic.bit[question, choice]
    }
    return Answers(choices, answers.signals, answers.none_of)


def _evidence(logic: Logic, answers: Answers) -> tuple[RoleEvidence, ...]:
    found = []
    for role in logic.evidence_bits:
        signals = logic.guide.signals_of[role]
        ticked = tuple(signal for signal in signals if signal.key in answers.signals)
        found.append(RoleEvidence(role, ticked, len(signals), logic.evidence(len(ticked))))
    return tuple(found)


def _doubts(
    guide: Guide,
    answers: Answers,
    outcome: Outcome,
    evidence: tuple[RoleEvidence, ...],
    remarks: tuple[Remarked, ...],
) -> Iterator[Doubt]:
    """Why the recommendation is not clear; nothing if it is.

    Clear is an outcome each of whose roles has its question affirmed and some evidence, while no other role has its
    question affirmed or strong evidence; for an outcome without roles, while no role has any evidence.
    """
    for remarked in remarks:
        if remarked.remark.kind is RemarkKind.CONTRADICTION:
            yield Doubt(DoubtKind.CONTRADICTION, remarked.remark.title)
    for found in evidence:
        question = guide.question_about[found.role]
        choice = question.choice(answers.choices.get(question.key, ""))
        affirmed = choice is not None and choice.affirms
        if found.role in outcome.roles:
            if not affirmed:
                yield Doubt(DoubtKind.NOT_AFFIRMED, found.role)
            if found.level is Evidence.NONE:
                yield Doubt(DoubtKind.NO_EVIDENCE, found.role)
        else:
            if affirmed:
                yield Doubt(DoubtKind.OTHER_AFFIRMED, found.role)
            if found.level is Evidence.STRONG or (not outcome.roles and found.level is not Evidence.NONE):
                yield Doubt(DoubtKind.OTHER_EVIDENCE, found.role)


def _reasons(logic: Logic, answers: Answers, number: int, outcome: Outcome) -> Iterator[Reason]:
    """The rule's reason, resting on what the rule names (on every answer if it names nothing), then the signals."""
    guide = logic.guide
    rule = guide.rules[number - 1]
    yield Reason(rule.reason, tuple(_bases(logic, answers, rule.when or answers.choices)))
    for role in outcome.roles:
        for signal in guide.signals_of[role]:
            if signal.key in answers.signals:
                yield Reason(signal.reason, (Basis(guide.question_about[role].key, role=role, signals=(signal.key,)),))


def _bases(logic: Logic, answers: Answers, inputs: Iterable[str]) -> Iterator[Basis]:
    """What the inputs of a condition stand for in these answers, in the guide's order however they were written."""
    guide = logic.guide
    for name in sorted(inputs, key=logic.place.__getitem__):
        if name.startswith(EVIDENCE):
            role = name.removeprefix(EVIDENCE)
            ticked = tuple(signal.key for signal in guide.signals_of[role] if signal.key in answers.signals)
            yield Basis(guide.question_about[role].key, role=role, signals=ticked)
        elif name.startswith(SIGNAL):
            signal = guide.signal[name.removeprefix(SIGNAL)]
            ticked = (signal.key,) if signal.key in answers.signals else ()
            yield Basis(guide.question_about[signal.role].key, role=signal.role, signals=ticked)
        elif name != OUTCOME:
            yield Basis(name, choice=answers.choices.get(name, ""))


def _changes(logic: Logic, answers: Answers, situation: Situation, holding: int, outcome: str) -> Iterator[Change]:
    """Every single change of an answer that was asked for, or of a signal, that leads to another outcome."""
    for question in logic.guide.questions:
        if logic.is_asked(logic.guide.page_of[question.key], holding):
            for choice in question.choices:
                if choice.key != answers.choices.get(question.key):
                    changed = logic.holding(logic.with_choice(situation, question, choice))
                    _, reached = logic.outcome(changed)
                    if reached != outcome:
                        more = _asks_more(logic, answers, changed)
                        yield Change(question.key, reached, choice=choice.key, asks_more=more)
        for signal in logic.guide.signals_of.get(question.role, ()):
            changed = logic.holding(logic.with_signal_turned(situation, signal))
            _, reached = logic.outcome(changed)
            if reached != outcome:
                ticked = signal.key not in answers.signals
                more = _asks_more(logic, answers, changed)
                yield Change(question.key, reached, signal=signal.key, ticked=ticked, asks_more=more)


def _asks_more(logic: Logic, answers: Answers, holding: int) -> bool:
    """Whether a visitor for whom these bits hold would be asked something that has no answer yet."""
    return any(
        question.key not in answers.choices
        for page, _, _ in logic.follow_ups
        if logic.is_asked(page, holding)
        for question in page.questions
    )
