"""/privacy/ says what is kept and for how long, from the same declarations and settings that are applied."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import Tags, run_checks
from django.test import Client
from pytest_django import Settings

from advisor import settings as ours
from advisor.data_policy import record_kinds, retention_rules
from tests.assessment.addresses import call
from tests.assessment.reading import read
from tests.booking.conftest import Book
from tests.conftest import CALL, GUIDE
from tests.tracing import traces

RULES = retention_rules()


def test_every_room_that_keeps_something_says_so(visitor: Client) -> None:
    page = read(visitor, "/privacy/")

    assert page.texts("h3") == [
        "Where visitors come from",
        "Whether a result fits you",
        "How often a form was sent",
        "Your request",
        "Your call",
        "A call that waits for your click",
        "Messages about it",
        "Who handled it",
        "A result that you e-mail to yourself",
        "That you want no such e-mail",
        "Logins and attempts",
        "Busy times of our hosts",
    ]
    for kind in record_kinds():
        for words in (kind.what, kind.why, kind.who, kind.until):
            assert words in page.text("main")


def test_the_page_names_the_periods_that_are_applied_whatever_they_are(visitor: Client, settings: Settings) -> None:
    names = sorted({rule.setting for rule in RULES})
    for number, name in enumerate(names, 11):
        setattr(settings, name, number)

    said = read(visitor, "/privacy/").texts("li")

    expected = [f"{rule.records}: {11 + names.index(rule.setting)} days after {rule.since}." for rule in RULES]
    assert [line for line in said if re.search(r"\d+ days after", line)] == expected


def test_every_setting_of_a_period_is_applied() -> None:
    with_settings = {name for name in dir(ours) if name.startswith("KEEP_")}

    assert {rule.setting for rule in RULES} == with_settings


def test_without_a_controller_it_says_that_it_is_a_trial(visitor: Client, settings: Settings) -> None:
    settings.CONTROLLER_NAME = settings.CONTROLLER_ADDRESS = ""

    said = read(visitor, "/privacy/").text("main")

    assert "This is a trial installation." in said
    assert "please do not enter anything personal" in said


def test_it_names_who_is_responsible_and_the_authority(visitor: Client, settings: Settings) -> None:
    settings.CONTROLLER_NAME, settings.CONTROLLER_ADDRESS = "Looms & Sons Ltd", "1 Mill Lane, Riga"
    settings.SUPERVISORY_AUTHORITY = "Datu valsts inspekcija"

    said = read(visitor, "/privacy/").text("main")

    assert "Looms & Sons Ltd, 1 Mill Lane, Riga, is responsible for your data on this site" in said
    assert "trial installation" not in said
    assert "complain to a data protection authority: Datu valsts inspekcija, or the one of the country" in said


@pytest.mark.parametrize(
    ("folder", "days", "says"),
    [("", 30, "deleted automatically. Your rights"), ("/b", 30, "deleted after 30 days;"), ("/b", 1, "after 1 day;")],
)
def test_it_says_how_long_backups_are_kept_where_there_are_some(
    visitor: Client, settings: Settings, folder: str, days: int, says: str
) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_DAYS = folder, days

    assert says in read(visitor, "/privacy/").text("main")


@pytest.mark.parametrize(
    "right",
    ["Show you", "Correct it", "Erase it", "withdraw your consent", "object", "Put it on hold", "complain to a data"],
)
def test_it_says_what_a_visitor_may_ask_for(visitor: Client, right: str) -> None:
    page = read(visitor, "/privacy/")

    assert right in page.text("main").partition("Your rights")[2]


@pytest.mark.parametrize(
    ("scheme", "name", "address", "missing"),
    [
        ("https", "", "", "CONTROLLER_NAME and CONTROLLER_ADDRESS are not set"),
        ("https", "Looms Ltd", "", "CONTROLLER_ADDRESS is not set"),
        ("https", "Looms Ltd", "Riga", ""),
        ("http", "", "", ""),
    ],
)
def test_every_command_warns_where_visitors_are_not_told_who_is_responsible(
    settings: Settings, scheme: str, name: str, address: str, missing: str
) -> None:
    settings.HTTPS = scheme == "https"
    settings.CONTROLLER_NAME, settings.CONTROLLER_ADDRESS = name, address

    said = [str(message.msg) for message in run_checks(tags=[Tags.security]) if message.id == "assessment.W001"]

    assert [missing in words for words in said] == ([True] if missing else [])


def test_the_consent_has_a_link_to_it_that_leaves_the_form_alone(visitor: Client, host: object) -> None:
    page = read(visitor, call())

    (link,) = page.all("p[@id='id_consent_helptext']/a")
    assert (link.get("href"), link.get("target"), link.get("rel")) == ("/privacy/", "_blank", "noopener")
    assert "id_consent_helptext" in page.one("input[@id='id_consent']").get("aria-describedby", "")


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
