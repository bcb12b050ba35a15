"""What `docs/install` gives to systemd, as far as it can be tried without being it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.environment import ROOT, for_a_process

INSTALL = ROOT / "docs/install"
SERVICES = sorted(INSTALL.glob("*.service"))
MAX_EXPOSURE = 20
"""Tenths, as ``systemd-analyze`` counts: below it nearly everything is off that can be switched off."""

systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed.")


def test_there_is_a_unit_for_the_site_and_one_for_the_worker() -> None:
    assert [path.name for path in SERVICES] == ["advisor-worker.service", "advisor.service"]


@systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little(unit: Path) -> None:
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", str(unit)],
        env=for_a_process(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Overall exposure level" in judged.stdout
    assert judged.returncode == 0, judged.stdout[-300:]


@systemd
def test_systemd_understands_every_line() -> None:
    units = [*SERVICES, INSTALL / "advisor.socket"]
    judged = subprocess.run(
        ["systemd-analyze", "verify", *map(str, units)],
        env=for_a_process(),
        capture_output=True,
        text=True,
        check=False,
    )

    # What is not installed here is the program itself.
    complaints = [line for line in judged.stderr.splitlines() if "/opt/advisor/.venv/" not in line]
    assert [line for line in complaints if "advisor" in line] == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_starts_a_program_that_is_there(unit: Path) -> None:
    commands = re.findall(r"^ExecStart=/opt/advisor/\.venv/bin/(\w+) (.+)$", unit.read_text(), re.MULTILINE)

    assert commands in ([("gunicorn", "-c python:advisor.server")], [("python", "manage.py deliver")])
