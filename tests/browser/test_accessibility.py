"""Every public page and state, loaded whole and swapped in: axe-core in light and dark, small screens, large text."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NewVisitor
from tests.browser.states import STATES
from tests.browser.steps import begin, expect_page, fill_in, go_on
from tests.server import RunningSite
from tests.site.client import open_form
from tests.site.walks import CTO, NOT_YET, ONE_LEADER, Walk

pytestmark = pytest.mark.once

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


# What reaches beyond the right edge of the screen, in words; what is hidden from the eye does not count.
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(element => element.checkVisibility() && getComputedStyle(element).clipPath === "none")
    .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map(element => element.outerHTML.slice(0, 90))"""
# Buttons, choices with their labels, fields, and links that stand alone; what is seen of them.
TARGETS = """() => [...document.querySelectorAll(
        "a, button, summary, select, textarea, label:has(input), input:not(label input, [type=hidden])")]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > 0)
    .filter(element => !element.matches("a") || getComputedStyle(element).display !== "inline")
    .map(element => [element.outerHTML.slice(0, 90), element.getBoundingClientRect()])
    .map(([html, box]) => [html, box.width, box.height])"""
# The admin fades its links from one colour to another; what is read in between belongs to neither scheme.
COLOURS_SETTLED = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
}"""
TARGET = 24
"""Pixels in each direction, WCAG 2.2."""


def violations(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """What axe-core finds: the rule, and where. Half a page has no main part."""
    page.wait_for_load_state()
    page.emulate_media(color_scheme=scheme)
    page.evaluate(COLOURS_SETTLED)
    results: dict[str, Any] = Axe().run(page, options=OPTIONS).response
    return [
        f"{scheme}: {violation['id']}: {node['html'][:120]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def assert_fits(page: Page, width: int) -> None:
    """Nothing scrolls sideways in a window this wide."""
    page.set_viewport_size({"width": width, "height": 700})
    page.evaluate("scrollTo(1000, 0)")
    assert page.evaluate("[document.documentElement.scrollWidth, scrollX]") == [width, 0]
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("state", STATES)
def test_a_page_breaks_no_rule_fits_every_screen_and_can_be_hit_by_a_finger(
    new_visitor: NewVisitor, state: str
) -> None:
    page = new_visitor(width=1280, expected=[404])
    STATES[state](page)

    assert violations(page, "light") == []
    assert_fits(page, 320)
    assert_fits(page, 360)
    assert violations(page, "dark") == []
    targets = page.evaluate(TARGETS)
    assert targets
    assert [target for target in targets if min(target[1:]) < TARGET] == []
    # Text alone at 200 % (WCAG 1.4.4); 1280 pixels at 400 % (1.4.10) are the 320 above.
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page, 640)


@pytest.mark.parametrize("walk", [ONE_LEADER, NOT_YET], ids=lambda walk: walk.outcome)
def test_a_page_that_was_swapped_in_has_no_violations(new_visitor: NewVisitor, walk: Walk) -> None:
    page = new_visitor(width=360)
    begin(page)
    paths = [*map(walk.at, walk.pages), walk.result]

    for answers, path in zip(walk.pages.values(), paths[1:], strict=True):
        fill_in(page, answers)
        go_on(page)
        expect_page(page, path)

        assert violations(page, "light") + violations(page, "dark") == []


def test_the_form_that_cannot_be_taken_now_has_no_violations(new_visitor: NewVisitor) -> None:
    page = new_visitor(expected=[503])
    with RunningSite(workers=1) as own_site:
        open_form(own_site, CTO.call)
        page.goto(own_site.url + CTO.call)
        own_site.database.take_away()
        page.locator("[name=name]").fill("Firmas dibinātāja")
        page.locator("[name=email]").fill("founder@example.com")
        page.locator("[name=company]").fill("Kalns & Bērzs")
        page.locator("[name=consent]").check()
        page.get_by_role("main").get_by_role("button").click()

        assert page.locator("[name=name]").input_value() == "Firmas dibinātāja"
        assert page.get_by_role("alert").get_by_role("link").get_attribute("href") == "mailto:hello@example.com"
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        assert page.evaluate("document.documentElement.scrollWidth") == 1280
        assert violations(page, "light") + violations(page, "dark") == []


def test_the_page_before_there_is_a_guide_has_no_violations(new_visitor: NewVisitor) -> None:
    page = new_visitor(expected=[503])
    with RunningSite(workers=1, seeded=False) as own_site:
        page.goto(own_site.url)

        assert violations(page, "light") + violations(page, "dark") == []


def test_axe_would_notice(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.goto("/privacy/")

    page.evaluate("document.querySelector('h1').outerHTML = '<img src=\"data:,\"><input>'")

    rules = {violation.split(": ")[1] for violation in violations(page, "light")}
    assert {"image-alt", "label", "page-has-heading-one"} <= rules
