"""The one import rule: a room imports itself and the rooms before it, and only ``urls`` joins them.

The rule stands in ``pyproject.toml`` as contracts of import-linter, which follows chains of imports, too. Relative
imports and imports inside of functions are refused by ruff.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.environment import for_a_process

ROOT = Path(__file__).resolve().parents[2]
DECISION_IMPORTS = {*sys.stdlib_module_names, "msgspec"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Checks the package ``advisor`` in a folder by the contracts in its pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--no-cache"], cwd=folder, env=for_a_process(), capture_output=True, text=True, check=False
    )


def ruff(source: str) -> subprocess.CompletedProcess[str]:
    """Checks a module of the project by the settings of ruff."""
    command = [sys.executable, "-m", "ruff", "check", "--stdin-filename", "advisor/leads/example.py", "-"]
    return subprocess.run(
        command, cwd=ROOT, env=for_a_process(), input=source, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project that may be broken."""
    shutil.copytree(ROOT / "advisor", tmp_path / "advisor", ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def add(folder: Path, path: str, source: str) -> None:
    with (folder / path).open("a", encoding="utf-8") as module:
        module.write(f"\n{source}\n")


def test_every_module_keeps_the_import_rule() -> None:
    found = lint_imports(ROOT)

    assert found.returncode == 0, found.stdout


def test_the_decision_imports_the_standard_library_and_msgspec_alone() -> None:
    graph = grimp.build_graph("advisor", include_external_packages=True, cache_dir=None)

    imported = {
        name.partition(".")[0]
        for module in graph.modules
        if module.startswith("advisor.decision")
        for name in graph.find_modules_directly_imported_by(module)
    }

    assert imported <= {"advisor", *DECISION_IMPORTS}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        pytest.param("advisor/content/admin/__init__.py", "from advisor.leads.models import Lead", id="a later room"),
        pytest.param("advisor/content/admin/__init__.py", "from advisor import leads", id="a later room as a name"),
        pytest.param("advisor/content/admin/__init__.py", "import advisor.leads.models", id="a later room as a module"),
        pytest.param("advisor/content/admin/__init__.py", "from advisor import urls", id="what joins the rooms"),
        pytest.param("advisor/http.py", "from advisor.content import models", id="a room from beside the rooms"),
        pytest.param("advisor/http.py", "from advisor.decision import guide", id="the decision from beside the rooms"),
        pytest.param("advisor/decision/answer_space.py", "import django.conf", id="Django in the centre"),
        pytest.param("advisor/decision/answer_space.py", "from advisor import http", id="http in the centre"),
        pytest.param(
            "advisor/decision/answer_space.py", "import advisor.text", id="what stands beside the rooms, in the centre"
        ),
        pytest.param("advisor/unheard_of.py", "import json", id="a module that is no room and does not stand beside"),
    ],
)
def test_the_check_notices_a_module_that_breaks_the_rule(copy: Path, path: str, source: str) -> None:
    add(copy, path, source)

    found = lint_imports(copy)

    assert found.returncode == 1
    assert "BROKEN" in found.stdout


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("advisor/leads/new.py", "from advisor.content.models import Guide"),
        ("advisor/leads/new.py", "from advisor.leads import actions"),
        ("advisor/leads/new.py", "from advisor.http import render_page"),
        ("advisor/decision/answer_space.py", "import functools, msgspec\nfrom advisor.decision.guide import Guide"),
        ("advisor/urls.py", "from advisor.insights import views"),
    ],
)
def test_the_check_lets_pass_what_the_rule_allows(copy: Path, path: str, source: str) -> None:
    add(copy, path, source)

    found = lint_imports(copy)

    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param('from . import models\n\n__all__ = ["models"]\n', "TID252", id="a relative import"),
        pytest.param(
            "def view() -> None:\n    import json\n\n    json.dumps(1)\n", "PLC0415", id="an import inside a function"
        ),
    ],
)
def test_ruff_refuses(source: str, rule: str) -> None:
    found = ruff(source)

    assert found.returncode == 1
    assert rule in found.stdout
