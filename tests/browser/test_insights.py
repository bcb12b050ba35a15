"""The owner finds the figures, compares them with the weeks before, and takes them along, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.test_accessibility import violations
from tests.server import RunningSite

pytestmark = pytest.mark.once

COUNTED = """
from django.utils import timezone
from advisor.content.editions import edition_cache
from advisor.funnel import demonstration
published = edition_cache.live("cto-or-head-of-ai")
demonstration.make(guide=published.guide, edition=published.number, now=timezone.now())
"""


@pytest.fixture(scope="module")
def counted(site: RunningSite) -> None:
    """Four weeks of steps."""
    site.manage("shell", "--no-imports", "--command", COUNTED)


@pytest.mark.usefixtures("counted")
def test_the_owner_looks_compares_and_takes_a_table_along(new_visitor: NewVisitor, site: RunningSite) -> None:
    # Django's pages name no icon, and Chromium asks for one.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(site, "Owners"))

    page.locator("#content").get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("img", name="Funnel")).to_be_visible()
    found = violations(page, "light") + violations(page, "dark")
    page.get_by_role("link", name="Last 7 days").click()
    page.get_by_role("link", name="Compare with the period before").click()
    expect(page.get_by_role("columnheader", name="Number, B").first).to_be_visible()
    found += violations(page, "light") + violations(page, "dark")
    page.get_by_label("Compare to").fill("")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("To compare with other days, fill in both.")).to_be_visible()
    found += violations(page, "light")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Funnel as CSV").click()

    assert "Landing seen" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert found == []


@pytest.mark.usefixtures("counted")
def test_it_fits_a_phone(new_visitor: NewVisitor, site: RunningSite) -> None:
    page = new_visitor(width=360, expected=[404], may_abort=True)
    log_in(page, member(site, "Owners"))

    page.goto("/admin/insights/")

    expect(page.get_by_role("img", name="Funnel")).to_be_visible()
    # Wide tables scroll in their own region.
    assert page.evaluate("document.documentElement.scrollWidth") == 360
