"""No test reads the clock of the machine: what passes today passes on any day."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock.instants import INSTANTS, in_turn

ROOT = Path(__file__).resolve().parents[2]

CLOCKS = {
    *("timezone.now", "timezone.localdate", "timezone.localtime"),
    *("datetime.now", "datetime.today", "datetime.utcnow", "date.today"),
    *("time.time", "time.time_ns", "time.gmtime", "time.localtime", "time.ctime", "time.strftime"),
}
"""Without arguments, or with a zone alone. ``time.monotonic`` measures how long something takes, on any day."""

STARTS = {"subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.check_output"}

ALLOWED = {
    "tests/load/scale.py": "measures pages with the clock of the machine, as in production",
    "tests/load/bench.py": "the same",
    "tests/load/measure.py": "the same",
}


def reads(path: str, source: str) -> Iterator[str]:
    """Where a test reads the clock of the machine, or starts what does."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        # However it was imported: django.utils.timezone.now is timezone.now.
        name = ".".join(ast.unparse(call.func).split(".")[-2:])
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if name in CLOCKS and not (name == "timezone.localtime" and call.args):
            yield f"{path}:{call.lineno}: {name}() is the clock of the machine; say when it is, by tests.clock.NOW"
        if name in STARTS and "env" not in given:
            yield f"{path}:{call.lineno}: a process without env= has another clock; see tests.server.environment"
        if given.get("clock") == "None":
            yield f"{path}:{call.lineno}: clock=None is the clock of the machine"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            hidden = {f"{(node.module or '').rpartition('.')[2]}.{alias.name}" for alias in node.names} & CLOCKS
            yield from (f"{path}:{node.lineno}: import the module rather than {name}" for name in sorted(hidden))


def test_no_test_reads_the_clock_of_the_machine() -> None:
    modules = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "tests").rglob("*.py")}

    found = {name: [*reads(name, path.read_text(encoding="utf-8"))] for name, path in modules.items()}

    assert [line for name, lines in found.items() if name not in ALLOWED for line in lines] == []
    # What needs no exception any more has none.
    assert [name for name in ALLOWED if not found.get(name)] == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone\nlink = make_link(now=timezone.now())",
        "import django.utils.timezone\ndjango.utils.timezone.now()",
        "from django.utils.timezone import now",
        "monday = datetime.now(UTC).date() + timedelta(days=3)",
        "import datetime\ndatetime.date.today()",
        "from time import time",
        "old = time.time() - 60",
        "subprocess.run(['manage.py', 'deliver'])",
        "with RunningSite(clock=None) as site: pass",
    ],
)
def test_the_check_notices(source: str) -> None:
    found = list(reads("tests/leads/test_new.py", source))

    assert len(found) == 1


@pytest.mark.parametrize(
    "source",
    [
        "deadline = time.monotonic() + 10",
        "with time_machine.travel(NOW + timedelta(days=1), tick=False): pass",
        "timezone.localtime(call.begins_at, zone)",
        "site.clock.now()",
        "subprocess.run(['manage.py', 'deliver'], env=environment(database))",
    ],
)
def test_the_check_lets_pass_what_states_its_instant(source: str) -> None:
    found = list(reads("tests/leads/test_new.py", source))

    assert found == []


def test_two_instants_at_a_time_all_nine_come_round() -> None:
    daily = [in_turn(20_000 + day) for day in range(9)]
    weekly = [in_turn(20_000 + 7 * week) for week in range(9)]

    for turns in (daily, weekly):
        assert {name for turn in turns for name in turn} == INSTANTS.keys()
        assert all(len(set(turn)) == 2 for turn in turns)
