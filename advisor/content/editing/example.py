"""An example tried on a table of conditions, saved or not: which rule does it hit, which remarks does it collect?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from msgspec.structs import replace

from advisor.content.drafts import read_draft
from advisor.content.editing.sheet import RULES, Row, Sheet
from advisor.decision import guide as decision
from advisor.decision.answers import Answers
from advisor.decision.conditions import Vocabulary, condition_problems, guide_vocabulary
from advisor.decision.guide import RemarkKind
from advisor.decision.logic import Logic


@dataclass
class Example:
    """The answers of one visitor, and what came of them."""

    guide: decision.Guide
    choices: dict[str, str]
    signals: frozenset[str]
    told: list[str] = field(default_factory=list)
    """The result in sentences; empty until it is tried."""

    @property
    def questions(self) -> list[tuple[decision.Question, str, Sequence[tuple[decision.Signal, bool]]]]:
        """Each question with the choice that was made and its signals."""
        return [
            (
                question,
                self.choices.get(question.key, ""),
                [(signal, signal.key in self.signals) for signal in self.guide.signals_of.get(question.role, ())],
            )
            for question in self.guide.questions
        ]


def read_example(sheet: Sheet, data: QueryDict) -> Example:
    """The example as it was sent; what the guide does not know is not answered."""
    guide = read_draft(sheet.guide)
    choices = {
        question.key: choice
        for question in guide.questions
        if question.choice(choice := data.get(f"try-{question.key}", ""))
    }
    return Example(guide, choices, frozenset(data.getlist("try-signal")) & guide.signal.keys())


def try_example(sheet: Sheet, example: Example) -> None:
    """Mark the rows that this example hits and say what comes of it. Rows that are not complete are left out."""
    vocabulary = guide_vocabulary(example.guide)
    incomplete = [number for number, row in enumerate(sheet.rows, 1) if not _is_complete(sheet, row, vocabulary)]
    rows = [row for number, row in enumerate(sheet.rows, 1) if number not in incomplete]
    logic = Logic(_guide_with(sheet, example.guide, rows, vocabulary))
    holding = logic.holding(logic.situation(Answers(example.choices, example.signals)))
    for number in incomplete:
        example.told.append(f"Row {number} was left out, as it is not complete.")
    try:
        rule, outcome = logic.outcome(holding)
    except LookupError:
        example.told.insert(0, "No rule is hit by this example.")
        return
    name = example.guide.outcome[outcome].name
    if sheet.kind is RULES:
        rows[rule - 1].is_hit = True
        example.told.insert(0, f"Rule {sheet.rows.index(rows[rule - 1]) + 1} is hit. The outcome is “{name}”.")
        return
    with_outcome = holding | logic.outcome_bits[outcome]
    for row, (forbidden, _) in zip(rows, logic.remarks, strict=True):
        row.is_hit = not with_outcome & forbidden
    collected = [str(number) for number, row in enumerate(sheet.rows, 1) if row.is_hit]
    remarks = f"These remarks are collected: {', '.join(collected)}." if collected else "No remark is collected."
    example.told.insert(0, f"The outcome is “{name}”. {remarks}")


def _is_complete(sheet: Sheet, row: Row, vocabulary: Vocabulary) -> bool:
    if sheet.kind is RULES:
        return row.values["outcome"] in sheet.outcomes and not condition_problems(row.when, vocabulary)
    return bool(row.when) and not condition_problems(row.when, vocabulary, outcome=True)


def _guide_with(sheet: Sheet, guide: decision.Guide, rows: Iterable[Row], vocabulary: Vocabulary) -> decision.Guide:
    """The draft with these rows, and without whatever else in it cannot be evaluated yet."""
    if sheet.kind is RULES:
        rules = tuple(decision.Rule(_condition(row), row.values["outcome"], row.values["reason"]) for row in rows)
        remarks: tuple[decision.Remark, ...] = ()
    else:
        rules = tuple(rule for rule in guide.rules if not condition_problems(rule.when, vocabulary))
        remarks = tuple(
            decision.Remark(
                row.values["key"], RemarkKind.ADVICE, row.values["title"], row.values["text"], _condition(row)
            )
            for row in rows
        )
    follow_ups = tuple(
        replace(one, asked_when=tuple(when for when in one.asked_when if not condition_problems(when, vocabulary)))
        for one in guide.follow_ups
    )
    return replace(guide, rules=rules, remarks=remarks, follow_ups=follow_ups)


def _condition(row: Row) -> decision.Condition:
    return {name: tuple(values) for name, values in row.when.items()}
