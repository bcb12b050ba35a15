"""The one import rule of the house: a room imports itself and the rooms before it; only ``urls`` joins them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["decision", "content", "funnel", "assessment", "delivery", "leads", "booking", "insights"]
# Beside the rooms: what each may import of the rooms, and what every room except ``decision`` may import.
BESIDE: dict[str, list[str]] = {
    **{name: [] for name in ("__init__", "hosting", "http", "posts", "settings", "server", "formats", "wsgi")},
    **{name: ["decision"] for name in ("text", "fields")},
    "urls": ROOMS,
}
SHARED = ["fields", "hosting", "http", "posts", "settings", "text"]
DECISION_IMPORTS = {*sys.stdlib_module_names, "msgspec"}


def imported(node: ast.AST) -> list[str]:
    """The absolute names of the modules that a node imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module="advisor", names=names, level=0):
            return [f"advisor.{alias.name}" for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []


def allowed_parts(part: str) -> list[str]:
    """The parts of ``advisor`` that a part may import."""
    if part == "decision":
        return ["decision"]
    rooms = ROOMS[: ROOMS.index(part) + 1] if part in ROOMS else BESIDE[part]
    return [*rooms, *SHARED]


def violations(path: str, source: str) -> Iterator[str]:
    """What breaks the rule in the module at a path such as ``advisor/content/admin.py``."""
    part = Path(path).with_suffix("").parts[1]
    allowed = allowed_parts(part)
    tree = ast.parse(source)

    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{path}:{node.lineno}: a relative import"
        for name in imported(node):
            package, _, rest = name.partition(".")
            if package == "advisor" and rest.partition(".")[0] not in allowed:
                yield f"{path}: {part} imports {name}"
            if part == "decision" and package not in {"advisor", *DECISION_IMPORTS}:
                yield f"{path}: {part} imports {name}"

    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{path}:{node.lineno}: an import inside {function.name}()"


def test_every_module_keeps_the_import_rule() -> None:
    modules = (ROOT / "advisor").rglob("*.py")

    found = [
        violation
        for module in modules
        for violation in violations(module.relative_to(ROOT).as_posix(), module.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_everything_in_the_project_is_a_room_or_stands_beside_them() -> None:
    rooms = {path.parent.name for path in (ROOT / "advisor").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "advisor").glob("*.py")}

    assert rooms <= {*ROOMS, "formats"}
    assert modules <= set(BESIDE)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        pytest.param("advisor/content/admin.py", "from advisor.leads.models import Lead", id="a later room"),
        pytest.param("advisor/content/admin.py", "from advisor import leads", id="a later room as a name"),
        pytest.param("advisor/content/admin.py", "import advisor.leads.models", id="a later room as a module"),
        pytest.param("advisor/content/admin.py", "from advisor import urls", id="what joins the rooms"),
        pytest.param("advisor/http.py", "from advisor.content import models", id="a room from beside the rooms"),
        pytest.param("advisor/decision/proof.py", "import django.conf", id="Django in the centre"),
        pytest.param("advisor/decision/proof.py", "from advisor import http", id="http in the centre"),
        pytest.param("advisor/leads/views.py", "from . import models", id="a relative import"),
        pytest.param("advisor/leads/views.py", "def view():\n    import json", id="an import inside a function"),
    ],
)
def test_the_check_notices(path: str, source: str) -> None:
    found = list(violations(path, source))

    assert len(found) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("advisor/leads/views.py", "from advisor.content.models import Guide"),
        ("advisor/leads/views.py", "from advisor.leads import actions"),
        ("advisor/leads/views.py", "from advisor.http import render_page"),
        ("advisor/decision/proof.py", "import functools, msgspec\nfrom advisor.decision.guide import Guide"),
        ("advisor/urls.py", "from advisor.insights import views"),
    ],
)
def test_the_check_lets_pass_what_the_rule_allows(path: str, source: str) -> None:
    found = list(violations(path, source))

    assert found == []
