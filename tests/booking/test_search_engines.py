"""Which pages search engines may keep: the ways in, and nothing that tells of anybody's answers."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from advisor.content.editions import shelf
from advisor.content.models import Guide
from advisor.content.previews import make_link
from tests.assessment.addresses import LANDING, PAGES, call, question, result
from tests.assessment.reading import FRAGMENT, Page
from tests.booking.conftest import Book
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft

pytestmark = pytest.mark.usefixtures("host")

WAYS_IN = {"/": LANDING, LANDING: LANDING, f"{LANDING}?utm_source=newsletter": LANDING, f"{LANDING}?edition=1": LANDING}
ABOUT = {"/privacy/": "/privacy/", "/accessibility/": "/accessibility/"}
INDEXABLE = WAYS_IN | ABOUT
"""Each with its one address."""

NO_PAGES = {"healthz", "readyz", "robots", "own-call-file", "host-feed"}
"""What is read by programs. The two calendars are as private as the page of a call."""


def names(resolver: URLResolver) -> Iterator[str]:
    """The name of every address outside of the admin."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
        elif pattern.namespace != "admin":
            yield from names(pattern)


@pytest.fixture
def addresses(book: Book) -> dict[str, list[str]]:
    """Every page that somebody may be given the address of, in the states that differ."""
    own = book(0, key="key-of-the-form").path
    token = make_link(guide=draft(), by="editor", purpose="A test", days=7, now=NOW).token
    preview = f"/preview/{token}/"
    return {
        "front": ["/"],
        "privacy": ["/privacy/"],
        "accessibility": ["/accessibility/"],
        "code": ["/r/", "/r/?code=ABC"],
        "result-code": ["/r/ABC-DEF/"],
        "landing": [LANDING, f"{LANDING}?software=yes", f"{LANDING}?signal=none.ai", f"{LANDING}?software=perhaps"],
        "question": [path for path in PAGES.values() if path.startswith(LANDING) and path != LANDING],
        "result": [result(answers) for answers in ANSWERS.values()],
        "call": [call(), f"{call()}&zone=UTC"],
        "thanks": [f"{LANDING}call/thanks/key-of-the-form/"],
        "own-call": [own],
        "own-call-change": [f"{own}change/"],
        "own-call-cancel": [f"{own}cancel/"],
        "preview": [preview],
        "preview-result": [f"{preview}result/?{ANSWERS['not-yet']}"],
        "preview-question": [f"{preview}software/"],
        "missing": ["/no-such-guide/", question("no-such-question"), f"{LANDING}?edition=99", "/calls/nothing/"],
    }


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_every_page_says_that_it_is_not_for_search_engines_but_the_ways_in(
    visitor: Client, addresses: dict[str, list[str]], headers: dict[str, str]
) -> None:
    assert set(names(get_resolver())) - NO_PAGES == addresses.keys() - {"missing"}

    answers = {
        path: visitor.get(path, headers=headers) for paths in addresses.values() for path in [*paths, *INDEXABLE]
    }

    hidden = {path: answer.get("X-Robots-Tag") for path, answer in answers.items()}
    assert hidden == {path: None if path in INDEXABLE else "noindex, nofollow" for path in answers}
    if not headers:
        told = {
            path: [meta.get("content") for meta in Page(answer).all("meta[@name='robots']")]
            for path, answer in answers.items()
        }
        assert told == {path: [] if path in INDEXABLE else ["noindex, nofollow"] for path in answers}


@pytest.mark.parametrize(("path", "one"), INDEXABLE.items())
def test_what_may_be_found_names_its_one_address(visitor: Client, path: str, one: str) -> None:
    page = Page(visitor.get(path))

    assert page.one("link[@rel='canonical']").get("href") == settings.SITE_URL + one


def test_a_guide_that_is_not_offered_any_more_is_not_to_be_found(visitor: Client) -> None:
    Guide.objects.filter(key=GUIDE).update(is_retired=True, is_default=False)
    shelf.forget()

    answer = visitor.get(LANDING)

    assert (answer.status_code, answer["X-Robots-Tag"]) == (410, "noindex, nofollow")
    assert not Page(answer).all("link[@rel='canonical']")


def test_staff_pages_are_not_to_be_found(visitor: Client) -> None:
    page = Page(visitor.get("/admin/login/"), strict=False)

    assert "NONE" in page.one("meta[@name='robots']").attrib["content"]


def test_crawlers_may_fetch_everything_as_they_could_not_read_otherwise_what_is_not_theirs(visitor: Client) -> None:
    answer = visitor.get("/robots.txt")

    rules = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert rules == ["User-agent: *", "Disallow:"]
    assert visitor.post("/robots.txt").status_code == 405
