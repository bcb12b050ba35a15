"""The walk from the landing to every outcome: swapped in by htmx, and by whole pages without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    Requests,
    at_both_widths,
    begin,
    expect_outcome,
    expect_page,
    fill_in,
    follow,
    go_on,
    heading,
    start,
    with_and_without_scripts,
)
from tests.server import RunningSite
from tests.site.walks import CODES, CTO, ONE_LEADER, WALKS, Walk, together

pytestmark = pytest.mark.once

every_walk = pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.outcome)


@every_walk
@at_both_widths
def test_with_scripts_each_step_is_one_request_that_swaps_in_the_next_page(
    new_visitor: NewVisitor, site: RunningSite, width: int, walk: Walk
) -> None:
    page = new_visitor(width=width)
    start(page)
    page.evaluate("window.marker = 'the same document'")
    requests = Requests()
    page.on("request", requests.add)
    paths = [*map(walk.at, walk.pages), walk.result]

    for answers, path in zip(walk.pages.values(), paths[1:], strict=True):
        title = page.title()
        requests.clear()
        fill_in(page, answers)
        go_on(page)
        expect_page(page, path)

        assert page.url == site.url + path
        assert page.title() != title
        assert heading(page).inner_text() in page.title()
        expect(heading(page)).to_be_focused()
        assert len(requests) == 1, [request.url for request in requests]
        assert page.evaluate("window.marker") == "the same document"
        assert page.evaluate("window.scrollY") == 0
    expect_outcome(page, walk)


@every_walk
def test_without_scripts_each_step_is_a_page_of_its_own(new_visitor: NewVisitor, site: RunningSite, walk: Walk) -> None:
    page = new_visitor(width=360, scripts=False)
    start(page)
    paths = [*map(walk.at, walk.pages), walk.result]

    for answers, path in zip(walk.pages.values(), paths[1:], strict=True):
        fill_in(page, answers)
        go_on(page)
        expect_page(page, path)

        assert page.url == site.url + path
        assert heading(page).inner_text() in page.title()
    expect_outcome(page, walk)


@with_and_without_scripts
def test_each_question_says_how_far_one_is_and_plays_back_what_was_said(
    new_visitor: NewVisitor, *, scripts: bool
) -> None:
    page = new_visitor(scripts=scripts)

    begin(page)
    expect(page.get_by_role("main")).to_contain_text("Page 1 of 3 or 4")
    fill_in(page, "software=yes&signal=messy-stack")
    go_on(page)

    expect(page.get_by_role("main")).to_contain_text("Page 2 of 3 or 4")
    so_far = page.get_by_role("region", name="So far")
    expect(so_far).to_contain_text("Is your core problem building and running software reliably?")
    expect(so_far).to_contain_text("Messy stack")
    so_far.get_by_role("link", name=re.compile("^Change")).click()
    expect_page(page, CTO.at("software"))
    assert page.locator("main input:checked").count() == 2


@with_and_without_scripts
def test_the_back_link_keeps_what_was_said(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)
    begin(page)
    fill_in(page, CTO.pages["software"])
    go_on(page)
    expect_page(page, CTO.at("ai"))

    page.get_by_role("main").get_by_role("link", name="Back", exact=True).click()
    expect_page(page, CTO.at("software"))

    assert page.locator("main input:checked").count() == 3


@with_and_without_scripts
def test_the_result_shows_everything_it_promises(new_visitor: NewVisitor, *, scripts: bool) -> None:
    page = new_visitor(scripts=scripts)

    page.goto(CTO.result)

    main = page.get_by_role("main")
    expect(main).to_contain_text("2 of 5 signals")
    expect(main).to_contain_text("0 of 5 signals")
    assert page.locator("[scope=rowgroup]").count() == 10
    expect(page.get_by_role("columnheader").filter(has_text="Fractional CTO")).to_contain_text("Needed")
    expect(page.get_by_role("rowheader", name="Architecture scope")).to_contain_text("Messy stack")
    for name in ("Why", "What would tip it", "Who owns what"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Book an intro call").first).to_be_visible()
    expect(page.get_by_role("link", name="Start again")).to_be_visible()
    keep = page.get_by_role("region", name="Keep or pass on")
    for name in ("Copy link", "Print or save as PDF"):
        expect(keep.get_by_role("button", name=name)).to_be_visible(visible=scripts)
    ask = page.get_by_role("region", name="Ask my co-founder")
    ask.get_by_text("Ask my co-founder").click()
    expect(ask.get_by_role("button", name="Copy link")).to_be_visible(visible=scripts)


@pytest.mark.parametrize(
    ("section", "path"),
    [("Keep or pass on", f"/r/{CODES[CTO.outcome]}/"), ("Ask my co-founder", together(CTO.outcome))],
    ids=["result", "ask"],
)
@pytest.mark.parametrize("permissions", [["clipboard-read", "clipboard-write"], []], ids=["allowed", "forbidden"])
def test_the_link_can_be_copied_or_the_visitor_is_told_where_it_stands(
    new_visitor: NewVisitor, site: RunningSite, permissions: list[str], section: str, path: str
) -> None:
    page = new_visitor(permissions=permissions)
    if not permissions:
        page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))")
    page.goto(CTO.result)
    region = page.get_by_role("region", name=section)
    for fold in region.locator("summary").all():
        fold.click()

    region.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("status")).to_have_text(
        "Link copied" if permissions else "The link could not be copied; it is shown above"
    )
    if permissions:
        assert page.evaluate("navigator.clipboard.readText()") == site.url + path
    else:
        expect(region.get_by_role("link", name=site.url + path)).to_be_visible()


def test_the_result_can_be_printed_from_its_button(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(CTO.result)

    page.get_by_role("button", name="Print or save as PDF").click()

    assert page.evaluate("window.printed")


def test_what_rides_along_in_the_address_stays_in_it(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.goto("/?utm_source=newsletter&ref=partner&colour=green")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Start")).click()

    for answers in ONE_LEADER.pages.values():
        fill_in(page, answers)
        before = heading(page).inner_text()
        go_on(page)
        expect(heading(page)).not_to_have_text(before)
        expect(heading(page)).to_be_focused()

    assert "utm_source=newsletter&ref=partner" in page.url
    assert "colour" not in page.url


def test_the_walk_leaves_nothing_in_the_browser(new_visitor: NewVisitor) -> None:
    page = new_visitor()

    follow(page, ONE_LEADER)
    page.go_back()
    expect_page(page, ONE_LEADER.at("team-size"))

    stored: dict[str, Any] = page.evaluate("({...localStorage, ...sessionStorage})")
    assert page.context.cookies() == []
    assert stored == {}
