"""Two visitors on their phones: one asks the other, and both see what they have to settle."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import answer, expect_outcome, fill_in, go_on, heading, with_and_without_scripts
from tests.server import RunningSite
from tests.site.walks import CODES, CTO, GUIDE, HEAD_OF_AI, together

pytestmark = pytest.mark.once

SHEET = """
    navigator.share = async (given) => { window.shared = given; };
"""


@with_and_without_scripts
def test_one_asks_the_other_and_both_see_what_to_settle(
    new_visitor: NewVisitor, site: RunningSite, *, scripts: bool
) -> None:
    one, other = new_visitor(width=360, scripts=scripts), new_visitor(width=360, scripts=scripts)
    one.goto(CTO.result)
    one.get_by_role("link", name="Send to my co-founder").click()
    one.get_by_role("heading", name="Ask my co-founder").click()
    link = one.get_by_role("region", name="Ask my co-founder").get_by_role("link").first.inner_text()
    assert link == f"{site.url}{together('fractional-cto')}"

    other.goto(link)
    assert "CTO" not in other.get_by_role("main").inner_text()
    other.get_by_role("link", name="Start: 3 questions").click()
    for answers in HEAD_OF_AI.pages.values():
        expect(heading(other)).to_be_visible()
        fill_in(other, answers)
        go_on(other)
    expect_outcome(other, HEAD_OF_AI)
    other.get_by_role("link", name="Compare with theirs").click()

    expect(heading(other)).to_have_text("The answers lead to different advice")
    assert other.url == f"{site.url}{together('fractional-cto', 'head-of-ai', you=2)}"
    expect(other.get_by_role("region", name="What to settle").get_by_role("listitem")).to_have_count(1)
    assert other.evaluate("document.documentElement.scrollWidth") == 360
    first = other.get_by_role("article").first
    assert [term.inner_text() for term in first.get_by_role("term").all()] == ["Person 1", "You"]
    # On a phone one stands below the other.
    tops = [term.bounding_box()["y"] for term in first.get_by_role("term").all()]  # type: ignore[index]
    assert tops == sorted(set(tops))

    one.goto(other.get_by_role("region", name="What next").locator("dl").get_by_role("link").inner_text())
    assert one.url == f"{site.url}{together('fractional-cto', 'head-of-ai')}"
    one.get_by_role("link", name="Person 1", exact=True).click()
    one.get_by_role("link", name="Book an intro call").click()
    one.wait_for_url(f"**/{GUIDE}/call/**")
    assert f"compare={CODES['head-of-ai']}" in one.url
    assert CTO.query in one.url


def test_a_link_goes_to_the_sheet_of_the_device_where_there_is_one(new_visitor: NewVisitor, site: RunningSite) -> None:
    with_sheet, without = new_visitor(width=360), new_visitor(width=360)
    with_sheet.add_init_script(SHEET)

    with_sheet.goto(CTO.result)
    without.goto(CTO.result)
    without.get_by_role("heading", name="Ask my co-founder").click()

    with_sheet.get_by_role("region", name="Keep or pass on").get_by_role("button", name="Share link").click()
    assert with_sheet.evaluate("window.shared.url") == f"{site.url}/r/{CODES['fractional-cto']}/"
    expect(without.get_by_role("button", name="Share link")).to_have_count(0)
    expect(without.get_by_role("button", name="Copy link")).to_have_count(2)


def test_whoever_gets_a_short_link_answers_for_themselves(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=360)
    page.goto(f"/r/{CODES['fractional-cto']}/")
    expect(page.get_by_role("region", name="Whose answers these are")).to_contain_text("sent to you")

    page.get_by_role("link", name="Answer yourself and compare").click()
    page.wait_for_url("**/software/**")
    answer(page, HEAD_OF_AI)

    expect_outcome(page, HEAD_OF_AI)
    page.get_by_role("link", name="Compare with theirs").click()
    expect(heading(page)).to_have_text("The answers lead to different advice")
