"""From the landing to a captured lead with Tab, Shift+Tab, arrows, Space and Enter, and never lost on the way."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import at_both_widths, begin, expect_outcome, expect_page, heading, option, settled
from tests.server import RunningSite
from tests.site.walks import CTO

pytestmark = pytest.mark.once

# What has the focus, and whether it shows: by its own outline, or by that of the label around it.
FOCUS = """() => {
    const element = document.activeElement;
    const shows = (found) => {
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(found);
        const box = found.getBoundingClientRect();
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && outlineColor !== "transparent"
            && box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
    };
    const label = element.matches("input") && element.closest("label");
    return {
        is: `${element.tagName.toLowerCase()} ${element.name ?? ""} ${element.value ?? element.textContent.trim()}`,
        shows: shows(element) || (label && shows(label)),
    };
}"""


def press(page: Page, key: str) -> None:
    """Press a key; wherever the focus is after it, it shows."""
    page.keyboard.press(key)
    focus = page.evaluate(FOCUS)
    assert focus["is"].startswith("body") or focus["shows"], f"No focus to be seen on {focus['is']}"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what matches the selector has the focus."""
    for _ in range(80):
        press(page, "Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached by Tab.")


@at_both_widths
def test_a_call_is_asked_for_by_keyboard_alone(new_visitor: NewVisitor, site: RunningSite, width: int) -> None:
    page = new_visitor(width=width, reduced_motion="reduce")
    email = f"{uuid4()}@example.com"
    page.goto("/")

    tab_to(page, "main a[href*='/software/']")
    page.keyboard.press("Enter")
    expect_page(page, CTO.at("software"))
    # The second choice and back: arrows choose among them.
    tab_to(page, "[name=software]")
    press(page, "Space")
    press(page, "ArrowDown")
    expect(option(page, "software", "no")).to_be_checked()
    press(page, "ArrowUp")
    expect(option(page, "software", "yes")).to_be_checked()
    for key in ("directionless-team", "messy-stack"):
        tab_to(page, f"[value={key}]")
        press(page, "Space")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect_page(page, CTO.at("ai"))

    expect(heading(page)).to_be_focused()
    tab_to(page, "[name=ai]")
    press(page, "Space")
    press(page, "ArrowDown")
    tab_to(page, "[value='none.ai']")
    press(page, "Space")
    # Enter in a field sends the form as its button does.
    page.keyboard.press("Enter")
    expect_page(page, CTO.at("both"))

    expect(heading(page)).to_be_focused()
    tab_to(page, "[name=both]")
    press(page, "ArrowDown")
    tab_to(page, "main form button")
    press(page, "Shift+Tab")
    press(page, "Tab")
    page.keyboard.press("Space")
    expect_page(page, CTO.result)
    expect_outcome(page, CTO)

    expect(heading(page)).to_be_focused()
    tab_to(page, "main a[href*='/call/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Your name")).to_be_visible()
    for name, typed in (("name", "Firmas dibinātāja"), ("email", email), ("company", "Kalns & Bērzs")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(typed)
    tab_to(page, "[name=consent]")
    press(page, "Space")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text("Thank you")
    assert site.database.query("SELECT outcome FROM leads_lead WHERE email = ?", email) == [(CTO.outcome,)]


@pytest.mark.parametrize("path", ["/", CTO.at("ai"), CTO.result, CTO.call, "/r/"])
def test_every_stop_of_a_page_shows_where_the_focus_is(new_visitor: NewVisitor, path: str) -> None:
    page = new_visitor(width=360, reduced_motion="reduce")
    page.goto(path)

    stops = 0
    press(page, "Tab")
    while not page.evaluate("document.activeElement === document.body"):
        stops += 1
        assert stops < 120, "Tab never leaves the page."
        press(page, "Tab")

    assert stops > 4


@at_both_widths
def test_the_first_stop_skips_to_the_content(new_visitor: NewVisitor, width: int) -> None:
    page = new_visitor(width=width, reduced_motion="reduce")
    page.goto(CTO.result)

    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_skip_link_works_after_a_swap(new_visitor: NewVisitor) -> None:
    page = new_visitor(reduced_motion="reduce")
    begin(page)
    option(page, "software", "yes").check()
    page.keyboard.press("Enter")
    expect_page(page, CTO.at("ai"))
    settled(page)

    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_only_machines_see_is_no_stop(new_visitor: NewVisitor) -> None:
    page = new_visitor(reduced_motion="reduce")
    page.goto(CTO.call)

    stops: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.name ?? ''"))

    assert "website" not in stops
    assert {"name", "email", "company", "consent"} <= stops
