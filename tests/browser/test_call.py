"""Asking for a call: nothing typed is lost, nothing is doubled, and only this page sets a cookie."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.states import fill_in_call, send_call, unfold_call
from tests.browser.steps import (
    answer,
    at_both_widths,
    follow,
    heading,
    on_a_phone_and_a_desk,
    start,
    summary,
    with_and_without_scripts,
)
from tests.server import RunningSite
from tests.site.walks import CTO, ONE_LEADER


def leads(site: RunningSite, email: str) -> int:
    """How many requests there are by an address."""
    found: int = site.database.query("SELECT count(*) FROM leads_lead WHERE email = ?", email)[0][0]
    return found


def someone() -> str:
    return f"{uuid4()}@example.com"


@with_and_without_scripts
@at_both_widths
def test_from_the_landing_to_a_captured_lead(
    new_visitor: NewVisitor, site: RunningSite, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    email = someone()
    start(page)
    answer(page, ONE_LEADER)
    code = page.locator("main code").inner_text()

    page.get_by_role("link", name="Book an intro call").first.click()
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    expect(page.get_by_role("main")).to_contain_text("One fractional leader for both, for now")
    fill_in_call(page, email=email, message="Where do we begin?", phone="+371 2000 0000", availability="Mornings")
    page.get_by_role("combobox").select_option(index=2)
    send_call(page)

    expect(heading(page)).to_have_text("Thank you")
    expect(page.get_by_role("main")).to_contain_text(code)
    row = site.database.query("SELECT outcome, certainty, result_code, message FROM leads_lead WHERE email = ?", email)
    assert row == [(ONE_LEADER.outcome, ONE_LEADER.certainty, code, "Where do we begin?")]
    page.get_by_role("main").get_by_role("link", name=re.compile("result")).click()
    expect(page.locator("main")).to_have_attribute("data-outcome", ONE_LEADER.outcome)


@on_a_phone_and_a_desk
def test_a_form_with_errors_keeps_everything_and_says_what_to_do(
    new_visitor: NewVisitor, site: RunningSite, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    email = someone()
    typed = {
        "name": "Dibinātāja “Ī” <ceo>",
        "email": "not an address",
        "company": "",
        "job_title": "CEO & founder",
        "phone": "+371 2000 0000",
        "message": "Two lines,\nand a <tag>",
        "availability": "Tuesday, Riga",
    }
    page.goto(CTO.call)
    unfold_call(page)
    for name, value in typed.items():
        page.locator(f"main [name={name}]").fill(value)
    page.get_by_role("combobox").select_option("20-50")

    send_call(page)

    expect(summary(page)).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert {name: page.locator(f"main [name={name}]").input_value() for name in typed} == typed
    expect(page.get_by_role("combobox")).to_have_value("20-50")
    links = summary(page).get_by_role("link")
    assert links.count() == 3
    for position, name in enumerate(("email", "company", "consent")):
        links.nth(position).click()
        expect(page.locator(f"main [name={name}]")).to_be_focused()
        assert page.locator(f"main [name={name}]").get_attribute("aria-invalid") == "true"
    page.locator("[name=email]").fill(email)
    page.locator("[name=company]").fill("Kalns & Bērzs")
    page.locator("[name=consent]").check()
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1


@with_and_without_scripts
def test_a_double_click_makes_one_lead(new_visitor: NewVisitor, site: RunningSite, *, scripts: bool) -> None:
    # The first answer is not waited for: the browser drops it and takes the second.
    page = new_visitor(scripts=scripts, may_abort=True)
    email = someone()
    page.goto(CTO.call)
    fill_in_call(page, email=email)

    page.get_by_role("main").locator("form").get_by_role("button").dblclick()

    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1


def test_the_thank_you_page_can_be_reloaded(new_visitor: NewVisitor, site: RunningSite) -> None:
    page = new_visitor()
    email = someone()
    page.goto(CTO.call)
    fill_in_call(page, email=email)
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")

    page.reload()

    expect(heading(page)).to_have_text("Thank you")
    assert leads(site, email) == 1
    assert email not in page.content()


@with_and_without_scripts
def test_only_the_form_sets_a_cookie_and_only_the_one_that_protects_it(
    new_visitor: NewVisitor, *, scripts: bool
) -> None:
    page = new_visitor(scripts=scripts)

    follow(page, CTO)
    for path in ("/r/", "/privacy/", "/accessibility/", "/"):
        page.goto(path)
    before = page.context.cookies()
    page.goto(CTO.call)

    assert before == []
    cookie = page.context.cookies()[0]
    assert len(page.context.cookies()) == 1
    assert cookie.get("name") == "csrftoken"
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
