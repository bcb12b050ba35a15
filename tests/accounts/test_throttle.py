"""Passwords cannot be guessed, guessing costs the site nothing, and nobody is locked out by it who was in before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock, patch

import pytest
import time_machine
from django.contrib.auth.backends import ModelBackend
from django.test import Client
from pytest_django import Settings

from advisor.accounts import throttle
from advisor.accounts.models import Kind, KnownBrowser, LoginEvent
from advisor.accounts.throttle import MAX_OF_BROWSER, MAX_OF_NAME, MAX_OF_NETWORK, WINDOW
from tests.accounts.entering import PASSWORD, WRONG, enter, is_in, reason
from tests.assessment.reading import Page
from tests.clock import NOW
from tests.conftest import new_client
from tests.content.refusing import log_in, missing, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("colleague")]


@pytest.fixture
def judged() -> Iterator[Mock]:
    """Called once for each password that is looked at."""
    with patch.object(ModelBackend, "authenticate", autospec=True, side_effect=ModelBackend.authenticate) as judged:
        yield judged


def fail(client: Client, times: int, name: str = "colleague", *, network: str = "198.51.100.7") -> Any:
    """The answer to the last of several wrong passwords."""
    return [enter(client, name, WRONG, network=network) for _ in range(times)][-1]


def names(number: int) -> Iterator[str]:
    yield from (f"somebody-{each}" for each in range(number))


def test_after_ten_wrong_passwords_none_is_looked_at(attacker: Client, judged: Mock) -> None:
    last = fail(attacker, MAX_OF_NAME)
    refused = enter(attacker, "colleague")

    assert judged.call_count == MAX_OF_NAME
    assert "Please enter the correct username and password" in reason(last)
    assert "too many attempts" in reason(refused)
    assert not is_in(attacker)


def test_the_refusal_says_when_to_try_again_and_that_is_so(attacker: Client) -> None:
    with time_machine.travel(NOW - timedelta(minutes=4), tick=False):
        fail(attacker, MAX_OF_NAME)
    refused = enter(attacker, "colleague")
    with time_machine.travel(NOW + timedelta(minutes=12), tick=False):
        entered = enter(attacker, "colleague")

    # 11:56 and fifteen minutes, and the minute in which they end.
    assert "after 12:12 UTC, in 12 minutes" in reason(refused)
    assert entered.status_code == 302


def test_refusals_do_not_make_a_lock_longer(attacker: Client) -> None:
    fail(attacker, MAX_OF_NAME)
    with time_machine.travel(NOW + WINDOW - timedelta(seconds=1), tick=False):
        fail(attacker, 5)
    with time_machine.travel(NOW + WINDOW, tick=False):
        entered = enter(attacker, "colleague")

    assert entered.status_code == 302


def test_a_name_is_guarded_from_guesses_of_many_networks(attacker: Client, judged: Mock) -> None:
    for number in range(MAX_OF_NAME):
        fail(attacker, 1, network=f"203.0.113.{number}")
    refused = enter(attacker, "Colleague", network="203.0.113.200")

    assert "too many attempts" in reason(refused)
    assert judged.call_count == MAX_OF_NAME


def test_a_network_is_guarded_from_guesses_with_many_names(attacker: Client, judged: Mock) -> None:
    for name in names(MAX_OF_NETWORK):
        fail(attacker, 1, name)
    refused = enter(attacker, "colleague")
    elsewhere = enter(new_client(), "colleague", network="203.0.113.9")

    assert "too many attempts" in reason(refused)
    assert judged.call_count == MAX_OF_NETWORK + 1
    assert elsewhere.status_code == 302


def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(attacker: Client) -> None:
    answers = [reason(fail(attacker, times, name)) for name in ("colleague", "nobody") for times in (MAX_OF_NAME, 1)]

    assert answers[:2] == answers[2:]


def test_who_was_in_before_gets_in_while_others_guess(attacker: Client) -> None:
    browser = new_client()
    enter(browser, "colleague")
    browser.post("/admin/logout/")
    for name in ("colleague", *names(MAX_OF_NETWORK)):
        fail(attacker, MAX_OF_NAME if name == "colleague" else 1, name)

    entered = enter(browser, "colleague")

    assert "too many attempts" in reason(enter(attacker, "colleague"))
    assert entered.status_code == 302
    assert is_in(browser)


def test_a_browser_that_is_known_has_a_limit_of_its_own(attacker: Client, judged: Mock) -> None:
    browser = new_client()
    enter(browser, "colleague")
    browser.post("/admin/logout/")

    fail(browser, MAX_OF_BROWSER)
    refused = enter(browser, "colleague")
    elsewhere = enter(new_client(), "colleague")

    assert "too many attempts" in reason(refused)
    assert judged.call_count == MAX_OF_BROWSER + 2
    assert elsewhere.status_code == 302


def test_a_browser_is_known_to_those_alone_who_were_in(attacker: Client, django_user_model: Any) -> None:
    django_user_model.objects.create_superuser("another", password=PASSWORD)
    browser = new_client()
    enter(browser, "another")
    browser.post("/admin/logout/")
    fail(attacker, MAX_OF_NAME)

    refused = enter(browser, "colleague")

    assert "too many attempts" in reason(refused)


def test_a_made_up_cookie_makes_no_browser_known(attacker: Client) -> None:
    attacker.cookies["browser"] = "a-token-that-somebody-chose"
    enter(attacker, "colleague")

    assert attacker.cookies["browser"].value != "a-token-that-somebody-chose"
    assert KnownBrowser.objects.count() == 1


def test_attempts_that_are_being_judged_count_already(attacker: Client, colleague: Any) -> None:
    """Each is written down as a failure before its password is looked at."""
    seen: list[int] = []

    def judge(*_: Any, **__: Any) -> None:
        seen.append(LoginEvent.objects.filter(kind=Kind.FAILED).count())

    with patch.object(ModelBackend, "authenticate", judge):
        fail(attacker, 2)

    assert seen == [1, 2]


def test_of_many_at_the_same_moment_no_more_are_judged(
    attacker: Client, judged: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = throttle._closed_until

    def as_ten_others_come(attempt: LoginEvent, now: datetime, *, itself: int = 0) -> Any:
        found = look(attempt, now, itself=itself)
        if not itself:
            rivals = [
                LoginEvent(at=now, kind=Kind.FAILED, name_hash=attempt.name_hash, network="")
                for _ in range(MAX_OF_NAME)
            ]
            LoginEvent.objects.bulk_create(rivals)
        return found

    monkeypatch.setattr(throttle, "_closed_until", as_ten_others_come)

    refused = enter(attacker, "colleague")

    assert "too many attempts" in reason(refused)
    assert judged.call_count == 0
    assert LoginEvent.objects.filter(kind=Kind.FAILED).count() == MAX_OF_NAME


def test_failures_that_another_machine_wrote_a_moment_ahead_count(attacker: Client, judged: Mock) -> None:
    with time_machine.travel(NOW + timedelta(seconds=30), tick=False):
        fail(attacker, MAX_OF_NAME)
    judged.reset_mock()

    refused = fail(attacker, 1)

    assert "too many attempts" in reason(refused)
    assert judged.call_count == 0


def test_failures_that_a_wrong_clock_wrote_into_the_future_lock_nobody_out(attacker: Client) -> None:
    with time_machine.travel(NOW + timedelta(days=900), tick=False):
        fail(attacker, MAX_OF_NAME)

    assert enter(attacker, "colleague").status_code == 302


def test_what_was_typed_outlives_a_refused_login(attacker: Client) -> None:
    target = "/admin/leads/tag/add/"
    fail(attacker, MAX_OF_NAME, network="127.0.0.1")
    asked = post(attacker, target, [("name", "Urgent")])

    refused = log_in(attacker, asked, target, name="colleague")
    with time_machine.travel(NOW + WINDOW, tick=False):
        shown = log_in(attacker, refused, target, name="colleague")

    assert "too many attempts" in Page(refused, strict=False).text("div[@role='alert']")
    assert not missing(shown, [("name", "Urgent")], target)
    assert "browser" in shown.cookies


@pytest.mark.parametrize("is_https", [True, False])
def test_the_cookie_goes_to_pages_of_staff_alone(attacker: Client, settings: Settings, *, is_https: bool) -> None:
    settings.SESSION_COOKIE_SECURE = is_https
    before = attacker.get("/admin/login/")
    failed = fail(attacker, 1)

    cookie = enter(attacker, "colleague").cookies["browser"]

    assert "browser" not in before.cookies
    assert "browser" not in failed.cookies
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    assert bool(cookie["secure"]) == is_https
    assert not KnownBrowser.objects.filter(token_hash=cookie.value).exists()
