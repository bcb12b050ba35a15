"""Conditions: what they may name, and how they are evaluated.

Every (input, value) pair of a guide is one bit. A visitor's situation is the set of bits that hold, exactly one
for each input. A condition becomes the set of bits that forbid it, so that it holds when the two sets share
nothing: one ``&`` for each row of a table, however many columns it has.

    software: yes|no|unsure|not-answered -> bits 0 1 2 3;  {"software": ("yes",)} forbids bits 1 2 3
"""

from collections.abc import Iterable, Mapping

from advisor.decision.guide import NOT_ANSWERED, Condition, Evidence, Guide, Question, Ticked

EVIDENCE = "evidence:"
SIGNAL = "signal:"
OUTCOME = "outcome"

Vocabulary = Mapping[str, tuple[str, ...]]
"""Input to the values it may have, in order."""


def vocabulary_of(
    questions: Iterable[tuple[str, Iterable[str]]],
    roles: Iterable[str],
    signals: Iterable[str],
    outcomes: Iterable[str],
) -> Vocabulary:
    """All inputs that a condition may name. ``questions`` gives each question's key and the keys of its choices."""
    vocabulary = {key: (*choices, NOT_ANSWERED) for key, choices in questions}
    vocabulary |= {EVIDENCE + role: tuple(Evidence) for role in roles}
    vocabulary |= {SIGNAL + signal: tuple(Ticked) for signal in signals}
    vocabulary[OUTCOME] = tuple(outcomes)
    return vocabulary


def guide_vocabulary(guide: Guide, questions: Iterable[Question] | None = None) -> Vocabulary:
    """The vocabulary of a guide, or of those of its questions that come before a follow-up."""
    questions = guide.questions if questions is None else tuple(questions)
    asked = {question.role for question in questions if question.role}
    return vocabulary_of(
        ((question.key, (choice.key for choice in question.choices)) for question in questions),
        (role.key for role in guide.roles if role.key in asked),
        (signal.key for signal in guide.signals if signal.role in asked),
        (outcome.key for outcome in guide.outcomes),
    )


def condition_problems(when: object, vocabulary: Vocabulary, *, outcome: bool = False) -> list[str]:
    """What is wrong with a condition from anywhere, as sentences; empty when it can be evaluated.

    ``outcome`` says whether the reached outcome may be named: only remarks are evaluated after it is known.
    """
    if not isinstance(when, Mapping):
        return ["A condition is a list of inputs, each with the values it allows."]
    problems = []
    for name, values in when.items():
        if name == OUTCOME and not outcome:
            problems.append("Only remarks can ask for the outcome that was reached.")
        elif name not in vocabulary:
            problems.append(f"“{name}” is not a question, evidence or signal that can be asked for here.")
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

    def forbidden(self, when: Condition) -> int:
        """The bits that make this condition fail."""
        return sum(self.input_bits[name] & ~self.allowed(name, values) for name, values in when.items())

    def allowed(self, name: str, values: tuple[str, ...]) -> int:
        """The bits of one input that are among these values."""
        return sum(self.bit[name, value] for value in set(values))
