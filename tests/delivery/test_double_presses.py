"""Buttons of endpoints and messages that are pressed twice, as by a double press without scripts, act once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import Settings

from advisor.delivery.models import Endpoint, Message, State
from tests.assessment.reading import text_of
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.delivery.receiver import Receiver, make_endpoint
from tests.delivery.writing import NOON, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _receivers_are_here(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


def press_twice(client: Client, thing: Endpoint | Message, words: str) -> str:
    """What is said after a button was pressed twice on one and the same page."""
    page = read_admin(client, admin_address(thing))
    (button,) = [button for button in page.all("form//button") if text_of(button) == words]
    hidden = {field.attrib["name"]: field.get("value", "") for field in page.all("form//input[@type='hidden']")}
    for _ in range(2):
        client.post(admin_address(thing), hidden | {button.attrib["name"]: button.attrib["value"]})
    return read_admin(client, admin_address(thing)).text("ul[@class='messagelist']")


def test_the_secret_that_receivers_know_goes_on_to_hold(superuser: Client) -> None:
    endpoint = make_endpoint()
    known = endpoint.secret

    said = press_twice(superuser, endpoint, "Make a new secret")

    endpoint.refresh_from_db()
    assert "has a new secret" in said
    assert endpoint.old_secret == known
    assert LogEntry.objects.filter(change_message="Made a new secret.").count() == 1


def test_it_is_made_anew_again_from_a_page_that_shows_it(superuser: Client) -> None:
    endpoint = make_endpoint()
    press_twice(superuser, endpoint, "Make a new secret")
    endpoint.refresh_from_db()
    first = endpoint.secret

    press_twice(superuser, endpoint, "Make a new secret")

    endpoint.refresh_from_db()
    assert endpoint.old_secret == first


def test_one_test_is_sent(superuser: Client) -> None:
    with Receiver() as receiver:
        endpoint = make_endpoint(receiver)

        said = press_twice(superuser, endpoint, "Send a test")

    assert "The test was sent once" in said
    assert len(receiver.requests) == 1


def test_a_message_that_has_gone_out_meanwhile_is_not_sent_a_third_time(sales: Client) -> None:
    message = write()
    page = read_admin(sales, admin_list(Message))
    hidden = {field.attrib["name"]: field.get("value", "") for field in page.all("form//input[@type='hidden']")}
    sent = hidden | {"action": "send_again", "_selected_action": str(message.pk), "index": "0"}

    sales.post(admin_list(Message), sent)
    Message.objects.update(state=State.SENT, sent_at=NOON)
    sales.post(admin_list(Message), sent)

    assert Message.objects.get().state == State.SENT
    assert LogEntry.objects.filter(change_message="Sent again.").count() == 1
