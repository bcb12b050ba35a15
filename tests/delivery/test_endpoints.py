"""Endpoints as staff manage them, and what the rest of the admin says about them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from advisor.delivery.admin import EndpointAdmin
from advisor.delivery.models import Endpoint, Message, State
from advisor.delivery.webhooks.actions import switch_off
from tests.assessment.reading import Page, text_of
from tests.conftest import member_of
from tests.content.admin_pages import admin_address, admin_list, beside, read_admin, save_in_admin
from tests.delivery.receiver import Receiver, make_endpoint, says, verified
from tests.delivery.test_webhooks import tell
from tests.delivery.writing import NOON, send_due

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


@pytest.fixture(autouse=True)
def _receivers_are_here(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


def press(client: Client, endpoint: Endpoint, words: str) -> Page:
    """What comes after one of the buttons on an endpoint's page was pressed."""
    page = read_admin(client, admin_address(endpoint))
    (button,) = [button for button in page.all("form//button") if text_of(button) == words]
    hidden = {field.attrib["name"]: field.get("value", "") for field in page.all("form//input[@type='hidden']")}
    sent = client.post(admin_address(endpoint), hidden | {button.attrib["name"]: button.attrib["value"]})
    if sent.status_code == 302:
        return read_admin(client, admin_address(endpoint))
    return Page(sent, admin_address(endpoint), strict=False)


def said(page: Page) -> str:
    return page.text("ul[@class='messagelist']")


def test_a_new_endpoint_gets_a_secret_that_can_be_copied(superuser: Client) -> None:
    add = reverse("admin:delivery_endpoint_add")
    typed = {"name": "CRM", "address": "http://127.0.0.1:8080/hooks", "events": ["lead.created", "call.booked"]}

    answer = superuser.post(add, typed)

    endpoint = Endpoint.objects.get()
    assert answer["Location"] == admin_address(endpoint)
    page = read_admin(superuser, answer["Location"])
    assert endpoint.events == ["lead.created", "call.booked"]
    assert endpoint.secret in page.texts("code")
    assert endpoint.secret not in read_admin(superuser, admin_list(Endpoint)).html


def test_one_that_wants_nothing_is_refused(superuser: Client) -> None:
    page = save_in_admin(superuser, make_endpoint(), {"events": None})

    assert beside(page, "events") == "Please choose something for “Events”."


def test_the_button_that_enter_presses_saves(superuser: Client) -> None:
    endpoint = make_endpoint()

    buttons = read_admin(superuser, admin_address(endpoint)).all("form[@id='endpoint_form']//*[@name][@type='submit']")

    assert buttons[0].attrib["name"] == "_save"


def test_a_test_shows_the_answer_and_leaves_nothing_in_the_log(superuser: Client) -> None:
    with Receiver(says(202, b"Thank you <b>very</b> much")) as receiver:
        endpoint = make_endpoint(receiver)

        page = press(superuser, endpoint, "Send a test")

    (request,) = receiver.requests
    assert verified(request, endpoint.secret)["type"] == "test"
    assert "Accepted. It answered 202." in page.text("p[@role='status']")
    assert "Thank you <b>very</b> much" in page.text("details")
    assert not Message.objects.exists()


def test_a_test_that_fails_says_why(superuser: Client) -> None:
    with Receiver(says(301, Location="http://127.0.0.1/")) as receiver:
        page = press(superuser, make_endpoint(receiver), "Send a test")

    assert "Not accepted. It answered 301 and points elsewhere." in page.text("p[@role='status']")


def test_a_new_secret_is_shown_with_the_one_that_holds_for_another_day(superuser: Client) -> None:
    endpoint = make_endpoint()

    page = press(superuser, endpoint, "Make a new secret")

    old, new = endpoint.secret, Endpoint.objects.get().secret
    assert old != new
    assert {old, new} <= {*page.texts("code")}
    assert not [entry for entry in LogEntry.objects.all() if "whsec_" in f"{entry.object_repr}{entry.change_message}"]


def test_it_is_switched_off_and_on_and_what_failed_is_sent_again(superuser: Client) -> None:
    with Receiver() as receiver:
        endpoint = make_endpoint(receiver)
        tell()

        off, off_again = press(superuser, endpoint, "Switch off"), press(superuser, endpoint, "Switch off")
        too_early = press(superuser, endpoint, "Send again what failed")
        failed = Message.objects.get().state
        on, on_again = press(superuser, endpoint, "Switch on"), press(superuser, endpoint, "Switch on")
        again = press(superuser, endpoint, "Send again what failed")
        once_more = press(superuser, endpoint, "Send again what failed")

    assert "“CRM” gets no more webhooks." in said(off)
    assert "Switched off by chief." in off.text("div[@id='content']")
    assert "1 message" in off.text("div[@id='content']")
    assert "was already switched off" in said(off_again)
    assert "Switch it on first" in said(too_early)
    assert failed == State.FAILED
    assert "gets webhooks from now on" in said(on)
    assert "was already switched on" in said(on_again)
    assert "Going out to “CRM” within seconds: 1 message." in said(again)
    assert "No message to “CRM” has failed." in said(once_more)
    assert Message.objects.get().state == State.WAITING


@pytest.mark.parametrize("group", ["Editors", "Publishers", "Sales", "Owners"])
def test_no_group_sees_endpoints_or_secrets(group: str) -> None:
    endpoint, client = make_endpoint(), member_of(group)

    statuses = {client.get(address).status_code for address in (admin_list(Endpoint), admin_address(endpoint))}

    assert statuses == {403}


def test_who_may_look_at_endpoints_and_not_change_them_sees_no_secret(staff: Client) -> None:
    endpoint = make_endpoint()
    user = Endpoint._meta.apps.get_model("auth", "User").objects.get(username="staff")
    user.user_permissions.add(Permission.objects.get(codename="view_endpoint"))

    page = read_admin(staff, admin_address(endpoint))

    assert endpoint.address in page.html
    assert endpoint.secret not in page.html
    assert "Send a test" not in page.html


@pytest.mark.parametrize("group", ["sales", "superuser"])
def test_the_log_shows_a_webhook_with_request_and_answer(request: pytest.FixtureRequest, group: str) -> None:
    client: Client = request.getfixturevalue(group)
    with Receiver(says(500, b"<script>alert(1)</script>")) as receiver:
        endpoint = make_endpoint(receiver)
        tell()
        send_due()

    (row,) = read_admin(client, admin_list(Message)).texts("table[@id='result_list']/tbody/tr")
    page = read_admin(client, admin_address(Message.objects.get()))

    for words in ("CRM", "lead.created", "Waiting", "It answered 500."):
        assert words in row
    for words in ("webhook-signature: v1,", "<script>alert(1)</script>", '"version": 1', "Webhook"):
        assert words in page.text("div[@id='content']")
    assert "<script>alert(1)" not in page.html
    assert endpoint.secret not in page.html


def test_the_front_page_names_what_was_given_up_and_not_what_staff_switched_off(
    superuser: Client, sales: Client
) -> None:
    with Receiver(says(410)) as receiver:
        make_endpoint(receiver, name="Gone one")
        tell()
        send_due()
    press(superuser, make_endpoint(name="Paused one"), "Switch off")

    for client, links in ((superuser, 1), (sales, 0)):
        front = read_admin(client, INDEX)
        assert "The webhook endpoint" in said(front)
        assert "Gone one" in said(front)
        assert "It answered 410" in said(front)
        assert "Paused one" not in said(front)
        endpoint = Endpoint.objects.get(name="Gone one")
        assert len(front.all(f"ul[@class='messagelist']//a[@href='{admin_address(endpoint)}']")) == links


def test_an_endpoint_with_messages_stays_and_one_without_can_be_deleted(superuser: Client) -> None:
    used, unused = make_endpoint(), make_endpoint(name="Unused", events=["call.booked"])
    tell()

    for endpoint in (used, unused):
        superuser.post(admin_address(endpoint, "delete"), {"post": "yes"})

    assert [*Endpoint.objects.all()] == [used]


def test_a_page_that_was_opened_before_does_not_switch_on_again_what_a_worker_switched_off(superuser: Client) -> None:
    endpoint = make_endpoint()
    typed = {"name": "CRM", "address": endpoint.address, "events": ["call.booked"], "_save": "Save"}
    saved = EndpointAdmin.save_model

    def save_late(*arguments: object) -> None:
        switch_off(endpoint=endpoint, by="chief", now=NOON)
        saved(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EndpointAdmin, "save_model", save_late)
        superuser.post(admin_address(endpoint), typed)

    kept = Endpoint.objects.get()
    assert (kept.events, kept.is_active, kept.disabled_because) == (["call.booked"], False, "Switched off by chief.")


def test_from_the_log_nothing_is_sent_again_to_an_endpoint_that_is_off(superuser: Client) -> None:
    endpoint = make_endpoint()
    tell()
    switch_off(endpoint=endpoint, by="chief", now=NOON)
    message = Message.objects.get()

    superuser.post(admin_list(Message), {"action": "send_again", "_selected_action": [message.pk]})

    assert "was not sent again: the endpoint is switched off." in said(read_admin(superuser, admin_list(Message)))
    assert Message.objects.get().state == State.FAILED
