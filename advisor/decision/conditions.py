"""Conditions: what they may name, and how they are evaluated.

Every (input, value) pair of a guide is one bit. Of a visitor exactly one bit is active for each input. A condition
becomes its excluded bits: it holds when none of them is active. That is one ``&`` for each row of a table, however many
columns it has.

    software: yes|no|unsure|not-answered -> bits 0 1 2 3;  {"software": ("yes",)} excludes bits 1 2 3
"""

from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum

from advisor.decision.guide import EVEN, NOT_ANSWERED, Condition, Evidence, Guide, NeedRow, Question, Remark, YesNo

EVIDENCE = "evidence:"
SIGNAL = "signal:"
NEED = "need:"
BALANCE = "balance"
OUTCOME = "outcome"

Vocabulary = Mapping[str, tuple[str, ...]]
"""Input to the values it may have, in order."""


def vocabulary_of(
    questions: Iterable[tuple[str, Iterable[str]]],
    roles: Iterable[str],
    signals: Iterable[str],
    needs: Iterable[str],
    outcomes: Iterable[str],
) -> Vocabulary:
    """All inputs that a condition may name. ``questions`` gives each question's key and the keys of its choices,
    ``needs`` the roles that have a table of their own. A question of an older guide may be called as the balance is;
    then there is no balance. A role of an older guide may be called as its value ``EVEN`` is.
    """
    roles = tuple(roles)
    vocabulary = {BALANCE: tuple(dict.fromkeys((*roles, EVEN)))}
    vocabulary |= {key: (*choices, NOT_ANSWERED) for key, choices in questions}
    vocabulary |= {EVIDENCE + role: tuple(Evidence) for role in roles}
    vocabulary |= {SIGNAL + signal: tuple(YesNo) for signal in signals}
    vocabulary |= {NEED + role: tuple(YesNo) for role in needs}
    vocabulary[OUTCOME] = tuple(outcomes)
    return vocabulary


def guide_vocabulary(guide: Guide, questions: Iterable[Question] | None = None) -> Vocabulary:
    """The vocabulary of a guide, or what is known after those of its questions that come before a follow-up."""
    questions = guide.questions if questions is None else tuple(questions)
    asked = {question.role for question in questions if question.role}
    vocabulary = vocabulary_of(
        ((question.key, (choice.key for choice in question.choices)) for question in questions),
        (role.key for role in guide.roles if role.key in asked),
        (signal.key for signal in guide.signals if signal.role in asked),
        (role.key for role in guide.roles if role.need),
        (outcome.key for outcome in guide.outcomes),
    )
    unknown = {BALANCE} if asked < guide.question_about.keys() else set()
    for role in guide.roles:
        if not {name for row in role.need for name in row.when} <= vocabulary.keys() - unknown:
            unknown.add(NEED + role.key)
    return {name: values for name, values in vocabulary.items() if name not in unknown}


class Stage(IntEnum):
    """How much is known when a condition is evaluated; each stage knows what the one before it knows."""

    NEED = 1
    """What everyone is asked: questions, signals, evidence, the balance."""
    RULE = 2
    """The needs, and the answers to follow-ups."""
    REMARK = 3
    """The outcome."""


STAGES: Mapping[type[object], Stage] = {NeedRow: Stage.NEED, Remark: Stage.REMARK}
"""What the conditions of a kind of part may know; those of all others are ``Stage.RULE``."""


def condition_problems(
    when: object, vocabulary: Vocabulary, stage: Stage = Stage.RULE, follow_ups: Collection[str] = ()
) -> list[str]:
    """What is wrong with a condition from anywhere, as sentences; empty when it can be evaluated.

    ``follow_ups`` are the questions that are asked only of some.
    """
    if not isinstance(when, Mapping):
        return ["A condition is a list of inputs, each with the values it allows."]
    problems = []
    for name, values in when.items():
        if name == OUTCOME and stage < Stage.REMARK:
            problems.append("Only remarks can ask for the outcome that was reached.")
        elif stage is Stage.NEED and str(name).startswith(NEED):
            problems.append("A need cannot rest on a need. It is found from what everyone is asked.")
        elif stage is Stage.NEED and name in follow_ups:
            problems.append(
                f"A need cannot rest on “{name}”, which is asked only of some, after the needs are known. Ask it of "
                "everyone, or let this row do without it."
            )
        elif name not in vocabulary:
            problems.append(f"“{name}” is not a question, evidence, signal or need that can be asked for here.")
        elif not isinstance(values, (list, tuple)) or not values:
            problems.append(f"“{name}” needs at least one value, as a list.")
        else:
            problems += [
                f"“{value}” is not a value of “{name}”; it can be {', '.join(vocabulary[name])}."
                for value in values
                if value not in vocabulary[name]
            ]
    return problems


class Bits:
    """One bit for each (input, value) pair of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        pairs = [(name, value) for name, values in vocabulary.items() for value in values]
        self.bit = {pair: 1 << position for position, pair in enumerate(pairs)}
        self.input_bits = {name: sum(self.bit[name, value] for value in vocabulary[name]) for name in vocabulary}

    def excluded_bits(self, when: Condition) -> int:
        """The bits that make this condition fail."""
        return sum(self.input_bits[name] & ~self.allowed(name, values) for name, values in when.items())

    def allowed(self, name: str, values: tuple[str, ...]) -> int:
        """The bits of one input that are among these values."""
        return sum(self.bit[name, value] for value in set(values))
