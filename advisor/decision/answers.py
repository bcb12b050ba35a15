"""A visitor's answers: read from a query string, and written to one.

    software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software

One parameter for each question, named by its key; ``signal`` once for each ticked signal, or once with
``none.<question>`` for "none of these" below that question. The canonical order is the guide's.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from advisor.decision.guide import Guide, Page, Question

SIGNAL_PARAMETER = "signal"
NONE_PREFIX = "none."

Pair = tuple[str, str]


class Answers(msgspec.Struct, frozen=True):
    """What a visitor said, every key known to the guide.

    ``choices`` maps question to choice, in the guide's order; ``none_of`` holds the questions below which
    "none of these" was ticked. To the rules that is the same as no signal; to the page it is an answer.
    """

    choices: Mapping[str, str] = {}
    signals: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()


class ProblemKind(StrEnum):
    """What is wrong with an answer."""

    UNKNOWN_CHOICE = "unknown-choice"
    ANSWERED_TWICE = "answered-twice"
    UNKNOWN_SIGNAL = "unknown-signal"
    NONE_AND_SOME = "none-and-some"


class Problem(msgspec.Struct, frozen=True):
    """Something in the query string that is not an answer, reported on the question it belongs to."""

    question: str
    kind: ProblemKind

    @property
    def is_about_signals(self) -> bool:
        """Whether it belongs to the signals below the question and not to its choices."""
        return self.kind in {ProblemKind.UNKNOWN_SIGNAL, ProblemKind.NONE_AND_SOME}


def read(guide: Guide, pairs: Iterable[Pair]) -> tuple[Answers, tuple[Problem, ...]]:
    """Read the answers among the parameters of a query string; other parameters are passed over.

    A value that cannot be used is reported and left out, so that the answers always make sense to the guide; an empty
    one is none. Answers to follow-ups are read whether they are asked or not.
    """
    given: dict[str, set[str]] = {}
    ticked: set[str] = set()
    for name, value in pairs:
        if not value:
            continue
        if name == SIGNAL_PARAMETER:
            ticked.add(value)
        elif name in guide.question:
            given.setdefault(name, set()).add(value)
    choices: dict[str, str] = {}
    problems: list[Problem] = []
    signals: set[str] = set()
    none_of: set[str] = set()
    for question in guide.questions:
        values = given.get(question.key, ())
        if len(values) > 1:
            problems.append(Problem(question.key, ProblemKind.ANSWERED_TWICE))
        for value in values if len(values) == 1 else ():
            if question.choice(value):
                choices[question.key] = value
            else:
                problems.append(Problem(question.key, ProblemKind.UNKNOWN_CHOICE))
        if question.role and ticked:
            asked = {signal.key for signal in guide.signals_of.get(question.role, ())}
            none = NONE_PREFIX + question.key
            if none not in ticked:
                signals |= ticked & asked
            elif ticked & asked:
                problems.append(Problem(question.key, ProblemKind.NONE_AND_SOME))
            else:
                none_of.add(question.key)
            ticked -= {*asked, none}
    if ticked and guide.questions:
        with_signals = next(iter(guide.question_about.values()), guide.questions[0])
        problems.append(Problem(with_signals.key, ProblemKind.UNKNOWN_SIGNAL))
    return Answers(choices, frozenset(signals), frozenset(none_of)), tuple(problems)


def pairs(guide: Guide, answers: Answers, *, leaving_out: Page | None = None) -> list[Pair]:
    """The answers as parameters in canonical order, if asked without those that a page asks itself."""
    found: list[Pair] = []
    for question in guide.questions:
        if leaving_out and question in leaving_out.questions:
            continue
        if choice := answers.choices.get(question.key):
            found.append((question.key, choice))
        found += signal_pairs(guide, question, answers)
    return found


def signal_pairs(guide: Guide, question: Question, answers: Answers) -> list[Pair]:
    """What was ticked below one question, as parameters in canonical order."""
    if not question.role:
        return []
    if question.key in answers.none_of:
        return [(SIGNAL_PARAMETER, NONE_PREFIX + question.key)]
    return [
        (SIGNAL_PARAMETER, signal.key) for signal in guide.signals_of[question.role] if signal.key in answers.signals
    ]


def query(guide: Guide, answers: Answers, *, leaving_out: Page | None = None) -> str:
    """The canonical query string of these answers. Keys are slugs, so that nothing has to be quoted."""
    return "&".join([f"{name}={value}" for name, value in pairs(guide, answers, leaving_out=leaving_out)])
