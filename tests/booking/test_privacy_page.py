"""/privacy/ says what is kept and for how long, from the same declarations and settings that are applied."""

import re

from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from advisor import settings as ours
from advisor.assessment.keeping import all_kept
from tests.assessment.reading import read
from tests.booking.conftest import Book
from tests.conftest import CALL, GUIDE
from tests.tracing import traces

PERIODS = [period for kept in all_kept() for period in kept.periods]


def test_every_room_that_keeps_something_says_so(visitor: Client) -> None:
    page = read(visitor, "/privacy/")

    assert page.texts("h3") == ["Your request", "Your call", "What we send about it", "Who of us did what"]
    for kept in all_kept():
        for words in (kept.what, kept.why, kept.who, kept.until):
            assert words in page.text("main")


def test_the_page_names_the_periods_that_are_applied_whatever_they_are(visitor: Client, settings: Settings) -> None:
    names = sorted({period.setting for period in PERIODS})
    for number, name in enumerate(names, 11):
        setattr(settings, name, number)

    said = read(visitor, "/privacy/").texts("li")

    expected = [f"{period.of}: {11 + names.index(period.setting)} days after {period.since}." for period in PERIODS]
    assert [line for line in said if re.search(r"\d+ days after", line)] == expected


def test_every_setting_of_a_period_is_applied() -> None:
    with_settings = {name for name in dir(ours) if name.startswith("KEEP_")}

    assert {period.setting for period in PERIODS} == with_settings


def test_it_says_whom_to_write_to(visitor: Client) -> None:
    page = read(visitor, "/privacy/")

    assert "mailto:hello@example.com" in [link.get("href") for link in page.all("main//a")]


def test_no_address_of_a_device_is_stored(visitor: Client, book: Book, host: object) -> None:
    get_user_model().objects.create_user("colleague", password="never-used-here", is_staff=True)
    headers = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED")
    addresses = {header: f"203.0.113.{number}" for number, header in enumerate(headers, 70)}
    visitor.defaults |= addresses | {"HTTP_USER_AGENT": "A-browser-nobody-has/1.0"}

    book(0)
    visitor.get(f"/{GUIDE}/")
    visitor.post(f"/{GUIDE}/call/", CALL)
    for password in ("wrong", "never-used-here"):
        visitor.post("/admin/login/", {"username": "colleague", "password": password})

    assert traces("asker@example.com")
    assert traces(*addresses.values(), "A-browser-nobody-has") == {}
