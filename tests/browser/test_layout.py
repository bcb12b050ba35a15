"""What is fit for paper, keeps still when asked to, and follows the colours of the system."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import heading
from tests.site.walks import BOTH_ROLES, CTO, NOT_YET, Walk

pytestmark = pytest.mark.once

# What moves, or would if it had a reason to.
MOVING = """() => [...document.querySelectorAll("*")].map(element => getComputedStyle(element)).filter(style =>
    style.scrollBehavior !== "auto" || style.transitionDuration !== "0s" || style.animationName !== "none").length"""


def shown(page: Page, selector: str) -> bool:
    """Whether anything that matches can be seen."""
    found: bool = page.evaluate(
        "selector => [...document.querySelectorAll(selector)].some(element => element.checkVisibility())", selector
    )
    return found


@pytest.mark.parametrize("walk", [BOTH_ROLES, NOT_YET], ids=lambda walk: walk.outcome)
def test_on_paper_the_result_is_whole_and_has_no_buttons(new_visitor: NewVisitor, walk: Walk) -> None:
    page = new_visitor()
    page.goto(walk.result)

    page.emulate_media(media="print")

    expect(heading(page)).to_be_visible()
    # Nothing is folded on paper.
    assert page.locator("[scope=rowgroup]").count() == page.locator("[scope=rowgroup]:visible").count() == 10
    folded = "main details:not(.no-print *) > :not(summary, .no-print)"
    assert page.locator(f"{folded}:visible").count() == page.locator(folded).count() > 10
    assert shown(page, "main code")
    assert not shown(page, "button")
    assert not shown(page, "main a[href*='/call/']")
    assert not shown(page, "nav")


def test_the_result_fits_on_paper(new_visitor: NewVisitor) -> None:
    # A4 between margins of one centimetre, at 96 pixels an inch.
    page = new_visitor(width=718)
    page.goto(BOTH_ROLES.result)

    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") == 718
    assert len(page.pdf(format="A4").split(b"/Type /Page\n")) - 1 <= 7


@pytest.mark.parametrize("path", ["/", CTO.call, "/nothing/at/all/here/"])
def test_on_paper_there_is_nothing_to_press(new_visitor: NewVisitor, path: str) -> None:
    page = new_visitor(expected=[404])
    page.goto(path)
    assert shown(page, ".button")

    page.emulate_media(media="print")

    assert not shown(page, ".button, .actions")


@pytest.mark.parametrize("path", ["/", CTO.result])
def test_nothing_moves_for_those_who_asked_for_less_of_it(new_visitor: NewVisitor, path: str) -> None:
    page = new_visitor(reduced_motion="reduce")
    page.goto(path)

    moving = page.evaluate(MOVING)

    assert moving == 0
    # The pane that takes a double press is seen by nobody.
    assert page.evaluate("document.getAnimations().filter((one) => one.animationName !== 'just-appeared').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_system(new_visitor: NewVisitor, scheme: str) -> None:
    page = new_visitor(color_scheme=scheme)
    page.goto("/")

    channels: list[int] = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")

    assert (min(channels) > 200) if scheme == "light" else (max(channels) < 60)
