"""The logic of a guide as a drawing: where everything stands, in units of a pixel, worked out without a browser.

Five columns from left to right: the questions with their choices, the needs of roles with their rows, the follow-ups
with what they are asked for, the rules as conditions in words, and the outcomes; with a line from each rule to its
outcome, and to needs and follow-ups from what they ask for. Words are wrapped by an estimate of their width, so that
nothing overlaps however long they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

from advisor.content.wording import condition_in_short, condition_in_words
from advisor.decision.conditions import NEED
from advisor.decision.guide import Condition, Guide
from advisor.decision.plurals import pluralize

LINE = 18
"""Height of a line of words."""
PADDING = 10
GAP = 14
"""Between two boxes of a column."""
BETWEEN = 60
"""Between two columns, for the lines."""
CHARACTER = 7.2
"""Width of an average character at 13 pixels; capitals and digits are wider, and hardly ever alone."""


BOLD = 0.85
"""How many characters of a title fit where one of the text below it would."""


@dataclass(frozen=True)
class Box:
    """A rectangle with words: its title and the lines below it, each with the place of its baseline."""

    kind: str
    key: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[tuple[int, int, str, bool], ...]
    """x, y, words, and whether it belongs to the title."""

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width


@dataclass(frozen=True)
class Connector:
    """From the right side of one box to the left side of another."""

    x1: int
    y1: int
    x2: int
    y2: int
    bend: int


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn, and how large it is."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Connector, ...]


Words = tuple[str, str, list[str]]
"""The key of a box, its title, and what stands below it."""


def draw(guide: Guide) -> Drawing:
    """The drawing of a document, finished or not."""
    columns = [
        ("question", 260, list(_questions(guide))),
        ("need", 340, list(_needs(guide))),
        ("follow-up", 260, list(_follow_ups(guide))),
        ("rule", 420, list(_rules(guide))),
        ("outcome", 240, [(outcome.key, outcome.name, [outcome.title]) for outcome in guide.outcomes]),
    ]
    boxes: dict[str, list[Box]] = {}
    x = GAP
    for kind, width, words in columns:
        boxes[kind] = _stacked(kind, x, width, words)
        if words:
            x += width + BETWEEN
    height = max((box.y + box.height for column in boxes.values() for box in column), default=0) + GAP
    outcomes = {box.key: box for box in boxes["outcome"]}
    lines = [
        _line(box, outcomes[rule.outcome])
        for box, rule in zip(boxes["rule"], guide.rules, strict=True)
        if rule.outcome in outcomes
    ]
    needs = {box.key.removeprefix(NEED): box for box in boxes["need"]}
    asking = [(needs[role.key], [row.when for row in role.need]) for role in guide.roles if role.key in needs]
    asking += [
        (box, list(follow_up.asked_when)) for box, follow_up in zip(boxes["follow-up"], guide.follow_ups, strict=True)
    ]
    asking += [(box, _needs_named(rule.when)) for box, rule in zip(boxes["rule"], guide.rules, strict=True)]
    lines += [
        _line(asked_for, box)
        for box, conditions in asking
        for asked_for in (*boxes["question"], *boxes["need"])
        if any(asked_for.key in when for when in conditions)
    ]
    return Drawing(
        max(x - BETWEEN, 0) + GAP, height, tuple(b for column in boxes.values() for b in column), tuple(lines)
    )


def _questions(guide: Guide) -> Iterable[Words]:
    for question in guide.questions:
        if not question.follow_up:
            signals = len(guide.signals_of.get(question.role, ()))
            below = [f"○ {choice.label}" for choice in question.choices]
            yield question.key, question.text, [*below, *([f"☐ {pluralize(signals, 'signal')}"] if signals else [])]


def _needs_named(when: Condition) -> list[Condition]:
    """What a rule asks for of needs; a line for everything that it asks for would say nothing."""
    return [{name: values for name, values in when.items() if name.startswith(NEED)}]


def _needs(guide: Guide) -> Iterable[Words]:
    for role in guide.roles:
        rows = [
            f"{number}. {condition_in_short(guide, row.when) if row.when else 'Otherwise'} → "
            f"{'yes' if row.needed else 'no'}"
            for number, row in enumerate(role.need, 1)
        ]
        if rows:
            yield NEED + role.key, f"Is “{role.name}” needed?", rows


def _follow_ups(guide: Guide) -> Iterable[Words]:
    for follow_up in guide.follow_ups:
        asked = [f"Asked if {condition_in_words(guide, when)}" for when in follow_up.asked_when]
        questions = [
            f"{question.text} {' / '.join(choice.label for choice in question.choices)}"
            for question in guide.questions
            if question.follow_up == follow_up.key
        ]
        yield follow_up.key, follow_up.title, [*asked, *questions]


def _rules(guide: Guide) -> Iterable[Words]:
    for number, rule in enumerate(guide.rules, 1):
        when = f"If {condition_in_words(guide, rule.when)}" if rule.when else "Otherwise, whatever was answered"
        yield str(number), f"Rule {number}", [when]


def _stacked(kind: str, x: int, width: int, column: list[Words]) -> list[Box]:
    boxes, y = [], GAP
    for key, title, below in column:
        characters = int((width - 2 * PADDING) / CHARACTER)
        rows = [(row, True) for row in _wrapped(title, int(characters * BOLD))]
        rows += [(row, False) for text in below for row in _wrapped(text, characters)]
        lines = tuple(
            (x + PADDING, y + PADDING + LINE * (place + 1) - 5, row, is_title)
            for place, (row, is_title) in enumerate(rows)
        )
        height = 2 * PADDING + LINE * len(rows)
        boxes.append(Box(kind, key, x, y, width, height, lines))
        y += height + GAP
    return boxes


def _wrapped(text: str, characters: int) -> list[str]:
    return wrap(text, characters) or [""]


def _line(start: Box, end: Box) -> Connector:
    return Connector(start.right, start.middle, end.x, end.middle, start.right + BETWEEN // 2)
