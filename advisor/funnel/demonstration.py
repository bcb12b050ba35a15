"""Steps of visitors who never were, for the demonstration: four weeks of them, marked by their source."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from advisor.decision.guide import Guide, RemarkKind
from advisor.funnel.models import Entrance, Step
from advisor.funnel.steps import Key, What, Where, key_of
from advisor.funnel.writing import take_away, write

SOURCE = "demonstration"
"""Its mark; requests and calls of the demonstration have it as well."""

DAYS = 28
STAYS = 0.86
"""The share of those who are asked something that answer it."""


def make(*, guide: Guide, edition: int, now: datetime) -> None:
    """Count the steps of some forty visitors on each of the days before."""
    where = Where(guide.key, edition, SOURCE, Entrance.OWN.value)
    counts: dict[Key, int] = {}
    for ago in range(1, DAYS + 1):
        day = (now - timedelta(days=ago)).date()
        # Fewer at the weekend, and a little up and down.
        visitors = (14 if day.weekday() > 4 else 38) + ago * 5 % 9
        counts |= {key_of(where, what, day): number for what, number in _day(guide, visitors) if number}
    write(counts)


def remove() -> None:
    """Take all of it away, requests and calls included."""
    take_away(SOURCE)


def _day(guide: Guide, visitors: int) -> Iterator[tuple[What, int]]:
    yield What(Step.LANDING), visitors
    left = visitors * 0.8
    for page in guide.pages:
        asked = left * (0.5 if page.follow_up else 1)
        yield What(Step.SHOWN, page.key), round(asked)
        yield What(Step.ANSWERED, page.key), round(asked * STAYS)
        left -= asked * (1 - STAYS)
    for place, outcome in enumerate(guide.outcomes):
        share = (len(guide.outcomes) - place) / sum(range(len(guide.outcomes) + 1))
        yield What(Step.RESULT, outcome.key, "clear"), round(left * share * 0.7)
        yield What(Step.RESULT, outcome.key, "mixed"), round(left * share * 0.3)
        yield What(Step.CALL_PAGE, outcome.key, "clear"), round(left * share * 0.3)
    for place, signal in enumerate(guide.signals):
        yield What(Step.SIGNAL, signal.key), round(left / (place + 2))
    seen = [remark.key for remark in guide.remarks if remark.kind is RemarkKind.CONTRADICTION]
    for place, key in enumerate(seen):
        yield What(Step.CONTRADICTION, key), round(left / (5 + place * 3))
