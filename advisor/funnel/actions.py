"""What other rooms ask of the funnel."""

from collections.abc import Iterable
from datetime import UTC, datetime

from advisor.funnel.buffer import buffer
from advisor.funnel.models import Step
from advisor.funnel.speed import speed_of
from advisor.funnel.steps import What, Where, key_of
from advisor.funnel.writing import write


def count(*, where: Where, what: Iterable[What], now: datetime) -> None:
    """Count what a visitor has just seen or done. It is written within seconds, and no page waits for it."""
    day = now.astimezone(UTC).date()
    buffer.put([key_of(where, one, day) for one in what])


def count_request(*, where: Where, outcome: str, certainty: str, with_call: bool, now: datetime) -> None:
    """Count a request that is kept, and the call that comes with it, in the transaction of both: exactly.

    Nothing of it leads to the person, so that it stays when they are erased.
    """
    steps = [Step.LEAD, Step.CALL] if with_call else [Step.LEAD]
    day = now.astimezone(UTC).date()
    write({key_of(where, What(step, outcome, certainty), day): 1 for step in steps})


def count_response(*, where: Where, asked: datetime, answered: datetime) -> None:
    """Count that a request was answered, on the day of the request, in the transaction that notes it."""
    day = asked.astimezone(UTC).date()
    write({key_of(where, What(Step.RESPONSE, speed_of(answered - asked)), day): 1})
