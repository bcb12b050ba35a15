"""Every fault at hand, one after the other, with real processes: ``make torture``. A table says what was done and what
came of it.

The faults are those of the tests, here in full number. DATABASE_URL names another database; arguments name some faults.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from tests.environment import ROOT


@dataclass(frozen=True)
class Fault:
    """What is done to the site, and the tests that do it."""

    what: str
    tests: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)
    """What makes it as many as here."""


FAULTS = {
    "kills": Fault(
        "web processes killed with -9 while forms arrive; a control that doubles leads",
        ("tests/site/test_kills.py",),
        {"KILLS": "200"},
    ),
    "soak": Fault(
        "web processes and the worker killed with -9 while calls are booked",
        ("tests/site/test_soak.py",),
        {"SOAK": "200"},
    ),
    "signals": Fault(
        "HUP, and stop and start, under load behind the shipped proxy; 200 half-sent requests",
        ("tests/site/test_shipped_proxy.py",),
    ),
    "database": Fault(
        "database gone, back, never there, without tables; hanging",
        ("tests/site/test_without_a_database.py", "tests/content/test_health.py"),
    ),
    "at-once": Fault(
        "the same forms at the same moment, writers that hold locks",
        (
            "tests/site/test_requests_at_once.py",
            "tests/site/test_booking_race.py",
            "tests/site/test_merging_at_once.py",
        ),
    ),
    "read-only": Fault("a root that cannot be written to, and no /tmp", ("tests/site/test_read_only.py",)),
    "mail": Fault(
        "mail refused, busy, silent, hanging up within and after DATA; a day without it",
        ("tests/delivery/test_mail_server_failures.py",),
    ),
    "webhooks": Fault(
        "webhooks refused, hanging, never ending; a message that nobody can send", ("tests/delivery/test_webhooks.py",)
    ),
    "leases": Fault("a worker that dies with a message in hand, and several", ("tests/delivery/test_leases.py",)),
    "clock": Fault(
        "a clock an hour and three years off, either way",
        ("tests/delivery/test_wrong_clock.py", "tests/delivery/test_removal_guard.py"),
    ),
    "editions": Fault(
        "an edition damaged, inserted by hand, the only one",
        ("tests/content/test_edition_cache_in_trouble.py", "tests/content/test_edition_check.py"),
    ),
    "flood": Fault("false bookings from many networks while real visitors book", ("tests/site/test_burst.py",)),
}


@dataclass
class Outcome:
    """What came of one fault."""

    tests: int
    failed: list[str]
    figures: list[str]
    seconds: float


def suffered(fault: Fault) -> Outcome:
    """Run the tests of a fault and read what they report."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:randomly", f"--junit-xml={report}"]
        subprocess.run(
            [*command, *fault.tests], cwd=ROOT, env={**os.environ, **fault.more}, check=False, stdout=subprocess.DEVNULL
        )
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    failed = [
        case.get("name", "") for case in cases if case.find("failure") is not None or case.find("error") is not None
    ]
    figures = [f"{one.get('value')} {one.get('name')}" for case in cases for one in case.iter("property")]
    return Outcome(len(cases), failed if cases else ["nothing was run"], figures, time.monotonic() - began)


def main(names: list[str]) -> int:
    """Print a line of the report for each fault; the status says whether the site bore them all."""
    unknown = set(names) - FAULTS.keys()
    if unknown:
        print(f"There is no fault {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}.")
        return 2
    print("| what was done | tests | what came of it | minutes |\n|---|---|---|---|")
    is_whole = True
    for name in names or FAULTS:
        outcome = suffered(FAULTS[name])
        is_whole = is_whole and not outcome.failed
        said = "; ".join(outcome.failed) if outcome.failed else ", ".join(["borne", *outcome.figures])
        print(f"| {FAULTS[name].what} | {outcome.tests} | {said} | {outcome.seconds / 60:.1f} |", flush=True)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
