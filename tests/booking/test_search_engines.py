"""Which pages search engines may keep: the ways in, and nothing that tells of anybody's answers."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from advisor.assessment.visit import visit_by_code
from advisor.booking.models import Intake, digest_of
from advisor.content.editions import edition_cache
from advisor.content.models import Guide
from advisor.content.previews import make_link
from advisor.delivery.models import Message
from advisor.mailing.actions import ask
from advisor.mailing.addresses import stop_token
from advisor.mailing.models import ResultMail
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

NO_PAGES = {
    "healthz",
    "readyz",
    "metrics",
    "robots",
    "security-txt",
    "own-call-file",
    "host-feed",
    "look-again",
    "memo",
    "card",
    "outcome-card",
}
"""What is read by programs. The calendars and the memo are as private as the page of a call; pictures tell nothing."""


def names(resolver: URLResolver) -> Iterator[str]:
    """The name of every address outside of the admin."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
        elif pattern.namespace != "admin":
            yield from names(pattern)


def waiting_call() -> str:
    """The token of a request that waits to be confirmed."""
    waits = {"state": "waiting", "asked_at": NOW, "guide": GUIDE, "edition": 1, "query": ANSWERS["not-yet"]}
    Intake.objects.create(**waits, key="another-key", token=digest_of("the-token-in-the-mail"))
    return "the-token-in-the-mail"


@pytest.fixture
def addresses(book: Book) -> dict[str, list[str]]:
    """Every page that somebody may be given the address of, in the states that differ."""
    own = book(0, key="key-of-the-form").path
    token = make_link(guide=draft(), by="editor", purpose="A test", days=7, now=NOW).token
    preview = f"/preview/{token}/"
    ask(visit=visit_by_code("222-QMW-3QF"), address="visitor@example.com", now=NOW)
    asked_for = ResultMail.objects.get()
    (confirmation,) = re.findall(r"/r/mail/(?!stop/)[\w-]+/", Message.objects.get(to="visitor@example.com").text)
    return {
        "front": ["/"],
        "privacy": ["/privacy/"],
        "accessibility": ["/accessibility/"],
        "code": ["/r/", "/r/?code=ABC"],
        "result-code": ["/r/ABC-DEF/"],
        "landing": [LANDING, f"{LANDING}?software=yes", f"{LANDING}?signal=none.ai", f"{LANDING}?software=perhaps"],
        "question": [path for path in PAGES.values() if path.startswith(LANDING) and path != LANDING],
        "together": [f"{LANDING}together/", f"{LANDING}together/?code=222-QMW-3QF", f"{LANDING}together/?code=ABC"],
        "result": [result(answers) for answers in ANSWERS.values()],
        "since": [f"{LANDING}result/since/?{ANSWERS['not-yet']}"],
        "mail-result": [
            f"{LANDING}result/mail/?{ANSWERS['not-yet']}&edition=1{asked}" for asked in ("", "&asked=mail")
        ],
        "confirm-mail": ["/r/mail/nothing/", confirmation],
        "stop-mail": ["/r/mail/stop/nothing/", f"/r/mail/stop/{stop_token(asked_for.address_hash)}/"],
        "fit": [f"{LANDING}result/fit/?{ANSWERS['not-yet']}&edition=1{sent}" for sent in ("", "&sent=fit")],
        "call": [call(), f"{call()}&zone=UTC"],
        "thanks": [f"{LANDING}call/thanks/key-of-the-form/"],
        "own-call": [own],
        "own-call-change": [f"{own}change/"],
        "own-call-cancel": [f"{own}cancel/"],
        "confirm-call": ["/calls/nothing/confirm/", f"/calls/{waiting_call()}/confirm/"],
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
    edition_cache.clear()

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


def test_whoever_finds_a_weakness_is_told_whom_to_write_to(visitor: Client) -> None:
    answer = visitor.get("/.well-known/security.txt")

    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert said["Contact"] == f"mailto:{settings.CONTACT_EMAIL}"
    assert said["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert timedelta(days=170) < datetime.fromisoformat(said["Expires"]) - NOW < timedelta(days=365)
