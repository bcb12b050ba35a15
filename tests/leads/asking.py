"""Asking for a call, as a visitor does it."""

from itertools import count

from django.test import Client

from advisor.leads.models import Lead
from tests.assessment.addresses import call
from tests.assessment.reading import Changes, Page, Response, read
from tests.conftest import CALL

EVERYTHING = CALL | {
    "job_title": "Founder",
    "phone": "+371 2000 0000",
    "employees": "20-50",
    "message": "Our releases are slow.\r\nAnd our AI is slower.",
    "availability": "Tuesday mornings, Riga",
}
"""The form with every field filled in."""

KEYS = (f"key-number-{number}" for number in count(1))


def post(client: Client, address: str = call(), **fields: str | None) -> Response:
    """The answer to a form of its own; None leaves a field out."""
    given = CALL | {"key": next(KEYS)} | fields
    return client.post(address, {name: value for name, value in given.items() if value is not None})


def ask(client: Client, address: str = call(), **fields: str | None) -> Lead:
    """The request that was kept."""
    response = post(client, address, **fields)
    assert response.status_code == 302, Page(response).errors
    return Lead.objects.latest("pk")


def refused(client: Client, address: str = call(), **fields: str | None) -> Page:
    """The page that says what is wrong with a form; nothing was kept."""
    before = Lead.objects.count()
    response = post(client, address, **fields)
    assert response.status_code == 200
    assert Lead.objects.count() == before
    return Page(response, address)


def fill_in(client: Client, changes: Changes, address: str = call()) -> Response:
    """The answer to the form as it came, with some fields filled in."""
    return read(client, address).form.send(client, changes)


def message_beside(page: Page, field: str) -> str:
    """What is said beside a field."""
    return " ".join(page.texts(f"div[@id='id_{field}_error']")).removeprefix("Error: ")
