"""Guides to test with, made without a database: the first guide from its fixture, and a small one by hand."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from advisor.content.markdown import render_long_texts
from advisor.decision.guide import (
    Cell,
    Choice,
    Condition,
    Dimension,
    FollowUp,
    FrequentQuestion,
    Guide,
    Outcome,
    Question,
    Remark,
    RemarkKind,
    Role,
    Rule,
    Signal,
)

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/cto-or-head-of-ai.json"

Row = dict[str, Any]


@cache
def first_guide() -> Guide:
    """The guide in ``fixtures/``, as publishing would freeze it."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for record in json.loads(FIXTURE.read_text(encoding="utf-8")):
        tables[record["model"].removeprefix("content.")].append(record["fields"])
    for rows in tables.values():
        rows.sort(key=lambda row: row.get("position", 0))
    (words,) = tables["guide"]
    roles = [role["key"] for role in tables["role"]]
    dimensions = [dimension["key"] for dimension in tables["dimension"]]
    document = _without(words, "is_default", "is_retired") | {
        "roles": [
            _part(role)
            | {name: role[name].splitlines() for name in ("owns", "not_theirs", "own_domain")}
            | {"need": [_without(row, "role", "position") for row in _below(tables["needrow"], "role", role)]}
            for role in tables["role"]
        ],
        "dimensions": [
            _part(dimension) | {"cells": sorted(_cells(tables, dimension), key=lambda cell: roles.index(cell["role"]))}
            for dimension in tables["dimension"]
        ],
        "signals": [
            _part(signal) | {"role": _named(signal["role"]), "speaks_to": _in_order(signal["speaks_to"], dimensions)}
            for signal in tables["signal"]
        ],
        "questions": [
            _part(question)
            | {"role": _named(question["role"]), "follow_up": _named(question["follow_up"])}
            | {"choices": [_part(choice) for choice in _below(tables["choice"], "question", question)]}
            for question in tables["question"]
        ],
        "follow_ups": [_part(follow_up) for follow_up in tables["followup"]],
        "outcomes": [_part(outcome) | {"roles": _in_order(outcome["roles"], roles)} for outcome in tables["outcome"]],
        "rules": [_part(rule) | {"outcome": _named(rule["outcome"])} for rule in tables["rule"]],
        "remarks": [_part(remark) for remark in tables["remark"]],
        "shared_concerns": [concern["text"] for concern in tables["sharedconcern"]],
        "frequent_questions": [_part(frequent) for frequent in tables["frequentquestion"]],
    }
    guide = msgspec.convert(document, Guide)
    return msgspec.structs.replace(guide, html=render_long_texts(guide))


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _part(row: Row) -> Row:
    """What a part says, without where it stands."""
    return _without(row, "guide", "question", "position") if "label" in row else _without(row, "guide", "position")


def _named(natural_key: list[str] | None) -> str:
    """The key of the part that a natural key ends in."""
    return natural_key[-1] if natural_key else ""


def _in_order(natural_keys: list[list[str]], order: list[str]) -> list[str]:
    return sorted(map(_named, natural_keys), key=order.index)


def _below(rows: list[Row], owner: str, row: Row) -> list[Row]:
    return [below for below in rows if _named(below[owner]) == row["key"]]


def _cells(tables: dict[str, list[Row]], dimension: Row) -> list[Row]:
    return [
        {"role": _named(cell["role"]), "text": cell["text"]} for cell in _below(tables["cell"], "dimension", dimension)
    ]


def role(key: str) -> Role:
    return Role(
        key=key,
        name=f"The {key}",
        summary=f"Does what a {key} does.",
        fits="Those who need one.",
        owns=("Its work",),
        not_theirs=("Other work",),
        own_domain=("Its own",),
    )


def dimension(key: str, *roles: str) -> Dimension:
    cells = tuple(Cell(role=role, text=f"What the {role} says") for role in roles)
    return Dimension(key=key, label=f"Row {key}", cells=cells)


def signal(key: str, role: str, *speaks_to: str) -> Signal:
    return Signal(
        key=key, role=role, name=f"Sign {key}", text=f"It {key}.", reason=f"Because it {key}.", speaks_to=speaks_to
    )


def question(key: str, *choices: str, role: str = "", follow_up: str = "") -> Question:
    """A question; the choice ``yes`` affirms its role."""
    return Question(
        key=key,
        name=f"About {key}",
        text=f"What about {key}?",
        help="",
        choices=tuple(Choice(key=choice, label=choice.capitalize(), affirms=choice == "yes") for choice in choices),
        role=role,
        signals_text="Which of these do you see?" if role else "",
        follow_up=follow_up,
    )


def follow_up(key: str, *asked_when: Condition) -> FollowUp:
    return FollowUp(key=key, title=f"More about {key}", help="", asked_when=asked_when)


def outcome(key: str, *roles: str) -> Outcome:
    return Outcome(key=key, name=f"Take {key}", title=f"You should take {key}", text="That will do.", roles=roles)


def rule(when: Condition, outcome: str) -> Rule:
    return Rule(when=when, outcome=outcome, reason=f"These answers lead to {outcome}.")


def remark(key: str, when: Condition, kind: RemarkKind = RemarkKind.ADVICE) -> Remark:
    return Remark(key=key, kind=kind, title=f"Mind {key}", text="It matters.", when=when)


SMALL = Guide(
    key="cook-or-waiter",
    number=2,
    title="A cook or a waiter?",
    summary="Find out.",
    audience="Innkeepers.",
    why="The soup gets cold.",
    call_title="Talk to us",
    call_text="It is free.",
    call_next="We call you.",
    consent="You may call me.",
    clear="All of it says so.",
    leaning="Most of it says so.",
    mixed="It says two things.",
    some_from=1,
    strong_from=2,
    roles=(role("cook"), role("waiter")),
    dimensions=(dimension("place", "cook", "waiter"),),
    signals=(signal("burns", "cook", "place"), signal("tastes-odd", "cook"), signal("spills", "waiter", "place")),
    questions=(
        question("kitchen", "yes", "no", role="cook"),
        question("tables", "yes", "no", role="waiter"),
        question("seats", "few", "many", follow_up="size"),
    ),
    follow_ups=(follow_up("size", {"kitchen": ("yes",), "tables": ("yes",)}),),
    outcomes=(outcome("a-cook", "cook"), outcome("a-pair", "cook", "waiter"), outcome("nobody")),
    rules=(
        rule({"seats": ("many",)}, "a-pair"),
        rule({"kitchen": ("yes",)}, "a-cook"),
        rule({"evidence:cook": ("strong",)}, "a-cook"),
        rule({}, "nobody"),
    ),
    remarks=(
        remark("smoke", {"signal:burns": ("yes",), "kitchen": ("no",)}, RemarkKind.CONTRADICTION),
        remark("share", {"outcome": ("a-pair",)}),
    ),
    shared_concerns=("The bill",),
    frequent_questions=(FrequentQuestion(question="Must they talk?", answer="It helps."),),
)


def small_guide(**changes: Any) -> Guide:
    """A complete guide of two roles, three questions and four rules, with some of its fields changed."""
    return msgspec.structs.replace(SMALL, **changes)
