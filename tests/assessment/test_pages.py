"""What holds for every page of the walk: whole and as a fragment, without a query, a cookie or anything inline."""

import logging
from xml.etree.ElementTree import tostring

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.assessment.addresses import LANDING, PAGES, question, result
from tests.assessment.reading import FRAGMENT, Page
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, database_down

pytestmark = pytest.mark.usefixtures("published")

EACH = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)


@EACH
def test_a_browser_gets_a_whole_valid_page(visitor: Client, address: str) -> None:
    answer = visitor.get(address)

    page = Page(answer)
    assert answer.status_code == (404 if "ABC" in address else 200)
    assert page.is_whole
    assert flaws(page) == []
    assert page.one("main").get("id") == "main"


@EACH
def test_htmx_gets_the_title_and_the_same_main_part(visitor: Client, address: str) -> None:
    whole, fragment = Page(visitor.get(address)), Page(visitor.get(address, headers=FRAGMENT))

    assert not fragment.is_whole
    assert flaws(fragment) == []
    assert [element.tag for element in fragment.root] == ["title", "main"]
    assert fragment.title == whole.title
    assert bare(fragment) == bare(whole)


def bare(page: Page) -> str:
    """The main part of a page, wherever it stands."""
    return tostring(page.one("main"), encoding="unicode").strip()


@EACH
def test_caches_are_told_that_the_two_differ(visitor: Client, address: str) -> None:
    for headers in ({}, FRAGMENT):
        vary = visitor.get(address, headers=headers)["Vary"]

        assert {"HX-Request", "Accept-Encoding"} <= set(vary.split(", "))


@EACH
def test_nothing_is_asked_of_the_database(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    with django_assert_num_queries(0):
        visitor.get(address)
        visitor.get(address, headers=FRAGMENT)


@EACH
def test_it_goes_on_while_the_database_is_gone(visitor: Client, address: str) -> None:
    before = visitor.get(address)

    with database_down():
        during = visitor.get(address)

    assert during.content == before.content


@EACH
def test_pages_that_are_only_read_load_no_htmx_and_those_that_use_it_do(visitor: Client, address: str) -> None:
    page = visitor.get(address).content.decode()

    loads_htmx = "htmx" in page.partition("</head>")[0]
    assert loads_htmx or "data-hx-" not in page
    assert loads_htmx is (address not in {"/", LANDING, "/privacy/", "/accessibility/"})


@EACH
def test_it_leaves_no_cookie(visitor: Client, address: str) -> None:
    answers = [visitor.get(address), visitor.get(address, headers=FRAGMENT)]

    assert not any(answer.cookies for answer in answers)
    assert not visitor.cookies


@EACH
def test_it_allows_nothing_inline(visitor: Client, address: str) -> None:
    policy = visitor.get(address)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@EACH
def test_it_is_the_same_each_time(visitor: Client, address: str) -> None:
    first, second = visitor.get(address), Client().get(address)

    assert first.content == second.content


@EACH
def test_it_can_be_asked_for_without_its_content(visitor: Client, address: str) -> None:
    whole, head = visitor.get(address), visitor.head(address)

    assert head.status_code == whole.status_code
    assert head.content == b""


@EACH
def test_it_takes_nothing_that_is_posted(visitor: Client, address: str) -> None:
    answer = visitor.post(address, {"software": "yes"})

    # Whether a result fits is the one form here, and this says nothing of it.
    assert answer.status_code == (405 if "/fit/" not in address else 200)


GOING_ON = [
    pytest.param(question("software", f"asked=software&{ANSWERS['fractional-cto']}"), id="answered"),
    pytest.param(question("team-size", ANSWERS["not-yet"]), id="a follow-up that is not asked"),
    pytest.param(result("software=yes"), id="an incomplete result"),
]


@pytest.mark.parametrize(
    "address", [*GOING_ON, pytest.param(question("scope", ANSWERS["both-roles"]), id="by another key")]
)
def test_a_redirect_leaves_no_cookie_and_asks_nothing_of_the_database(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    with django_assert_num_queries(0):
        answer = visitor.get(address)

    assert answer.status_code == 302
    assert not answer.cookies


@pytest.mark.parametrize("address", GOING_ON)
def test_where_a_browser_is_redirected_caches_are_told_that_htmx_is_not(visitor: Client, address: str) -> None:
    redirected, shown = visitor.get(address), visitor.get(address, headers=FRAGMENT)

    assert (redirected.status_code, shown.status_code) == (302, 200)
    assert shown["HX-Push-Url"] == redirected["Location"]
    assert "HX-Request" in shown["Vary"]
    assert "HX-Request" in redirected["Vary"]


@pytest.mark.parametrize("address", [LANDING, question("software"), result(ANSWERS["not-yet"]), "/"])
def test_a_process_that_begins_without_a_database_says_so_calmly(
    visitor: Client, caplog: pytest.LogCaptureFixture, address: str, cold_shelf: None
) -> None:
    with database_down():
        answer = visitor.get(address)

    page = Page(answer)
    assert answer.status_code == 503
    assert flaws(page) == []
    assert page.text("main//h1") == "We cannot show this just now"
    assert [record for record in caplog.records if record.exc_info] == []
    assert all(record.levelno <= logging.ERROR for record in caplog.records)
