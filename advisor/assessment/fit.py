"""The reasons of a result that a visitor may say something of, each by a key that means the same in its edition."""

from functools import lru_cache

from django.db.models import TextChoices

from advisor.decision.guide import Guide
from advisor.decision.recommendation import Recommendation

MAX_LINE_LENGTH = 200
"""Characters in which somebody says why a result does not describe them."""


class Verdict(TextChoices):
    """What somebody says of one reason."""

    FITS = "fits", "fits us"
    DOES_NOT = "not", "does not"


def given_reasons(guide: Guide, recommendation: Recommendation) -> dict[str, str]:
    """The sentences under “Why” of one result, by key: of the rule, of each role's own answer, of ticked situations."""
    outcome = recommendation.outcome
    keys = [_of_rule(recommendation.rule)]
    for answer in recommendation.roles:
        if answer.reason:
            keys.append(_of_need(answer.role, answer.row))
        points = answer.speaks_for if answer.role in outcome.roles else answer.speaks_against
        keys += [_of_signal(point.rests_on[0].signals[0]) for point in points if point.text]
    everything = all_reasons(guide)
    return {key: everything[key] for key in keys}


@lru_cache(maxsize=64)
def all_reasons(guide: Guide) -> dict[str, str]:
    """Every sentence that a result of this edition can give as a reason, by key."""
    rules = {_of_rule(number): rule.reason for number, rule in enumerate(guide.rules, 1)}
    needs = {_of_need(role.key, number): row.reason for role in guide.roles for number, row in enumerate(role.need, 1)}
    return rules | needs | {_of_signal(signal.key): signal.reason for signal in guide.signals}


def _of_rule(number: int) -> str:
    return f"rule.{number}"


def _of_need(role: str, row: int) -> str:
    return f"need.{role}.{row}"


def _of_signal(key: str) -> str:
    return f"signal.{key}"
