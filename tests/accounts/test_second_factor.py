"""A code beside the password: set up at the first login, asked for at each other, with a way back in."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from advisor.accounts.models import Kind, KnownBrowser, LoginEvent, RecoveryCode
from advisor.accounts.second_factor import NUMBER_OF_CODES
from advisor.accounts.throttle import MAX_OF_NAME
from advisor.delivery.models import Message
from tests.accounts.app import code
from tests.accounts.entering import PASSWORD, WRONG, enter, is_in, reason
from tests.assessment.reading import Form, Page
from tests.clock import CLOCK, NOW
from tests.conftest import new_client
from tests.content.refusing import missing, post
from tests.environment import ROOT, for_a_process
from tests.tracing import traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("colleague")]

SET_UP = "/admin/second-factor/set-up/"
OVERVIEW = "/admin/second-factor/"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _asked_for(settings: Settings) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def desk() -> Client:
    """The browser that the colleague works in."""
    return new_client()


@pytest.fixture
def key(desk: Client, colleague: Any) -> str:
    """Of the app that the colleague has set up, in a browser that they are still logged in with."""
    with time_machine.travel(NOW, tick=False):
        enter(desk, "colleague")
        key = key_on(read(desk, SET_UP))
        desk.post(SET_UP, {"code": code(key, NOW)})
    return key


@pytest.fixture
def later() -> Iterator[None]:
    """Time has passed, and the app shows another code."""
    with time_machine.travel(LATER, tick=False):
        yield


def read(client: Client, address: str) -> Page:
    return Page(client.get(address), address, strict=False)


def key_on(page: Page) -> str:
    return page.text("div[@id='content-main']//p/code")


def codes_on(answer: Any) -> list[str]:
    return Page(answer, strict=False).texts("ul[@class='codes']/li")


def enter_with(client: Client, proof: str, password: str = PASSWORD) -> Any:
    return client.post("/admin/login/", {"username": "colleague", "password": password, "code": proof})


def test_the_first_login_leads_to_setting_it_up_and_nothing_else_opens(desk: Client) -> None:
    entered = desk.post(
        "/admin/login/?next=/admin/leads/lead/",
        {"username": "colleague", "password": PASSWORD, "next": "/admin/leads/lead/"},
        follow=True,
    )
    page = Page(entered, strict=False)

    assert entered.redirect_chain[-1][0] == f"{SET_UP}?next=%2Fadmin%2Fleads%2Flead%2F"
    assert page.one("div[@class='qr']/svg") is not None
    assert not is_in(desk)
    assert "Log in again" in desk.post("/admin/leads/tag/add/", {"name": "Urgent"}).content.decode()


def test_a_right_code_opens_the_admin_and_shows_recovery_codes_once(desk: Client) -> None:
    enter(desk, "colleague")
    key = key_on(read(desk, SET_UP))

    wrong = desk.post(SET_UP, {"code": "000000"})
    with time_machine.travel(LATER, tick=False):
        done = desk.post(f"{SET_UP}?next=/admin/leads/lead/", {"code": code(key, LATER)})
        shown, page = codes_on(done), read(desk, OVERVIEW)

    assert "not the code of this key" in reason(wrong)
    assert len(set(shown)) == NUMBER_OF_CODES
    assert Page(done, strict=False).one("div[@id='content-main']//a").get("href") == "/admin/leads/lead/"
    assert is_in(desk)
    assert "10 recovery codes left" in page.text("div[@id='content-main']")
    assert traces(shown[0], shown[0].replace("-", "")) == {}


@pytest.mark.usefixtures("key", "later")
@pytest.mark.parametrize("proof", ["", "000000", "aaaa-bbbb-cccc-dddd", "１２３４５６"])
def test_a_password_alone_is_not_enough_and_the_answer_does_not_say_that_it_was_right(proof: str) -> None:
    client = new_client()

    answers = {reason(enter_with(client, proof, password)) for password in (PASSWORD, WRONG)}

    assert len(answers) == 1
    assert not is_in(client)
    assert LoginEvent.objects.filter(kind="failed").count() == 2


@pytest.mark.usefixtures("later")
def test_the_code_of_the_app_is_enough_once(key: str) -> None:
    first, second = new_client(), new_client()
    now = code(key, LATER)

    entered, again = enter_with(first, f" {now[:3]} {now[3:]} "), enter_with(second, now)

    assert entered.status_code == 302
    assert is_in(first)
    assert "is not right" in reason(again)


@pytest.mark.usefixtures("later")
def test_wrong_codes_use_up_the_attempts(key: str) -> None:
    client = new_client()
    for _ in range(MAX_OF_NAME):
        enter_with(client, "000000")

    assert "too many attempts" in reason(enter_with(client, code(key, LATER)))


@pytest.mark.usefixtures("key", "later")
def test_a_recovery_code_is_enough_once_and_says_how_many_are_left(desk: Client) -> None:
    codes = codes_on(desk.post(OVERVIEW))
    client = new_client()

    entered = client.post(
        "/admin/login/",
        {"username": "colleague", "password": PASSWORD, "code": codes[3].upper(), "next": "/admin/"},
        follow=True,
    )
    again = enter_with(new_client(), codes[3])

    assert "You have 9 recovery codes left" in Page(entered, strict=False).text("ul[@class='messagelist']")
    assert "is not right" in reason(again)
    assert LoginEvent.objects.filter(kind="logged-in", detail="With a recovery code.").exists()


@pytest.mark.usefixtures("later", "key")
def test_new_recovery_codes_replace_the_old_ones(desk: Client) -> None:
    old, new = codes_on(desk.post(OVERVIEW)), codes_on(desk.post(OVERVIEW))

    assert enter_with(new_client(), old[0]).status_code == 200
    assert enter_with(new_client(), new[0]).status_code == 302
    assert RecoveryCode.objects.count() == NUMBER_OF_CODES


@pytest.mark.usefixtures("later")
def test_another_app_replaces_the_first_when_its_code_was_right(desk: Client, key: str) -> None:
    other = key_on(read(desk, SET_UP))
    while_both = enter_with(new_client(), code(key, LATER)).status_code
    desk.post(SET_UP, {"code": code(other, LATER)})
    after = LATER + timedelta(minutes=5)
    with time_machine.travel(after, tick=False):
        new, old = enter_with(new_client(), code(other, after)), enter_with(new_client(), code(key, after))

    assert other != key
    assert while_both == 302
    assert (old.status_code, new.status_code) == (200, 302)
    assert TOTPDevice.objects.count() == 1


@pytest.mark.usefixtures("key", "later")
def test_who_knows_the_password_alone_cannot_set_up_an_app_of_their_own() -> None:
    client = new_client()
    enter_with(client, "")

    opened, sent = client.get(SET_UP), client.post(SET_UP, {"code": "000000"})

    assert opened["Location"] == f"/admin/login/?next={SET_UP}"
    assert Page(sent, strict=False).one("form[@id='login-form']") is not None
    assert TOTPDevice.objects.count() == 1


def test_who_looked_at_a_key_before_its_owner_does_not_know_the_codes(desk: Client) -> None:
    intruder = new_client()
    enter(intruder, "colleague")
    seen = key_on(read(intruder, SET_UP))
    enter(desk, "colleague")
    key = key_on(read(desk, SET_UP))

    desk.post(SET_UP, {"code": code(key, NOW)})

    assert seen != key
    with time_machine.travel(LATER, tick=False):
        assert enter_with(new_client(), code(key, LATER)).status_code == 302
        assert enter_with(new_client(), code(seen, LATER)).status_code == 200


def test_a_code_that_is_too_long_is_no_login(desk: Client) -> None:
    refused = enter_with(desk, "1" * 41)

    assert refused.status_code == 200
    assert not LoginEvent.objects.filter(kind=Kind.LOGGED_IN).exists()
    assert not KnownBrowser.objects.exists()


def test_a_session_from_before_it_was_asked_for_is_not_enough(desk: Client, colleague: Any, settings: Settings) -> None:
    settings.SECOND_FACTOR = False
    enter(desk, "colleague")
    TOTPDevice.objects.create(user=colleague, confirmed=True)
    settings.SECOND_FACTOR = True

    assert not is_in(desk)
    assert desk.get(SET_UP).status_code == 302


@pytest.mark.usefixtures("later")
def test_a_form_is_kept_through_a_login_with_a_code(desk: Client, key: str) -> None:
    target = "/admin/leads/tag/add/"
    desk.session.flush()
    asked = post(desk, target, [("name", "Urgent")])
    login = Form(Page(asked, target, strict=False).one("form[@id='login-form']"), target)
    typed = {"log-in-username": "colleague", "log-in-password": PASSWORD}

    refused = post(desk, target, login.pairs(typed | {"log-in-code": ""}))
    shown = post(desk, target, login.pairs(typed | {"log-in-code": code(key, LATER)}))

    assert "is not right" in Page(refused, strict=False).text("div[@role='alert']")
    assert not missing(shown, [("name", "Urgent")], target)
    assert is_in(desk)


def test_a_kept_form_waits_until_it_was_set_up(desk: Client) -> None:
    target = "/admin/leads/tag/add/"
    asked = post(desk, target, [("name", "Urgent")])
    login = Form(Page(asked, target, strict=False).one("form[@id='login-form']"), target)

    refused = post(desk, target, login.pairs({"log-in-username": "colleague", "log-in-password": PASSWORD}))

    assert "Set it up first" in Page(refused, strict=False).text("div[@role='alert']")
    assert not missing(refused, [("name", "Urgent")], target)
    assert not is_in(desk)


def test_a_form_with_another_token_changes_nothing(colleague: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(colleague)

    shown = client.post(SET_UP, {"code": "000000"})

    assert "Nothing was done yet" in Page(shown, strict=False).text("ul[@class='messagelist']")
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def command(*words: str) -> str:
    out = StringIO()
    call_command("secondfactor", *words, stdout=out)
    return out.getvalue().strip()


@pytest.mark.usefixtures("key")
def test_the_command_line_lets_somebody_in_again() -> None:
    before = command()
    removed = command("colleague", "--remove")
    client = new_client()
    enter(client, "colleague")
    opened = client.get(SET_UP).status_code

    assert before == "colleague: an app, recovery codes left: 10"
    assert removed == "colleague: removed; the next login sets up a new one"
    assert command("colleague") == "colleague: no second factor"
    assert command("colleague", "--remove") == "colleague: there was no second factor"
    assert opened == 200
    assert LoginEvent.objects.filter(detail="Removed on the command line.", name="colleague").count() == 1


@pytest.mark.parametrize(("words", "why"), [(["nobody"], "No account is named"), (["--remove"], "Say whose")])
def test_the_command_line_says_what_is_missing(words: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        command(*words)


@pytest.mark.usefixtures("key")
def test_what_changes_it_is_in_the_trail(desk: Client) -> None:
    desk.post(OVERVIEW)

    changes = LoginEvent.objects.filter(kind="second-factor").order_by("pk").values_list("name", "detail")

    assert list(changes) == [
        ("colleague", "An app was set up."),
        ("colleague", "New recovery codes were made."),
    ]
    assert Message.objects.filter(to="colleague@example.com").count() == 2


def test_keys_are_on_no_page_of_the_admin() -> None:
    assert TOTPDevice not in admin.site._registry


def test_where_it_is_off_nobody_is_asked(desk: Client, settings: Settings) -> None:
    settings.SECOND_FACTOR = False

    login = read(desk, "/admin/login/")
    enter(desk, "colleague")

    assert login.all("input[@name='code']") == []
    assert is_in(desk)
    assert {desk.get(address).status_code for address in (SET_UP, OVERVIEW)} == {404}


@pytest.mark.parametrize(
    ("stated", "asked"),
    [
        ({"SITE_URL": "https://advisor.example.com"}, True),
        ({"SITE_URL": "https://advisor.example.com", "SECOND_FACTOR": "off"}, False),
        ({"SITE_URL": "http://127.0.0.1:8000"}, False),
        ({"SITE_URL": "http://127.0.0.1:8000", "SECOND_FACTOR": "on"}, True),
    ],
)
def test_it_is_asked_for_where_the_site_speaks_https(stated: dict[str, str], *, asked: bool) -> None:
    program = "from advisor import settings; print(settings.SECOND_FACTOR)"
    environment = for_a_process(**stated) | CLOCK.environment()

    said = subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=ROOT, capture_output=True)

    assert said.stdout.decode().strip() == str(asked)
