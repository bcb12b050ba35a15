"""One call ahead for an address; names that name no page. What a stranger sees says nothing about anybody."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from advisor.booking.actions import cancel
from advisor.booking.admission import MAX_REMINDERS_OF_CALL
from advisor.booking.forms import ANOTHER_CALL_MESSAGE
from advisor.booking.models import Call, Host
from advisor.delivery.models import Message
from advisor.leads.models import Lead, Person
from tests.assessment.addresses import call
from tests.assessment.reading import Page
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, value
from tests.clock import NOW
from tests.conftest import new_client
from tests.leads.asking import EVERYTHING, ask, message_beside, post, refused

AGAIN = EVERYTHING | {"slot": value(half_hour(3)), "zone": "Europe/Riga", "company": "Another", "message": "Again."}


def reminders() -> list[Message]:
    return list(Message.objects.filter(key__contains="own-page").order_by("pk"))


def test_a_second_call_is_refused_beside_the_address_and_everything_typed_stays(host: Host, book: Book) -> None:
    booked = book(0)

    page = refused(new_client(), **AGAIN)

    assert message_beside(page, "email") == ANOTHER_CALL_MESSAGE
    filled = dict(page.form.pairs())
    assert {name: filled[name] for name in AGAIN if name != "message"} == {
        name: AGAIN[name] for name in AGAIN if name != "message"
    }
    assert Call.objects.get() == booked
    assert Person.objects.count() == 1


def test_what_a_stranger_sees_has_neither_the_time_nor_the_link_of_the_call(host: Host, book: Book) -> None:
    booked = book(0)

    page = refused(new_client(), **AGAIN)

    assert booked.token not in page.text("main")
    assert "02:00" not in message_beside(page, "email")


def test_a_time_that_is_never_free_tells_nobody_whether_an_address_has_a_call(host: Host, book: Book) -> None:
    book(0)

    for email in ("asker@example.com", "nobody-known@example.com"):
        page = refused(new_client(), **AGAIN | {"email": email, "slot": "2030-01-01T00:00Z"})

        assert "just been taken" in message_beside(page, "slot")
        assert message_beside(page, "email") == ""
    assert not reminders()


def test_the_address_gets_the_link_to_its_call_and_at_most_so_often_a_day(host: Host, book: Book) -> None:
    booked = book(0)

    for _ in range(MAX_REMINDERS_OF_CALL + 3):
        refused(new_client(), **AGAIN | {"email": "Asker@Example.com"})

    assert len(reminders()) == MAX_REMINDERS_OF_CALL
    first = reminders()[0]
    assert first.to == "asker@example.com"
    assert booked.address in first.text
    assert "Another" not in first.text
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        refused(new_client(), **AGAIN)
    assert len(reminders()) == MAX_REMINDERS_OF_CALL + 1


def test_a_form_that_is_sent_again_is_the_same_call_and_no_second_one(visitor: Client, host: Host, book: Book) -> None:
    book(0, key="key-of-the-form")
    book(0, key="key-of-the-form")

    assert Call.objects.count() == 1
    assert not reminders()


def test_once_a_call_is_cancelled_or_over_the_next_one_is_booked(host: Host, book: Book) -> None:
    cancel(call=book(0), reason="", now=NOW)
    book(1)

    with time_machine.travel(half_hour(2), tick=False):
        book(4)

    assert Call.objects.count() == 3


def test_others_book_and_a_request_without_a_time_is_taken(visitor: Client, host: Host, book: Book) -> None:
    book(0)
    book(1, email="second@example.com")

    ask(visitor, **EVERYTHING | {"slot": "none", "zone": "Europe/Riga"})

    assert Lead.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Win at https://prize.example.com"),
        ("name", "www.prize.example.com"),
        ("name", "Claim your prize at prize.com"),
        ("name", "Visit prize.lv now"),
        ("name", "PRIZE.Com"),
        ("name", "win@prize.example.com"),
        ("name", "приз.рф"),
        ("name", "ｈｔｔｐｓ：／／prize.example.com"),
        ("company", "Claim at http://prize.example.com"),
        ("company", "Claim your prize at prize.lv/win"),
        ("company", "PRIZE.COM/WIN"),
        ("company", "prize.example.com/win"),
        ("job_title", "See https://prize.example.com"),
        ("job_title", "See prize.example.com?win"),
    ],
)
@pytest.mark.usefixtures("published")
def test_a_name_with_the_address_of_a_page_is_refused_beside_its_field(visitor: Client, field: str, typed: str) -> None:
    page = refused(visitor, **EVERYTHING | {field: typed})

    assert "links cannot stand here" in message_beside(page, field)
    assert dict(page.form.pairs())[field] == typed


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "J. R. O’Neill-Bērziņš, Jr."),
        ("name", "Dr. med. A. St. John"),
        ("name", "Dr.med. A.Smith"),
        ("name", "dr.smith"),
        ("name", "Anna.Smith"),
        ("company", "Booking.com B.V."),
        ("company", "cal.com"),
        ("company", "SIA Example.com"),
        ("company", "The Booking.com Group"),
        ("company", "Best ASP.NET developers"),
        ("company", "Ernst & Partner Co.Ltd."),
        ("company", "A/S Latvijas Kuģi"),
        ("company", "S.A.D.E. s.r.o."),
        ("job_title", "CEO/CTO"),
        ("job_title", "Dipl.Ing/CTO"),
        ("job_title", "CTO, example.io"),
    ],
)
@pytest.mark.usefixtures("published")
def test_the_names_of_people_and_companies_are_taken(visitor: Client, field: str, typed: str) -> None:
    assert post(visitor, **EVERYTHING | {field: typed}).status_code == 302


@pytest.mark.usefixtures("host")
def test_the_page_says_the_same_to_whoever_sends_it_by_script(visitor: Client, book: Book) -> None:
    book(0)

    page = Page(post(visitor, **AGAIN), call())

    assert "Error" in page.text("title")
