"""Daily jobs: the workers of the outbox run each of them once a day. The setting ``DAILY_JOBS`` lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

DEFAULT_HOUR = 3


@dataclass(frozen=True)
class DailyJob:
    """A job that one worker runs once a day, at ``hour`` in TIME_ZONE or later.

    ``run`` takes the time and returns a report of one line for staff. It runs while messages are sent, outside of any
    transaction. If it raises or its worker dies, it starts again an hour later, so it must cope with its own unfinished
    work. Staff read ``name``, and each day has one row with it.
    """

    name: str
    run: Callable[[datetime], str]
    hour: int = DEFAULT_HOUR


def daily_jobs() -> list[DailyJob]:
    """All jobs in the order in which they run."""
    return [import_string(path) for path in settings.DAILY_JOBS]
