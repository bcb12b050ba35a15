"""Sales finds a lead and reads it, under the same policy as every visitor."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading
from tests.server import RunningSite
from tests.site.walks import BOTH_ROLES

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def staff(site: RunningSite) -> str:
    """The name of someone who works with both the content and the leads."""
    return member(site, "Publishers", "Sales")


def test_a_lead_is_found_and_read_with_the_answers_in_words(new_visitor: NewVisitor, staff: str) -> None:
    visitor = new_visitor()
    visitor.goto(BOTH_ROLES.call)
    fill_in_call(visitor, company="Zvaigzne Robotics", message="We have <b>two</b> teams.")
    send_call(visitor)
    expect(heading(visitor)).to_have_text("Thank you")
    page = new_visitor(expected=[404], may_abort=True)

    log_in(page, staff)
    page.get_by_role("link", name="Leads", exact=True).last.click()
    expect(page.get_by_role("row").filter(has_text="Zvaigzne Robotics")).to_contain_text("New")
    page.get_by_label("Find by name").fill("zvaigzne")
    page.keyboard.press("Enter")
    page.get_by_role("row").filter(has_text="Zvaigzne Robotics").get_by_role("link").first.click()

    content = page.locator("#content")
    for words in (
        "Hire both, with separate domains",
        "Is your core problem building and running software reliably?",
        "Team without direction, Raising money soon, Messy stack",
        "Ten or more",
        "3 of 5 signals",
        "Start with the CTO’s work",
        "We have <b>two</b> teams.",
    ):
        expect(content).to_contain_text(words)
    page.get_by_role("button", name="Contacted", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    page.get_by_role("link", name="Leads", exact=True).last.click()
    expect(page.get_by_role("row").filter(has_text="Zvaigzne Robotics")).to_contain_text("Contacted")


def test_the_pages_for_staff_keep_the_policy(new_visitor: NewVisitor, staff: str) -> None:
    # Django's pages name no icon, and Chromium asks for one. Nobody waits for the pictures of a page.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, staff)

    sections = page.locator("#content-main th a").all()
    addresses = [link.get_attribute("href") or "" for link in sections]

    assert len(addresses) > 3
    for address in addresses:
        page.goto(address)
        expect(page.locator("#content")).to_be_visible()
    page.goto("/admin/content/guide/")
    page.locator("#result_list tbody a").first.click()
    page.locator("#content-main").get_by_role("link", name="Words of the guide").click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
