"""When one of two people at a page is told that the other one changed it."""

import pytest

from advisor.stale import is_stale


@pytest.mark.parametrize(
    ("now", "shown", "wanted", "expected"),
    [
        ("new", "new", "won", False),
        ("won", "new", "won", False),
        ("lost", "new", "won", True),
        ("lost", None, "won", True),
        ("lost", "new", None, True),
    ],
)
def test_a_value_is_stale_unless_it_was_seen_or_is_wanted(
    now: str, shown: str | None, wanted: str | None, *, expected: bool
) -> None:
    assert is_stale(now=now, shown=shown, wanted=wanted) is expected
