"""What a real browser sends is counted once: with scripts and without, reloads, Back and Change included."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import expect_outcome, expect_page, fill_in, go_on, with_and_without_scripts
from tests.load.visitors import CHROME
from tests.server import RunningSite, wait_for
from tests.site.walks import CTO, GUIDE

COUNTED = "SELECT step, about, number FROM funnel_count WHERE source = ? ORDER BY step, about"
ONCE = sorted(
    [
        ("landing", ""),
        *((step, page) for step in ("shown", "answered") for page in CTO.pages),
        ("result", CTO.outcome),
        ("signal", "directionless-team"),
        ("signal", "messy-stack"),
        ("call-page", CTO.outcome),
    ]
)


def loaded_anew(page: Page, path: str) -> None:
    expect_page(page, path)
    page.reload()
    expect_page(page, path)


@with_and_without_scripts
def test_each_step_is_counted_once(new_visitor: NewVisitor, site: RunningSite, *, scripts: bool) -> None:
    source = "with scripts" if scripts else "without scripts"
    # Chromium without a window calls itself a robot.
    page = new_visitor(scripts=scripts, user_agent=CHROME)
    page.goto(f"/{GUIDE}/?utm_source={source}")
    page.reload()
    page.locator("main a", has_text=re.compile("^Start")).click()
    fill_in(page, CTO.pages["software"])
    go_on(page)
    loaded_anew(page, CTO.at("ai"))
    page.get_by_role("main").get_by_role("link", name="Back", exact=True).click()
    expect_page(page, CTO.at("software"))
    go_on(page)
    expect_page(page, CTO.at("ai"))
    fill_in(page, CTO.pages["ai"])
    go_on(page)
    expect_page(page, CTO.at("both"))
    fill_in(page, CTO.pages["both"])
    go_on(page)
    loaded_anew(page, CTO.result)
    page.get_by_role("link", name=re.compile("^Change")).first.click()
    go_on(page)
    expect_outcome(page, CTO)
    page.get_by_role("link", name="Book an intro call").first.click()
    expect(page.get_by_label("Your name")).to_be_visible()
    page.go_back()
    expect_outcome(page, CTO)

    wait_for(lambda: ("call-page", CTO.outcome, 1) in site.database.query(COUNTED, source))

    assert site.database.query(COUNTED, source) == [(*once, 1) for once in ONCE]
