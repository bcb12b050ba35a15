"""A number and its noun agree: where a template or a message puts one before the other, no "1 leads" comes out."""

import re
from pathlib import Path

import pytest

from advisor.decision.plurals import pluralize

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "templates").rglob("*.txt"),
    *(ROOT / "advisor").rglob("*.py"),
]

NOUNS = (
    "answers|calls|cells|characters|choices|days|employees|files|guides|hours|leads|messages|minutes|pages|pairs|people|"
    "places|questions|remarks|roles|rows|rules|scenarios|sets|signals|situations|steps|times|weeks|words"
)
PLURAL = rf"(?:(?:more|new|possible|single) )?(?:{NOUNS})\b"
IN_TEMPLATE = re.compile(rf"\}}\}} {PLURAL}")
IN_MESSAGE = re.compile(rf"\bf\"[^\"]*\{{[^{{}}\"]+\}} {PLURAL}")

NEVER_ONE = {
    # Bounds that the code itself sets.
    "{MAX_ROWS} rows",
    "{MAX_FIELDS} fields",
    "{PAGE_LIFETIME.days} days",
    "{limit} characters",
    "{declaration.best_length} characters",
    "{MAX_ROWS[Format.XLSX]:,} leads",
    "{{ most }} leads",
    "{{ most }} times",
    "{{ most }} characters",
    # What is counted there is two or more, as one would not be said.
    "{times} times",
    "{times} questions",
    "{number} guides",
    "{sum(questions)} questions",
    "{len(text):,} characters",
    "{len(value):,} characters",
    "{number:,} parts, rows",
    "{apnumber(further)} more pages",
    # A range in words, and what is no number.
    "{{ lead.get_employees_display|lower }} employees",
    "{question.key} choices",
    "{host} calls",
    "{target.host} leads",
    "{lead.get_employees_display()} employees",
    # The plural is chosen beside it.
    "{announced} calls",
    "{who.possessive} answers",
    "{count} messages",
}
"""Places where one cannot stand before the noun, or where it was seen to."""


def places(path: Path) -> list[str]:
    """Where a number stands before a plural."""
    pattern = IN_MESSAGE if path.suffix == ".py" else IN_TEMPLATE
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        for match in pattern.finditer(line):
            start = line.rfind("{{" if path.suffix != ".py" else "{", 0, match.end())
            said = line[start : match.end()]
            if "pluralize(" not in said:
                found.append(said)
    return found


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if places(path)], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_number_stands_before_a_plural_that_does_not_look_at_it(path: Path) -> None:
    unseen = [said for said in places(path) if not any(said.startswith(known) for known in NEVER_ONE)]

    assert unseen == []


@pytest.mark.parametrize("wrong", ["{{ count }} leads", "{{ found|length }} more rows"])
def test_the_test_finds_what_it_looks_for(tmp_path: Path, wrong: str) -> None:
    template = tmp_path / "page.html"
    template.write_text(f"<p>There are {wrong}.</p>")

    assert places(template) == [wrong]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 sets of answers"), (1, "1 set of answers"), (2, "2 sets of answers"), (1200, "1,200 sets of answers")],
)
def test_a_number_is_said_with_its_noun(number: int, said: str) -> None:
    assert pluralize(number, "set of answers", "sets of answers") == said
    assert pluralize(number, "rule").endswith("rule" if number == 1 else "rules")
