"""Conditions in words, as staff read them.

{"both": ("both",), "evidence:fractional-cto": ("strong",)}
-> the answer to “Is it both?” is “It is both” and the evidence for Fractional CTO is strong
"""

from urllib.parse import parse_qsl

from advisor.decision.answers import read
from advisor.decision.conditions import BALANCE, EVIDENCE, NEED, OUTCOME, SIGNAL, guide_vocabulary
from advisor.decision.guide import EVEN, NOT_ANSWERED, Condition, Guide, YesNo


def condition_in_words(guide: Guide, when: Condition) -> str:
    """A condition as part of a sentence; one that names nothing is "anything". What does not exist keeps its key."""
    return (
        " and ".join(_input_in_words(guide, name, values) for name, values in inputs_in_order(guide, when))
        or "anything"
    )


def condition_in_short(guide: Guide, when: Condition) -> str:
    """The same in as few words as leave no doubt, by the short names: "Is it both: Yes; evidence CTO: strong"."""
    inputs = (input_in_short(guide, name, values) for name, values in inputs_in_order(guide, when))
    return "; ".join(f"{label}: {words}" if label else words for label, words in inputs) or "anything"


def inputs_in_order(guide: Guide, when: Condition) -> list[tuple[str, tuple[str, ...]]]:
    """The inputs of a condition as the guide orders them: a database may return them in another order."""
    known = [name for name in guide_vocabulary(guide) if name in when]
    return [(name, when[name]) for name in [*known, *sorted(when.keys() - known)]]


def answers_in_short(*said: tuple[Guide, str]) -> str:
    """Answers in a line, each a query string with the guide it was given to: "Software: Yes. Both: Unsure. AI risks".

    What was said to several guides stands there once.
    """
    chosen: dict[str, str] = {}
    ticked: dict[str, str] = {}
    for guide, query in said:
        answers, _ = read(guide, parse_qsl(query))
        for key, choice in answers.choices.items():
            question = guide.question[key]
            chosen.setdefault(key, f"{question.name}: {label_of(guide, key, choice)}.")
        for signal in guide.signals:
            if signal.key in answers.signals:
                ticked.setdefault(signal.key, signal.name)
    return " ".join([*chosen.values(), ", ".join(ticked.values())])


def input_in_short(guide: Guide, name: str, values: tuple[str, ...]) -> tuple[str, str]:
    """What a condition asks for, and which values; "" for what it asks for where the values say it all."""
    if name in guide.question:
        labels = [label_of(guide, name, value) if value != NOT_ANSWERED else "not answered" for value in values]
        return guide.question[name].name, _either(labels)
    if name.startswith(EVIDENCE):
        role = guide.role.get(name.removeprefix(EVIDENCE))
        return f"evidence for {role.name if role else name}", _either(values)
    if name == BALANCE:
        return "more situations ticked for", _either([_role_name(guide, value) for value in values])
    if name.startswith(NEED):
        return _role_name(guide, name.removeprefix(NEED)), _needed(values)
    if name == OUTCOME:
        return "outcome", _outcomes(guide, values)
    return "", _input_in_words(guide, name, values)


def _input_in_words(guide: Guide, name: str, values: tuple[str, ...]) -> str:
    if name.startswith(EVIDENCE):
        role = guide.role.get(name.removeprefix(EVIDENCE))
        return f"the evidence for {role.name if role else name} is {_either(values)}"
    if name.startswith(SIGNAL):
        signal = guide.signal.get(name.removeprefix(SIGNAL))
        ticked = "ticked" if tuple(values) == (YesNo.YES,) else "not ticked"
        return f"“{signal.name if signal else name}” is {ticked if len(values) == 1 else 'ticked or not'}"
    if name == BALANCE and name not in guide.question:
        return _balance_in_words(guide, values)
    if name.startswith(NEED):
        return f"{_role_name(guide, name.removeprefix(NEED))} is {_needed(values)}"
    if name == OUTCOME:
        return f"the outcome is {_outcomes(guide, values)}"
    question = guide.question.get(name)
    labels = [f"“{label_of(guide, name, value)}”" if value != NOT_ANSWERED else "not given" for value in values]
    return f"the answer to “{question.text if question else name}” is {_either(labels)}"


def _balance_in_words(guide: Guide, values: tuple[str, ...]) -> str:
    roles = [_role_name(guide, value) for value in values if value != EVEN]
    said = [f"more situations are ticked for {_either(roles)} than for any other role"] if roles else []
    if EVEN in values:
        said.append("no role has the most situations ticked")
    return _either(said)


def _role_name(guide: Guide, key: str) -> str:
    """A role by its name; one that does not exist, and a balance that is even, by their key."""
    role = guide.role.get(key)
    return role.name if role else key


def _outcomes(guide: Guide, values: tuple[str, ...]) -> str:
    return _either([f"“{guide.outcome[value].name if value in guide.outcome else value}”" for value in values])


def _needed(values: tuple[str, ...]) -> str:
    return _either(["needed" if value == YesNo.YES else "not needed" for value in values])


def label_of(guide: Guide, question: str, value: str) -> str:
    """A choice in the words of its question."""
    asked = guide.question.get(question)
    choice = asked.choice(value) if asked else None
    return choice.label if choice else value


def _either(values: list[str] | tuple[str, ...]) -> str:
    *others, last = values
    return f"{', '.join(others)} or {last}" if others else last
