"""The result as a memo: what stands in its first screen, how long it is, its lines, its folds, its sheet of paper."""

import pytest
from playwright.sync_api import expect

from tests.assessment.test_changes import SAMPLE
from tests.browser.conftest import NewVisitor
from tests.browser.test_accessibility import assert_fits, violations
from tests.site.walks import BOTH_ROLES, CTO, EDITION, GUIDE, NOT_YET, WALKS

pytestmark = pytest.mark.once

OTHERS = (
    "no signals",
    "a contradiction",
    "everything ticked",
    "by what was ticked",
    "none of these on both sides",
    "on the edge of strong",
    "nothing changes it",
)
COMPANIES = [*(walk.query for walk in WALKS), *map(SAMPLE.__getitem__, OTHERS)]
"""What twelve companies answered; among them every outcome, contradictions, and everything ticked."""

MOST_SCREENS = 4.75
USUAL_SCREENS = 4
MANY = 9
"""Of the twelve, those whose page is as long as usual at most. The others name two roles, or contradict themselves."""
MOST_CHARACTERS = 72

# The lower edge of what has to be in the first screen.
LOWEST = """() => Math.max(...[...document.querySelectorAll(".two-actions a, .ways a, .at-a-glance")]
    .map(element => element.getBoundingClientRect().bottom))"""
TITLE_LINES = """() => { const title = document.querySelector("h1");
    return title.getBoundingClientRect().height / parseFloat(getComputedStyle(title).lineHeight); }"""
# The longest line of running text, by the characters that the browser puts into it.
LONGEST_LINE = """() => Math.max(...[...document.querySelectorAll("main :is(p, li, dd, summary)")]
    .filter(element => element.checkVisibility() && !element.querySelector("p, li, ul, dl"))
    .map(element => {
        const lines = new Map(), walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = new Range();
        for (let node; (node = walker.nextNode());) {
            if (getComputedStyle(node.parentElement).clipPath !== "none") continue;
            for (let place = 0; place < node.length; place++) {
                range.setStart(node, place);
                range.setEnd(node, place + 1);
                const box = range.getBoundingClientRect();
                if (box.width > 1) lines.set(Math.round(box.top / 8), (lines.get(Math.round(box.top / 8)) ?? 0) + 1);
            }
        }
        return Math.max(0, ...lines.values());
    }))"""
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


def result(query: str) -> str:
    return f"/{GUIDE}/result/?{query}&edition={EDITION}"


def test_the_first_screen_holds_the_memo_and_the_page_is_short(new_visitor: NewVisitor) -> None:
    page, wide = new_visitor(width=360), new_visitor(width=1280)
    page.set_viewport_size({"width": 360, "height": 740})
    screens = []

    for query in COMPANIES:
        page.goto(result(query))
        wide.goto(result(query))

        assert page.evaluate(LOWEST) <= 740, query
        assert wide.evaluate(LOWEST) <= 800, query
        assert round(page.evaluate(TITLE_LINES)) <= 2, query
        assert wide.evaluate(LONGEST_LINE) <= MOST_CHARACTERS, query
        screens.append(page.evaluate("document.documentElement.scrollHeight") / 740)

    assert len(screens) == 12
    assert max(screens) <= MOST_SCREENS
    assert sorted(screens)[MANY - 1] <= USUAL_SCREENS


def test_the_memo_is_one_page_of_paper_and_two_where_much_does_not_fit(new_visitor: NewVisitor) -> None:
    page = new_visitor()

    for walk in WALKS:
        page.goto(walk.result)
        # What comes after the memo is its appendix.
        page.evaluate(
            "document.querySelectorAll('.result > :not(.memo), .memo > .folded').forEach(one => one.remove())"
        )
        sheets = len(page.pdf(format="A4", prefer_css_page_size=True).split(b"/Type /Page\n")) - 1

        assert sheets == (2 if walk is NOT_YET else 1), walk.outcome


@pytest.mark.parametrize("query", [BOTH_ROLES.query, NOT_YET.query], ids=["both roles", "contradictions"])
def test_with_every_fold_open_no_rule_is_broken_and_nothing_is_too_wide(new_visitor: NewVisitor, query: str) -> None:
    page = new_visitor(width=1280)
    page.goto(result(query))

    page.evaluate(UNFOLD)

    assert violations(page, "light") + violations(page, "dark") == []
    assert_fits(page, 320)
    assert page.evaluate(LONGEST_LINE)


def test_every_fold_is_reached_and_opened_by_keyboard(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=360)
    page.goto(CTO.result)
    folds = page.locator("main summary")

    for fold in folds.all():
        fold.focus()
        page.keyboard.press("Enter")

    assert folds.count() > 5
    assert page.locator("main details:not([open])").count() == 0


def test_what_a_fold_holds_is_open_beside_the_memo_on_a_wide_screen(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=1280)
    page.goto(CTO.result)

    answers = page.locator(".rail dl")
    rail, memo = answers.bounding_box(), page.locator(".memo").bounding_box()

    assert answers.is_visible()
    assert rail
    assert memo
    assert rail["x"] >= memo["x"] + memo["width"]
    assert rail["y"] < 300
    page.set_viewport_size({"width": 360, "height": 740})
    assert not answers.is_visible()


def test_keys_reach_the_fold_of_the_answers_only_where_it_opens_something(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=1280)
    page.goto(CTO.result)
    fold = page.locator(".rail summary")

    fold.evaluate("fold => fold.focus()")
    assert not fold.evaluate("fold => fold === document.activeElement")
    expect(page.get_by_role("heading", name="Your answers")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    fold.focus()

    expect(fold).to_be_focused()


def test_the_answers_stay_beside_the_memo_and_never_lie_over_what_follows(new_visitor: NewVisitor) -> None:
    page = new_visitor(width=1280)
    page.goto(BOTH_ROLES.result)
    answers, table = page.locator(".rail dl"), page.locator("#compare")

    page.evaluate("scrollTo({ top: document.querySelector('.memo').offsetHeight / 3, behavior: 'instant' })")
    assert answers.evaluate("element => element.getBoundingClientRect().top") < 120
    expect(answers).to_be_in_viewport()

    table.evaluate("element => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
    below, start = answers.bounding_box(), table.bounding_box()
    assert below
    assert start
    assert below["y"] + below["height"] <= start["y"]
