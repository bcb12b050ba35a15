"""The hours of a host as staff enter them, and what they are told about them."""

from datetime import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from advisor.booking.models import Host
from tests.assessment.reading import Form
from tests.booking.conftest import Book
from tests.booking.hosts import make_host
from tests.content.admin_pages import admin_address, read_admin, save_in_admin

pytestmark = pytest.mark.django_db


def test_hours_and_time_off_are_added_once(sales: Client, published: object) -> None:
    host = make_host()
    hours, off = host.windows.count(), host.exceptions.count()
    form = Form(read_admin(sales, admin_address(host)).one("form[@id='host_form']"), admin_address(host))
    added = {
        "windows-TOTAL_FORMS": str(hours + 1),
        f"windows-{hours}-host": str(host.pk),
        f"windows-{hours}-weekday": "6",
        f"windows-{hours}-begins": "08:00",
        f"windows-{hours}-ends": "08:30",
        "exceptions-TOTAL_FORMS": str(off + 1),
        f"exceptions-{off}-host": str(host.pk),
        f"exceptions-{off}-first_day": "2027-12-24",
        f"exceptions-{off}-last_day": "2027-12-26",
    }
    sent = form.pairs()
    body = {name: [value for other, value in sent if other == name] for name, _ in sent} | added

    answers = [sales.post(form.address, body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert host.windows.count() == hours + 1
    assert host.exceptions.count() == off + 1


def hours(host: Host, number: int, weekday: int, begins: str, ends: str) -> dict[str, str]:
    """The fields of one more row of weekly hours."""
    row = host.windows.count() + number
    return {
        "windows-TOTAL_FORMS": str(row + 1),
        f"windows-{row}-host": str(host.pk),
        f"windows-{row}-weekday": str(weekday),
        f"windows-{row}-begins": begins,
        f"windows-{row}-ends": ends,
    }


def test_hours_may_end_at_midnight_or_on_the_next_day(sales: Client, published: object) -> None:
    host = make_host()

    page = save_in_admin(sales, host, hours(host, 0, 5, "22:00", "02:00") | hours(host, 1, 6, "20:00", "00:00"))

    assert "was changed successfully" in page.text("body")
    assert [str(window) for window in host.windows.filter(weekday__gte=5)] == [
        "Saturday 22:00–02:00",
        "Sunday 20:00–00:00",
    ]


@pytest.mark.parametrize(
    ("weekday", "begins", "ends", "says"),
    [
        (0, "11:30", "13:00", "These hours overlap Monday 09:00–12:00. Make one row of both, or let them meet."),
        (6, "23:00", "09:30", "These hours overlap Monday 09:00–12:00. Make one row of both, or let them meet."),
        (5, "09:00", "09:00", "Hours end at another time than they begin. Only 00:00–00:00 is a whole day."),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_beside_their_row(
    sales: Client, published: object, weekday: int, begins: str, ends: str, says: str
) -> None:
    host = make_host()

    page = save_in_admin(sales, host, hours(host, 0, weekday, begins, ends))

    assert says in page.text("body")
    assert host.windows.count() == 5


def test_a_link_that_visitors_could_not_follow_is_refused(sales: Client, published: object) -> None:
    host = make_host()

    refused = save_in_admin(sales, host, {"place_details": "javascript:alert(1)"})
    taken = save_in_admin(sales, host, {"place_details": "By phone: we call you."})

    assert "A link begins with https://, or with http://." in refused.text("body")
    assert "was changed successfully" in taken.text("body")


def test_a_host_whom_nobody_can_book_is_saved_with_a_word(sales: Client, published: object) -> None:
    host = make_host()
    host.windows.all().delete()

    without_hours = save_in_admin(sales, host, {})
    host.windows.create(weekday=0, begins=time(9), ends=time(12))
    without_outcomes = save_in_admin(sales, host, {"takes_every_outcome": None})

    assert "Nobody can book a call with The host: there are no hours." in without_hours.text("body")
    assert "Nobody can book a call with The host: no outcome is chosen." in without_outcomes.text("body")


def test_the_calls_that_lie_in_time_off_are_named(sales: Client, book: Book) -> None:
    host = make_host()
    inside, outside = book(0), book(48, email="bob@example.com")

    page = save_in_admin(
        sales,
        host,
        {
            "exceptions-TOTAL_FORMS": "1",
            "exceptions-0-host": str(host.pk),
            "exceptions-0-first_day": "2026-11-30",
            "exceptions-0-last_day": "2026-11-30",
        },
    )

    assert "This call lies in time off, and takes place all the same until it is moved" in page.text("body")
    links = [link.get("href") for link in page.all("li[@class='warning']/a")]
    assert links == [admin_address(inside)]
    assert outside.pk != inside.pk


def test_sales_choose_the_account_of_a_new_host_from_those_of_staff(sales: Client, published: object) -> None:
    make_host()
    get_user_model().objects.create(username="a-visitor-of-the-admin")

    page = read_admin(sales, "/admin/booking/host/add/")

    names = [option.text for option in page.all("select[@id='id_user']/option")]
    assert "the-host" in names
    assert "a-visitor-of-the-admin" not in names
