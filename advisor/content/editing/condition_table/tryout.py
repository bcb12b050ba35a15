"""An example tried on a table of conditions, saved or not: which row does it hit, which remarks does it collect?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from msgspec.structs import replace

from advisor.content.drafts import read_draft
from advisor.content.editing.condition_table.sheet import NEEDS, REMARKS, RULES, WHEN, Row, Sheet
from advisor.content.models.references import stage_of
from advisor.decision import guide as decision
from advisor.decision.answers import Answers
from advisor.decision.conditions import Stage, Vocabulary, condition_problems, guide_vocabulary
from advisor.decision.guide import RemarkKind, YesNo
from advisor.decision.logic import Logic


@dataclass
class Tryout:
    """The answers of one visitor, and what came of them."""

    guide: decision.Guide
    choices: dict[str, str]
    signals: frozenset[str]
    asked: tuple[decision.Question, ...]
    """The questions that the table may rest on."""
    messages: list[str] = field(default_factory=list)
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
            for question in self.asked
        ]


def read_tryout(sheet: Sheet, data: QueryDict) -> Tryout:
    """The example as it was sent; what the guide does not know is not answered."""
    guide = read_draft(sheet.guide)
    asked = tuple(question for question in guide.questions if sheet.kind is not NEEDS or not question.follow_up)
    choices = {
        question.key: choice for question in asked if question.choice(choice := data.get(f"try-{question.key}", ""))
    }
    return Tryout(guide, choices, frozenset(data.getlist("try-signal")) & guide.signal.keys(), asked)


def run_tryout(sheet: Sheet, tryout: Tryout) -> None:
    """Mark the rows that the example hits and say what comes of it. Rows that are not complete are left out."""
    vocabulary = guide_vocabulary(tryout.guide)
    incomplete = [number for number, row in enumerate(sheet.rows, 1) if not _is_complete(sheet, row, vocabulary)]
    rows = [row for number, row in enumerate(sheet.rows, 1) if number not in incomplete]
    logic = Logic(_guide_with(sheet, tryout.guide, rows))
    active_bits = logic.active_bits(logic.answer_bits(Answers(tryout.choices, tryout.signals)))
    if sheet.kind is NEEDS:
        tryout.messages = [_need_in_words(sheet, logic, active_bits, rows)]
    else:
        tryout.messages = [*_needs_in_words(logic, active_bits), *_outcome_in_words(sheet, logic, active_bits, rows)]
    tryout.messages += [f"Row {number} was left out, as it is not complete." for number in incomplete]


def _need_in_words(sheet: Sheet, logic: Logic, active_bits: int, rows: list[Row]) -> str:
    """Whether a role is needed, and which row says so."""
    tables = [table for table in logic.needs if table.role == sheet.owner.key]
    number = tables[0].row(active_bits) if tables else 0
    if not number:
        return "No row is hit by this example, so the role counts as not needed."
    rows[number - 1].is_hit = True
    needed = "is needed" if tables[0].is_needed(number) else "is not needed"
    return f"Row {sheet.rows.index(rows[number - 1]) + 1} is hit. “{sheet.owner}” {needed}."


def _needs_in_words(logic: Logic, active_bits: int) -> Iterator[str]:
    """What the needs of the roles come to, where there are any."""
    for is_needed, said in ((True, "Needed"), (False, "Not needed")):
        tables = [table for table in logic.needs if table.is_needed(table.row(active_bits)) == is_needed]
        if tables:
            yield f"{said}: {', '.join(logic.guide.role[table.role].name for table in tables)}."


def _outcome_in_words(sheet: Sheet, logic: Logic, active_bits: int, rows: list[Row]) -> Iterator[str]:
    """The rule that is hit, or the remarks that are collected."""
    try:
        rule, outcome = logic.outcome(active_bits)
    except LookupError:
        yield "No rule is hit by this example."
        return
    name = logic.guide.outcome[outcome].name
    if sheet.kind is RULES:
        rows[rule - 1].is_hit = True
        yield f"Rule {sheet.rows.index(rows[rule - 1]) + 1} is hit. The outcome is “{name}”."
        return
    with_outcome = active_bits | logic.outcome_bits[outcome]
    for row, (excluded_bits, _) in zip(rows, logic.remarks, strict=True):
        row.is_hit = not with_outcome & excluded_bits
    collected = [str(number) for number, row in enumerate(sheet.rows, 1) if row.is_hit]
    remarks = f"These remarks are collected: {', '.join(collected)}." if collected else "No remark is collected."
    yield f"The outcome is “{name}”. {remarks}"


def _is_complete(sheet: Sheet, row: Row, vocabulary: Vocabulary) -> bool:
    first = sheet.kind.first[0]
    if sheet.kind is not REMARKS and row.values[first] not in sheet.choices_of(first):
        return False
    if sheet.kind is REMARKS and not row.when:
        return False
    return not condition_problems(row.when, vocabulary, stage_of(sheet.kind.model), sheet.follow_ups)


def _guide_with(sheet: Sheet, guide: decision.Guide, rows: Iterable[Row]) -> decision.Guide:
    """The draft with these rows, and without whatever else in it cannot be evaluated yet."""
    guide = _with_needs(sheet, guide, rows)
    vocabulary = guide_vocabulary(guide)
    rules = tuple(rule for rule in guide.rules if not condition_problems(rule.when, vocabulary))
    remarks: tuple[decision.Remark, ...] = ()
    if sheet.kind is RULES:
        rules = tuple(decision.Rule(**_fields(row)) for row in rows)
    elif sheet.kind is REMARKS:
        remarks = tuple(decision.Remark(**_fields(row) | {"kind": RemarkKind.ADVICE}) for row in rows)
    follow_ups = tuple(
        replace(one, asked_when=tuple(when for when in one.asked_when if not condition_problems(when, vocabulary)))
        for one in guide.follow_ups
    )
    return replace(guide, rules=rules, remarks=remarks, follow_ups=follow_ups)


def _with_needs(sheet: Sheet, guide: decision.Guide, rows: Iterable[Row]) -> decision.Guide:
    """The draft with the needs that can be evaluated, and with these rows where they are those of a need."""
    vocabulary = guide_vocabulary(guide)
    typed = tuple(decision.NeedRow(**_fields(row)) for row in rows) if sheet.kind is NEEDS else ()

    def need_of(role: decision.Role) -> tuple[decision.NeedRow, ...]:
        if sheet.kind is NEEDS and role.key == sheet.owner.key:
            return typed
        return tuple(
            row for row in role.need if not condition_problems(row.when, vocabulary, Stage.NEED, sheet.follow_ups)
        )

    return replace(guide, roles=tuple(replace(role, need=need_of(role)) for role in guide.roles))


def _fields(row: Row) -> dict[str, Any]:
    """What a row says, by the names that its value has."""
    fields: dict[str, Any] = {name: value for name, value in row.values.items() if not name.startswith(WHEN)}
    if "needed" in fields:
        fields["needed"] = fields["needed"] == YesNo.YES
    return fields | {"when": {name: tuple(values) for name, values in row.when.items()}}
