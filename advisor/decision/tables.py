"""The rules and remarks of a guide, put to the classes of visitors that they tell apart.

Rules and remarks that name the same inputs are put to the same classes, which are made once; and those that name only
some of them to these as well. So twenty remarks on the outcome and one answer cost little more than one.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from advisor.decision.classes import Class, Classes
from advisor.decision.conditions import EVIDENCE, OUTCOME, SIGNAL
from advisor.decision.guide import NOT_ANSWERED, Question, Remark, Signal
from advisor.decision.logic import Logic

Told = Mapping[int, object]
"""From what holds for a class to what it is told: an outcome, or whether a remark is made."""


class Table:
    """The classes of one set of inputs, and what they are told."""

    def __init__(self, logic: Logic, inputs: Iterable[str]) -> None:
        self.logic, self.guide, named = logic, logic.guide, frozenset(inputs)
        whens = [*(rule.when for rule in self.guide.rules), *(remark.when for remark in self.guide.remarks)]
        self.classes = Classes(
            logic, [{name: values for name, values in when.items() if name in named} for when in whens]
        )
        self.inputs = self.classes.inputs

    @cached_property
    def found(self) -> list[Class]:
        """The classes themselves."""
        return list(self.classes)

    @cached_property
    def deciding(self) -> list[int]:
        """For each class the number of the rule that decides it, 0 where none does."""
        return [deciding(self.logic, found.holding) for found in self.found]

    def forget(self) -> None:
        """Let go of the classes; they are made again when they are asked for."""
        for name in ("found", "deciding"):
            self.__dict__.pop(name, None)

    def outcomes(self) -> Told:
        """The outcome of each class, "" where no rule matches."""
        keys = ["", *(rule.outcome for rule in self.guide.rules)]
        return self.told([keys[number] for number in self.deciding])

    def told(self, told: Iterable[object]) -> Told:
        """What each class is told, by what holds for it."""
        return {found.holding: said for found, said in zip(self.found, told, strict=True)}

    def makes(self, remark: Remark) -> list[bool]:
        """For each class whether a remark is made."""
        forbidden = self.logic.forbidden(remark.when)
        if OUTCOME not in remark.when:
            return [not found.holding & forbidden for found in self.found]
        reached = [0, *(self.logic.outcome_bits[rule.outcome] for rule in self.guide.rules)]
        return [
            number > 0 and not (found.holding | reached[number]) & forbidden
            for found, number in zip(self.found, self.deciding, strict=True)
        ]

    def signal_turns(self, told: Told, signal: Signal) -> bool:
        """Whether ticking a signal tells someone something else."""
        yes, no = self.logic.signal_bits[signal.key]
        is_named = SIGNAL + signal.key in self.inputs
        of_role = {other.key for other in self.guide.signals_of[signal.role]}
        alike = {key for key in of_role if SIGNAL + key not in self.inputs}
        levels = self.classes.levels.get(signal.role)
        evidence = self.logic.input_bits[EVIDENCE + signal.role]
        for found in self.found:
            # Where one more changes the evidence their number is known, so that one way to tick them stands for all.
            if not found.holding & no if is_named else alike <= found.ticked:
                continue
            turned = found.holding ^ no ^ yes if is_named else found.holding
            if levels:
                turned = turned & ~evidence | levels[len(found.ticked & of_role) + 1]
            if told[turned] != told[found.holding]:
                return True
        return False

    def answer_turns(self, told: Told, question: Question) -> bool:
        """Whether another answer to a question tells someone something else."""
        others = ~self.logic.input_bits[question.key]
        unanswered = self.logic.bit[question.key, NOT_ANSWERED]
        seen: dict[int, object] = {}
        for found in self.found:
            if not found.holding & unanswered:
                said = told[found.holding]
                if seen.setdefault(found.holding & others, said) != said:
                    return True
        return False


def deciding(logic: Logic, holding: int) -> int:
    """The number of the first rule that holds, 0 where none does."""
    for number, (forbidden, _) in enumerate(logic.rules, 1):
        if not holding & forbidden:
            return number
    return 0
