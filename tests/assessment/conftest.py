"""The state that the walk's memory may be in."""

import pytest

from advisor.content.editions import Published, shelf


@pytest.fixture
def cold_shelf(published: Published) -> None:
    """As in a process that has read nothing yet."""
    shelf.forget()
