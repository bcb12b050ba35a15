"""Where everything stands in a drawing: numbers for the SVG templates. Every bar has its figure in words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.insights.tables import Table

WIDTH = 360
"""Units of every drawing: as wide as a narrow telephone, where one is a pixel."""

ROOM = WIDTH - 76
"""Of it the longest bar, which leaves room for its figure."""

LINE = 16
BAR = 9
GAP = 8
STRIP = 34
"""Units: the height of a line of words, of a bar, of what is between two, and of a strip of columns."""


@dataclass(frozen=True)
class Bar:
    """``series`` counts the periods from 0."""

    y: int
    width: float
    series: int
    words: str

    @property
    def end(self) -> float:
        """Where its figure stands."""
        return self.width + 5


@dataclass(frozen=True)
class Bars:
    """A name, and a bar for each period below it."""

    name: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarDrawing:
    """Bars below one another."""

    height: int
    groups: tuple[Bars, ...]
    width: int = WIDTH


@dataclass(frozen=True)
class Column:
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True)
class Strip:
    """One outcome over time."""

    name: str
    words: str
    y: int
    base: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class StripDrawing:
    """Strips below one another, all to one scale. ``most`` is the highest column."""

    height: int
    strips: tuple[Strip, ...]
    most: int
    first: str
    last: str
    width: int = WIDTH


def bar_drawing(table: Table, labels: Sequence[str]) -> BarDrawing:
    """The first column of a table, for each of the periods that it has side by side."""
    step = (len(table.head) - 1) // len(labels)
    values = [[_int(row.cells[step * series].value) for series in range(len(labels))] for row in table.rows]
    most = max((value for each in values for value in each), default=0) or 1
    groups, y = [], 0
    for row, each in zip(table.rows, values, strict=True):
        bars = tuple(
            Bar(y + LINE + series * (BAR + 4), round(value / most * ROOM, 1), series, f"{label} {value:,}".strip())
            for series, (label, value) in enumerate(zip(labels, each, strict=True))
        )
        groups.append(Bars(row.name, y + LINE - 5, bars))
        y += LINE + len(labels) * (BAR + 4) + GAP
    return BarDrawing(y, tuple(groups))


def strip_drawing(table: Table) -> StripDrawing:
    """A table whose rows are days, weeks or months, and whose columns are outcomes."""
    columns = list(zip(*(tuple(_int(cell.value) for cell in row.cells) for row in table.rows), strict=True))
    most = max((value for each in columns for value in each), default=0)
    wide = WIDTH / max(1, len(table.rows))
    strips, y = [], 0
    for name, values in zip(table.head[1:], columns, strict=True):
        base = y + LINE + STRIP
        strips.append(
            Strip(name, f"{sum(values):,}", y + LINE - 4, base, tuple(_columns(table, values, base, wide, most)))
        )
        y = base + GAP
    return StripDrawing(y + LINE, tuple(strips), most, table.rows[0].name, table.rows[-1].name)


def _columns(table: Table, values: Sequence[int], base: int, wide: float, most: int) -> list[Column]:
    found = []
    for place, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        height = round(value / most * STRIP, 1) if most else 0
        if height:
            left = round(place * wide + wide * 0.1, 1)
            found.append(Column(left, base - height, round(wide * 0.8, 1), height, f"{row.name}: {value:,}"))
    return found


def _int(value: str | float) -> int:
    return int(value or 0)
