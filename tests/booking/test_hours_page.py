"""The page on which hosts set their own hours and time off, and ask for another time for the calls in it."""

from datetime import time

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from advisor.booking.models import Call, Host
from advisor.delivery.models import Message
from tests.assessment.reading import Form, Page, Response
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host
from tests.conftest import new_client
from tests.content.admin_pages import read_admin

MONDAY_OFF = {"exceptions-0-first_day": "2026-11-30", "exceptions-0-last_day": "2026-11-30"}


def page_of(host: Host) -> str:
    return f"/admin/booking/host/{host.pk}/hours/"


def send(client: Client, host: Host, form: str = "hours_form", **changes: str) -> Response:
    page = read_admin(client, page_of(host))
    return Form(page.one(f"form[@id='{form}']"), page_of(host)).send(client, {"do": "save"} | changes)


@pytest.fixture
def alone(host: Host) -> Client:
    """The host, who is no member of any group."""
    client = new_client()
    client.force_login(host.user)
    return client


def test_a_host_sets_their_own_hours_and_time_off(alone: Client, host: Host) -> None:
    front = read_admin(alone, "/admin/")
    assert front.all(f"a[@href='{page_of(host)}']")

    send(alone, host, **{"windows-0-begins": "10:00", "windows-1-DELETE": "on"}, **MONDAY_OFF)

    assert list(host.windows.values_list("weekday", "begins")) == [
        (0, time(10)),
        (2, time(9)),
        (3, time(9)),
        (4, time(9)),
    ]
    assert [str(one) for one in host.exceptions.all()] == ["Time off: 30 November 2026"]


def test_a_host_sets_nobody_elses(alone: Client, host: Host, sales: Client, owner: Client) -> None:
    other = make_host("Another host")

    assert alone.get(page_of(other)).status_code == 403
    assert alone.post(page_of(other), {"do": "copy"}).status_code == 403
    assert owner.get(page_of(host)).status_code == 403
    assert sales.get(page_of(other)).status_code == 200


def test_the_hours_of_monday_are_copied_to_the_other_weekdays_with_one_button(alone: Client, host: Host) -> None:
    host.windows.create(weekday=5, begins=time(9), ends=time(10))

    send(alone, host, **{"windows-0-begins": "08:00", "windows-0-ends": "16:00", "do": "copy"})

    hours = {(window.weekday, window.begins, window.ends) for window in host.windows.all()}
    assert hours == {(day, time(8), time(16)) for day in range(5)} | {(5, time(9), time(10))}


def test_hours_that_overlap_are_refused_and_nothing_is_copied(alone: Client, host: Host) -> None:
    changes = {"windows-5-weekday": "0", "windows-5-begins": "11:00", "windows-5-ends": "13:00", "do": "copy"}

    page = Page(send(alone, host, **changes), page_of(host), strict=False)

    assert "These hours overlap Monday 09:00–12:00" in page.html
    assert page.title.startswith("Error: ")
    assert host.windows.count() == 5


def test_time_off_names_the_calls_in_it_and_asks_for_another_time_once(
    alone: Client, host: Host, book: Book, visitor: Client
) -> None:
    call, second = book(0), book(2, email="second@example.com")
    send(alone, host, **MONDAY_OFF)
    page = read_admin(alone, page_of(host))
    listed = page.texts("form[@id='ask_form']//li")
    assert [words.split(",")[0] for words in listed] == ["Monday", "Monday"]
    assert "09:00 (Riga, UTC+2)" in listed[0]

    for _ in range(2):
        alone.post(page_of(host), {"do": "ask", "call": str(call.pk)})

    asked = Message.objects.get(key__endswith="other-time")
    assert asked.to == "asker@example.com"
    assert "cannot take your call at that time" in asked.text
    link = asked.text.partition("Choose another time:\n")[2].splitlines()[0]
    assert visitor.get(link.removeprefix(settings.SITE_URL)).status_code == 200
    after = read_admin(alone, page_of(host)).texts("form[@id='ask_form']//li")
    assert "was asked for another time" in after[0]
    assert "was asked" not in after[1]
    assert Call.objects.get(pk=second.pk).begins_at == half_hour(2)


def test_sales_give_the_calls_in_time_off_to_who_stands_in(
    sales: Client, alone: Client, host: Host, book: Book
) -> None:
    call, second = book(0), book(2, email="second@example.com")
    send(alone, host, **MONDAY_OFF)
    free = make_host("The stand-in")
    give = {"do": "give", "call": [str(call.pk), str(second.pk)], "to": str(free.pk)}
    Call.objects.filter(pk=second.pk).update(status="cancelled")

    assert not read_admin(alone, page_of(host)).all("select[@name='to']")
    assert alone.post(page_of(host), give).status_code == 403

    assert "Choose who is to take" in sales.post(page_of(host), give | {"to": "9"}, follow=True).content.decode()
    answer = sales.post(page_of(host), give, follow=True)

    assert "Handed over 1 call; everyone concerned gets mail." in answer.content.decode()
    assert [one.host for one in Call.objects.order_by("pk")] == [free, host]
    assert Message.objects.filter(to=free.email).exists()
    assert not read_admin(sales, page_of(host)).all("form[@id='ask_form']")


def test_a_call_that_nobody_can_take_over_stays_and_the_reason_is_said(
    sales: Client, alone: Client, host: Host, book: Book
) -> None:
    call = book(0)
    send(alone, host, **MONDAY_OFF)

    answer = sales.post(page_of(host), {"do": "give", "call": str(call.pk), "to": "least"}, follow=True)

    assert "No call was handed over." in answer.content.decode()
    assert "no other host is free then" in answer.content.decode()
    assert Call.objects.get().host == host


def test_only_calls_that_lie_in_time_off_are_asked_about(alone: Client, host: Host, book: Book) -> None:
    call = book(0)

    answer = alone.post(page_of(host), {"do": "ask", "call": str(call.pk)}, follow=True)

    assert "Tick a call first" in answer.content.decode()
    assert not Message.objects.filter(key__endswith="other-time").exists()


def test_an_account_that_is_no_staff_sees_nothing(host: Host) -> None:
    get_user_model().objects.filter(pk=host.user_id).update(is_staff=False)
    client = new_client()
    client.force_login(host.user)

    assert client.get(page_of(host)).status_code in {302, 403}
