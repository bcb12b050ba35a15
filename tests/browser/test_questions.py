"""Questions that were not answered, or answered in a way that cannot be: nothing given is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    begin,
    expect_page,
    fill_in,
    go_on,
    heading,
    on_a_phone_and_a_desk,
    option,
    settled,
    summary,
    with_and_without_scripts,
)
from tests.site.walks import CTO, FOLLOW_UP, GUIDE, ONE_LEADER

pytestmark = pytest.mark.once

TICKED = ("messy-stack", "fundraising")


@on_a_phone_and_a_desk
def test_a_question_without_an_answer_is_asked_again_and_keeps_what_was_ticked(
    new_visitor: NewVisitor, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    begin(page)
    for key in TICKED:
        option(page, "signal", key).check()

    go_on(page)

    expect(summary(page)).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert summary(page).get_by_role("link").count() == 1
    expect(page.get_by_role("group").first).to_contain_text("Please choose an answer")
    assert page.locator("main input:checked").count() == len(TICKED)
    for key in TICKED:
        expect(option(page, "signal", key)).to_be_checked()


@with_and_without_scripts
def test_the_summary_leads_to_the_question_and_the_walk_goes_on(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)
    begin(page)
    go_on(page)
    expect(summary(page)).to_be_focused()
    settled(page)

    summary(page).get_by_role("link").click()
    expect(option(page, "software", "yes")).to_be_focused()
    page.keyboard.press("Space")
    go_on(page)

    expect_page(page, CTO.at("ai"))
    expect(page).not_to_have_title(re.compile("^Error: "))


@with_and_without_scripts
def test_each_question_of_a_follow_up_is_named_that_has_no_answer(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)
    page.goto(ONE_LEADER.at(FOLLOW_UP))
    option(page, "ai-place", "core").check()

    go_on(page)

    expect(summary(page)).to_be_focused()
    links = summary(page).get_by_role("link")
    expect(links).to_have_text(
        [
            "How many engineers do you have? Please choose an answer.",
            "What should this person do for you? Please choose an answer.",
        ]
    )
    expect(option(page, "ai-place", "core")).to_be_checked()
    summary(page).get_by_role("link").last.click()
    expect(option(page, "scope", "strategy")).to_be_focused()


def test_none_of_these_unticks_the_others_and_they_untick_it(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    begin(page)
    none = option(page, "signal", "none.software")
    some = option(page, "signal", "messy-stack")

    some.check()
    none.check()
    assert not some.is_checked()
    some.check()

    assert not none.is_checked()
    assert some.is_checked()


def test_none_of_these_unticks_the_others_after_a_swap_too(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    begin(page)
    fill_in(page, CTO.pages["software"])
    go_on(page)
    expect_page(page, CTO.at("ai"))

    option(page, "signal", "ai-risks").check()
    option(page, "signal", "none.ai").check()

    assert not option(page, "signal", "ai-risks").is_checked()


def test_without_scripts_none_and_some_is_an_error_beside_the_field(new_visitor: NewVisitor) -> None:
    page = new_visitor(scripts=False)
    begin(page)
    fill_in(page, "software=yes&signal=messy-stack&signal=none.software")

    go_on(page)

    expect(summary(page)).to_be_focused()
    field = page.get_by_role("group", name="Which of these sound like you?")
    expect(field).to_contain_text("ticked together with others")
    for name, value in (("software", "yes"), ("signal", "messy-stack"), ("signal", "none.software")):
        expect(option(page, name, value)).to_be_checked()


@with_and_without_scripts
def test_a_link_with_a_wrong_answer_leads_to_its_question(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)

    page.goto(f"/{GUIDE}/result/?software=maybe&ai=no&both=software")
    expect(summary(page)).to_be_focused()
    fill_in(page, CTO.pages["software"])
    go_on(page)

    expect(heading(page)).to_have_text("Hire a fractional CTO")
