"""A salesperson, and a lead that nobody has touched yet."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from advisor.leads.models import Salesperson


@pytest.fixture
def seller(db: None) -> Any:
    """The account of someone who is given new leads of every outcome."""
    user = get_user_model().objects.create(username="seller", is_staff=True)
    user.groups.add(Group.objects.get(name="Sales"))
    Salesperson.objects.create(user=user)
    return user
