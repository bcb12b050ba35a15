"""Style sheets and scripts of ours are made small when they are collected, and mean what they meant."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from advisor.hosting import StaticFilesStorage

STYLE = "/* Why. */\n.a :is(b, c) {\n  color: #ffffff;\n}\n"
SCRIPT = "// Why.\nconst a = 1;\n\nfunction b() {\n  return `${a} // b`;\n}\n"


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "written", "collected"),
    [
        ("a.css", STYLE, ".a :is(b,c){color:#fff}"),
        ("a.js", SCRIPT, "const a=1;function b(){return`${a} // b`;}"),
        ("admin/a.css", STYLE, STYLE),
        ("admin/a.js", SCRIPT, SCRIPT),
        ("a.txt", STYLE, STYLE),
    ],
)
def test_what_is_ours_is_made_small(tmp_path: Path, name: str, written: str, collected: str) -> None:
    storage = StaticFilesStorage(location=tmp_path)

    storage.save(name, ContentFile(written.encode()))

    assert (tmp_path / name).read_text("utf-8").strip() == collected.strip()
