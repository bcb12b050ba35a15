"""Sales finds a lead and reads it, under the same policy as every visitor."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading
from tests.server import RunningSite
from tests.site.walks import BOTH_ROLES

PASSWORD = "kept-nowhere-but-in-this-test"


@pytest.fixture(scope="module")
def staff(site: RunningSite) -> str:
    """The name of someone who may see everything."""
    name = "anna"
    site.manage(
        "createsuperuser",
        "--noinput",
        f"--username={name}",
        "--email=anna@example.com",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    return name


def test_a_lead_is_found_and_read_with_the_answers_in_words(new_visitor: NewVisitor, staff: str) -> None:
    visitor = new_visitor()
    visitor.goto(BOTH_ROLES.call)
    fill_in_call(visitor, company="Zvaigzne Robotics", message="We have <b>two</b> teams.")
    send_call(visitor)
    expect(heading(visitor)).to_have_text("Thank you")
    page = new_visitor(expected=[404])

    page.goto("/admin/")
    page.get_by_label("Username").fill(staff)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Leads", exact=True).last.click()
    expect(page.get_by_role("row").filter(has_text="Zvaigzne Robotics")).to_contain_text("New")
    page.locator("#searchbar").fill("zvaigzne")
    page.keyboard.press("Enter")
    page.get_by_role("row").filter(has_text="Zvaigzne Robotics").get_by_role("link").first.click()

    content = page.locator("#content")
    for words in (
        "Hire both, with separate domains from day one",
        "Is your core problem building and running software reliably?",
        "Team without direction, Raising money soon, Messy stack",
        "Ten or more",
        "3 of 5 signals",
        "Start with the CTO",
        "We have <b>two</b> teams.",
    ):
        expect(content).to_contain_text(words)
    page.get_by_label("Status").select_option("contacted")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Zvaigzne Robotics")).to_contain_text("Contacted")


def test_the_pages_for_staff_keep_the_policy(new_visitor: NewVisitor, staff: str) -> None:
    # Django's pages name no icon, and Chromium asks for one. Nobody waits for the pictures of a page.
    page = new_visitor(expected=[404], may_abort=True)
    page.goto("/admin/")
    page.get_by_label("Username").fill(staff)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()

    sections = page.locator("#content-main th a").all()
    addresses = [link.get_attribute("href") or "" for link in sections]

    assert len(addresses) > 3
    for address in addresses:
        page.goto(address)
        expect(page.locator("#content")).to_be_visible()
    page.goto("/admin/content/guide/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
