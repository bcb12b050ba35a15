"""A form that is refused before its page sees it, in a browser: it is still there, and one more click sends it."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import PASSWORD, log_in, member
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading, on_a_phone_and_a_desk, summary
from tests.browser.test_accessibility import assert_fits, violations
from tests.server import RunningSite
from tests.site.walks import CTO

pytestmark = [pytest.mark.once, pytest.mark.slow]

END_SESSIONS = "from advisor.accounts.models import StaffSession; StaffSession.objects.filter(pk={key!r}).delete()"


def end_session(site: RunningSite, page: Page) -> None:
    """The server forgets who is logged in; the browser knows nothing of it."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie.get("name") == "sessionid")
    site.manage("shell", "--no-imports", "--command", END_SESSIONS.format(key=key))


def log_in_again(page: Page, name: str) -> None:
    """By the form that came in place of the answer."""
    expect(page.get_by_role("alert")).to_contain_text("You were logged out while you worked.")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".messagelist")).to_contain_text("Nothing was saved yet: you were logged out while you worked.")


@on_a_phone_and_a_desk
@pytest.mark.parametrize("trouble", ["cookie gone", "logged in in another tab"])
def test_a_visitor_sends_the_form_again_by_one_click(
    new_visitor: NewVisitor, site: RunningSite, width: int, trouble: str, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts, expected=[404], may_abort=True)
    email = f"{uuid4()}@example.com"
    page.goto(CTO.call)
    fill_in_call(page, email=email, message="Two lines,\nand a <tag>")
    page.get_by_role("combobox").select_option("20-50")
    if trouble == "cookie gone":
        page.context.clear_cookies()
    else:
        other = page.context.new_page()
        log_in(other, member(site, "Sales"))
        other.close()

    send_call(page)

    expect(summary(page)).to_contain_text("Nothing was sent yet")
    if scripts:
        expect(summary(page)).to_be_focused()
        assert violations(page, "light") == []
    assert_fits(page, width)
    expect(page.locator("main [name=message]")).to_have_value("Two lines,\nand a <tag>")
    expect(page.locator("main [name=employees]")).to_have_value("20-50")
    expect(page.locator("main [name=consent]")).to_be_checked()
    assert site.database.query("SELECT count(*) FROM leads_lead WHERE email = ?", email) == [(0,)]
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")
    assert site.database.query("SELECT count(*) FROM leads_lead WHERE email = ?", email) == [(1,)]


@on_a_phone_and_a_desk
def test_a_note_is_kept_through_a_login(
    new_visitor: NewVisitor, site: RunningSite, width: int, *, scripts: bool
) -> None:
    email, note = f"{uuid4()}@example.com", f"They called back, {uuid4()}"
    asker = new_visitor()
    asker.goto(CTO.call)
    fill_in_call(asker, email=email)
    send_call(asker)
    expect(heading(asker)).to_have_text("Thank you")
    ((lead,),) = site.database.query("SELECT id FROM leads_lead WHERE email = ?", email)
    page = new_visitor(width=width, scripts=scripts, expected=[404], may_abort=True)
    name = member(site, "Sales")
    log_in(page, name)
    page.goto(f"/admin/leads/lead/{lead}/change/")
    page.get_by_label("Note", exact=True).fill(note)
    page.get_by_label("Next step").fill("Send two references")
    end_session(site, page)

    page.get_by_role("button", name="Save", exact=True).click()
    assert_fits(page, width)
    log_in_again(page, name)

    expect(page.get_by_label("Note", exact=True)).to_have_value(note)
    expect(page.get_by_label("Next step")).to_have_value("Send two references")
    page.get_by_label("Due on").fill("2027-01-04")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    expect(page.locator(".timeline")).to_contain_text(note)


@on_a_phone_and_a_desk
def test_a_table_is_kept_through_a_login_in_another_tab_and_one_in_place(
    new_visitor: NewVisitor, site: RunningSite, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts, expected=[404], may_abort=True)
    name = member(site, "Editors")
    log_in(page, name)
    page.goto("/admin/content/guide/1/table/")
    cell = page.locator("textarea").first
    before = cell.input_value()
    cell.fill("Typed before the login")
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/admin/")
    other.get_by_label("Username").fill(name)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("heading", name="Site administration")).to_be_visible()

    page.get_by_role("button", name="Save the table").click()

    expect(page.locator(".messagelist")).to_contain_text("Nothing was saved yet: the cookie that protects the form")
    expect(cell).to_have_value("Typed before the login")
    end_session(site, page)
    page.get_by_role("button", name="Save the table").click()
    log_in_again(page, name)
    expect(cell).to_have_value("Typed before the login")
    page.get_by_role("button", name="Save the table").click()
    expect(page.locator(".messagelist")).to_contain_text("1 cell was saved.")
    cell.fill(before)
    page.get_by_role("button", name="Save the table").click()
    expect(page.locator(".messagelist")).to_contain_text("1 cell was saved.")


def test_a_text_of_millions_of_letters_is_answered_beside_the_form(new_visitor: NewVisitor, site: RunningSite) -> None:
    page = new_visitor()
    page.goto(CTO.call)
    fill_in_call(page)
    # Sent at once: to lay out a text of this length takes Chromium many seconds.
    page.locator("main [name=message]").evaluate(
        "field => { field.value = 'word '.repeat(700_000); field.form.requestSubmit() }"
    )

    expect(summary(page)).to_contain_text("it is too long", timeout=30_000)
    expect(page.locator("main [name=company]")).to_have_value("Kalns & Bērzs")
    expect(page.locator("main [name=message]")).to_have_value(re.compile("^word word"))
