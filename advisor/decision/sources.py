"""Where the inputs of a condition have their values from, so that a reason can say what it rests on."""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from advisor.decision.conditions import BALANCE, EVIDENCE, NEED, OUTCOME, SIGNAL
from advisor.decision.logic import Logic


class SourceKind(StrEnum):
    """What an input is. The balance rests on a role only where one of its signals is ticked."""

    ANSWER = "answer"
    SIGNAL = "signal"
    EVIDENCE = "evidence"
    BALANCE = "balance"


class Source(NamedTuple):
    """The answer to a question, a signal below it, or all signals below it, by their role."""

    kind: SourceKind
    question: str
    role: str = ""
    signal: str = ""


class Sources:
    """The sources of one guide, kept for the conditions that were asked about."""

    def __init__(self, logic: Logic) -> None:
        self.logic, self.guide = logic, logic.guide
        self.of = lru_cache(maxsize=1024)(self._of)

    def _of(self, inputs: tuple[str, ...]) -> tuple[Source, ...]:
        """Each in the guide's order, however the inputs were written.

        Needs and the outcome have none: they rest on answers themselves, and say so.
        """
        in_order = sorted(inputs, key=self.logic.place.__getitem__)
        return tuple(source for name in in_order for source in self._of_input(name, inputs))

    def _of_input(self, name: str, inputs: tuple[str, ...]) -> Iterator[Source]:
        if name == BALANCE and name not in self.guide.question:
            yield from (self._of_role(SourceKind.BALANCE, role) for role in self.logic.evidence_bits)
        elif name.startswith(EVIDENCE):
            yield self._of_role(SourceKind.EVIDENCE, name.removeprefix(EVIDENCE))
        elif name.startswith(SIGNAL):
            signal = self.guide.signal[name.removeprefix(SIGNAL)]
            # The evidence for a role names all that was ticked for it.
            if EVIDENCE + signal.role not in inputs:
                question = self.guide.question_about[signal.role].key
                yield Source(SourceKind.SIGNAL, question, signal.role, signal.key)
        elif name != OUTCOME and not name.startswith(NEED):
            yield Source(SourceKind.ANSWER, name)

    def _of_role(self, kind: SourceKind, role: str) -> Source:
        return Source(kind, self.guide.question_about[role].key, role)


@lru_cache(maxsize=64)
def sources_of(logic: Logic) -> Sources:
    """The sources of a guide, kept for the guides in use."""
    return Sources(logic)
