"""Sales takes leads out as a file, reads everything about a person and erases them, in a browser."""

import csv
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading
from tests.browser.test_accessibility import assert_fits, violations
from tests.server import RunningSite
from tests.site.walks import BOTH_ROLES


def test_a_person_is_taken_out_as_a_file_shown_and_erased(
    new_visitor: NewVisitor, site: RunningSite, tmp_path: Path
) -> None:
    visitor = new_visitor()
    visitor.goto(BOTH_ROLES.call)
    fill_in_call(visitor, email="soon-gone@example.com", company="=Zvaigzne", message="We have two teams.")
    send_call(visitor)
    expect(heading(visitor)).to_have_text("Thank you")
    # Django's pages name no icon, and Chromium asks for one; a download is an address that is not gone to.
    page = new_visitor(expected=[404], may_abort=True, accept_downloads=True)
    log_in(page, member(site, "Sales"))
    content, found = page.locator("#content"), []

    page.goto("/admin/leads/lead/?q=soon-gone@example.com")
    page.get_by_role("link", name="Take out as a file").click()
    expect(content).to_contain_text("1 lead: found by a search")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "leads.csv")
    # Nobody has loaded the page anew.
    expect(page.get_by_role("row").filter(has_text="found by a search")).to_contain_text("Done: 1 lead")
    found += violations(page, "light") + violations(page, "dark")
    assert_fits(page, 360)

    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/admin/leads/person/?q=soon-gone@example.com")
    content.get_by_role("link", name="soon-gone@example.com").click()
    page.get_by_role("link", name="Everything kept about them").click()
    expect(content).to_contain_text("We have two teams.")
    found += violations(page, "light") + violations(page, "dark")
    assert_fits(page, 360)

    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="soon-gone@example.com").click()
    page.get_by_role("button", name="Delete").click()
    found += violations(page, "light") + violations(page, "dark")
    page.get_by_role("button", name="Yes, I’m sure").click()
    expect(page.locator(".messagelist")).to_contain_text("Erased: 1 person, 1 lead")
    page.get_by_role("link", name="What was erased").click()
    expect(page.get_by_role("row").filter(has_text="Erased: 1 person, 1 lead")).to_contain_text("sales")
    found += violations(page, "light") + violations(page, "dark")

    with (tmp_path / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["E-mail"], row["Company"]) == ("soon-gone@example.com", "'=Zvaigzne")
    assert found == []
