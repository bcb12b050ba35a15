"""A host who can be called on Monday."""

from typing import Protocol

import pytest
from django.test import Client

from advisor.booking.models import Call, Host
from advisor.content.editions import LoadedEdition
from tests.assessment.addresses import call
from tests.booking.hosts import half_hour, make_host, value
from tests.leads.asking import EVERYTHING, post


@pytest.fixture
def host(published: LoadedEdition) -> Host:
    """From nine to noon in Riga, Monday to Friday."""
    return make_host()


class Book(Protocol):
    """Books a half hour, as a visitor does."""

    def __call__(self, number: int = 0, *, address: str = call(), **fields: str) -> Call:
        """The call."""


@pytest.fixture
def book(visitor: Client, published: LoadedEdition) -> Book:
    """Books calls; needs a host."""

    def booked(number: int = 0, *, address: str = call(), **fields: str) -> Call:
        sent = EVERYTHING | {"slot": value(half_hour(number)), "zone": "America/New_York"} | fields
        answer = post(visitor, address, **sent)
        assert answer.status_code == 302
        return Call.objects.select_related("host", "lead").latest("pk")

    return booked
