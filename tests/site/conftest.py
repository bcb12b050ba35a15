"""One running site for each test process; tests that break theirs start their own."""

from collections.abc import Iterator

import pytest

from tests.server import RunningSite


@pytest.fixture(scope="session")
def site() -> Iterator[RunningSite]:
    """A site with the first guide."""
    with RunningSite() as running:
        yield running
