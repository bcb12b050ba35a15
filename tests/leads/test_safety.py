"""What protects the form, and what it says when the database is gone."""

import logging

import pytest
from django.conf import settings
from django.db import DatabaseError, DataError, InternalError, NotSupportedError, ProgrammingError
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.leads.models import Lead
from tests.assessment.addresses import LANDING, call, question, result
from tests.assessment.reading import FRAGMENT, Page, read
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, CALL, GUIDE, database_down
from tests.leads.asking import EVERYTHING, post

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def strict() -> Client:
    """A browser to which the check of the form's origin applies, which Django's test client leaves out."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}], ids=["no origin", "another origin"])
def test_a_form_that_another_site_sends_is_shown_and_not_taken(strict: Client, headers: dict[str, str]) -> None:
    answer = strict.post(call(), CALL | {"key": "key-of-the-form"}, headers=headers)

    page = Page(answer)
    assert answer.status_code == 200
    assert flaws(page) == []
    assert page.errors[0].startswith("Nothing was sent yet")
    assert not Lead.objects.exists()


def test_the_form_as_it_came_is_taken(strict: Client) -> None:
    answer = read(strict, call()).form.send(strict, EVERYTHING)

    assert answer.status_code == 302
    assert Lead.objects.count() == 1


def test_a_form_that_was_refused_for_what_is_in_it_is_taken_when_put_right(strict: Client) -> None:
    refused = read(strict, call()).form.send(strict, EVERYTHING | {"email": "nonsense"})

    answer = Page(refused, call()).form.send(strict, {"email": "asker@example.com"})

    assert answer.status_code == 302


def test_the_forms_cookie_is_the_only_one_and_not_for_scripts_or_other_sites(visitor: Client) -> None:
    answer = visitor.get(call())

    assert list(answer.cookies) == ["csrftoken"]
    cookie = answer.cookies["csrftoken"]
    assert cookie["httponly"]
    assert not cookie["max-age"]
    assert cookie["samesite"] == "Lax"
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
@pytest.mark.parametrize("address", ["/", LANDING, question("software"), result(ANSWERS["not-yet"]), "/privacy/"])
def test_no_other_page_has_a_cookie_or_a_token(visitor: Client, address: str, headers: dict[str, str]) -> None:
    answer = visitor.get(address, headers=headers)

    assert not answer.cookies
    assert "csrf" not in answer.content.decode()
    assert "Cookie" not in answer["Vary"]


def test_the_confirmation_has_no_cookie(visitor: Client) -> None:
    address = post(visitor)["Location"]

    answer = Client().get(address)

    assert answer.status_code == 200
    assert not answer.cookies


def test_the_form_can_be_read_while_the_database_is_gone(visitor: Client) -> None:
    with database_down():
        answer = visitor.get(call())

    assert answer.status_code == 200
    assert Page(answer).all("main//form")


def test_sent_then_it_says_so_calmly_keeps_what_was_typed_and_shows_another_way(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with database_down():
        answer = post(visitor, key="key-of-the-form", **EVERYTHING)

    page = Page(answer, call())
    kept = dict(page.form.pairs())
    assert answer.status_code == 503
    assert page.title.startswith("Error: ")
    assert "What you typed is still here" in page.text("*[@role='alert']")
    assert (settings.CONTACT_EMAIL, f"mailto:{settings.CONTACT_EMAIL}") in page.links()
    assert {name: kept[name] for name in EVERYTHING} == {
        name: value.replace("\r\n", "\n") for name, value in EVERYTHING.items()
    }
    assert kept["key"] == "key-of-the-form"
    assert flaws(page) == []
    ours = [record for record in caplog.records if record.name.startswith("advisor.")]
    # Who takes calls cannot be read, and the request cannot be kept.
    assert [(record.levelno, record.exc_info) for record in ours] == [(logging.WARNING, None), (logging.ERROR, None)]


@pytest.mark.parametrize("error", [InternalError, ProgrammingError, DataError, NotSupportedError])
def test_whatever_keeps_the_database_from_taking_it_loses_nothing(visitor: Client, error: type[DatabaseError]) -> None:
    with database_down(error=error):
        answer = post(visitor, **EVERYTHING)

    kept = dict(Page(answer, call()).form.pairs())
    assert answer.status_code == 503
    assert kept["name"] == EVERYTHING["name"]
    assert not Lead.objects.exists()


def test_what_went_wrong_is_logged_without_what_was_typed(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with database_down():
        post(visitor, **EVERYTHING)

    assert caplog.records
    assert not [value for value in ("Asker", "asker@example.com", "Engines", "2000 0000") if value in caplog.text]


def test_the_confirmation_is_unavailable_while_the_database_is_gone(visitor: Client, published: LoadedEdition) -> None:
    address = post(visitor)["Location"]

    with database_down():
        answer = visitor.get(address)

    page = Page(answer)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert flaws(page) == []


def test_the_confirmation_is_a_valid_page_that_no_cache_keeps(visitor: Client) -> None:
    address = post(visitor, **EVERYTHING)["Location"]

    whole, fragment = visitor.get(address), visitor.get(address, headers=FRAGMENT)

    assert flaws(Page(whole)) == flaws(Page(fragment)) == []
    assert "no-store" in whole["Cache-Control"]
    assert not Page(fragment).is_whole


def test_the_confirmation_says_nothing_about_the_person(visitor: Client) -> None:
    address = post(visitor, **EVERYTHING)["Location"]

    page = Client().get(address).content.decode()

    assert not [name for name, value in EVERYTHING.items() if name not in {"consent", "employees"} and value in page]


@pytest.mark.parametrize("key", ["key-of-another-form", "x" * 200, "key-of-the-form2", "1"])
def test_a_confirmation_that_does_not_exist_is_not_found_and_says_so(visitor: Client, key: str) -> None:
    post(visitor, key="key-of-the-form")

    answer = visitor.get(f"/{GUIDE}/call/thanks/{key}/")

    page = Page(answer)
    assert answer.status_code == 404
    assert "There is no request with this address" in page.text("main")


def test_a_confirmation_belongs_to_its_guide(visitor: Client) -> None:
    post(visitor, key="key-of-the-form")

    answer = visitor.get("/cook-or-waiter/call/thanks/key-of-the-form/")

    assert answer.status_code == 404


def test_a_confirmation_is_only_read(visitor: Client) -> None:
    address = post(visitor)["Location"]

    answer = visitor.post(address)

    assert answer.status_code == 405
