"""What visitors do, in the words of the tests."""

import re
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.site.walks import CTO, GUIDE, Walk

WIDTHS = (360, 1280)
at_both_widths = pytest.mark.parametrize("width", WIDTHS, ids=["phone", "desktop"])
with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
on_a_phone_and_a_desk = pytest.mark.parametrize(
    ("width", "scripts"), [(360, True), (1280, False)], ids=["phone", "desktop without scripts"]
)
GO_ON = re.compile("^(Continue|See the result)$")


class Requests(list[Request]):
    """The requests of a page, as they come."""

    def add(self, request: Request) -> None:
        """One more."""
        self.append(request)


def heading(page: Page) -> Locator:
    """What the page is about."""
    return page.get_by_role("heading", level=1)


def summary(page: Page) -> Locator:
    """The list of what is wrong."""
    return page.get_by_role("main").get_by_role("alert")


def option(page: Page, name: str, value: str) -> Locator:
    """A choice or a tick; names and values are those of the address."""
    return page.locator(f'main input[name="{name}"][value="{value}"]:not([type="hidden"])')


def start(page: Page) -> None:
    """From the landing to the first question, by the one link whose text begins with "Start"."""
    page.goto("/")
    page.locator("main a", has_text=re.compile("^Start")).click()
    expect_page(page, f"/{GUIDE}/software/")


def begin(page: Page) -> None:
    """Straight to the first question."""
    page.goto(CTO.at("software"))


def fill_in(page: Page, answers: str) -> None:
    """Give the answers of one page, as they stand in the address."""
    for name, value in parse_qsl(answers):
        option(page, name, value).check()


def go_on(page: Page) -> None:
    """Send what was filled in."""
    page.get_by_role("button", name=GO_ON).click()


def expect_page(page: Page, path: str) -> None:
    """Wait until this page of the walk is shown, and htmx is done with it."""
    expect(page).to_have_url(re.compile(re.escape(path.partition("?")[0])))
    if path.startswith(f"/{GUIDE}/result/"):
        expect(page.locator("main[data-outcome]")).to_be_visible()
    else:
        expect(page.locator("main form")).to_have_attribute("action", path.partition("?")[0])
    settled(page)


def settled(page: Page) -> None:
    """Wait until htmx has put in what it got, and moved the focus."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-added, .htmx-settling")).to_have_count(0)


def answer(page: Page, walk: Walk) -> None:
    """From the first question, which is shown, to the result."""
    paths = [*map(walk.at, walk.pages), walk.result]
    for answers, path in zip(walk.pages.values(), paths[1:], strict=True):
        fill_in(page, answers)
        go_on(page)
        expect_page(page, path)


def follow(page: Page, walk: Walk) -> None:
    """Straight to the first question and from there to the result."""
    begin(page)
    answer(page, walk)


def expect_outcome(page: Page, walk: Walk) -> None:
    """Wait for the result of this walk."""
    expect(page.locator("main")).to_have_attribute("data-outcome", walk.outcome)
    expect(page.locator("main")).to_have_attribute("data-certainty", walk.certainty)
