"""A clock that a test moves, and the shelf of a process that reads it."""

from dataclasses import dataclass

import pytest

from advisor.content import editions
from advisor.content.editions import Shelf
from advisor.content.models import Scenario
from tests.conftest import GUIDE


@dataclass
class Clock:
    """Stands for the ``time`` module; moves only when it is told to."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(editions, "time", clock)
    return clock


@pytest.fixture
def shelf(db: None, clock: Clock) -> Shelf:
    """The shelf of a process that has just read the first guide's edition 1."""
    shelf = Shelf()
    shelf.live(GUIDE)
    return shelf


@pytest.fixture
def no_scenarios(db: None) -> None:
    """The first guide without its scenarios, which would refuse the deletion of what they name."""
    Scenario.objects.all().delete()
