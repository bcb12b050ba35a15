"""A passkey in place of the code: added by who is in, good for this site, for this account and once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from pytest_django import Settings

from advisor.accounts import passkeys
from advisor.accounts.forms import OPEN_TOO_LONG
from advisor.accounts.models import LoginEvent, Passkey
from advisor.accounts.sessions import FRESH
from advisor.delivery.models import Message
from tests.accounts.app import code
from tests.accounts.device import Device, encoded
from tests.accounts.entering import PASSWORD, enter, is_in, reason
from tests.accounts.test_second_factor import OVERVIEW, SET_UP, codes_on, command, key_on, read
from tests.assessment.reading import Page
from tests.clock import NOW
from tests.conftest import new_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("colleague")]

ORIGIN = "https://testserver"
MINE = "/admin/second-factor/passkeys/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _site_with_https(settings: Settings) -> None:
    settings.SECOND_FACTOR, settings.SITE_URL, settings.HTTPS = True, ORIGIN, True


@pytest.fixture
def desk() -> Client:
    """The browser that the colleague works in, with an app that is set up."""
    client = new_client()
    enter(client, "colleague")
    client.post(SET_UP, {"code": code(key_on(read(client, SET_UP)), NOW)})
    return client


@pytest.fixture
def device(desk: Client) -> Device:
    """A device with a passkey of the colleague."""
    made = Device()
    desk.post(MINE, {"name": "Telephone", "answer": made.make(options_on(desk, MINE), origin=ORIGIN)})
    assert Passkey.objects.exists()
    return made


def options_on(client: Client, address: str) -> str:
    """What a page hands to the browser."""
    (place,) = (one for one in read(client, address).all("*[@data-passkey]"))
    return str(place.get("data-passkey"))


def enter_with(answer: str, name: str = "colleague", client: Client | None = None) -> Any:
    typed = {"username": name, "password": PASSWORD, "code": "", "passkey": answer}
    return (client or new_client()).post("/admin/login/", typed)


def test_it_is_added_used_in_place_of_the_code_and_removed(desk: Client, device: Device) -> None:
    client = new_client()
    with time_machine.travel(NOW + MINUTE, tick=False):
        entered = enter_with(device.use(options_on(client, "/admin/login/"), origin=ORIGIN), client=client)
        page = read(client, MINE)

    assert entered.status_code == 302
    assert is_in(client)
    used = page.text("ul[@class='sessions']/li/p")
    assert used == "Telephone Added on 27 November 2026, last used on 27 November 2026, 12:01 UTC"

    removed = desk.post(MINE, {"remove": str(Passkey.objects.get().pk)}, follow=True)
    with time_machine.travel(NOW + 2 * MINUTE, tick=False):
        refused = enter_with(device.use(options_on(new_client(), "/admin/login/"), origin=ORIGIN))

    assert "Delete it on its device as well" in Page(removed, strict=False).text("ul[@class='messagelist']")
    assert "is not right" in reason(refused)
    details = LoginEvent.objects.order_by("pk").values_list("detail", flat=True)
    assert [words for words in details if "passkey" in words] == [
        "A passkey was added.",
        "With a passkey.",
        "A passkey was removed.",
    ]
    assert Message.objects.filter(to="colleague@example.com", text__contains="a passkey was").count() == 2


def forged(options: str) -> str:
    """The same page with a challenge that nobody here has signed."""
    return json.dumps(json.loads(options) | {"challenge": encoded(signing.dumps([1], key="x").encode())})


def in_time(device: Device, options: str) -> str:
    return device.use(options, origin=ORIGIN)


WRONG: dict[str, Callable[[Device, str], str]] = {
    "from another site": lambda device, options: device.use(options, origin="https://testserver.example.com"),
    "a challenge of nobody": lambda device, options: device.use(forged(options), origin=ORIGIN),
    "another key": lambda device, options: with_other_key(device).use(options, origin=ORIGIN),
    "one that counts back": lambda device, options: counting_back(device).use(options, origin=ORIGIN),
    "no passkey": lambda device, options: "yes",
    "another thing": lambda device, options: '{"id": [], "response": {"clientDataJSON": 7}}',
    "deep": lambda device, options: "[" * 100_000,
    "no text": lambda device, options: device.use(options, origin=ORIGIN).replace('"signature": "', '"signature": "é'),
}


def with_other_key(device: Device) -> Device:
    other = Device()
    other.id = device.id
    return other


def counting_back(device: Device) -> Device:
    Passkey.objects.update(sign_count=7)
    return device


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_this_passkey_for_this_site_is_a_failure(
    device: Device, wrong: Callable[[Device, str], str]
) -> None:
    with time_machine.travel(NOW + MINUTE, tick=False):
        answer = wrong(device, options_on(new_client(), "/admin/login/"))
        refused = enter_with(answer)

    assert "is not right" in reason(refused)
    assert LoginEvent.objects.filter(kind="failed").count() == 1
    assert answer not in refused.content.decode()


def test_an_answer_is_good_once_and_for_a_quarter_of_an_hour(device: Device) -> None:
    device.step = 0
    with time_machine.travel(NOW + MINUTE, tick=False):
        early, late = (options_on(new_client(), "/admin/login/") for _ in range(2))
        answer = device.use(early, origin=ORIGIN)
        once, again = enter_with(answer), enter_with(answer)
    with time_machine.travel(NOW + MINUTE + passkeys.CHALLENGE_AGE, tick=False):
        too_late = enter_with(device.use(late, origin=ORIGIN))

    assert once.status_code == 302
    assert "is not right" in reason(again)
    assert reason(too_late) == OPEN_TOO_LONG


def test_it_is_good_for_its_account_alone_and_for_what_it_was_asked_for(desk: Client, device: Device) -> None:
    get_user_model().objects.create_superuser("another", "another@example.com", PASSWORD)
    other = new_client()
    enter(other, "another")
    other.post(SET_UP, {"code": code(key_on(read(other, SET_UP)), NOW)})
    to_add = json.loads(options_on(desk, MINE))

    with time_machine.travel(NOW + MINUTE, tick=False):
        as_another = enter_with(in_time(device, options_on(new_client(), "/admin/login/")), "another")
        by_another_page = enter_with(in_time(device, json.dumps(to_add | {"rpId": "testserver"})))
        twice = other.post(MINE, {"name": "x", "answer": device.make(options_on(other, MINE), origin=ORIGIN)})
        theirs = other.post(MINE, {"name": "x", "answer": Device().make(json.dumps(to_add), origin=ORIGIN)})
        other.post(MINE, {"remove": str(Passkey.objects.get().pk)})

    assert "is not right" in reason(as_another)
    assert "is not right" in reason(by_another_page)
    for answer in (twice, theirs):
        assert "could not be taken" in answer.content.decode()
    assert Passkey.objects.get().account.username == "colleague"


def test_what_the_browser_did_not_make_is_said_and_the_name_stays(desk: Client) -> None:
    page = Page(desk.post(MINE, {"name": "Blue key", "answer": ""}), strict=False)

    assert "Your browser has made no passkey" in page.text("ul[@class='errorlist']")
    assert page.one("input[@name='name']").get("value") == "Blue key"
    assert page.text("h1") == "Error: Your passkeys"


def test_an_account_has_ten_at_most(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MAX_OF_ACCOUNT", 1)
    early = options_on(desk, MINE)
    for _ in range(2):
        desk.post(MINE, {"name": "x", "answer": Device().make(early, origin=ORIGIN)})

    assert Passkey.objects.count() == 1
    assert "as many as an account can have" in read(desk, MINE).text("div[@id='content-main']")


def test_an_open_screen_is_not_enough_to_add_one(desk: Client, device: Device) -> None:
    with time_machine.travel(NOW + FRESH + MINUTE, tick=False):
        page = read(desk, MINE)
        asked = desk.post(MINE, {"remove": str(Passkey.objects.get().pk)})

    assert page.all("form[@id='passkey-form']") == []
    assert page.one("input[@name='confirm']") is not None
    assert "Please confirm that it is you" in asked.content.decode()
    assert Passkey.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"SITE_URL": "https://other.example.com"},
        {"SITE_URL": "https://192.0.2.7"},
        {"HTTPS": False},
        {"SECOND_FACTOR": False},
    ],
    ids=lambda changed: " ".join(changed.values() if "SITE_URL" in changed else changed),
)
def test_where_browsers_could_use_none_nothing_is_said_of_them(
    desk: Client, settings: Settings, changed: dict[str, Any]
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)

    assert read(new_client(), "/admin/login/").all("*[@data-passkey]") == []
    assert desk.get(MINE).status_code == 404


def test_recovery_and_the_command_line_go_past_it(desk: Client, device: Device) -> None:
    codes = codes_on(desk.post("/admin/second-factor/"))
    entered = new_client().post("/admin/login/", {"username": "colleague", "password": PASSWORD, "code": codes[0]})
    removed = command("colleague", "--remove")

    assert entered.status_code == 302
    assert removed == "colleague: removed; the next login sets up a new one"
    assert not Passkey.objects.exists()


def test_a_code_that_was_typed_is_meant_whatever_a_browser_gives_back(desk: Client, device: Device) -> None:
    code = codes_on(desk.post(OVERVIEW))[0]
    with time_machine.travel(NOW + MINUTE, tick=False):
        used = in_time(device, options_on(new_client(), "/admin/login/"))
        again = {"username": "colleague", "password": PASSWORD, "passkey": used}
        first, second = enter_with(used), enter_with(used)
        with_code = new_client().post("/admin/login/", again | {"code": code})

    assert (first.status_code, with_code.status_code) == (302, 302)
    assert "is not right" in reason(second)
