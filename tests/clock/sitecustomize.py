"""Gives a process the clock that its environment names. Python imports this by its name before anything else of ours:
``tests.clock.RunningClock.environment`` puts this folder on the path.
"""

import os
import sys
import time
from datetime import datetime, timedelta

# Only time_machine's own fixture needs it, and it takes a tenth of a second in each process.
sys.modules["pytest"] = None  # type: ignore[assignment]
import time_machine  # noqa: E402

del sys.modules["pytest"]

instant, started = os.environ["TESTS_CLOCK"].split()
passed = timedelta(seconds=time.monotonic() - float(started))
time_machine.travel(datetime.fromisoformat(instant) + passed, tick=True).start()
