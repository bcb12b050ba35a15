"""Landing, question and call on the screen: how long they are, in how many columns, and what is seen of the times."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.test_accessibility import assert_fits, violations
from tests.server import RunningSite
from tests.site.hosting import add_host
from tests.site.walks import CTO

pytestmark = pytest.mark.once

SCREEN = 740
"""Pixels of a phone's screen, 360 wide."""
UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"


@pytest.fixture(scope="module")
def hosted() -> Iterator[RunningSite]:
    """A site with a host whose hours are all around the clock."""
    with RunningSite(workers=1) as running:
        add_host(running)
        yield running
        assert "Traceback" not in running.log


def lefts(page: Page, selector: str) -> set[int]:
    """How far from the left each of these begins, in pixels."""
    return {round(box["x"]) for element in page.locator(selector).all() if (box := element.bounding_box())}


def assert_sound(page: Page, *widths: int) -> None:
    """With everything unfolded it breaks no rule in either scheme, and fits."""
    page.evaluate(UNFOLD)
    assert violations(page, "light") + violations(page, "dark") == []
    for width in widths:
        assert_fits(page, width)


def test_the_landing_is_short_on_a_phone_and_sound_with_everything_unfolded(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=360)
    page.goto("/")

    height = page.evaluate("document.documentElement.scrollHeight")

    assert height / SCREEN <= 4.65
    start = page.get_by_role("link", name="Start:").bounding_box()
    assert start
    assert start["y"] + start["height"] <= SCREEN
    assert_sound(page, 320, 360, 1280)


def test_the_situations_stand_in_two_columns_where_there_is_room(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=1280)
    page.goto(CTO.at("software"))

    wide = lefts(page, ".ticks .choice")
    page.set_viewport_size({"width": 360, "height": SCREEN})
    narrow = lefts(page, ".ticks .choice")

    assert (len(wide), len(narrow)) == (2, 1)
    assert_sound(page, 320, 360, 1280)


def test_the_time_comes_first_and_what_nobody_has_to_say_is_out_of_the_way(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    page = new_visitor(width=360, locale="de-DE")
    page.goto(f"{hosted.url}{CTO.call}&zone=Europe/Riga")

    soonest = page.get_by_role("radio", name="Next free time").bounding_box()
    assert soonest
    assert soonest["y"] + soonest["height"] <= SCREEN
    expect(page.locator(".times .other").first.get_by_role("radio").first).to_be_hidden()
    expect(page.locator("[name=availability]")).to_be_hidden()
    expect(page.locator("[name=message]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") / SCREEN <= 4.5
    page.get_by_role("radio", name="None of these suits me").check()
    expect(page.locator("[name=availability]")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    time, name = page.locator("#times").bounding_box(), page.locator("[name=name]").bounding_box()
    assert time
    assert name
    assert name["x"] >= time["x"] + time["width"]
    assert_sound(page, 320, 360, 1280)
