"""What is wrong with a guide that comes from elsewhere, before anything is made of it.

guide.signals[2].role: There is no role “coach” in this file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
from django.db.models import Model

from advisor.content import models
from advisor.content.scenarios import Case, unknown_in
from advisor.decision.conditions import condition_problems, vocabulary_of
from advisor.decision.guide import Guide
from advisor.decision.unfinished import RESERVED_GUIDE_KEYS, RESERVED_QUESTION_KEYS, key_problem, text_problem

MOST_PARTS = 2_000
"""Rows in all that are made of a file, a second's work; the first guide has 160."""

PARTS: dict[str, type[Model]] = {
    "roles": models.Role,
    "dimensions": models.Dimension,
    "signals": models.Signal,
    "questions": models.Question,
    "follow_ups": models.FollowUp,
    "outcomes": models.Outcome,
    "rules": models.Rule,
    "remarks": models.Remark,
    "frequent_questions": models.FrequentQuestion,
}
"""The lists of a guide, and the rows that are made of their entries. Shared concerns are texts alone."""
WITHOUT_KEY = {"rules", "frequent_questions"}


def problems(guide: Guide, cases: list[Case]) -> list[str]:
    """What in a guide is too much, names what is not there, or cannot be named as it is; each with its place."""
    return [
        *_number(guide, cases),
        *_keys(guide),
        *_texts(guide, cases),
        *_references(guide),
        *_conditions(guide),
        *_cases(guide, cases),
    ]


def _number(guide: Guide, cases: list[Case]) -> Iterator[str]:
    parts = [part for name in PARTS for part in getattr(guide, name)]
    below = [
        *(cell for dimension in guide.dimensions for cell in dimension.cells),
        *(choice for question in guide.questions for choice in question.choices),
    ]
    if (number := len(parts) + len(below) + len(cases)) > MOST_PARTS:
        yield f"file: It has {number:,} parts, rows, cells, choices and scenarios, and there can be {MOST_PARTS:,}."


def _texts(guide: Guide, cases: list[Case]) -> Iterator[str]:
    """Texts that are longer than their fields, or that turn the direction of what stands beside them."""
    yield from _texts_of(models.Guide, guide, "guide")
    for name, model in PARTS.items():
        for place, part in enumerate(getattr(guide, name)):
            yield from _texts_of(model, part, f"guide.{name}[{place}]")
    limit = models.SharedConcern._meta.get_field("text").max_length
    for place, text in enumerate(guide.shared_concerns):
        yield from _text(text, limit, f"guide.shared_concerns[{place}]")
    for place, dimension in enumerate(guide.dimensions):
        for number, cell in enumerate(dimension.cells):
            yield from _texts_of(models.Cell, cell, f"guide.dimensions[{place}].cells[{number}]")
    for place, question in enumerate(guide.questions):
        for number, choice in enumerate(question.choices):
            yield from _texts_of(models.Choice, choice, f"guide.questions[{place}].choices[{number}]")
    for place, case in enumerate(cases):
        yield from _texts_of(models.Scenario, case, f"scenarios[{place}]")


def _texts_of(model: type[Model], value: msgspec.Struct, place: str) -> Iterator[str]:
    """The texts of one row, and those of its lists. A key has its own sentence."""
    limits = {field.name: getattr(field, "max_length", None) for field in model._meta.get_fields()}
    for name in limits.keys() & set(value.__struct_fields__) - {"key"}:
        said = getattr(value, name)
        if isinstance(said, str):
            yield from _text(said, limits[name], f"{place}.{name}")
        elif isinstance(said, tuple):
            for number, text in enumerate(said):
                yield from _text(text, None, f"{place}.{name}[{number}]") if isinstance(text, str) else ()


def _text(text: str, limit: int | None, place: str) -> Iterator[str]:
    if limit and len(text) > limit:
        yield f"{place}: Ensure this value has at most {limit} characters (it has {len(text)})."
    if problem := text_problem(text):
        yield f"{place}: {problem}"


def _keys(guide: Guide) -> Iterator[str]:
    if problem := key_problem(guide.key, RESERVED_GUIDE_KEYS):
        yield f"guide.key: {problem}"
    for name in (name for name in PARTS if name not in WITHOUT_KEY):
        reserved = RESERVED_QUESTION_KEYS if name == "questions" else frozenset({"not-answered"})
        yield from _keys_of(f"guide.{name}", [part.key for part in getattr(guide, name)], reserved)
    for place, question in enumerate(guide.questions):
        keys = [choice.key for choice in question.choices]
        yield from _keys_of(f"guide.questions[{place}].choices", keys, frozenset({"not-answered"}))
    for place, dimension in enumerate(guide.dimensions):
        for role, times in Counter(cell.role for cell in dimension.cells).items():
            if times > 1:
                yield f"guide.dimensions[{place}].cells: The cell for “{role}” is given {times} times."
    for role, times in Counter(question.role for question in guide.questions if question.role).items():
        if times > 1:
            yield f"guide.questions: {times} questions are about the role “{role}”."


def _keys_of(place: str, keys: list[str], reserved: frozenset[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if problem := key_problem(key, reserved):
            yield f"{place}[{number}].key: {problem}"
        if key in seen:
            yield f"{place}[{number}].key: “{key}” is given more than once."
        seen.add(key)


def _references(guide: Guide) -> Iterator[str]:
    dimensions = {dimension.key for dimension in guide.dimensions}
    follow_ups = {follow_up.key for follow_up in guide.follow_ups}

    def check(place: str, key: str, known: Iterable[str], kind: str) -> Iterator[str]:
        if key not in known:
            yield f"{place}: There is no {kind} “{key}” in this file."

    for place, dimension in enumerate(guide.dimensions):
        for number, cell in enumerate(dimension.cells):
            yield from check(f"guide.dimensions[{place}].cells[{number}].role", cell.role, guide.role, "role")
    for place, signal in enumerate(guide.signals):
        yield from check(f"guide.signals[{place}].role", signal.role, guide.role, "role")
        for number, key in enumerate(signal.speaks_to):
            yield from check(f"guide.signals[{place}].speaks_to[{number}]", key, dimensions, "dimension")
    for place, question in enumerate(guide.questions):
        if question.role:
            yield from check(f"guide.questions[{place}].role", question.role, guide.role, "role")
        if question.follow_up:
            yield from check(f"guide.questions[{place}].follow_up", question.follow_up, follow_ups, "follow-up")
    for place, outcome in enumerate(guide.outcomes):
        for number, key in enumerate(outcome.roles):
            yield from check(f"guide.outcomes[{place}].roles[{number}]", key, guide.role, "role")
    for place, rule in enumerate(guide.rules):
        yield from check(f"guide.rules[{place}].outcome", rule.outcome, guide.outcome, "outcome")


def _conditions(guide: Guide) -> Iterator[str]:
    # As for a draft: what is not asked about yet may be named.
    vocabulary = vocabulary_of(
        ((question.key, [choice.key for choice in question.choices]) for question in guide.questions),
        guide.role,
        guide.signal,
        guide.outcome,
    )
    for place, rule in enumerate(guide.rules):
        yield from (f"guide.rules[{place}].when: {problem}" for problem in condition_problems(rule.when, vocabulary))
    for place, remark in enumerate(guide.remarks):
        found = condition_problems(remark.when, vocabulary, outcome=True)
        yield from (f"guide.remarks[{place}].when: {problem}" for problem in found)
    for place, follow_up in enumerate(guide.follow_ups):
        for number, when in enumerate(follow_up.asked_when):
            found = condition_problems(when, vocabulary)
            yield from (f"guide.follow_ups[{place}].asked_when[{number}]: {problem}" for problem in found)


def _cases(guide: Guide, cases: list[Case]) -> Iterator[str]:
    remarks = {remark.key for remark in guide.remarks}
    # As for a draft: a signal may be ticked whose role is not asked about yet.
    signals = {f"signal {key}" for key in guide.signal}
    for place, case in enumerate(cases):
        for name in (name for name in unknown_in(guide, case.pairs) if name not in signals):
            yield f"scenarios[{place}].answers: “{name}” is not answered as this guide asks it."
        if case.outcome not in guide.outcome:
            yield f"scenarios[{place}].outcome: There is no outcome “{case.outcome}” in this file."
        for key in case.remarks:
            if key not in remarks:
                yield f"scenarios[{place}].remarks: There is no remark “{key}” in this file."
