"""Five minutes before a call: sales finds the lead, reads the briefing, writes down what is next, and moves it on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading
from tests.browser.test_accessibility import assert_fits, violations
from tests.clock import CLOCK
from tests.server import RunningSite
from tests.site.walks import CTO

pytestmark = pytest.mark.slow


def judged(page: Page) -> list[str]:
    """What is wrong with a page in light and dark, on a desk and on a phone; the window is left as wide as it was."""
    found = violations(page, "light") + violations(page, "dark")
    assert_fits(page, 360)
    found += violations(page, "light")
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def test_a_lead_is_found_read_worked_on_and_moved(new_visitor: NewVisitor, site: RunningSite) -> None:
    asker = new_visitor()
    email, company = f"{uuid4()}@example.com", f"Looms {uuid4().hex[:8]}"
    asker.goto(CTO.call)
    fill_in_call(asker, email=email, company=company, message="Where do we begin?")
    send_call(asker)
    expect(heading(asker)).to_have_text("Thank you")
    # Django's pages name no icon, and Chromium asks for one.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(site, "Sales"))
    content = page.locator("#content")

    page.get_by_role("link", name="Leads", exact=True).last.click()
    page.get_by_role("searchbox").fill(company.partition(" ")[2])
    page.keyboard.press("Enter")
    expect(content.get_by_role("status")).to_contain_text("1 found")
    found = judged(page)
    content.get_by_role("link", name=company).click()
    expect(page.get_by_role("heading", name="Briefing")).to_be_visible()
    expect(content).to_contain_text("Three questions to ask")
    found += judged(page)

    monday = CLOCK.now().date() + timedelta(days=3)
    page.get_by_label("What it is").select_option("Spoke to them")
    page.get_by_label("Note", exact=True).fill("They need it by June.")
    page.get_by_label("Next step").fill("Send two references")
    page.get_by_role("button", name="Contacted").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved.")
    found += judged(page)
    expect(page.get_by_label("Note", exact=True)).to_have_value("They need it by June.")
    page.get_by_label("Due on").fill(monday.isoformat())
    page.get_by_role("button", name="Contacted").press("Enter")
    expect(page.locator(".facts")).to_contain_text("Send two references")
    expect(page.locator(".timeline")).to_contain_text("New → Contacted")
    found += judged(page)

    page.goto("/admin/leads/lead/board/")
    found += judged(page)
    card = page.locator("#column-contacted ~ ul li", has_text=company)
    card.get_by_role("button", name="Qualified").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text(f"{company} is Qualified now.")
    expect(page.locator("#column-qualified ~ ul")).to_contain_text(company)
    assert found == []
