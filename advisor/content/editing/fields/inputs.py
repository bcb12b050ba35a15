"""Conditions in words: what a draft's conditions may ask for, and how an editor reads it.

evidence:head-of-ai: none, some  ->  "Evidence: Head of AI", "anything but Strong"
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.content.models import Guide
from advisor.decision.conditions import BALANCE, EVIDENCE, NEED, OUTCOME, SIGNAL, Stage
from advisor.decision.guide import EVEN, NOT_ANSWERED, Evidence, YesNo

EVIDENCE_WORDS = {evidence.value: evidence.value.capitalize() for evidence in Evidence}
TICKED_WORDS = {YesNo.YES.value: "ticked", YesNo.NO.value: "not ticked"}
YES_AND_NO = {YesNo.YES.value: "Yes", YesNo.NO.value: "No"}


@dataclass(frozen=True)
class Input:
    """Something a condition can ask for: its name in conditions, its label, and the words for each of its values."""

    name: str
    label: str
    values: Mapping[str, str]

    def in_order(self, values: Iterable[str]) -> list[str]:
        """Values as the guide orders them; those it does not know come last."""
        wanted = list(dict.fromkeys(values))
        return [*(value for value in self.values if value in wanted), *(v for v in wanted if v not in self.values)]

    def word(self, value: str) -> str:
        """One value in words, also when it was deleted."""
        return self.values.get(value, f"“{value}”, which does not exist")

    def in_words(self, values: Collection[str]) -> str:
        """What a cell of the table says; "anything but Strong" where that is all it leaves out."""
        left_out = [value for value in self.values if value not in values]
        if len(left_out) == 1 and len(self.values) > 2 and set(values) <= set(self.values):
            return f"anything but {self.word(left_out[0])}"
        return " or ".join(self.word(value) for value in self.in_order(values))


def draft_inputs(guide: Guide, stage: Stage = Stage.RULE) -> dict[str, Input]:
    """Every input of the draft of a guide that can be asked for at a stage, by its name, in order."""
    roles = list(guide.role_set.all())
    questions = guide.question_set.prefetch_related("choice_set")
    if stage is Stage.NEED:
        questions = questions.filter(follow_up=None)
    inputs = []
    if stage > Stage.NEED:
        with_need = guide.role_set.filter(need_set__isnull=False).distinct()
        inputs += [Input(NEED + role.key, f"Needed: {role.name}", YES_AND_NO) for role in with_need]
    inputs += [
        Input(
            question.key,
            question.name,
            {choice.key: choice.label for choice in question.choice_set.all()} | {NOT_ANSWERED: "not answered"},
        )
        for question in questions
    ]
    inputs += [Input(EVIDENCE + role.key, f"Evidence: {role.name}", EVIDENCE_WORDS) for role in roles]
    leading = {role.key: role.name for role in roles} | {EVEN: "even"}
    inputs.append(Input(BALANCE, "More situations ticked for", leading))
    inputs += [Input(SIGNAL + signal.key, f"Signal: {signal.name}", TICKED_WORDS) for signal in guide.signal_set.all()]
    if stage is Stage.REMARK:
        names = {outcome.key: outcome.name for outcome in guide.outcome_set.all()}
        inputs.append(Input(OUTCOME, "Outcome reached", names))
    return {one.name: one for one in inputs}


def unknown_input(name: str) -> Input:
    """Stands for an input that a condition still names and the guide has no more."""
    return Input(name, f"“{name}”, which does not exist", {})


def condition_by_inputs(when: Mapping[str, Collection[str]], inputs: Mapping[str, Input]) -> str:
    """A whole condition in one line, in the order of the inputs: a database may return it in another one."""
    known = [one for name, one in inputs.items() if name in when]
    unknown = [unknown_input(name) for name in sorted(when.keys() - inputs.keys())]
    return "; ".join(f"{one.label}: {one.in_words(when[one.name])}" for one in [*known, *unknown]) or "anything"


def conditions_by_inputs(conditions: Iterable[Any], inputs: Mapping[str, Input]) -> str:
    """All conditions of a part in one line. One from a fixture may be anything, and is shown as it is."""
    return "; or ".join(
        condition_by_inputs(when, inputs)
        if isinstance(when, dict) and all(isinstance(values, list) for values in when.values())
        else str(when)
        for when in conditions
    )
