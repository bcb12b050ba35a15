"""Sessions end by themselves and by a button; their owner sees them, and hears of a login from a new browser."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.accounts.models import LoginEvent, StaffSession
from advisor.accounts.sessions import IDLE, SEEN_EVERY
from advisor.delivery.models import Message
from tests.accounts.entering import PASSWORD, enter, is_in
from tests.assessment.reading import Form, Page
from tests.clock import NOW
from tests.conftest import GUIDE, database_down, new_client
from tests.tracing import traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("colleague")]

SESSIONS = "/admin/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


def logged_in(agent: str = FIREFOX) -> Client:
    client = new_client()
    client.defaults["HTTP_USER_AGENT"] = agent
    enter(client, "colleague")
    return client


def read(client: Client) -> Page:
    return Page(client.get(SESSIONS), SESSIONS, strict=False)


def test_a_session_ends_two_hours_after_the_last_page() -> None:
    client = logged_in()
    used = NOW + IDLE - timedelta(minutes=1)
    with time_machine.travel(used, tick=False):
        still = is_in(client)
    with time_machine.travel(used + IDLE - timedelta(minutes=1), tick=False):
        after_use = is_in(client)
    with time_machine.travel(used + 2 * IDLE, tick=False):
        left_alone = is_in(client)

    assert (still, after_use, left_alone) == (True, True, False)


def test_a_session_ends_twelve_hours_after_its_login_however_much_it_is_used() -> None:
    client = logged_in()
    seen = []
    for hour in range(1, 13):
        with time_machine.travel(NOW + timedelta(hours=hour), tick=False):
            seen.append(is_in(client))

    assert seen == [True] * 11 + [False]


def test_what_has_ended_is_not_kept() -> None:
    logged_in()
    with time_machine.travel(NOW + IDLE + timedelta(minutes=1), tick=False):
        logged_in(SAFARI)

    assert StaffSession.objects.count() == 1


def test_a_page_within_the_minute_writes_nothing_and_a_later_one_once() -> None:
    client = logged_in()
    with CaptureQueriesContext(connection) as at_once:
        client.get("/admin/")
    with (
        time_machine.travel(NOW + SEEN_EVERY + timedelta(seconds=1), tick=False),
        CaptureQueriesContext(connection) as later,
    ):
        client.get("/admin/")

    writes = [[query["sql"] for query in of if query["sql"].startswith("UPDATE")] for of in (at_once, later)]
    assert [len(each) for each in writes] == [0, 1]


def test_a_page_is_not_lost_over_what_is_noted() -> None:
    client = logged_in()

    with time_machine.travel(NOW + SEEN_EVERY * 2, tick=False), database_down(only="UPDATE"):
        assert is_in(client)


def test_pages_of_visitors_ask_for_no_session(published: object) -> None:
    client = logged_in()

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/{GUIDE}/")

    assert answer.status_code == 200
    assert len(queries) == 0


def test_one_sees_where_one_is_logged_in() -> None:
    desk = logged_in()
    logged_in(SAFARI)
    enter(new_client(), "colleague")

    shown = read(desk).texts("ul[@class='sessions']/li/p/strong")

    assert shown == ["Firefox on Linux", "Safari on an iPhone", "An unknown browser"]
    assert traces("Gecko", "AppleWebKit") == {}


def test_one_ends_a_session_and_leaves_the_others() -> None:
    desk, phone, other = logged_in(), logged_in(SAFARI), logged_in(FIREFOX)
    page = read(desk)
    devices = page.texts("ul[@class='sessions']/li/p/strong")
    form = page.all("ul[@class='sessions']/li")[devices.index("Safari on an iPhone")].find("form")
    assert form is not None

    Form(form, SESSIONS).send(desk)

    assert [is_in(client) for client in (desk, phone, other)] == [True, False, True]
    assert LoginEvent.objects.get(kind="ended").detail == "1 session ended."


def test_one_ends_all_others_at_once(django_user_model: Any) -> None:
    django_user_model.objects.create_superuser("another", password=PASSWORD)
    desk, phone, other, somebody = logged_in(), logged_in(SAFARI), logged_in(), new_client()
    enter(somebody, "another")

    desk.post(SESSIONS, {"others": "End all others"})

    assert [is_in(client) for client in (desk, phone, other, somebody)] == [True, False, False, True]


@pytest.mark.parametrize("name", ["", "none", "0123456789abcdef", "\x00"])
def test_nothing_ends_by_a_name_that_no_session_of_ones_own_has(name: str) -> None:
    desk, phone = logged_in(), logged_in(SAFARI)

    desk.post(SESSIONS, {"session": name})

    assert is_in(desk)
    assert is_in(phone)


def test_no_key_of_a_session_is_on_the_page() -> None:
    desk = logged_in()
    logged_in(SAFARI)

    html = read(desk).html

    assert not [session.pk for session in StaffSession.objects.all() if session.pk in html]


def test_who_deletes_their_own_account_is_answered(colleague: Any) -> None:
    client = logged_in()

    answer = client.post(f"/admin/auth/user/{colleague.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302
    assert not is_in(client)


def test_a_login_from_another_browser_is_told_by_mail() -> None:
    desk = logged_in()
    first = list(Message.objects.all())
    desk.post("/admin/logout/")
    enter(desk, "colleague")
    again = list(Message.objects.all())
    logged_in(SAFARI)

    letter = Message.objects.get()
    assert (first, again) == ([], [])
    assert letter.to == "colleague@example.com"
    assert "a browser that was not known, Safari on an iPhone" in letter.text
    assert "http://testserver/admin/sessions/" in letter.text


@pytest.mark.parametrize("address", ["", "no address", "a@b\nBcc: c@example.com"])
def test_who_has_no_address_logs_in_all_the_same(colleague: Any, address: str) -> None:
    colleague.email = address
    colleague.save()
    logged_in()

    assert is_in(logged_in(SAFARI))
    assert not Message.objects.exists()


def test_taking_the_second_factor_away_ends_all_sessions() -> None:
    client = logged_in()

    call_command("secondfactor", "colleague", "--remove")

    assert not is_in(client)
