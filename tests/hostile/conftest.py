"""One of everything that staff see, as for the tests of the admin."""

from tests.content.conftest import something_of_everything

__all__ = ["something_of_everything"]
