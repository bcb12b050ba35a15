"""``make screenshots``: takes the pictures of docs/editing.md anew, from a site of its own with the first guide."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.staff import log_in, member
from tests.clock import CLOCK
from tests.environment import ROOT
from tests.server import RunningSite

FOLDER = ROOT / "docs/images/editing"
GUIDE = "/admin/content/guide/1/"


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """One picture of what the window shows, or of the whole page."""
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)


def take_all(page: Page) -> None:
    """Every picture, in the order of the handbook."""
    page.goto(GUIDE)
    take(page, "overview")
    page.goto(f"{GUIDE}table/")
    page.get_by_label("Primary focus, Fractional CTO").fill("The whole of technology, from strategy to delivery")
    take(page, "table")
    with page.expect_navigation():
        page.get_by_role("button", name="Save the table").click()
    page.goto(f"{GUIDE}rules/")
    take(page, "rules")
    page.goto(f"{GUIDE}needs/fractional-cto/")
    take(page, "need")
    page.goto(f"{GUIDE}order/signals/")
    take(page, "order")
    page.goto(f"{GUIDE}proof/")
    take(page, "proof")
    page.goto(f"{GUIDE}publish/")
    take(page, "publish")
    page.goto(f"{GUIDE}previews/")
    with page.expect_navigation():
        page.get_by_role("button", name="Walk the draft now").click()
    take(page, "preview")
    page.goto(f"{GUIDE}editions/")
    take(page, "editions")
    take_drawing(page)


def take_drawing(page: Page) -> None:
    """The way of a visitor who needs both roles, from the first rows on."""
    page.goto(f"{GUIDE}drawing/?answers=software=yes%26ai=yes%26both=both")
    page.get_by_role("heading", name="What is recommended?").scroll_into_view_if_needed()
    take(page, "drawing")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = next(filter(None, map(shutil.which, CHROMIUM)))
    with RunningSite() as site, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=Path(executable), args=arguments)
        page = browser.new_page(base_url=site.url, viewport={"width": 1280, "height": 900})
        page.clock.set_system_time(CLOCK.now())
        log_in(page, member(site, "Publishers"))
        take_all(page)
        browser.close()


if __name__ == "__main__":
    main()
