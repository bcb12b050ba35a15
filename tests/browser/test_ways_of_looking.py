"""Pages as those see them who enlarge them, space out letters or let the system choose colours; all folds are open."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewVisitor
from tests.browser.test_accessibility import assert_fits, violations
from tests.browser.test_long_words import TEXT_TOO_WIDE
from tests.browser.test_memo import UNFOLD
from tests.site.walks import MISSING, PAGES

pytestmark = pytest.mark.once

LOOKED_AT = [
    PAGES[name]
    for name in (
        "landing",
        "follow-up without answers",
        "result both-roles",
        "result not-yet",
        "four people side by side",
        "call",
        "privacy",
    )
] + [MISSING["unknown page"]]

SPACED_OUT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`p { margin-bottom: 2em !important; } * { line-height: 1.5 !important;
        letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
"""What WCAG 1.4.12 lets readers set."""

# Boxes that hold their text and nothing else, where it runs out of them below.
TOO_HIGH = """() => [...document.querySelectorAll("a, button, summary, th, td, label, dd, dt, p, li, h1, h2, h3")]
    .filter(element => element.checkVisibility() && getComputedStyle(element).clipPath === "none")
    .filter(element => getComputedStyle(element).overflowY !== "visible"
        && element.scrollHeight > element.clientHeight + 1)
    .map(element => element.outerHTML.slice(0, 90))"""

# What is told apart by its ground where colours are ours, and would have no edge in those of the system.
WITHOUT_EDGE = """() => {
    const told = document.querySelectorAll(".button, .choice, .badge, .card, .conflicts, .at-a-glance, .sample");
    const isSeen = ({ borderTopWidth, borderTopStyle, borderTopColor }) => parseFloat(borderTopWidth) >= 1
        && borderTopStyle !== "none" && !/^rgba.*, 0\\)$/.test(borderTopColor);
    return [...told].filter(element => element.checkVisibility() && !isSeen(getComputedStyle(element)))
        .map(element => element.outerHTML.slice(0, 90));
}"""


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    """One browser for all the pages of a test."""
    return new_visitor(width=360, expected=[404])


def test_with_every_fold_open_no_rule_is_broken(page: Page) -> None:
    for path in LOOKED_AT:
        page.goto(path)
        page.evaluate(UNFOLD)

        assert violations(page, "light") == [], path


def test_in_colours_of_the_system_nothing_loses_its_edge(page: Page) -> None:
    page.goto(PAGES["result both-roles"])
    without = page.evaluate(WITHOUT_EDGE)
    page.emulate_media(forced_colors="active")
    for path in LOOKED_AT:
        page.goto(path)
        page.evaluate(UNFOLD)

        assert page.evaluate(WITHOUT_EDGE) == [], path
    # In ours a badge has its ground alone.
    assert {found.partition('"')[2].partition('"')[0] for found in without} == {"badge"}


def test_at_four_hundred_per_cent_with_letters_spaced_out_nothing_is_cut_off(page: Page) -> None:
    for path in LOOKED_AT:
        page.goto(path)
        page.evaluate(UNFOLD)
        page.evaluate(SPACED_OUT)

        assert_fits(page, 320)
        assert page.evaluate(TEXT_TOO_WIDE) == [], path
        assert page.evaluate(TOO_HIGH) == [], path
