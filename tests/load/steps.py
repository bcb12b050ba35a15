"""Steps of two years, as they would have been counted: sums by day that add up to a number of steps, exactly."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from random import Random

from advisor.decision.guide import Guide, RemarkKind
from advisor.funnel.models import Entrance, Step
from advisor.funnel.steps import CountKey, Origin, StepTaken, count_key
from advisor.funnel.sums import write

DAYS = 730
SOURCES = 120
"""Different sources in the two years; the first is none at all, and each next one rarer."""


def fill(guide: Guide, number: int, *, last: date, told: Callable[[int], None] = lambda done: None) -> int:
    """Count so many steps of edition 1 in the two years up to a day; the rows that it took.

    ``told`` hears after each day how many steps have been counted. The database is the one that Django has.
    """
    rows = done = 0
    for counts in days(guide, number, last=last):
        write(counts)
        rows += len(counts)
        done += sum(counts.values())
        told(done)
    return rows


def days(guide: Guide, number: int, *, last: date, seed: int = 5) -> Iterator[dict[CountKey, int]]:
    """The counts of each day, always the same for a seed."""
    random = Random(seed)
    kinds = list(whats(guide))
    whole = sum(weight for _, weight in kinds)
    sources = [("" if not place else f"source-{place:03}", 1 / (place + 1)) for place in range(SOURCES)]
    of_sources = sum(weight for _, weight in sources)
    entrances = [(Entrance.OWN.value, 0.8), (Entrance.EMBEDDED.value, 0.2)]
    shares = [
        (0.5 + place / DAYS) * (0.4 if (last - timedelta(days=place)).weekday() > 4 else 1) for place in range(DAYS)
    ]
    left = number
    for place, day_share in enumerate(shares):
        at = datetime.combine(last - timedelta(days=DAYS - 1 - place), time(), UTC)
        of_day = left if place == DAYS - 1 else round(number * day_share / sum(shares))
        counts: dict[CountKey, int] = {}
        for (what, w), (source, s), (entrance, e) in product(kinds, sources, entrances):
            mean = of_day * w / whole * s / of_sources * e
            drawn = int(mean) + (random.random() < mean % 1)
            if drawn and left >= drawn:
                counts[count_key(Origin(guide.key, 1, source, entrance), what, at)] = drawn
                left -= drawn
        if place == DAYS - 1 and left:
            rest = count_key(Origin(guide.key, 1, "", Entrance.OWN.value), StepTaken(Step.LANDING), at)
            counts[rest] = counts.get(rest, 0) + left
        yield counts


def whats(guide: Guide) -> Iterator[tuple[StepTaken, float]]:
    """Every step that can be counted, and how often it comes for each landing that is seen."""
    yield StepTaken(Step.LANDING), 1
    reached = 0.7
    for page in guide.pages:
        yield StepTaken(Step.SHOWN, page.key), reached
        reached *= 0.9
        yield StepTaken(Step.ANSWERED, page.key), reached
    results = list(product([outcome.key for outcome in guide.outcomes], ("clear", "leaning", "mixed")))
    for outcome, certainty in results:
        yield StepTaken(Step.RESULT, outcome, certainty), reached / len(results)
        for step, share in ((Step.CALL_PAGE, 0.2), (Step.LEAD, 0.06), (Step.CALL, 0.04)):
            yield StepTaken(step, outcome, certainty), reached * share / len(results)
    for signal in guide.signals:
        yield StepTaken(Step.SIGNAL, signal.key), reached * 0.3
    for remark in guide.remarks:
        if remark.kind is RemarkKind.CONTRADICTION:
            yield StepTaken(Step.CONTRADICTION, remark.key), reached * 0.05
