"""What the live edition makes of answers that were given to an older one: the outcome then and now, and the words.

Answers are read by the live edition as they stand in an address. What it does not know any more is lost, and what it
asks beside is missing; either way nothing is concluded from the rest.
"""

from dataclasses import dataclass
from functools import lru_cache

from advisor.assessment.visit import Visit, visit_with
from advisor.content.differences import TextDifference, differences
from advisor.content.editions import LoadedEdition, edition_cache
from advisor.decision import answers as reading
from advisor.decision.answers import Answers, Pair
from advisor.decision.guide import Guide

CHANGED_WORDS = ("title", "text", "name", "label", "help", "reason")
"""Of a part what visitors read, as the last word of a place."""


@dataclass(frozen=True)
class Today:
    """The same answers in the live edition. Nothing can be concluded where some are ``lost`` or a question is open."""

    visit: Visit
    lost: bool

    @property
    def asks_more(self) -> bool:
        return self.visit.next_page is not None

    @property
    def can_be_relied_on(self) -> bool:
        return not self.lost and not self.asks_more


def answers_today(then: Guide, live: LoadedEdition, pairs: list[Pair]) -> Today:
    """What was said to one edition, put to the live one."""
    given, problems = reading.read(live.guide, pairs)
    before, _ = reading.read(then, pairs)
    visit = visit_with(live, given)
    lost = before.choices.keys() - visit.answers.choices.keys() or before.signals - visit.answers.signals
    return Today(visit, bool(problems or lost))


def today_of(visit: Visit) -> Today | None:
    """The same for a visit; None where its edition is the one of today, or the guide is not offered any more."""
    if visit.token or visit.published.live or edition_cache.is_retired(visit.guide.key):
        return None
    pairs = reading.pairs(visit.guide, visit.answers)
    return answers_today(visit.guide, edition_cache.live(visit.guide.key), pairs)


@lru_cache(maxsize=64)
def _differences(old: Guide, new: Guide) -> tuple[TextDifference, ...]:
    """Kept, as nothing of it depends on who asks."""
    return tuple(differences(old, new))


def changed_words(then: Visit, now: Visit) -> list[tuple[str, TextDifference]]:
    """What reads otherwise of everything that these answers lead to: each with the name of what it belongs to."""
    old, said = then.guide, then.answers
    names = _names(then, then.guide, said) | _names(now, now.guide, said)
    found = []
    for difference in _differences(old, now.guide):
        kind, _, rest = difference.place.partition(" ")
        key = rest.partition(" ")[0]
        is_of_another_choice = " choices " in rest and f" choices {said.choices.get(key)} " not in rest
        if (kind, key) in names and rest.rpartition(" ")[2] in CHANGED_WORDS and not is_of_another_choice:
            found.append((names[kind, key], difference))
    return found


def _names(visit: Visit, guide: Guide, said: Answers) -> dict[tuple[str, str], str]:
    """The parts that somebody with these answers reads, by kind and key."""
    asked = [guide.question[key] for key in said.choices if key in guide.question]
    names = {("questions", question.key): f"The question “{question.name}”" for question in asked}
    names |= {("signals", key): f"“{guide.signal[key].name}”" for key in said.signals if key in guide.signal}
    if visit.next_page is None:
        outcome = visit.recommendation.outcome
        names["outcomes", outcome.key] = f"The advice “{outcome.name}”"
        names |= {
            ("remarks", found.remark.key): f"The remark “{found.remark.title}”"
            for found in visit.recommendation.remarks
        }
    return names
