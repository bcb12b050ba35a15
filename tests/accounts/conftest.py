"""A member of staff with a password."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.accounts.entering import PASSWORD
from tests.conftest import new_client


@pytest.fixture
def colleague(db: None) -> Any:
    return get_user_model().objects.create_superuser("colleague", "colleague@example.com", PASSWORD)


@pytest.fixture
def attacker() -> Client:
    """A browser of somebody else."""
    return new_client()
