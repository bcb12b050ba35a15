"""Gives a process the clock that its environment names. Python imports this by its name before anything else of ours:
``tests.clock.RunningClock.environment`` and ``tests.clock.instants`` put this folder on the path.
"""

import os
import select
import sys
import time
from datetime import datetime, timedelta

if "FAKETIME" in os.environ:

    def sleep(seconds: float) -> None:
        """Up to faketime 0.9.10, that of Python fails where the monotonic clock stays real: see its issue 426."""
        select.select([], [], [], seconds)

    time.sleep = sleep  # type: ignore[assignment]

if "TESTS_CLOCK" in os.environ:
    # Only time_machine's own fixture needs it, and it takes a tenth of a second in each process.
    sys.modules["pytest"] = None  # type: ignore[assignment]
    import time_machine

    del sys.modules["pytest"]
    instant, started = os.environ["TESTS_CLOCK"].split()
    passed = timedelta(seconds=time.monotonic() - float(started))
    time_machine.travel(datetime.fromisoformat(instant) + passed, tick=True).start()
