"""Where a visitor came from rides along in the address, from the first page to the form for the call."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.assessment.addresses import BOTH, LANDING, question, result
from tests.assessment.reading import Page, Pair, path_of, query_of, read, read_sent
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import publish_draft

pytestmark = pytest.mark.usefixtures("published")

CAMPAIGN = [("utm_source", "news letter"), ("utm_medium", "e-mail"), ("utm_campaign", "März&more"), ("ref", "club+42")]


def carried(address: str) -> list[Pair]:
    """What an address carries beside the answers and the edition."""
    return [(name, value) for name, value in query_of(address) if name == "ref" or name.startswith("utm_")]


def carried_by(page: Page) -> list[Pair]:
    """What a page passes on: by its Start link, or by its form."""
    starts = [href for words, href in page.links() if words.startswith("Start:")]
    return carried(starts[0]) if starts else carried(f"?{urlencode(page.form.pairs())}")


def test_it_rides_along_from_the_landing_to_the_call(visitor: Client) -> None:
    landing = read(visitor, f"{LANDING}?{urlencode(CAMPAIGN)}")
    page = read(visitor, landing.link("Start: 3 questions, two minutes"))

    for given in ({"software": "yes"}, {"ai": "yes"}, {"both": "both"}):
        assert carried(page.address) == CAMPAIGN
        page = read_sent(visitor, page.form.send(visitor, given))
    facts = {"team-size": "unsure", "ai-place": "unsure", "scope": "unsure"}
    page = read_sent(visitor, page.form.send(visitor, facts))

    assert page.outcome == "both-roles"
    assert carried(page.link("Book an intro call")) == CAMPAIGN


@pytest.mark.parametrize(
    "address",
    [
        LANDING,
        question("both", "software=yes&ai=no"),
        question("software", "asked=software"),
        question("team-size", BOTH),
        result(ANSWERS["fractional-cto"]),
        result(ANSWERS["both-roles"]),
    ],
)
def test_it_rides_along_in_every_link_of_the_walk_and_every_form(visitor: Client, address: str) -> None:
    separator = "&" if "?" in address else "?"

    page = read(visitor, f"{address}{separator}{urlencode(CAMPAIGN)}")

    onward = [
        (words, href)
        for words, href in page.links()
        if path_of(href).startswith(f"/{GUIDE}/") and not path_of(href).endswith((".pdf", ".ics"))
    ]
    # A whole link is there to be passed on, and so is a file.
    lost = [words for words, href in onward if carried(href) != CAMPAIGN and href.startswith("/")]
    assert onward
    assert lost == []
    for form in page.all("main//form"):
        assert CAMPAIGN in (carried(form.get("action", "")), carried_by(page))


def test_it_rides_along_to_what_todays_edition_says(visitor: Client) -> None:
    publish_draft()

    page = read(visitor, f"{result(ANSWERS['fractional-cto'])}&edition=1&{urlencode(CAMPAIGN)}")

    assert carried(page.link("See what today’s edition says")) == CAMPAIGN


def test_what_is_passed_on_and_printed_does_not_carry_it(visitor: Client) -> None:
    page = read(visitor, f"{result(ANSWERS['fractional-cto'])}&{urlencode(CAMPAIGN)}")

    canonical = page.one("link[@rel='canonical']").attrib["href"]
    copied = [button.attrib["data-copy"] for button in page.all("main//button[@data-copy]")]
    assert carried(canonical) == []
    assert len(copied) == 2
    assert not any(carried(link) for link in copied)


def test_of_a_link_that_was_tagged_again_and_again_the_first_and_the_last_stay(visitor: Client) -> None:
    page = read(visitor, question("software", "utm_source=a&utm_source=b&ref=x&utm_source=c&ref=x"))

    assert carried_by(page) == [("utm_source", "a"), ("utm_source", "c"), ("ref", "x")]


@pytest.mark.parametrize(
    "referrer", ["https://search.example/?q=cto", "http://search.example:8080/path", "https://me:secret@search.example"]
)
def test_the_host_of_another_site_is_noted(visitor: Client, referrer: str) -> None:
    page = read(visitor, LANDING, headers={"Referer": referrer})

    assert carried_by(page) == [("utm_referrer", "search.example")]


def test_it_is_noted_once(visitor: Client) -> None:
    elsewhere = {"Referer": "https://search.example/"}
    landing = read(visitor, LANDING, headers=elsewhere)

    first = read(visitor, landing.link("Start: 3 questions, two minutes"), headers=elsewhere)
    second = read_sent(visitor, first.form.send(visitor, {"software": "yes"}, headers=elsewhere))

    assert carried_by(second) == [("utm_referrer", "search.example")]


def test_a_second_site_is_noted_as_the_last_one(visitor: Client) -> None:
    address = question("ai", "software=yes&utm_referrer=search.example")

    page = read(visitor, address, headers={"Referer": "https://partner.example/"})

    assert carried_by(page) == [("utm_referrer", "search.example"), ("utm_referrer", "partner.example")]


@pytest.mark.parametrize(
    "referrer",
    [
        "http://testserver/cto-or-head-of-ai/",
        "android-app://com.example",
        "about:blank",
        "https://[broken",
        "https://",
        "nonsense",
        "https://" + "x" * 300,
        "",
    ],
)
def test_what_is_no_other_site_is_not_noted(visitor: Client, referrer: str) -> None:
    page = read(visitor, LANDING, headers={"Referer": referrer})

    assert page.response.status_code == 200
    assert carried_by(page) == []


@pytest.mark.parametrize(
    "parameter",
    [
        "utm_source=",
        "utm_source=" + "x" * 201,
        "utm_source=a%00b",
        "utm_source=a%0Ab",
        "utm_=a",
        "utm_Source=a",
        "utm_" + "x" * 31 + "=a",
        "UTM_SOURCE=a",
        "referrer=a",
        "ref[]=a",
        "gclid=a",
    ],
)
def test_what_could_not_have_been_meant_is_left_out(visitor: Client, parameter: str) -> None:
    page = read(visitor, question("software", parameter))

    assert [pair for pair in page.form.pairs() if pair[0] not in {"edition", "asked"}] == []


def test_only_so_many_names_ride_along(visitor: Client) -> None:
    page = read(visitor, question("software", "&".join(f"utm_{letter}={letter}" for letter in "abcdefghijklmnop")))

    assert [name for name, _ in carried_by(page)] == [f"utm_{letter}" for letter in "abcdefghijkl"]


def test_what_rides_along_is_text_and_not_markup(visitor: Client) -> None:
    page = read(visitor, question("software", urlencode({"utm_source": '"><script>alert(1)</script>'})))

    assert carried_by(page) == [("utm_source", '"><script>alert(1)</script>')]
    assert not [script for script in page.all("script") if not script.get("src")]
