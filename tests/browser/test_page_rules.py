"""The fixture that looks over every visitor would notice."""

import re

import pytest
from playwright.sync_api import Route
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser.conftest import Watch

pytestmark = pytest.mark.once

PAGE = """<!doctype html><title>Bad</title><h1 style="color: red">Bad</h1><script>window.inline = true</script>
<img src="http://elsewhere.example.com/pixel.gif"><img src="/missing.png"><script src="/throws.js"></script>"""


def test_what_no_page_may_do_is_noticed(new_context: CreateContextCallback) -> None:
    context = new_context()
    watch = Watch(expected=(), may_abort=False, loses_connection=False)
    watch.over(context)
    page = context.new_page()

    def bad(route: Route) -> None:
        policy = "default-src 'self'; img-src *"
        route.fulfill(body=PAGE, headers={"Content-Type": "text/html", "Content-Security-Policy": policy})

    page.route(re.compile("/$"), bad)
    page.route(re.compile("throws.js"), lambda route: route.fulfill(body="throw new Error('thrown')"))
    page.goto("/", wait_until="networkidle")

    found = "\n".join(watch.problems)
    for noticed in (
        "The policy was broken: style-src-attr inline",
        "The policy was broken: script-src-elem inline",
        "left the site: http://elsewhere.example.com/pixel.gif",
        "failed: GET http://elsewhere.example.com/pixel.gif",
        "status of 404",
        "thrown",
    ):
        assert noticed in found
    assert not page.evaluate("window.inline ?? false")
