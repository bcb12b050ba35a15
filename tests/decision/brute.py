"""Every set of answers of a small guide, asked one by one: conditions are read as they are written, nothing compiled.

It shares no code with ``advisor.decision`` but the values a guide is made of.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations, product

from advisor.decision.guide import Condition, Guide, Question, Role

Said = dict[str, str]
Facts = dict[str, str]


@dataclass(frozen=True)
class Set:
    """One set of answers: what was chosen where it was asked, and what was ticked."""

    choices: Said
    ticked: frozenset[str]


def holds(when: Condition, facts: Facts) -> bool:
    return all(facts.get(name) in values for name, values in when.items())


def asked_signals(guide: Guide) -> list[str]:
    roles = {question.role for question in guide.questions}
    return [signal.key for signal in guide.signals if signal.role in roles]


def facts_of(guide: Guide, choices: Said, ticked: frozenset[str]) -> Facts:
    """Everything a condition may ask for, before follow-ups are looked at: those count as not answered."""
    facts = {question.key: "not-answered" for question in guide.questions}
    facts |= {question.key: choices[question.key] for question in guide.questions if not question.follow_up}
    for key in asked_signals(guide):
        facts[f"signal:{key}"] = "yes" if key in ticked else "no"
    for role in guide.roles:
        if any(question.role == role.key for question in guide.questions):
            number = sum(signal.key in ticked for signal in guide.signals if signal.role == role.key)
            level = "strong" if number >= guide.strong_from else "some" if number >= guide.some_from else "none"
            facts[f"evidence:{role.key}"] = level
    if "balance" not in facts:
        facts["balance"] = balance(guide, ticked)
    return facts | {f"need:{role.key}": need_of(role, facts)[1] for role in guide.roles if role.need}


def balance(guide: Guide, ticked: frozenset[str]) -> str:
    """The role that leads every other one, of those that are asked about."""
    number = Counter(signal.role for signal in guide.signals if signal.key in ticked & {*asked_signals(guide)})
    for leader in number:
        if all(number[leader] > number[role.key] for role in guide.roles if role.key != leader):
            return leader
    return "even"


def need_of(role: Role, facts: Facts) -> tuple[int, str]:
    """The first row of a role's table that holds, from 1, and what it says; 0 and no where none does."""
    for number, row in enumerate(role.need, 1):
        if holds(row.when, facts):
            return number, "yes" if row.needed else "no"
    return 0, "no"


def pages(guide: Guide) -> list[tuple[str, list[Question]]]:
    """Follow-ups in the order of their questions."""
    found: dict[str, list[Question]] = {}
    for question in guide.questions:
        if question.follow_up:
            found.setdefault(question.follow_up, []).append(question)
    return list(found.items())


def is_asked(guide: Guide, follow_up: str, facts: Facts) -> bool:
    (conditions,) = [other.asked_when for other in guide.follow_ups if other.key == follow_up]
    return any(holds(when, facts) for when in conditions)


def every_set(guide: Guide) -> Iterator[tuple[Set, Facts]]:
    """Every set of answers a visitor can submit, with what holds then."""
    first = [question for question in guide.questions if not question.follow_up]
    signals = asked_signals(guide)
    subsets = list(chain.from_iterable(combinations(signals, size) for size in range(len(signals) + 1)))
    for chosen in product(*([choice.key for choice in question.choices] for question in first)):
        start = {question.key: choice for question, choice in zip(first, chosen, strict=True)}
        for subset in subsets:
            ticked = frozenset(subset)
            yield from _further(guide, Set(start, ticked), facts_of(guide, start, ticked), pages(guide))


def _further(
    guide: Guide, so_far: Set, facts: Facts, left: list[tuple[str, list[Question]]]
) -> Iterator[tuple[Set, Facts]]:
    if not left:
        yield so_far, facts
        return
    (follow_up, questions), *others = left
    if not is_asked(guide, follow_up, facts):
        yield from _further(guide, so_far, facts, others)
        return
    for chosen in product(*([choice.key for choice in question.choices] for question in questions)):
        given = {question.key: choice for question, choice in zip(questions, chosen, strict=True)}
        yield from _further(guide, Set(so_far.choices | given, so_far.ticked), facts | given, others)


def rule_of(guide: Guide, facts: Facts) -> int:
    """The first rule that holds, from 1; 0 for none."""
    return next((number for number, rule in enumerate(guide.rules, 1) if holds(rule.when, facts)), 0)


def outcome_of(guide: Guide, facts: Facts) -> str:
    number = rule_of(guide, facts)
    return guide.rules[number - 1].outcome if number else ""


def remarks_of(guide: Guide, facts: Facts) -> frozenset[str]:
    reached = outcome_of(guide, facts)
    facts = facts | ({"outcome": reached} if reached else {})
    return frozenset(
        remark.key
        for remark in guide.remarks
        if holds(remark.when, facts) and (reached or "outcome" not in remark.when)
    )


@dataclass
class Found:
    """What brute force finds of a guide."""

    answer_sets: int = 0
    rules: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    hiders: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    need_rows: Counter[tuple[str, int]] = field(default_factory=Counter)
    needs: Counter[tuple[str, str]] = field(default_factory=Counter)
    need_hiders: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    told: dict[tuple[frozenset[tuple[str, str]], frozenset[str]], object] = field(default_factory=dict)
    asked: dict[tuple[str, str, frozenset[tuple[str, str]], frozenset[str]], bool] = field(default_factory=dict)
    asking: set[str] = field(default_factory=set)

    def look_at_pages(self, guide: Guide, one: Set) -> None:
        """Collect the questions that decide what is asked, when another choice is taken and nothing else changes."""
        so_far = {question.key for question in guide.questions if not question.follow_up}
        for follow_up, questions in pages(guide):
            is_asked = questions[0].key in one.choices
            for key in so_far:
                others = frozenset((other, one.choices[other]) for other in so_far if other != key)
                if self.asked.setdefault((follow_up, key, others, one.ticked), is_asked) != is_asked:
                    self.asking.add(key)
            so_far |= {question.key for question in questions if is_asked}

    def loud_signals(self) -> set[str]:
        """Signals that change an outcome, need, remark or what is asked when they are turned and nothing else is."""
        return {
            key
            for (choices, ticked), told in self.told.items()
            for key in ticked
            if self.told.get((choices, ticked - {key})) != told
        }

    def loud_questions(self) -> set[str]:
        """Questions of which the same is true when another choice is taken."""
        loud = set(self.asking)
        alike: dict[object, object] = {}
        for (choices, ticked), told in self.told.items():
            for question, choice in choices:
                others = question, choices - {(question, choice)}, ticked
                if alike.setdefault(others, told) != told:
                    loud.add(question)
        return loud


def ask_everyone(guide: Guide) -> Found:
    """Ask a guide for every set of answers."""
    found = Found()
    for one, facts in every_set(guide):
        number, made = rule_of(guide, facts), remarks_of(guide, facts)
        outcome = outcome_of(guide, facts)
        found.answer_sets += 1
        found.look_at_pages(guide, one)
        found.rules[number] += 1
        found.outcomes[outcome] += 1
        found.remarks.update(made)
        needs = {role.key: need_of(role, facts) for role in guide.roles if role.need}
        answer = tuple(needed for _, needed in needs.values())
        found.told[frozenset(one.choices.items()), one.ticked] = (outcome, made, answer)
        for role in guide.roles:
            if role.need:
                number_of_row, needed = needs[role.key]
                found.need_rows[role.key, number_of_row] += 1
                found.needs[role.key, needed] += 1
                for dead, row in enumerate(role.need, 1):
                    if holds(row.when, facts):
                        found.need_hiders[role.key, dead].add(number_of_row)
        for dead, rule in enumerate(guide.rules, 1):
            if holds(rule.when, facts):
                found.hiders[dead].add(number)
    return found
