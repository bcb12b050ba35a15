"""Whether a result fits, in a browser: said in place with scripts, on a page of its own without; read by editors."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.test_accessibility import TARGET, TARGETS, assert_fits, violations
from tests.load.visitors import CHROME
from tests.server import RunningSite
from tests.site.walks import BOTH_ROLES, CTO

pytestmark = pytest.mark.once

COUNTED = """
from datetime import date
from advisor.feedback.models import Line, Tally
about = {"guide": "cto-or-head-of-ai", "edition": 1, "outcome": "not-yet"}
Tally.objects.create(**about, reason="rule.1", week=date(2026, 11, 2), fits=14, does_not=6)
Line.objects.create(**about, day=date(2026, 11, 3), text="We have no product yet.")
"""


def unfold(page: Page) -> None:
    page.get_by_role("heading", name="Does this fit you?").click()


def say(page: Page, line: str) -> None:
    """The first reason fits, the second does not."""
    form = page.locator("#fit form")
    form.get_by_role("radio", name="fits us").first.check()
    form.get_by_role("radio", name="does not").nth(1).check()
    form.get_by_label("This does not describe us because").fill(line)
    form.get_by_role("button", name="Send").click()


def counted(site: RunningSite) -> list[tuple[int, ...]]:
    """The votes on reasons of one outcome that were counted."""
    statement = "SELECT SUM(fits), SUM(does_not) FROM feedback_tally WHERE outcome = ? AND reason <> ''"
    return site.database.query(statement, "both-roles")


def test_a_visitor_says_in_place_what_fits(new_visitor: NewVisitor, site: RunningSite) -> None:
    # The headless shell calls itself a robot.
    page = new_visitor(width=360, user_agent=CHROME)
    page.goto(BOTH_ROLES.result)
    address, title = page.url, page.title()
    unfold(page)
    found = violations(page, "light") + violations(page, "dark")
    assert [target for target in page.evaluate(TARGETS) if min(target[1:]) < TARGET] == []
    assert_fits(page, 320)

    say(page, "See www.example.com")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    found += violations(page, "light") + violations(page, "dark")
    assert_fits(page, 320)
    expect(page.locator("#fit :checked")).to_have_count(2)

    say(page, "We have no product yet.")
    thanks = page.locator("#fit [data-focus]")
    expect(thanks).to_be_focused()
    expect(thanks).to_be_in_viewport()
    assert thanks.inner_text().startswith("Thank you.")
    found += violations(page, "light") + violations(page, "dark")
    assert found == []
    assert (page.url, page.title()) == (address, title)
    expect(page.get_by_role("heading", name="Why")).to_be_attached()
    assert counted(site) == [(1, 1)]


def test_without_scripts_it_is_said_on_a_page_of_its_own(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=360, scripts=False)
    page.goto(CTO.result)
    unfold(page)

    say(page, "See www.example.com")
    expect(page.get_by_role("alert")).to_contain_text("Please leave out links")
    assert page.locator("#fit :checked").count() == 2
    say(page, "We have no product yet.")

    expect(page.locator("#fit")).to_contain_text("Thank you.")
    page.get_by_role("link", name="Back to the result").click()
    expect(page.locator("main")).to_have_attribute("data-outcome", "fractional-cto")


def test_an_editor_reads_it_on_any_screen(new_visitor: NewVisitor, site: RunningSite) -> None:
    site.manage("shell", "--no-imports", "--command", COUNTED)
    # Django's pages name no icon, and Chromium asks for one.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(site, "Editors"))

    page.locator("#content").get_by_role("link", name="What visitors say").click()

    expect(page.get_by_role("cell", name="14 of 20")).to_be_visible()
    expect(page.get_by_text("We have no product yet.").first).to_be_visible()
    assert violations(page, "light") + violations(page, "dark") == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
