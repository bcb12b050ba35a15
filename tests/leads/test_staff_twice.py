"""A form of sales that is sent twice, as by a double press without scripts, does what it does once, and says so."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from advisor.leads.models import EventKind, Lead, Status
from tests.assessment.addresses import call
from tests.assessment.reading import Form
from tests.conftest import ANSWERS
from tests.content.admin_pages import admin_address, read_admin
from tests.leads.asking import ask

pytestmark = pytest.mark.usefixtures("published")

LIST = "/admin/leads/lead/"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def asked(visitor: Client) -> Lead:
    return ask(visitor, call(ANSWERS["fractional-cto"]))


def told(client: Client, address: str) -> str:
    return read_admin(client, address).text("ul[@class='messagelist']")


def send_twice(client: Client, address: str, which: str, changes: dict[str, str]) -> str:
    """What is said after the second of two that know nothing of each other."""
    form = Form(read_admin(client, address).one(f"form[{which}]"), address)
    form.send(client, changes)
    client.cookies.pop("messages", None)
    answer = form.send(client, changes)
    return told(client, answer["Location"])


def test_a_note_and_a_move_are_written_down_once_and_said_to_be_saved(sales: Client, asked: Lead) -> None:
    changes = {"note_kind": EventKind.NOTE.value, "note": "They need it by June.", "status": Status.CONTACTED.value}

    words = send_twice(sales, admin_address(asked), "@id='lead_form'", changes)

    assert "Saved." in words
    assert asked.events.filter(kind=EventKind.NOTE).count() == 1
    assert asked.events.filter(kind=EventKind.STATUS).count() == 1


def test_a_form_in_which_nothing_was_changed_says_so(sales: Client, asked: Lead) -> None:
    words = send_twice(sales, admin_address(asked), "@id='lead_form'", {})

    assert "Nothing was changed." in words


def test_a_card_of_the_board_is_moved_on_once(sales: Client, asked: Lead) -> None:
    words = send_twice(sales, f"{LIST}board/", f"@action='{LIST}{asked.pk}/move/'", {"status": Status.CONTACTED.value})

    assert "is Contacted now." in words
    assert asked.events.filter(kind=EventKind.STATUS).count() == 1


def test_many_are_worked_on_once(sales: Client, asked: Lead) -> None:
    changes = {"_selected_action": str(asked.pk), "action": f"status {Status.CONTACTED.value}"}

    words = send_twice(sales, LIST, "@id='changelist-form'", changes)

    assert "Done with 1 lead." in words
    assert asked.events.filter(kind=EventKind.STATUS).count() == 1


def test_two_are_merged_once(sales: Client, visitor: Client, asked: Lead) -> None:
    other = ask(visitor, call(ANSWERS["fractional-cto"]), email="other@example.com")
    address = f"{LIST}{asked.pk}/merge/?other={other.pk}"

    words = send_twice(sales, address, "@class='buttons'", {})

    assert "Merged." in words
    assert asked.events.filter(kind=EventKind.MERGED).count() == 1
