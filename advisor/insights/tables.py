"""Figures as tables: what the page shows beside each drawing, and what a file of it holds.

A share always comes with what it is a share of, and there is none of nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from advisor.funnel.definitions import DEFINITIONS, ENTRANCES, SOURCES
from advisor.funnel.models import Entrance, Step
from advisor.funnel.speed import LATER, WITHIN
from advisor.insights.figures import OF_SOURCES, Agreed, Taken
from advisor.insights.names import Names, ordered

MOST_SOURCES = 25
"""Sources that the page shows by themselves; a file has all of them."""


@dataclass(frozen=True)
class Cell:
    """A figure as it is read, and as a file has it; an empty text where there is none."""

    text: str
    value: str | int | float = ""


NONE = Cell("–")


@dataclass(frozen=True)
class Row:
    """A name and its figures."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """``meaning`` says what each of its figures is; ``head`` names the columns, that of the names first."""

    key: str
    title: str
    meaning: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def has_figures(self) -> bool:
        """Whether anything in it is more than nothing."""
        return any(cell.value for row in self.rows for cell in row.cells)


def number(count: int) -> Cell:
    return Cell(f"{count:,}", count)


def share(part: int, whole: int) -> Cell:
    """A part of a whole, in per cent with one decimal."""
    if not whole:
        return NONE
    percent = round(100 * part / whole, 1)
    # Its spaces do not break.
    return Cell(f"{percent:.1f}\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{whole:,}", percent)


def beside(names: Sequence[str], periods: Sequence[str]) -> tuple[str, ...]:
    """Columns once for each period, with its name where there are several."""
    if len(periods) == 1:
        return tuple(names)
    return tuple(f"{name}, {period}" for period in periods for name in names)


Steps = Counter[Taken]

BESIDE_THE_WALK = {Step.SIGNAL, Step.CONTRADICTION, Step.RESPONSE}


def of_step(
    steps: Steps, step: Step, about: str | None = None, *, certainty: str | None = None, entrance: str | None = None
) -> int:
    """All of a step, or all of it that is about one thing, of one certainty or entrance."""
    return sum(
        number
        for one, number in steps.items()
        if one.step == step
        and about in {None, one.about}
        and certainty in {None, one.certainty}
        and entrance in {None, one.entrance}
    )


def abouts(periods: Iterable[Steps], step: Step) -> set[str]:
    """All that a step was about in any of the periods."""
    return {one.about for steps in periods for one in steps if one.step == step}


def walked(names: Names, periods: Sequence[Steps]) -> list[tuple[str, Step, str | None]]:
    """The steps of the funnel in order: what each is called, which it is, and of which page."""
    pages = ordered(names.pages, abouts(periods, Step.SHOWN) | abouts(periods, Step.ANSWERED))
    found: list[tuple[str, Step, str | None]] = [("Landing seen", Step.LANDING, None)]
    for key, name in pages.items():
        found += [(f"“{name}” shown", Step.SHOWN, key), (f"“{name}” answered", Step.ANSWERED, key)]
    return [*found, *((str(step.label), step, None) for step in (Step.RESULT, Step.CALL_PAGE, Step.LEAD, Step.CALL))]


def funnel(names: Names, periods: Sequence[Steps], labels: Sequence[str]) -> Table:
    rows = []
    for name, step, about in walked(names, periods):
        cells: list[Cell] = []
        for steps in periods:
            count = of_step(steps, step, about)
            cells += [number(count), share(count, of_step(steps, Step.LANDING)) if step != Step.LANDING else NONE]
            if step == Step.SHOWN:
                cells.append(share(max(0, count - of_step(steps, Step.ANSWERED, about)), count))
            else:
                cells.append(NONE)
        rows.append(Row(name, tuple(cells)))
    meaning = [(str(step.label), DEFINITIONS[step]) for step in Step if step not in BESIDE_THE_WALK]
    stopped = ("Stopped there", "Questions that were shown and not answered, as a share of those that were shown.")
    columns = ("Number", "Of landings seen", "Stopped there")
    return Table("funnel", "Funnel", (*meaning, stopped), ("Step", *beside(columns, labels)), tuple(rows))


def outcomes(names: Names, periods: Sequence[Steps], labels: Sequence[str]) -> Table:
    """By certainty, and their shares."""
    levels = ("clear", "leaning", "mixed")
    rows = []
    for key, name in ordered(names.outcomes, abouts(periods, Step.RESULT)).items():
        cells: list[Cell] = []
        for steps in periods:
            count = of_step(steps, Step.RESULT, key)
            cells += [number(count), share(count, of_step(steps, Step.RESULT))]
            cells += [number(of_step(steps, Step.RESULT, key, certainty=level)) for level in levels]
            cells += [number(of_step(steps, Step.LEAD, key))]
        rows.append(Row(name, tuple(cells)))
    columns = ("Results", "Of all results", "Clear", "Leaning", "Mixed", "Requests")
    meaning = (
        ("Results", DEFINITIONS[Step.RESULT]),
        ("Clear, leaning, mixed", "How sure the recommendation said that it was."),
        ("Requests", DEFINITIONS[Step.LEAD]),
    )
    return Table("outcomes", "Outcomes", meaning, ("Outcome", *beside(columns, labels)), tuple(rows))


def over_time(
    names: Names, cut: Sequence[tuple[date, date]], found: Sequence[Counter[str]], *, key: str, title: str
) -> Table:
    """Outcomes by day, week or month."""
    known = ordered(names.outcomes, set().union(*found))
    rows = []
    for (first, last), within in zip(cut, found, strict=True):
        name = f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b} to {last:%-d %b %Y}"
        rows.append(Row(name, tuple(number(within[about]) for about in known)))
    return Table(key, title, (("Results", DEFINITIONS[Step.RESULT]),), ("Days", *known.values()), tuple(rows))


def ranked(
    step: Step, names: dict[str, str], periods: Sequence[Steps], labels: Sequence[str], *, title: str, first: str
) -> Table:
    """What was ticked or seen most, by the first period."""
    rows = []
    known = ordered(names, abouts(periods, step))
    for key in sorted(known, key=lambda key: -of_step(periods[0], step, key)):
        counts = [of_step(steps, step, key) for steps in periods]
        if any(counts):
            cells = [
                cell
                for steps, count in zip(periods, counts, strict=True)
                for cell in (number(count), share(count, of_step(steps, Step.RESULT)))
            ]
            rows.append(Row(known[key], tuple(cells)))
    head = (first, *beside(("Number", "Of results"), labels))
    return Table(f"{step}s", title, ((str(step.label), DEFINITIONS[step]),), head, tuple(rows))


def responses(periods: Sequence[Steps], labels: Sequence[str]) -> Table:
    """How soon requests were answered. Each is in one row, so none but the first may say "within"."""
    words = [words for words, _ in WITHIN.values()]
    after = [f"{before.capitalize()} to {until}" for before, until in pairwise(words)]
    rows = []
    for key, name in zip((*WITHIN, LATER), (f"Within {words[0]}", *after, "Later"), strict=True):
        cells = [
            cell
            for steps in periods
            for count in [of_step(steps, Step.RESPONSE, key)]
            for cell in (number(count), share(count, of_step(steps, Step.LEAD)))
        ]
        rows.append(Row(name, tuple(cells)))
    open_, half = [], []
    for steps in periods:
        sent = of_step(steps, Step.LEAD)
        left = max(0, sent - of_step(steps, Step.RESPONSE))
        open_ += [number(left), share(left, sent)]
        half += [half_within(steps), NONE]
    rows += [Row("Not answered yet", tuple(open_)), Row("Half of those answered", tuple(half))]
    columns = ("Number", "Of requests")
    meaning = ((str(Step.RESPONSE.label), DEFINITIONS[Step.RESPONSE]),)
    return Table("responses", "Time to first response", meaning, ("Answered", *beside(columns, labels)), tuple(rows))


def half_within(steps: Steps) -> Cell:
    """How soon the middle one of all responses came, as exactly as they are counted."""
    whole, so_far = of_step(steps, Step.RESPONSE), 0
    for key in (*WITHIN, LATER):
        so_far += of_step(steps, Step.RESPONSE, key)
        if whole and 2 * so_far >= whole:
            soon = f"within {WITHIN[key][0]}" if key in WITHIN else "later"
            return Cell(soon, soon)
    return NONE


def of_agreed(names: Names, found: Iterable[tuple[str, int]]) -> Cell:
    """Outcomes that were agreed on and how often, in one line."""
    parts = [f"{names.outcomes.get(key, key)} {count}" for key, count in found]
    return Cell(", ".join(parts), "; ".join(parts)) if parts else NONE


def by_source(
    names: Names,
    periods: Sequence[Counter[tuple[str, str]]],
    agreed: Sequence[Counter[Agreed]],
    labels: Sequence[str],
    *,
    most: int | None = None,
) -> Table:
    """Sources to requests, calls and what was agreed on, most requests first; those beyond ``most`` in one row."""
    whole = sum(periods, Counter[tuple[str, str]]())

    def place(source: str) -> tuple[int, int, str]:
        return -whole[source, Step.LEAD.value], -whole[source, Step.LANDING.value], source

    found_at_all = {source for source, _ in whole} | {one.source for each in agreed for one in each}
    in_order = sorted(found_at_all, key=place)
    shown, rest = in_order[:most], set(in_order[most:] if most else ())
    groups = [(source or "Direct, or not known", {source}) for source in shown]
    if rest:
        groups.append((f"{len(rest):,} further sources", rest))
    rows = []
    for name, members in groups:
        cells: list[Cell] = []
        for found, each in zip(periods, agreed, strict=True):
            for step in OF_SOURCES:
                total = sum(found[source, step.value] for source in members)
                cells.append(number(total))
            by_outcome = Counter[str]()
            for one, count in each.items():
                if one.source in members:
                    by_outcome[one.agreed] += count
            cells.append(of_agreed(names, by_outcome.most_common()))
        rows.append(Row(name, tuple(cells)))
    columns = (*(str(step.label) for step in OF_SOURCES), "Agreed in the end")
    meaning = (("Source", SOURCES), ("Agreed in the end", AGREED))
    return Table("sources", "Sources", meaning, ("Source", *beside(columns, labels)), tuple(rows))


def by_entrance(periods: Sequence[Steps], labels: Sequence[str]) -> Table:
    rows = []
    for entrance in Entrance:
        cells = [number(of_step(steps, step, entrance=entrance.value)) for steps in periods for step in OF_SOURCES]
        rows.append(Row(str(entrance.label), tuple(cells)))
    columns = tuple(str(step.label) for step in OF_SOURCES)
    meaning = (("Entrance", ENTRANCES),)
    return Table("entrances", "Entrances", meaning, ("Entrance", *beside(columns, labels)), tuple(rows))


AGREED = "What staff noted as agreed in calls that were held, for requests sent in these days that are still kept."


def said_and_agreed(names: Names, periods: Sequence[Counter[Agreed]], labels: Sequence[str]) -> Table:
    """Each recommendation with what was agreed on, and how often both were the same."""
    rows = []
    known = ordered(names.outcomes, {one.recommended for found in periods for one in found})
    for key, name in known.items():
        cells: list[Cell] = []
        for found in periods:
            of = Counter[str]()
            for one, count in found.items():
                if one.recommended == key:
                    of[one.agreed] += count
            cells += [number(of.total()), share(of[key], of.total()), of_agreed(names, of.most_common())]
        rows.append(Row(name, tuple(cells)))
    every = []
    for found in periods:
        same = sum(count for one, count in found.items() if one.recommended == one.agreed)
        every += [number(found.total()), share(same, found.total()), NONE]
    rows.append(Row("All together", tuple(every)))
    columns = ("Calls", "The same was agreed", "Agreed in the end")
    meaning = (("Agreed in the end", AGREED),)
    head = ("The tool recommended", *beside(columns, labels))
    return Table("agreed", "What the tool said and what was agreed", meaning, head, tuple(rows))
