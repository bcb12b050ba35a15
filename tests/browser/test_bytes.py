"""How much comes over the wire, as the browser counts it: bodies as they were sent (compressed), and headers."""

from collections import defaultdict
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import NewVisitor
from tests.browser.steps import Requests, begin, expect_page, fill_in, go_on
from tests.site.walks import ONE_LEADER

pytestmark = pytest.mark.once

KB = 1024


def watch_bytes(page: Page) -> Requests:
    """The requests that are finished from now on."""
    finished = Requests()
    page.on("requestfinished", finished.add)
    return finished


def with_headers(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_the_first_visit_is_small(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    finished = watch_bytes(page)

    page.goto("/", wait_until="networkidle")

    bodies: dict[str, int] = defaultdict(int)
    for request in finished:
        bodies[request.resource_type] += request.sizes()["responseBodySize"]
    assert len(finished) <= 5
    assert set(bodies) == {"document", "stylesheet", "script", "font"}
    assert bodies["script"] <= 20 * KB
    assert bodies["document"] + bodies["stylesheet"] <= 14 * KB
    # Without the face of type, which no text waits for; with it.
    assert sum(map(with_headers, finished)) - bodies["font"] <= 30 * KB
    assert sum(map(with_headers, finished)) <= 40 * KB


def test_each_step_by_htmx_is_one_small_request(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    begin(page)
    finished = watch_bytes(page)

    for key, following in pairwise(ONE_LEADER.pages):
        finished.clear()
        fill_in(page, ONE_LEADER.pages[key])
        go_on(page)
        expect_page(page, ONE_LEADER.at(following))

        assert len(finished) == 1
        assert finished[0].sizes()["responseBodySize"] <= 4 * KB
        assert with_headers(finished[0]) <= 5 * KB


def test_what_was_loaded_once_is_not_loaded_again(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.goto("/", wait_until="networkidle")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    asked, kept = dict[str, str](), set[str]()
    network.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    network.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))

    page.goto("/privacy/", wait_until="networkidle")

    assert kept
    loaded = [address for request, address in asked.items() if request not in kept]
    assert [urlsplit(address).path for address in loaded if not address.startswith("data:")] == ["/privacy/"]
