"""The pages on which a guide is edited: by keyboard, by mouse, without scripts, on every screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.test_accessibility import violations
from tests.server import RunningSite

pytestmark = pytest.mark.once

GUIDE = "/admin/content/guide/1"
PAGES = {
    "table": f"{GUIDE}/table/",
    "order": f"{GUIDE}/order/dimensions/",
    "rules": f"{GUIDE}/rules/",
    "remarks": f"{GUIDE}/remarks/",
    "need": f"{GUIDE}/needs/fractional-cto/",
    "row of a need": "/admin/content/needrow/1/change/",
    "changes": f"{GUIDE}/changes/",
    "rule": "/admin/content/rule/1/change/",
    "follow-up": "/admin/content/followup/1/change/",
    "words": f"{GUIDE}/change/",
    "question": "/admin/content/question/1/change/",
    "role": "/admin/content/role/1/change/",
    "history": "/admin/content/signal/1/history/",
    "version": "/admin/content/signal/1/history/1/",
}


@pytest.fixture(scope="module")
def editor(site: RunningSite) -> str:
    """The name of someone who edits and publishes nothing."""
    return member(site, "Editors")


def names(page: Page) -> list[str]:
    return page.locator(".order .name").all_inner_texts()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_editors_breaks_no_rule_and_fits_the_screen(new_visitor: NewVisitor, editor: str, name: str) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES[name])
    expect(page.locator("#content")).to_be_visible()

    wide = violations(page, "light")
    page.set_viewport_size({"width": 360, "height": 800})
    narrow = violations(page, "dark")

    assert wide + narrow == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_cell_is_changed_by_keyboard_and_saved(new_visitor: NewVisitor, editor: str, scripts: bool) -> None:  # noqa: FBT001
    page = new_visitor(scripts=scripts, expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["table"])
    label = page.locator("td label").first.inner_text()
    words = f"Typed with {'and' if scripts else 'no'} scripts"

    page.get_by_role("region", name="Comparison table").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
    for _ in range(20):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 cell was saved")).to_be_visible()
    expect(page.get_by_label(label, exact=True)).to_have_value(words)


def test_of_two_tabs_the_second_is_warned(new_visitor: NewVisitor, editor: str) -> None:
    first = new_visitor(expected=[404], may_abort=True)
    log_in(first, editor)
    second = first.context.new_page()
    for tab, words in ((first, "From the first tab"), (second, "From the second tab")):
        tab.goto(PAGES["table"])
        tab.locator("td textarea").last.fill(words)

    first.get_by_role("button", name="Save the table").click()
    expect(first.get_by_text("1 cell was saved")).to_be_visible()
    second.get_by_role("button", name="Save the table").click()

    expect(second.get_by_role("alert")).to_be_focused()
    expect(second.get_by_role("alert")).to_contain_text("someone else changed this table")
    expect(second.locator("td textarea").last).to_have_value("From the second tab")
    expect(second.get_by_text("Now it says “From the first tab”, changed by editors")).to_be_visible()
    assert violations(second, "light") == []
    second.get_by_role("button", name="Save the table").click()
    expect(second.get_by_text("1 cell was saved")).to_be_visible()


def test_a_wrong_cell_is_named_and_focused(new_visitor: NewVisitor, editor: str) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["table"])
    page.locator("td textarea").nth(3).fill("")

    page.get_by_role("button", name="Save the table").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("td textarea").nth(3)).to_be_focused()
    assert violations(page, "light") == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_part_is_moved_by_its_button_and_keeps_the_focus(
    new_visitor: NewVisitor,
    editor: str,
    scripts: bool,  # noqa: FBT001
) -> None:
    page = new_visitor(scripts=scripts, expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["order"])
    before = names(page)

    page.get_by_role("button", name=f"Move down: {before[1]}").press("Enter")

    expect(page.get_by_text(f"“{before[1]}” is now number 3 of 10.")).to_be_visible()
    expect(page.get_by_role("button", name=f"Move down: {before[1]}")).to_be_focused()
    assert names(page) == [before[0], before[2], before[1], *before[3:]]


def test_a_part_is_dragged_to_its_place(new_visitor: NewVisitor, editor: str) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["order"])
    before = names(page)
    handle, target = page.locator(".handle").nth(0), page.locator(".order li").nth(3)

    handle.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] - 40, steps=6)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=6)
    expect(page.locator("#order-told")).to_have_text("Place 4 of 10")
    page.mouse.up()

    expect(page.get_by_text(f"“{before[0]}” is now number 4 of 10.")).to_be_visible()
    assert names(page) == [*before[1:4], before[0], *before[4:]]


def test_what_a_rule_leads_to_and_its_buttons_are_in_sight_without_scrolling(
    new_visitor: NewVisitor, editor: str
) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["rules"])
    region = page.get_by_role("region", name="Outcome table")
    rule = region.locator("tbody").first

    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        frame = region.bounding_box()
        assert frame
        shown = [
            rule.get_by_label("Outcome, rule 1", exact=True),
            rule.get_by_label("Reason, rule 1", exact=True),
            *rule.get_by_role("button").all(),
            rule.get_by_role("link"),
        ]
        boxes = [box for one in shown if (box := one.bounding_box())]
        assert len(boxes) == len(shown) == 8
        assert max(box["x"] + box["width"] for box in boxes) <= frame["x"] + frame["width"]

    number = rule.locator("th").bounding_box()
    assert number
    assert number["width"] < 36


def test_what_others_did_to_a_rule_has_the_width_of_the_table(new_visitor: NewVisitor, editor: str) -> None:
    first = new_visitor(expected=[404], may_abort=True)
    log_in(first, editor)
    second = first.context.new_page()
    for tab, words in ((first, "From the first tab."), (second, "From the second tab.")):
        tab.goto(PAGES["rules"])
        tab.get_by_label("Reason, rule 2", exact=True).fill(words)

    first.get_by_role("button", name="Save the table").first.click()
    expect(first.get_by_text("The table was saved.")).to_be_visible()
    second.get_by_role("button", name="Save the table").first.click()

    note = second.get_by_text("Now it says:")
    expect(note).to_contain_text("From the first tab.")
    region = second.get_by_role("region", name="Outcome table").bounding_box()
    box = note.bounding_box()
    assert box
    assert region
    assert box["width"] > 0.9 * region["width"]
    assert violations(second, "light") == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_rule_is_copied_changed_and_tried_on_an_example(
    new_visitor: NewVisitor,
    editor: str,
    scripts: bool,  # noqa: FBT001
) -> None:
    page = new_visitor(scripts=scripts, expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["rules"])

    page.get_by_role("button", name="Copy rule 3", exact=True).click()
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.get_by_label("Needed: Fractional CTO, rule 4", exact=True)).to_be_focused()
    page.get_by_label("Needed: Fractional CTO, rule 4", exact=True).select_option("No")
    page.get_by_label("Place of AI, rule 4", exact=True).select_option("anything")
    page.get_by_label("Needed: Fractional CTO, rule 3", exact=True).select_option("No")
    page.get_by_label("Is your core problem building and running software reliably?").select_option("No")
    page.get_by_label("Is it both?").select_option("Mostly AI")
    page.get_by_role("button", name="Which rule is hit?").click()

    expect(page.get_by_text("Rule 4 is hit. The outcome is")).to_be_visible()
    expect(page.locator("tbody.hit")).to_contain_text("Hit by the example")
    if scripts:
        # axe is a script itself, and waits for ever on a page that runs none.
        assert violations(page, "dark") == []
    page.goto(PAGES["rules"])
    expect(page.get_by_text("Not saved yet.")).to_be_hidden()


def test_a_text_is_counted_while_one_types(new_visitor: NewVisitor, editor: str) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto("/admin/content/question/1/change/")
    field = page.locator("#id_text")
    field.fill("Twelve signs")
    near = "x" * 150

    expect(page.locator("#id_text + .count")).to_have_text("12 of 160 characters")
    field.fill(near)
    expect(page.locator("#id_text ~ [role=status]")).to_have_text("150 of 160 characters")


def test_a_text_without_a_limit_is_counted_against_what_is_advised(new_visitor: NewVisitor, editor: str) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, editor)
    page.goto(PAGES["words"])
    field = page.locator("#id_clear")
    field.fill("Twelve signs")

    expect(page.locator("#id_clear + .count")).to_have_text("12 of about 160 characters")
    field.fill("x" * 161)
    expect(page.locator("#id_clear + .count.nearly")).to_have_text("161 of about 160 characters")
    expect(page.locator("#id_clear ~ [role=status]")).to_have_text("161 of about 160 characters")
