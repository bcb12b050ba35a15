"""The clock of the tests. No test depends on the day or the hour at which it is run.

In the test process the clock stands still at ``NOW`` (see ``tests/conftest.py``) until a test travels with
``time_machine.travel``. Processes that a test starts have a ``RunningClock``, and so have the pages of the browser.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = str(Path(__file__).parent)
"""On the path of a process, it has Python import ``sitecustomize.py``."""

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
"""A Friday at noon, far from the end of a day, a month and a summer time."""

DAY_BEFORE = NOW - timedelta(days=1)
"""When what every test relies on was made: the tables, and the first edition."""


@dataclass(frozen=True)
class RunningClock:
    """It showed ``instant`` when ``time.monotonic()``, which is the same in all processes, was ``started``."""

    instant: datetime = NOW
    started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """What it shows."""
        return self.instant + timedelta(seconds=time.monotonic() - self.started)

    def environment(self) -> dict[str, str]:
        """What a Python process needs to have this clock from its first line on."""
        return {"PYTHONPATH": FOLDER, "TESTS_CLOCK": f"{self.instant.isoformat()} {self.started}"}


CLOCK = RunningClock()
"""That of everything this test process starts, unless a test says otherwise."""
