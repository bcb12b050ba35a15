"""What happens at the door is in the log and in a trail that staff read and nobody changes."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from advisor.accounts.data_policy import LOGINS
from advisor.accounts.models import Kind, KnownBrowser, LoginEvent
from advisor.accounts.throttle import MAX_OF_NAME, MAX_OF_NETWORK
from tests.accounts.entering import WRONG, enter
from tests.clock import NOW
from tests.content.admin_pages import read_admin
from tests.tracing import traces

pytestmark = pytest.mark.django_db

TRAIL = "/admin/accounts/loginevent/"


def trail() -> list[tuple[str, str, int]]:
    """What happened to which account, and how often, in order."""
    return list(LoginEvent.objects.order_by("pk").values_list("kind", "name", "times"))


def test_logins_failures_and_logouts_are_written_down(
    visitor: Client, colleague: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "advisor.accounts")
    enter(visitor, "colleague", WRONG)
    enter(visitor, "colleague")
    visitor.post("/admin/logout/")

    assert trail() == [("failed", "colleague", 1), ("logged-in", "colleague", 1), ("logged-out", "colleague", 1)]
    failed, entered, left = [record.getMessage() for record in caplog.records if "advisor.accounts" in record.name]
    assert failed.startswith(f"Failed to log in: account {colleague.pk}, network ")
    assert entered.startswith(f"Logged in: account {colleague.pk}, network ")
    assert left.startswith(f"Logged out: account {colleague.pk}, network ")


def test_a_lock_is_one_line_and_all_refusals_after_it_another(
    visitor: Client, colleague: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(MAX_OF_NAME + 5):
        enter(visitor, "colleague", WRONG, network=f"203.0.113.{number}")

    assert trail()[MAX_OF_NAME:] == [("locked", "colleague", 1), ("refused", "colleague", 4)]
    assert [record.getMessage() for record in caplog.records if "Locked" in record.getMessage()] == [
        f"Locked for a while: account {colleague.pk}, any network. Too many failures of this name."
    ]


def test_a_program_with_a_thousand_names_fills_no_table(visitor: Client) -> None:
    for number in range(MAX_OF_NETWORK + 100):
        enter(visitor, f"somebody-{number}", WRONG)

    assert trail()[MAX_OF_NETWORK:] == [("locked", "", 1), ("refused", "", 99)]


def test_what_was_typed_for_a_name_is_not_kept(
    visitor: Client, colleague: Any, caplog: pytest.LogCaptureFixture
) -> None:
    enter(visitor, "my-password-in-the-wrong-field", WRONG)

    assert trail() == [("failed", "", 1)]
    assert traces("my-password-in-the-wrong-field", WRONG, "198.51.100.7") == {}
    assert "my-password" not in caplog.text


def test_an_account_that_is_no_staff_fails(visitor: Client) -> None:
    get_user_model().objects.create_user("outsider", password=WRONG)

    answer = enter(visitor, "outsider", WRONG)

    assert answer.status_code == 200
    assert trail() == [("failed", "outsider", 1)]


def test_owners_read_it_and_change_nothing(visitor: Client, owner: Client, colleague: Any) -> None:
    enter(visitor, "colleague", WRONG)
    enter(visitor, "nobody", WRONG)
    event = LoginEvent.objects.get(name="colleague")

    page = read_admin(owner, TRAIL)
    one = read_admin(owner, f"{TRAIL}{event.pk}/change/")
    statuses = {
        owner.post(f"{TRAIL}{event.pk}/change/", {"kind": Kind.LOGGED_IN}).status_code,
        owner.post(f"{TRAIL}{event.pk}/delete/", {"post": "yes"}).status_code,
        owner.post(f"{TRAIL}add/", {"kind": Kind.LOGGED_IN}).status_code,
    }

    assert "No such account" in page.text("table[@id='result_list']")
    assert "network " in page.text("table[@id='result_list']")
    assert one.all("input[@name='_save']") == []
    assert statuses == {403}
    assert LoginEvent.objects.filter(kind=Kind.FAILED).count() == 2


@pytest.mark.parametrize("who", ["superuser"])
def test_not_even_who_may_do_everything_changes_it(visitor: Client, who: str, request: Any) -> None:
    client: Client = request.getfixturevalue(who)
    enter(visitor, "nobody", WRONG)
    event = LoginEvent.objects.get(kind=Kind.FAILED)

    deleted = client.post(TRAIL, {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"})

    assert LoginEvent.objects.filter(pk=event.pk).exists()
    assert deleted.status_code in {200, 302, 403}


@pytest.mark.parametrize("who", ["sales", "editor", "publisher", "staff"])
def test_others_do_not_read_it(who: str, request: Any) -> None:
    client: Client = request.getfixturevalue(who)

    assert client.get(TRAIL).status_code == 403


def test_the_trail_of_an_account_outlives_it(visitor: Client, colleague: Any) -> None:
    enter(visitor, "colleague")

    colleague.delete()

    assert trail() == [("logged-in", "colleague", 1)]
    assert not KnownBrowser.objects.exists()


def test_it_is_kept_for_as_long_as_is_said(visitor: Client, colleague: Any, settings: Settings) -> None:
    settings.KEEP_LOGINS_DAYS = 30
    enter(visitor, "colleague")
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        enter(visitor, "colleague", WRONG)

    now = NOW + timedelta(days=31)
    removed = [rule.remove(rule.due(rule.cutoff(now))) for rule in LOGINS.rules]

    assert removed == [1, 1]
    assert trail() == [("failed", "colleague", 1)]
