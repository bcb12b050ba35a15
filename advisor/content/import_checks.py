"""What is wrong with a guide that comes from elsewhere, before anything is made of it.

guide.signals[2].role: There is no role “coach” in this guide.
"""

from collections.abc import Iterator

import msgspec
from django.db.models import Model

from advisor.content import models
from advisor.content.guide_parts import RECORDED, placed_values
from advisor.content.models.declarations import document_fields
from advisor.content.models.scenario import Case
from advisor.content.problems import Problem
from advisor.content.scenarios import unknown_in
from advisor.decision import guide_checks
from advisor.decision.conditions import STAGES, Stage, condition_problems, vocabulary_of
from advisor.decision.guide import Guide
from advisor.decision.recommendation import Certainty

MAX_PARTS = 2_000
"""Rows in all that are made of a file, a second's work; the first guide has 160."""


def import_problems(guide: Guide, cases: list[Case]) -> list[Problem]:
    """What in a guide is too much, names what is not there, or cannot be named as it is; each with its place."""
    return [
        *_number(guide, cases),
        *_keys(guide),
        *_texts(guide, cases),
        *(
            Problem(f"guide.{path}", f"There is no {kind} “{key}” in this guide.")
            for _, path, kind, key in guide_checks.unknown_names(guide)
        ),
        *_conditions(guide),
        *_cases(guide, cases),
    ]


def _number(guide: Guide, cases: list[Case]) -> Iterator[Problem]:
    if (number := sum(len([*placed_values(guide, model, cases)]) for model in models.PARTS)) > MAX_PARTS:
        yield Problem(
            "file", f"It has {number:,} parts, rows, cells, choices and scenarios, and there can be {MAX_PARTS:,}."
        )


def _texts(guide: Guide, cases: list[Case]) -> Iterator[Problem]:
    """Texts that are longer than their fields, or that turn the direction of what stands beside them."""
    for model in RECORDED:
        for place, value in placed_values(guide, model, cases):
            if isinstance(value, str):
                yield from _text(value, model._meta.get_field("text").max_length, place)
            else:
                yield from _texts_of(model, value, place)


def _texts_of(model: type[Model], value: msgspec.Struct, place: str) -> Iterator[Problem]:
    """The texts of one row, and those of its lists. A key has its own sentence."""
    for name, (field, _) in document_fields(model).items():
        said = getattr(value, name)
        if isinstance(said, str) and name != "key":
            yield from _text(said, getattr(field, "max_length", None), f"{place}.{name}")
        elif isinstance(said, tuple):
            for number, text in enumerate(said):
                yield from _text(text, None, f"{place}.{name}[{number}]") if isinstance(text, str) else ()


def _text(text: str, limit: int | None, place: str) -> Iterator[Problem]:
    if limit and len(text) > limit:
        yield Problem(place, f"has {len(text):,} characters, and there can be {limit}.", is_predicate=True)
    if problem := guide_checks.text_problem(text):
        yield Problem(place, problem)


def _keys(guide: Guide) -> Iterator[Problem]:
    if problem := guide_checks.key_problem(guide.key, guide_checks.RESERVED_GUIDE_KEYS):
        yield Problem("guide.key", problem)
    yield from (Problem(f"guide.{part.path}.key", problem) for part, problem in guide_checks.unusable_keys(guide))
    for part in guide_checks.repeated_keys(guide):
        yield Problem(f"guide.{part.path}.key", f"“{part.value.key}” is given more than once.")
    for part, cells in guide_checks.cells_by_role(guide):
        for role, times in cells.items():
            if times > 1:
                yield Problem(f"guide.{part.path}.cells", f"The cell for “{role}” is given {times} times.")
    for role, times in guide_checks.questions_about(guide).items():
        if times > 1:
            yield Problem("guide.questions", f"{times} questions are about the role “{role}”.")


def _conditions(guide: Guide) -> Iterator[Problem]:
    # As for a draft: what is not asked about yet may be named.
    vocabulary = vocabulary_of(
        ((question.key, [choice.key for choice in question.choices]) for question in guide.questions),
        guide.role,
        guide.signal,
        (role.key for role in guide.roles if role.need),
        guide.outcome,
    )
    follow_ups = frozenset(question.key for question in guide.questions if question.follow_up)
    for part, path, when in guide_checks.conditions(guide):
        for problem in condition_problems(when, vocabulary, STAGES.get(type(part.value), Stage.RULE), follow_ups):
            yield Problem(f"guide.{path}", problem)


def _cases(guide: Guide, cases: list[Case]) -> Iterator[Problem]:
    remarks = {remark.key for remark in guide.remarks}
    # As for a draft: a signal may be ticked whose role is not asked about yet.
    signals = {f"signal {key}" for key in guide.signal}
    for place, case in enumerate(cases):
        for name in (name for name in unknown_in(guide, case.pairs) if name not in signals):
            yield Problem(f"scenarios[{place}].answers", f"“{name}” is not answered as this guide asks it.")
        if case.outcome not in guide.outcome:
            yield Problem(f"scenarios[{place}].outcome", f"There is no outcome “{case.outcome}” in this guide.")
        for name, keys in (("remarks", case.remarks), ("unwanted_remarks", case.unwanted_remarks)):
            for key in keys:
                if key not in remarks:
                    yield Problem(f"scenarios[{place}].{name}", f"There is no remark “{key}” in this guide.")
        if case.certainty not in ("", *Certainty):
            yield Problem(
                f"scenarios[{place}].certainty", f"A page is clear, leaning or mixed, not “{case.certainty}”."
            )
