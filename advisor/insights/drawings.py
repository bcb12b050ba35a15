"""The layout of drawings for the SVG templates. Every bar has its figure as text beside it."""

from collections.abc import Sequence

import msgspec

from advisor.insights.tables import FigureTable

WIDTH = 360
"""Units of every drawing: the width of a narrow phone in pixels."""

MAX_BAR_WIDTH = WIDTH - 76
"""The longest bar, with room for its figure."""

LINE_HEIGHT = 16
BAR_HEIGHT = 9
GAP_HEIGHT = 8
STRIP_HEIGHT = 34
"""Units: the heights of a line of text, of a bar, of a gap, and of a strip of columns."""


class Bar(msgspec.Struct, frozen=True):
    """One bar. ``series`` numbers the periods from 0."""

    y: int
    width: float
    series: int
    words: str

    @property
    def end(self) -> float:
        """The position of its figure."""
        return self.width + 5


class BarGroup(msgspec.Struct, frozen=True):
    """A name, and below it a bar for each period."""

    name: str
    y: int
    bars: tuple[Bar, ...]


class BarDrawing(msgspec.Struct, frozen=True):
    """Bars below one another."""

    height: int
    groups: tuple[BarGroup, ...]
    width: int = WIDTH


class Column(msgspec.Struct, frozen=True):
    x: float
    y: float
    width: float
    height: float
    words: str


class Strip(msgspec.Struct, frozen=True):
    """One outcome over time."""

    name: str
    words: str
    y: int
    base: int
    columns: tuple[Column, ...]


class StripDrawing(msgspec.Struct, frozen=True):
    """Strips below one another, with one scale. ``most`` is the value of the highest column."""

    height: int
    strips: tuple[Strip, ...]
    most: int
    first: str
    last: str
    width: int = WIDTH


def bar_drawing(table: FigureTable, labels: Sequence[str]) -> BarDrawing:
    """The first column of a table as bars, for each of its periods."""
    step = (len(table.head) - 1) // len(labels)
    values = [[_int(row.figures[step * series].value) for series in range(len(labels))] for row in table.rows]
    most = max((value for each in values for value in each), default=0) or 1
    groups, y = [], 0
    for row, each in zip(table.rows, values, strict=True):
        bars = tuple(
            Bar(
                y + LINE_HEIGHT + series * (BAR_HEIGHT + 4),
                round(value / most * MAX_BAR_WIDTH, 1),
                series,
                f"{label} {value:,}".strip(),
            )
            for series, (label, value) in enumerate(zip(labels, each, strict=True))
        )
        groups.append(BarGroup(row.name, y + LINE_HEIGHT - 5, bars))
        y += LINE_HEIGHT + len(labels) * (BAR_HEIGHT + 4) + GAP_HEIGHT
    return BarDrawing(y, tuple(groups))


def strip_drawing(table: FigureTable) -> StripDrawing:
    """A table with rows of days, weeks or months and columns of outcomes, as strips."""
    columns = list(zip(*(tuple(_int(figure.value) for figure in row.figures) for row in table.rows), strict=True))
    most = max((value for each in columns for value in each), default=0)
    wide = WIDTH / max(1, len(table.rows))
    strips, y = [], 0
    for name, values in zip(table.head[1:], columns, strict=True):
        base = y + LINE_HEIGHT + STRIP_HEIGHT
        strips.append(
            Strip(name, f"{sum(values):,}", y + LINE_HEIGHT - 4, base, tuple(_columns(table, values, base, wide, most)))
        )
        y = base + GAP_HEIGHT
    return StripDrawing(y + LINE_HEIGHT, tuple(strips), most, table.rows[0].name, table.rows[-1].name)


def _columns(table: FigureTable, values: Sequence[int], base: int, wide: float, most: int) -> list[Column]:
    drawn = []
    for place, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        height = round(value / most * STRIP_HEIGHT, 1) if most else 0
        if height:
            left = round(place * wide + wide * 0.1, 1)
            drawn.append(Column(left, base - height, round(wide * 0.8, 1), height, f"{row.name}: {value:,}"))
    return drawn


def _int(value: str | float) -> int:
    return int(value or 0)
