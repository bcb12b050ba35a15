"""Chores: what the workers of the outbox do once a day. Rooms register them when the process starts.

A module ``chores`` in a room is imported once all models are there, and is the place to register from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

NIGHT = 3
"""The hour at which a chore is due that names none."""


@dataclass(frozen=True)
class Registered:
    """A chore, and the hour from which it is due, by the clock of TIME_ZONE."""

    name: str
    run: Callable[[datetime], str]
    hour: int


registered: dict[str, Registered] = {}
"""By name, in the order in which they are done."""


def register(name: str, run: Callable[[datetime], str], *, hour: int = NIGHT) -> None:
    """Have this done once a day from that hour on, by whichever worker comes first.

    ``run`` is given the time and answers with one line of what it did, in words, for staff to read. It runs beside the
    sending, outside of any transaction. One that raises, or whose worker dies, is begun again an hour later, so what it
    did half must not be in its way. The name is for people, and is what the row of each day is found by.
    """
    registered[name] = Registered(name, run, hour)
