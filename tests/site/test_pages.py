"""Every public page over HTTP: valid HTML, whole and as a fragment, and the headers that protect its visitor."""

import re
import socket

import pytest

from tests.server import RunningSite, wait_for
from tests.site.client import Answer, ask, document, fragment, open_form, words
from tests.site.walks import CTO, GUIDE, MISSING, PAGES, WALKS, Walk

pytestmark = pytest.mark.once

HTMX = {"HX-Request": "true"}
EVERYTHING = {**PAGES, **MISSING}
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "font-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


def every(pages: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", pages.values(), ids=pages)


def assert_protected(answer: Answer, *, referrer: str = "same-origin") -> None:
    directives = [part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()]

    assert {name: sources for name, *sources in directives} == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == referrer


@every(PAGES)
def test_a_page_is_valid_protected_and_sets_no_cookie(site: RunningSite, path: str) -> None:
    answer = ask(site, path)

    assert answer.status == 200
    tree = document(answer.text)
    assert tree.get("lang")
    assert len(list(tree.iter("main"))) == len(list(tree.iter("h1"))) == 1
    assert_protected(answer)
    if "/call/" in path:
        assert [cookie.partition("=")[0] for cookie in answer.headers.get_all("Set-Cookie", [])] == ["csrftoken"]
    else:
        assert "Set-Cookie" not in answer.headers


@every(MISSING)
def test_what_is_not_there_is_said_helpfully(site: RunningSite, path: str) -> None:
    answer = ask(site, path)

    assert answer.status == 404
    assert re.search("mistyped|no such question|does not exist", words(document(answer.text)))
    assert_protected(answer)
    assert "Set-Cookie" not in answer.headers


@every(PAGES)
def test_htmx_gets_the_title_and_the_main_part_only(site: RunningSite, path: str) -> None:
    whole = ask(site, path)
    part = ask(site, path, headers=HTMX)

    tree = fragment(part.text)
    assert [child.tag for child in tree] == ["title", "main"]
    assert words(tree.find("title")) == words(document(whole.text).find("head/title"))
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]
    assert_protected(part)


@every(PAGES)
@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_a_restored_page_get_the_whole_page(site: RunningSite, path: str, header: str) -> None:
    answer = ask(site, path, headers={**HTMX, header: "true"})

    assert document(answer.text).find("body/main") is not None
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.outcome)
def test_a_result_says_by_attributes_what_it_recommends(site: RunningSite, walk: Walk) -> None:
    main = document(ask(site, walk.result).text).find("body/main")

    assert main.get("data-outcome") == walk.outcome
    assert main.get("data-certainty") == walk.certainty


def test_the_main_part_is_the_same_whole_and_as_a_fragment(site: RunningSite) -> None:
    whole = document(ask(site, CTO.result).text).find("body/main")
    part = fragment(ask(site, CTO.result, headers=HTMX).text).find("main")

    assert words(part) == words(whole)


def test_a_step_by_htmx_answers_at_once_with_the_next_page_and_its_address(site: RunningSite) -> None:
    path = f"{CTO.at('both')}&both=software&asked=both"

    answer = ask(site, path, headers=HTMX)

    assert answer.status == 200
    assert answer.headers["HX-Push-Url"] == CTO.result
    assert fragment(answer.text).find("main").get("data-outcome") == CTO.outcome


def test_the_thank_you_page_and_the_form_with_errors_are_valid_too(site: RunningSite) -> None:
    form = open_form(site, CTO.call)
    wrong = form.send(site, name="", email="nobody", consent="")

    sent = form.send(site)
    thanks = ask(site, sent.location)

    assert (wrong.status, sent.status, thanks.status) == (200, 302, 200)
    assert words(document(wrong.text).find("head/title")).startswith("Error:")
    assert CTO.outcome not in sent.location
    for answer in (wrong, thanks):
        document(answer.text)
    assert_protected(wrong)
    # Its address is a key, and is told to no page, not even of this site.
    assert_protected(thanks, referrer="strict-origin")
    fragment(ask(site, sent.location, headers=HTMX).text)


def test_the_health_of_the_site_can_be_asked_for(site: RunningSite) -> None:
    assert ask(site, "/healthz").status == ask(site, "/readyz").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@every(PAGES)
def test_a_method_that_is_not_offered_is_refused(site: RunningSite, path: str, method: str) -> None:
    if method == "POST" and ("/call/" in path or "/fit/" in path):
        pytest.skip("one of the pages that take a form")

    answer = ask(site, path, method=method)

    # Without the form's cookie Django does not even ask whether the method is offered.
    assert answer.status in {403, 405}


@every(PAGES)
def test_head_answers_as_get_does_without_the_page(site: RunningSite, path: str) -> None:
    answer = ask(site, path, method="HEAD")

    assert answer.status == 200
    assert answer.body == b""


def test_a_result_that_is_asked_for_again_is_the_same_to_the_byte(site: RunningSite) -> None:
    first, second = ask(site, f"/{GUIDE}/result/?{CTO.query}"), ask(site, f"/{GUIDE}/result/?{CTO.query}")

    assert first.body == second.body


def test_the_log_does_not_say_who_sent_what_cannot_be_read(site: RunningSite) -> None:
    start = len(site.log)

    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(b"no request line at all\r\n\r\n")
        answer = connection.recv(1000)

    assert answer.startswith(b"HTTP/1.1 400")
    said = wait_for(lambda: site.log_since(start))
    assert "Invalid request from ip=…:" in said
    assert "127.0.0.1" not in said
