"""What README.md and CONTRIBUTING.md say about commands, variables and files is so."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_make_command_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text("README.md"), re.DOTALL))

    named = set(re.findall(r"\bmake ([a-z]+)", code))

    assert named
    assert named <= targets


def test_its_table_of_variables_is_that_of_the_example() -> None:
    variables = re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.MULTILINE)

    rows = re.findall(r"^\| `([A-Z_]+)` ", text("README.md"), re.MULTILINE)

    assert rows == variables


def test_every_picture_and_page_that_the_documents_name_is_there() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]

    missing = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]

    assert missing == []


def test_every_file_and_setting_that_a_change_is_sent_to_is_there() -> None:
    table = text("CONTRIBUTING.md").partition("## To change")[2]
    files = {path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*"), ROOT / ".ci/run", ROOT / ".env.example")}
    for folder in ("advisor", "docs", "fixtures", "static", "templates", "tests"):
        files |= {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*")}
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "advisor").rglob("*.py"))
    named = set(re.findall(r"`([^`@\s(){}…]+)`", table))

    paths = {name.rstrip("/") for name in named if "/" in name or "." in name}
    missing = sorted(path for path in paths if not any(f"/{file}".endswith(f"/{path}") for file in files))
    names = {name for name in named if re.fullmatch(r"[A-Z_]{3,}|[a-z_]+_[a-z_]+", name)}
    unknown = sorted(name for name in names if not re.search(rf"\b{name}\b", code))

    assert len(paths) > 40
    assert (missing, unknown) == ([], [])
