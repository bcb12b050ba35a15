"""The verbs of the funnel for other rooms."""

from collections.abc import Iterable
from datetime import datetime

from advisor.funnel.buffer import buffer
from advisor.funnel.models import Step
from advisor.funnel.steps import Origin, StepTaken, count_key, response_time
from advisor.funnel.sums import write


def count(*, origin: Origin, what: Iterable[StepTaken], now: datetime) -> None:
    """Count what a visitor has just seen or done. The buffer writes it within seconds, and no page waits for it."""
    buffer.put([count_key(origin, one, now) for one in what])


def count_request(*, origin: Origin, outcome: str, certainty: str, with_call: bool, now: datetime) -> None:
    """Count a request and the call that comes with it, in the transaction that stores both, so that the count is exact.

    Nothing of it leads to the person, so the count stays when the person is erased.
    """
    steps = [Step.LEAD, Step.CALL] if with_call else [Step.LEAD]
    write({count_key(origin, StepTaken(step, outcome, certainty), now): 1 for step in steps})


def count_response(*, origin: Origin, asked: datetime, answered: datetime) -> None:
    """Count the first response to a request, on the day of the request, in the transaction that records it."""
    write({count_key(origin, StepTaken(Step.RESPONSE, response_time(answered - asked)), asked): 1})
