"""The state that the walk's memory may be in, and which of its pages know no database."""

import pytest

from advisor.content.editions import LoadedEdition, edition_cache

OF_THE_EDITION_ALONE = {"test_question.py", "test_result.py", "test_sentences.py", "test_wrong_answers.py"}
"""What these read is made of an edition and an address; ``test_pages.py`` shows that the walk asks nothing else."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "assessment" and item.path.name in OF_THE_EDITION_ALONE:
            item.add_marker(pytest.mark.once)


@pytest.fixture
def cold_shelf(published: LoadedEdition) -> None:
    """As in a process that has read nothing yet."""
    edition_cache.clear()
