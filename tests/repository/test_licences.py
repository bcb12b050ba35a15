"""What an installation is made of may be used and passed on as this is: every licence is one that we accept."""

import json
import re
import subprocess
import sys

from tests.environment import ROOT, for_a_process

ACCEPTED = ("MIT", "BSD", "Apache", "ISC", "PSF", "Unlicense", "LGPL", "Lesser General Public")
"""Those that ask for nothing but their text, and the LGPL: what is under it is used as a library, unchanged."""

IN_A_FILE = {"crawler-user-agents", "pyrage"}
"""Packages that do not name their licence to a program. The file that comes with each is the MIT licence."""


def normal(name: str) -> str:
    """The name of a package as everybody compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licences() -> dict[str, str]:
    """The licence of each package of an installation."""
    needed = re.findall(r"^([\w.-]+)(?:\[\w+\])?==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    command = [sys.executable, "-m", "piplicenses", "--from", "mixed", "--format", "json", "--packages", *needed]
    listed = json.loads(subprocess.run(command, env=for_a_process(), capture_output=True, text=True, check=True).stdout)
    return {normal(package["Name"]): package["License"] for package in listed}


def test_every_licence_is_one_that_we_accept() -> None:
    found = licences()
    unknown = {name for name, licence in found.items() if not any(word in licence for word in ACCEPTED)}

    assert len(found) > 30
    assert unknown == IN_A_FILE


def test_what_the_page_on_security_names_is_there() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", page))

    assert len(named) > 30
    assert {name for name in named if not (ROOT / name).exists()} == set()
