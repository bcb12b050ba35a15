"""``make test-times``: what depends on the time, run at instants at which something turns over.

Debian's ``faketime`` gives the whole run another clock, Chromium and servers included. Tests state their own instant,
so nothing may change: a test that fails has read the clock of the machine.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime

from tests.clock import FOLDER
from tests.environment import ROOT

INSTANTS = {
    "saturday-evening": datetime.fromisoformat("2026-11-28T20:00Z"),
    "sunday-midnight": datetime.fromisoformat("2026-11-29T23:58Z"),
    "new-year": datetime.fromisoformat("2026-12-31T23:50Z"),
    "america-forward": datetime.fromisoformat("2027-03-14T06:57Z"),
    "europe-forward": datetime.fromisoformat("2027-03-28T00:57Z"),
    "first-of-month": datetime.fromisoformat("2027-05-01T00:05Z"),
    "europe-back": datetime.fromisoformat("2027-10-31T00:57Z"),
    "america-back": datetime.fromisoformat("2027-11-07T06:57Z"),
    "leap-day": datetime.fromisoformat("2028-02-29T12:00Z"),
}
"""Where clocks are changed, three minutes before it."""

SENSITIVE = [f"tests/{room}" for room in ("funnel", "delivery", "leads", "booking", "insights", "browser")]

AS_USUAL = {"TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", "PYTHONPATH": FOLDER}
"""Durations stay those of the machine, and so do the times of files, or every compiled file would count as stale."""


def in_turn(turn: int) -> list[str]:
    """Two of them; nine turns that follow each other bring each round twice."""
    names = list(INSTANTS)
    return [names[(2 * turn + number) % len(names)] for number in range(2)]


def run(name: str, arguments: list[str]) -> tuple[bool, str]:
    """Whether all passed at this instant, and the line that pytest ends on."""
    instant = INSTANTS[name].strftime("%Y-%m-%d %H:%M:%S")
    print(f"\n== {name}: {instant} UTC", flush=True)
    command = ["faketime", instant, sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments]
    environment = os.environ | AS_USUAL
    last = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            if re.search(r" in [0-9.]+s", line):
                last = line.strip(" =\n")
    return process.returncode == 0, last or "pytest did not come to its end"


def all_pass(chosen: list[str], arguments: list[str]) -> bool:
    """Whether all passed at all chosen instants."""
    results = {name: run(name, arguments) for name in chosen}
    print()
    for name, (_, last) in results.items():
        print(f"{name}: {last}")
    return all(passed for passed, _ in results.values())


if __name__ == "__main__":
    turn, chosen = os.environ.get("TURN"), os.environ.get("INSTANT", "").split() or list(INSTANTS)
    # The first or the second of a turn: they may run on two databases.
    number = slice(int(os.environ["OF_TURN"]) - 1, int(os.environ["OF_TURN"])) if "OF_TURN" in os.environ else slice(2)
    if not shutil.which("faketime"):
        sys.exit("faketime is not installed (Debian: apt-get install faketime).")
    if unknown := set(chosen) - INSTANTS.keys():
        sys.exit(f"INSTANT is one or more of {', '.join(INSTANTS)}; not {', '.join(sorted(unknown))}.")
    arguments = shlex.split(os.environ.get("ARGS", "")) or SENSITIVE
    sys.exit(not all_pass(in_turn(int(turn))[number] if turn else chosen, arguments))
