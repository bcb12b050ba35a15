"""Counts four weeks of invented steps for the demonstration. Their source marks them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from advisor.decision.guide import Guide, RemarkKind
from advisor.funnel.models import Entrance, Step
from advisor.funnel.steps import CountKey, Origin, StepTaken, count_key
from advisor.funnel.sums import write

SOURCE = "demonstration"
"""The mark of the demonstration. Its requests and calls have it as well."""

DAYS = 28
ANSWER_RATE = 0.86
"""The share of the visitors of a page who answer it."""


def make(*, guide: Guide, edition: int, now: datetime) -> None:
    """Count the steps of some forty visitors on each day of the last four weeks."""
    origin = Origin(guide.key, edition, SOURCE, Entrance.OWN.value)
    counts: dict[CountKey, int] = {}
    for ago in range(1, DAYS + 1):
        at = now - timedelta(days=ago)
        # Fewer visitors come at the weekend, and the numbers vary a little.
        visitors = (14 if at.weekday() > 4 else 38) + ago * 5 % 9
        counts |= {count_key(origin, what, at): number for what, number in _day(guide, visitors) if number}
    write(counts)


def _day(guide: Guide, visitors: int) -> Iterator[tuple[StepTaken, int]]:
    yield StepTaken(Step.LANDING), visitors
    left = visitors * 0.8
    for page in guide.pages:
        asked = left * (0.5 if page.follow_up else 1)
        yield StepTaken(Step.SHOWN, page.key), round(asked)
        yield StepTaken(Step.ANSWERED, page.key), round(asked * ANSWER_RATE)
        left -= asked * (1 - ANSWER_RATE)
    for place, outcome in enumerate(guide.outcomes):
        share = (len(guide.outcomes) - place) / sum(range(len(guide.outcomes) + 1))
        yield StepTaken(Step.RESULT, outcome.key, "clear"), round(left * share * 0.7)
        yield StepTaken(Step.RESULT, outcome.key, "mixed"), round(left * share * 0.3)
        yield StepTaken(Step.CALL_PAGE, outcome.key, "clear"), round(left * share * 0.3)
    for place, signal in enumerate(guide.signals):
        yield StepTaken(Step.SIGNAL, signal.key), round(left / (place + 2))
    seen = [remark.key for remark in guide.remarks if remark.kind is RemarkKind.CONTRADICTION]
    for place, key in enumerate(seen):
        yield StepTaken(Step.CONTRADICTION, key), round(left / (5 + place * 3))
