"""The logic of a guide as tables to look at: a row for each rule, a column for each input that any of them asks for.

However many rules there are, a table is as wide as its inputs; one with more of them than a screen is wide is shown row
by row, as on a phone. The way of one visitor is marked in it: which row of each table decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from advisor.content.wording import input_in_short, inputs_in_order
from advisor.decision.answers import Answers
from advisor.decision.conditions import NEED, guide_vocabulary
from advisor.decision.guide import Condition, Guide
from advisor.decision.logic import Logic

MAX_COLUMNS = 6
"""Inputs that stand side by side in a window of 1280 pixels, beside the admin's navigation."""
FURTHER = "Situations"
"""The column of what has no label of its own: single signals, each said in full."""


@dataclass(frozen=True)
class Column:
    """An input of a table; ``anchor`` is where on the page it is found out, "" for what was asked."""

    label: str
    anchor: str = ""


@dataclass(frozen=True)
class Row:
    """One rule: what each column allows, "" for anything; what it says, and whether it decides for the visitor."""

    number: int
    cells: tuple[tuple[str, str], ...]
    """The label of each column, and the words in it."""
    result: str
    doubt: str
    decides: bool

    @property
    def is_otherwise(self) -> bool:
        return not any(words for _, words in self.cells)


@dataclass(frozen=True)
class Table:
    """A table of conditions."""

    anchor: str
    title: str
    policy: str
    result_label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > MAX_COLUMNS


@dataclass(frozen=True)
class Way:
    """What decides for one visitor: the row of each need by role, the keys of the follow-ups that are asked, the rule
    (0 for none) with its outcome, and the remarks that are made, by number.
    """

    needs: dict[str, int]
    follow_ups: frozenset[str]
    rule: int
    outcome: str
    remarks: frozenset[int]


def way_of(guide: Guide, answers: Answers) -> Way:
    """The way of one visitor through a guide whose references are sound."""
    logic = Logic(guide)
    answer_bits = logic.answer_bits(answers)
    active_bits = logic.active_bits(answer_bits)
    asked = frozenset(page.follow_up.key for page in logic.course(answer_bits).follow_ups if page.follow_up)
    needs = {table.role: table.row(active_bits) for table in logic.needs}
    try:
        rule, outcome = logic.outcome(active_bits)
    except LookupError:
        return Way(needs, asked, 0, "", frozenset())
    reached_bits = active_bits | logic.outcome_bits[outcome]
    remarks = (number for number, (excluded, _) in enumerate(logic.remarks, 1) if not reached_bits & excluded)
    return Way(needs, asked, rule, outcome, frozenset(remarks))


def logic_tables(guide: Guide, way: Way | None = None) -> list[Table]:
    """The tables of a document, finished or not, in the order in which they are read."""
    first = "The first row that holds decides."
    tables = [
        _table(
            guide,
            (f"need-{role.key}", f"Is “{role.name}” needed?", first, "Needed"),
            [(row.when, "Yes" if row.needed else "No", row.doubt) for row in role.need],
            {way.needs.get(role.key, 0)} if way else (),
        )
        for role in guide.roles
        if role.need
    ]
    rules = [(rule.when, _outcome_name(guide, rule.outcome), rule.doubt) for rule in guide.rules]
    about_rules = ("rules", "What is recommended?", first, "Outcome")
    remarks = [(remark.when, f"{remark.kind.value.capitalize()}: {remark.title}", "") for remark in guide.remarks]
    about_remarks = ("remarks", "What is remarked?", "Every row that holds is shown.", "Remark")
    return [
        *tables,
        _table(guide, about_rules, rules, {way.rule} if way else ()),
        _table(guide, about_remarks, remarks, way.remarks if way else ()),
    ]


def _outcome_name(guide: Guide, key: str) -> str:
    return guide.outcome[key].name if key in guide.outcome else key


def _table(
    guide: Guide, about: tuple[str, str, str, str], rows: list[tuple[Condition, str, str]], deciding: Iterable[int]
) -> Table:
    columns = tuple(_columns(guide, [when for when, _, _ in rows]))
    shown = tuple(
        Row(number, tuple(_cells(guide, when, columns)), result, doubt, number in deciding)
        for number, (when, result, doubt) in enumerate(rows, 1)
    )
    return Table(*about, columns, shown)


def _columns(guide: Guide, conditions: list[Condition]) -> Iterator[Column]:
    """A column for each label, in the order of the guide; what has none comes last."""
    named: dict[str, Any] = {name: values for when in conditions for name, values in when.items()}
    ordered = [name for name in guide_vocabulary(guide) if name in named]
    labels: dict[str, str] = {}
    for name in [*ordered, *sorted(named.keys() - ordered)]:
        label, _ = input_in_short(guide, name, named[name])
        labels.setdefault(label, f"need-{name.removeprefix(NEED)}" if label and name.startswith(NEED) else "")
    yield from (Column(_capitalised(label), anchor) for label, anchor in labels.items() if label)
    if "" in labels:
        yield Column(FURTHER)


def _cells(guide: Guide, when: Condition, columns: tuple[Column, ...]) -> Iterator[tuple[str, str]]:
    said: dict[str, list[str]] = {}
    for name, values in inputs_in_order(guide, when):
        label, words = input_in_short(guide, name, values)
        said.setdefault(_capitalised(label) or FURTHER, []).append(words)
    for column in columns:
        words = "; ".join(said.get(column.label, []))
        yield column.label, _capitalised(words)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
