"""Requests as many people send them, each from a network of its own choice."""

from datetime import timedelta
from re import search

from django.test import Client

from advisor.booking.admission import AT_ONCE_OF_NETWORK
from advisor.booking.models import Intake, IntakeState
from advisor.delivery.models import Message
from advisor.limits.stamps import stamp_of
from tests.assessment.addresses import call
from tests.assessment.reading import Response
from tests.booking.hosts import half_hour, value
from tests.clock import NOW
from tests.conftest import new_client
from tests.leads.asking import EVERYTHING, KEYS

MINUTE = timedelta(minutes=1)


def send(
    number: int, *, network: int = 1, client: Client | None = None, slot: int | None = None, **fields: str
) -> Response:
    """The answer to the form of one of many, each with an address of its own."""
    client = client or new_client()
    key = fields.pop("key", next(KEYS))
    sent = EVERYTHING | {"email": f"asker-{number}@{number}.example.com", "name": f"Asker {number}"}
    sent |= {"slot": value(half_hour(slot)) if slot is not None else "none", "zone": "Europe/Riga"}
    sent |= {"key": key, "stamp": stamp_of(key, now=NOW - MINUTE)} | fields
    return client.post(call(), sent, REMOTE_ADDR=f"10.{network // 250}.{network % 250}.7")


def waits(number: int, **fields: object) -> Intake:
    """A request that waits, after those of its network that were taken at once."""
    answer = send(number, **fields)  # type: ignore[arg-type]
    assert answer.status_code == 302
    return Intake.objects.get(state=IntakeState.WAITING, details__email=f"asker-{number}@{number}.example.com")


def use_up(network: int = 1) -> None:
    """As many from a network as are taken at once."""
    for number in range(AT_ONCE_OF_NETWORK):
        assert send(900 + 10 * network + number, network=network).status_code == 302
    assert not Intake.objects.filter(state=IntakeState.WAITING).exists()


def link_to(intake: Intake) -> str:
    """The path of the link in its mail."""
    found = search(r"http://testserver(/calls/\S+/confirm/)", Message.objects.get(about=intake.topic).text)
    assert found
    return found[1]
