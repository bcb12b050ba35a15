"""What README.md says about commands and variables is so."""

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
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]

    missing = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]

    assert missing == []
