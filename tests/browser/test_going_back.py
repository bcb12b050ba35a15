"""Back, refresh, bookmarks, forwarded links, codes, and answers that are changed: the address holds everything."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    begin,
    expect_outcome,
    expect_page,
    fill_in,
    follow,
    go_on,
    heading,
    on_a_phone_and_a_desk,
    option,
    settled,
    summary,
    with_and_without_scripts,
)
from tests.server import RunningSite
from tests.site.walks import BOTH_ROLES, CODES, CTO, GUIDE, HEAD_OF_AI, NOT_YET, ONE_LEADER, Walk

pytestmark = pytest.mark.once

CONTRACT = f"/{GUIDE}/result/?software=yes&signal=messy-stack&ai=no&both=software"


def code_of(page: Page) -> str:
    """The result code that a result shows."""
    code = page.locator("main .edition code")
    return code.inner_text().strip()


def change(page: Page, question: str) -> None:
    """The Change link beside an answer in "Your answers", which are folded on a phone."""
    answers = page.get_by_role("region", name="Your answers")
    said = answers.locator("dl > div", has_text=question)
    expect(said).to_be_attached()
    if not said.is_visible():
        answers.locator("summary").click()
    said.get_by_role("link", name=re.compile("^Change")).click()


@on_a_phone_and_a_desk
def test_back_shows_the_question_before_as_it_was_answered(
    new_visitor: NewVisitor, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    begin(page)
    fill_in(page, CTO.pages["software"])
    go_on(page)
    expect_page(page, CTO.at("ai"))

    page.go_back()
    expect_page(page, CTO.at("software"))

    expect(option(page, "software", "yes")).to_be_checked()
    expect(option(page, "signal", "messy-stack")).to_be_checked()


@with_and_without_scripts
def test_back_and_forward_go_through_the_walk_and_it_can_go_on_anywhere(
    new_visitor: NewVisitor, site: RunningSite, *, scripts: bool
) -> None:
    page = new_visitor(scripts=scripts)
    follow(page, CTO)

    for path in (CTO.at("both"), CTO.at("ai")):
        page.go_back()
        expect_page(page, path)
    page.go_forward()
    expect_page(page, CTO.at("both"))
    assert page.url.startswith(site.url + CTO.at("both"))
    fill_in(page, CTO.pages["both"])
    go_on(page)

    expect_page(page, CTO.result)
    expect_outcome(page, CTO)


@on_a_phone_and_a_desk
def test_refresh_changes_nothing(new_visitor: NewVisitor, width: int, *, scripts: bool) -> None:
    page = new_visitor(width=width, scripts=scripts)
    begin(page)
    fill_in(page, CTO.pages["software"])
    go_on(page)
    expect_page(page, CTO.at("ai"))
    question = page.get_by_role("main").inner_text()
    page.reload()
    assert page.get_by_role("main").inner_text() == question
    for key in ("ai", "both"):
        fill_in(page, CTO.pages[key])
        go_on(page)
        expect_page(page, CTO.at("both") if key == "ai" else CTO.result)

    result = page.get_by_role("main").inner_text()
    page.reload()

    assert page.get_by_role("main").inner_text() == result


@with_and_without_scripts
def test_a_result_needs_no_earlier_page(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)

    page.goto(CONTRACT)

    expect(page.locator("main")).to_have_attribute("data-outcome", "fractional-cto")


@pytest.mark.parametrize("walk", [BOTH_ROLES, NOT_YET], ids=lambda walk: walk.outcome)
def test_a_bookmark_and_a_forwarded_link_show_the_same_result(
    new_visitor: NewVisitor, site: RunningSite, walk: Walk
) -> None:
    page = new_visitor()
    follow(page, walk)
    link = page.get_by_role("region", name="Keep or pass on").get_by_role("link", name=f"{site.url}/r/")

    bookmarked, forwarded = new_visitor(), new_visitor(scripts=False)
    bookmarked.goto(page.url)
    forwarded.goto(link.get_attribute("href") or "")

    assert link.get_attribute("href") == f"{site.url}/r/{CODES[walk.outcome]}/"
    assert bookmarked.get_by_role("main").inner_text() == page.get_by_role("main").inner_text()
    # Without scripts the buttons that need them are not there.
    expect_outcome(forwarded, walk)
    assert code_of(forwarded) == code_of(page)


@with_and_without_scripts
def test_a_link_into_the_middle_shows_its_question_with_what_was_said(
    new_visitor: NewVisitor, *, scripts: bool
) -> None:
    page = new_visitor(scripts=scripts)

    page.goto(CTO.at("both"))

    expect(page.get_by_role("region", name="So far")).to_contain_text("Messy stack")
    fill_in(page, CTO.pages["both"])
    go_on(page)
    expect_outcome(page, CTO)


@on_a_phone_and_a_desk
def test_an_answer_is_changed_from_the_result_and_leads_straight_back(
    new_visitor: NewVisitor, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    follow(page, CTO)

    change(page, "Is it both?")
    expect_page(page, CTO.at("both"))
    expect(option(page, "both", "software")).to_be_checked()
    fill_in(page, "both=ai")
    go_on(page)

    expect(page.locator("main")).to_have_attribute("data-outcome", "not-yet")
    assert "both=ai" in page.url


@on_a_phone_and_a_desk
def test_a_follow_up_that_does_not_count_any_more_is_named_on_the_result(
    new_visitor: NewVisitor, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    page.goto(ONE_LEADER.result)

    change(page, "Is it both?")
    expect_page(page, ONE_LEADER.at("both"))
    fill_in(page, "both=software")
    go_on(page)

    expect(page.locator("main")).to_have_attribute("data-outcome", "fractional-cto")
    expect(page.get_by_role("main")).to_contain_text("No longer relevant")
    expect(page.get_by_role("main")).to_contain_text("How many engineers do you have?")
    change(page, "Is it both?")
    expect_page(page, ONE_LEADER.at("both"))
    fill_in(page, "both=both")
    go_on(page)
    expect_outcome(page, ONE_LEADER)


@with_and_without_scripts
def test_a_code_is_typed_in_as_it_was_heard(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)
    page.goto(ONE_LEADER.result)
    code = code_of(page)

    page.get_by_role("link", name="Open a result by its code").click()
    page.get_by_role("textbox", name="Result code").fill(f"  {code.lower().replace('-', ' ')} ")
    page.keyboard.press("Enter")

    expect_outcome(page, ONE_LEADER)
    assert code_of(page) == code


@with_and_without_scripts
def test_a_code_that_was_mistyped_is_said_to_be(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts, expected=[404])
    page.goto(HEAD_OF_AI.result)
    code = code_of(page)
    first = "2" if code[0] != "2" else "3"

    page.goto("/r/")
    page.get_by_role("textbox", name="Result code").fill(first + code[1:])
    page.get_by_role("main").get_by_role("button").click()

    expect(summary(page)).to_contain_text("mistyped")
    expect(summary(page)).to_be_focused()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_role("textbox", name="Result code")).to_have_value(first + code[1:])
    summary(page).get_by_role("link").click()
    expect(page.get_by_role("textbox", name="Result code")).to_be_focused()


def test_back_from_another_page_shows_the_result_again(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.goto(CTO.result)
    title = heading(page).inner_text()

    page.get_by_role("link", name="Privacy").click()
    expect(heading(page)).to_have_text("Privacy")
    page.go_back()

    expect(heading(page)).to_have_text(title)
    settled(page)
    expect_outcome(page, CTO)
