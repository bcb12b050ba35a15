"""The tables of figures, for the page and for its files.

Every share names its whole. There is no share of zero.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, pairwise

import msgspec

from advisor.funnel.definitions import DEFINITIONS, ENTRANCES, SOURCES
from advisor.funnel.models import Entrance, Step
from advisor.funnel.steps import LATER, RESPONSE_TIMES
from advisor.insights.figures import STEPS_BY_SOURCE, Agreement, StepCount
from advisor.insights.names import Names, with_unknown_keys

MAX_SOURCES = 25
"""Sources with a row on the page; a file has all of them."""

AGREED = "What staff recorded as agreed in calls that were held, for requests of these days that are still stored."

NOT_IN_FUNNEL = {Step.SIGNAL, Step.CONTRADICTION, Step.RESPONSE}

Steps = Counter[StepCount]
"""The steps of one period, with their numbers."""


class Figure(msgspec.Struct, frozen=True):
    """A figure as the page shows it, and as a file has it; "" for no value."""

    text: str
    value: str | int | float = ""


NO_FIGURE = Figure("–")


class FigureRow(msgspec.Struct, frozen=True):
    """A name and its figures."""

    name: str
    figures: tuple[Figure, ...]


class FigureTable(msgspec.Struct, frozen=True):
    """A table. ``meaning`` defines its figures; ``head`` names its columns, first the column of names."""

    key: str
    title: str
    meaning: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    rows: tuple[FigureRow, ...]

    @property
    def has_figures(self) -> bool:
        """Whether any figure is not zero."""
        return any(figure.value for row in self.rows for figure in row.figures)


def row(name: str, figures_by_period: Iterable[Iterable[Figure]]) -> FigureRow:
    """One row: the name, then all figures of the first period, then all of the next."""
    return FigureRow(name, tuple(chain.from_iterable(figures_by_period)))


def head(first: str, columns: Sequence[str], labels: Sequence[str]) -> tuple[str, ...]:
    """The column of names, and the other columns once for each period. If there are several, each names its period."""
    if len(labels) == 1:
        return first, *columns
    return first, *(f"{column}, {label}" for label in labels for column in columns)


def number(count: int) -> Figure:
    return Figure(f"{count:,}", count)


def share(part: int, whole: int) -> Figure:
    """A part of a whole, in per cent with one decimal place."""
    if not whole:
        return NO_FIGURE
    percent = round(100 * part / whole, 1)
    # With spaces at which a line does not break.
    return Figure(f"{percent:.1f}\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{whole:,}", percent)


def number_and_share(part: int, whole: int) -> list[Figure]:
    return [number(part), share(part, whole)]


def count_of(
    steps: Steps, step: Step, about: str | None = None, *, certainty: str | None = None, entrance: str | None = None
) -> int:
    """How often a step was taken: in all, or only about one thing, with one certainty or from one entrance."""
    return sum(
        number
        for one, number in steps.items()
        if one.step == step
        and about in {None, one.about}
        and certainty in {None, one.certainty}
        and entrance in {None, one.entrance}
    )


def keys_of(step: Step, periods: Iterable[Steps]) -> set[str]:
    """The keys that a step was about in any of the periods."""
    return {one.about for steps in periods for one in steps if one.step == step}


def funnel_steps(names: Names, periods: Sequence[Steps]) -> list[tuple[str, Step, str | None]]:
    """The steps of the funnel in order, each with its name and, if it belongs to a page, the key of the page."""
    pages = with_unknown_keys(names.pages, keys_of(Step.SHOWN, periods) | keys_of(Step.ANSWERED, periods))
    result: list[tuple[str, Step, str | None]] = [("Landing seen", Step.LANDING, None)]
    for key, name in pages.items():
        result += [(f"“{name}” shown", Step.SHOWN, key), (f"“{name}” answered", Step.ANSWERED, key)]
    return [*result, *((str(step.label), step, None) for step in (Step.RESULT, Step.CALL_PAGE, Step.LEAD, Step.CALL))]


def funnel(names: Names, periods: Sequence[Steps], labels: Sequence[str]) -> FigureTable:
    def figures(steps: Steps, step: Step, about: str | None) -> list[Figure]:
        count = count_of(steps, step, about)
        of_landings, stopped = share(count, count_of(steps, Step.LANDING)), NO_FIGURE
        if step == Step.SHOWN:
            stopped = share(max(0, count - count_of(steps, Step.ANSWERED, about)), count)
        return [number(count), NO_FIGURE if step == Step.LANDING else of_landings, stopped]

    rows = [
        row(name, (figures(steps, step, about) for steps in periods))
        for name, step, about in funnel_steps(names, periods)
    ]
    meaning = [(str(step.label), DEFINITIONS[step]) for step in Step if step not in NOT_IN_FUNNEL]
    stopped = ("Stopped there", "Pages that were shown and not answered, as a share of the pages that were shown.")
    columns = ("Number", "Of landings seen", "Stopped there")
    return FigureTable("funnel", "Funnel", (*meaning, stopped), head("Step", columns, labels), tuple(rows))


def outcomes(names: Names, periods: Sequence[Steps], labels: Sequence[str]) -> FigureTable:
    """The outcomes, by certainty, with their shares."""

    def figures(steps: Steps, key: str) -> list[Figure]:
        results = number_and_share(count_of(steps, Step.RESULT, key), count_of(steps, Step.RESULT))
        levels = [number(count_of(steps, Step.RESULT, key, certainty=level)) for level in ("clear", "leaning", "mixed")]
        return [*results, *levels, number(count_of(steps, Step.LEAD, key))]

    known = with_unknown_keys(names.outcomes, keys_of(Step.RESULT, periods))
    rows = [row(name, (figures(steps, key) for steps in periods)) for key, name in known.items()]
    columns = ("Results", "Of all results", "Clear", "Leaning", "Mixed", "Requests")
    meaning = (
        ("Results", DEFINITIONS[Step.RESULT]),
        ("Clear, leaning, mixed", "How certain the recommendation was."),
        ("Requests", DEFINITIONS[Step.LEAD]),
    )
    return FigureTable("outcomes", "Outcomes", meaning, head("Outcome", columns, labels), tuple(rows))


def over_time(
    names: Names, days: Sequence[tuple[date, date]], counts: Sequence[Counter[str]], *, key: str, title: str
) -> FigureTable:
    """Outcomes by day, week or month, each given by its first and its last day."""
    known = with_unknown_keys(names.outcomes, set().union(*counts))
    rows = []
    for (first, last), by_outcome in zip(days, counts, strict=True):
        name = f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b} to {last:%-d %b %Y}"
        rows.append(FigureRow(name, tuple(number(by_outcome[outcome]) for outcome in known)))
    return FigureTable(key, title, (("Results", DEFINITIONS[Step.RESULT]),), ("Days", *known.values()), tuple(rows))


def most_frequent(
    step: Step, names: dict[str, str], periods: Sequence[Steps], labels: Sequence[str], *, title: str, first: str
) -> FigureTable:
    """What was ticked or seen most often, in the order of the first period."""
    known = with_unknown_keys(names, keys_of(step, periods))

    def figures(steps: Steps, key: str) -> list[Figure]:
        return number_and_share(count_of(steps, step, key), count_of(steps, Step.RESULT))

    rows = [
        row(known[key], (figures(steps, key) for steps in periods))
        for key in sorted(known, key=lambda key: -count_of(periods[0], step, key))
        if any(count_of(steps, step, key) for steps in periods)
    ]
    columns = head(first, ("Number", "Of results"), labels)
    return FigureTable(f"{step}s", title, ((str(step.label), DEFINITIONS[step]),), columns, tuple(rows))


def responses(periods: Sequence[Steps], labels: Sequence[str]) -> FigureTable:
    """How soon requests were answered. Each request is in one row, so only the first row says "within"."""

    def unanswered(steps: Steps) -> list[Figure]:
        requests = count_of(steps, Step.LEAD)
        return number_and_share(max(0, requests - count_of(steps, Step.RESPONSE)), requests)

    words = [words for words, _ in RESPONSE_TIMES.values()]
    after = [f"{before.capitalize()} to {until}" for before, until in pairwise(words)]
    rows = [
        row(
            name,
            (number_and_share(count_of(steps, Step.RESPONSE, key), count_of(steps, Step.LEAD)) for steps in periods),
        )
        for key, name in zip((*RESPONSE_TIMES, LATER), (f"Within {words[0]}", *after, "Later"), strict=True)
    ]
    rows.append(row("Not answered yet", map(unanswered, periods)))
    rows.append(row("Half of those answered", ((median_response(steps), NO_FIGURE) for steps in periods)))
    meaning = ((str(Step.RESPONSE.label), DEFINITIONS[Step.RESPONSE]),)
    columns = head("Answered", ("Number", "Of requests"), labels)
    return FigureTable("responses", "Time to first response", meaning, columns, tuple(rows))


def median_response(steps: Steps) -> Figure:
    """The median time to response, as exactly as the counts allow."""
    whole, so_far = count_of(steps, Step.RESPONSE), 0
    for key in (*RESPONSE_TIMES, LATER):
        so_far += count_of(steps, Step.RESPONSE, key)
        if whole and 2 * so_far >= whole:
            soon = f"within {RESPONSE_TIMES[key][0]}" if key in RESPONSE_TIMES else "later"
            return Figure(soon, soon)
    return NO_FIGURE


def count_agreed(agreements: Iterable[tuple[Agreement, int]]) -> Counter[str]:
    """How often each outcome was agreed."""
    counts = Counter[str]()
    for agreement, count in agreements:
        counts[agreement.agreed] += count
    return counts


def agreed_outcomes(names: Names, counts: Counter[str]) -> Figure:
    """The outcomes that were agreed, each with its number, on one line, the most frequent first."""
    parts = [f"{names.outcomes.get(key, key)} {count}" for key, count in counts.most_common()]
    return Figure(", ".join(parts), "; ".join(parts)) if parts else NO_FIGURE


def by_source(
    names: Names,
    periods: Sequence[Counter[tuple[str, str]]],
    agreements: Sequence[Counter[Agreement]],
    labels: Sequence[str],
    *,
    most: int | None = None,
) -> FigureTable:
    """Requests, calls and agreements by source, most requests first. Sources beyond ``most`` share a row."""
    whole = sum(periods, Counter[tuple[str, str]]())

    def position(source: str) -> tuple[int, int, str]:
        return -whole[source, Step.LEAD.value], -whole[source, Step.LANDING.value], source

    def figures(counts: Counter[tuple[str, str]], agreed: Counter[Agreement], members: set[str]) -> list[Figure]:
        numbers = [number(sum(counts[source, step.value] for source in members)) for step in STEPS_BY_SOURCE]
        theirs = ((one, count) for one, count in agreed.items() if one.source in members)
        return [*numbers, agreed_outcomes(names, count_agreed(theirs))]

    every = {source for source, _ in whole} | {one.source for counts in agreements for one in counts}
    in_order = sorted(every, key=position)
    shown, rest = in_order[:most], set(in_order[most:] if most else ())
    groups = [(source or "Direct, or not known", {source}) for source in shown]
    if rest:
        groups.append((f"{len(rest):,} further sources", rest))
    rows = [
        row(name, (figures(counts, agreed, members) for counts, agreed in zip(periods, agreements, strict=True)))
        for name, members in groups
    ]
    columns = (*(str(step.label) for step in STEPS_BY_SOURCE), "Agreed in the end")
    meaning = (("Source", SOURCES), ("Agreed in the end", AGREED))
    return FigureTable("sources", "Sources", meaning, head("Source", columns, labels), tuple(rows))


def by_entrance(periods: Sequence[Steps], labels: Sequence[str]) -> FigureTable:
    def figures(steps: Steps, entrance: Entrance) -> list[Figure]:
        return [number(count_of(steps, step, entrance=entrance.value)) for step in STEPS_BY_SOURCE]

    rows = [row(str(entrance.label), (figures(steps, entrance) for steps in periods)) for entrance in Entrance]
    columns = head("Entrance", [str(step.label) for step in STEPS_BY_SOURCE], labels)
    return FigureTable("entrances", "Entrances", (("Entrance", ENTRANCES),), columns, tuple(rows))


def recommended_and_agreed(names: Names, periods: Sequence[Counter[Agreement]], labels: Sequence[str]) -> FigureTable:
    """Each recommendation with what was agreed, and how often both were the same."""

    def figures(agreements: Counter[Agreement], key: str) -> list[Figure]:
        counts = count_agreed((one, count) for one, count in agreements.items() if one.recommended == key)
        return [number(counts.total()), share(counts[key], counts.total()), agreed_outcomes(names, counts)]

    def all_figures(agreements: Counter[Agreement]) -> list[Figure]:
        same = sum(count for one, count in agreements.items() if one.recommended == one.agreed)
        return [number(agreements.total()), share(same, agreements.total()), NO_FIGURE]

    known = with_unknown_keys(names.outcomes, {one.recommended for agreements in periods for one in agreements})
    rows = [row(name, (figures(agreements, key) for agreements in periods)) for key, name in known.items()]
    rows.append(row("All together", map(all_figures, periods)))
    columns = head("The tool recommended", ("Calls", "The same was agreed", "Agreed in the end"), labels)
    meaning = (("Agreed in the end", AGREED),)
    return FigureTable("agreed", "What the tool said and what was agreed", meaning, columns, tuple(rows))
