"""The journeys an editor takes, from a changed word to a guide of their own; each on a site that is theirs alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.server import RunningSite
from tests.site.walks import CTO

pytestmark = [pytest.mark.once, pytest.mark.slow]

OVERVIEW = "/admin/content/guide/1/"


@pytest.fixture
def own_site() -> Iterator[RunningSite]:
    """A site of one's own: what is published here stays."""
    with RunningSite() as running:
        yield running
        assert "Traceback" not in running.log


@pytest.fixture
def new_context(
    browser: Browser, browser_context_args: dict[str, Any], own_site: RunningSite
) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers that are at this site, and not at the one that other tests share."""
    with ExitStack() as opened:

        def new(**options: Any) -> BrowserContext:
            context = browser.new_context(**browser_context_args | {"base_url": own_site.url} | options)
            opened.callback(context.close)
            return context

        yield new


@pytest.fixture
def staff(own_site: RunningSite, new_visitor: NewVisitor) -> Page:
    """A publisher at the guide's own page."""
    # Django's pages name no icon, and Chromium asks for one; nobody waits for the pictures of a page.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(own_site, "Publishers"))
    page.goto(OVERVIEW)
    return page


def publish(page: Page, note: str) -> None:
    """From anywhere: compare, say what changed, publish."""
    page.goto(f"{OVERVIEW}publish/")
    page.get_by_label("What changed, and why").fill(note)
    page.get_by_role("button", name=re.compile("^Publish as edition")).click()
    expect(page.get_by_text(re.compile(r"Edition \d+ is live\."))).to_be_visible()


def on_the_landing(visitor: Page, words: str) -> None:
    """The words are there, once the process has looked for a newer edition."""

    def look() -> bool:
        visitor.goto("/")
        return visitor.get_by_text(words).count() > 0

    for _ in range(20):
        if look():
            return
        visitor.wait_for_timeout(300)
    raise AssertionError(f"The landing does not say “{words}”.")


def test_a_cell_is_changed_compared_and_published(staff: Page, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()

    staff.locator("#content-main").get_by_role("link", name=re.compile("^Comparison table")).click()
    staff.get_by_label("Primary focus, Fractional CTO").fill("Everything technical")
    staff.get_by_role("button", name="Save the table").click()
    staff.goto(OVERVIEW)
    staff.get_by_role("link", name=re.compile("^The draft differs")).click()
    expect(staff.locator("ins")).to_contain_text("Everything technical")
    expect(staff.get_by_text("None of 897,665 possible sets of answers gets another outcome.")).to_be_visible()
    publish(staff, "A shorter focus.")

    on_the_landing(visitor, "Everything technical")


def test_a_broken_rule_is_refused_with_the_reason_and_mended(staff: Page) -> None:
    staff.goto(f"{OVERVIEW}rules/")
    staff.get_by_role("button", name="Move up rule 6", exact=True).click()
    staff.get_by_role("button", name="Save the table").first.click()

    staff.goto(f"{OVERVIEW}publish/")
    expect(staff.get_by_role("heading", name="Cannot be published yet")).to_be_visible()
    expect(staff.locator(".blockers")).to_contain_text("Rule 6")
    expect(staff.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)

    staff.locator(".blockers").get_by_role("link", name="Rule 6").first.click()
    staff.get_by_role("button", name="Move up rule 6", exact=True).click()
    staff.get_by_role("button", name="Save the table").first.click()
    staff.goto(f"{OVERVIEW}publish/")
    expect(staff.get_by_text("This is what is live")).to_be_visible()


def test_going_back_is_one_click_with_the_same_comparison(staff: Page, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    staff.locator("#content-main").get_by_role("link", name=re.compile("^Comparison table")).click()
    staff.get_by_label("Primary focus, Fractional CTO").fill("A mistake")
    staff.get_by_role("button", name="Save the table").click()
    publish(staff, "A mistake, it turns out.")
    on_the_landing(visitor, "A mistake")

    staff.goto(f"{OVERVIEW}editions/")
    staff.get_by_role("link", name="Compare and publish again").click()
    expect(staff.locator("del")).to_contain_text("A mistake")
    staff.get_by_label("What changed, and why").fill("Back to what worked.")
    staff.get_by_role("button", name="Publish as edition 3").click()

    expect(staff.get_by_text("Edition 3 is live.")).to_be_visible()
    on_the_landing(visitor, "Full-stack technology strategy")


def test_a_visitor_in_the_middle_stays_on_the_edition_they_began_with(staff: Page, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.goto("/")
    visitor.locator("main a", has_text=re.compile("^Start")).click()
    visitor.wait_for_url(re.compile("edition=1"))
    staff.goto(f"{OVERVIEW}table/")
    staff.get_by_label("Primary focus, Fractional CTO").fill("Said differently now")
    staff.get_by_role("button", name="Save the table").click()
    publish(staff, "Other words.")
    on_the_landing(new_visitor(), "Said differently now")

    visitor.goto(f"{CTO.result}&edition=1" if "edition=" not in CTO.result else CTO.result)

    expect(visitor.get_by_text("Said differently now")).to_have_count(0)
    visitor.get_by_role("region", name="Side by side").locator("summary").click()
    expect(visitor.get_by_text("Full-stack technology strategy")).to_be_visible()


def test_a_colleague_without_an_account_walks_the_draft_by_a_link_until_it_is_revoked(
    staff: Page, new_visitor: NewVisitor
) -> None:
    colleague = new_visitor(expected=[404])
    staff.goto(f"{OVERVIEW}table/")
    staff.get_by_label("Primary focus, Fractional CTO").fill("Only in the draft")
    staff.get_by_role("button", name="Save the table").click()
    staff.goto(f"{OVERVIEW}previews/")
    staff.get_by_label("Purpose").fill("The lawyer")
    staff.get_by_role("button", name=re.compile("^Make")).click()
    address = staff.locator("input[readonly]").first.input_value()

    colleague.goto(address)
    colleague.locator("main summary", has_text="The roles side by side").click()
    expect(colleague.get_by_text("Only in the draft")).to_be_visible()
    expect(colleague.get_by_text(re.compile("draft", re.IGNORECASE)).first).to_be_visible()
    colleague.locator("main a", has_text=re.compile("^Start")).click()
    expect(colleague).to_have_url(re.compile(r"/preview/[^/]+/software/"))

    staff.get_by_role("link", name=re.compile("^Revoke")).first.click()
    staff.get_by_role("button", name="Revoke it").click()
    colleague.goto(address)
    expect(colleague.get_by_role("main")).to_contain_text(re.compile("revoked|ask for a new", re.IGNORECASE))


def test_a_second_guide_is_begun_from_a_copy_and_offered_beside_the_first(staff: Page, new_visitor: NewVisitor) -> None:
    staff.get_by_role("link", name="Copy the guide").click()
    staff.get_by_label("Key").fill("cto-or-coach")
    staff.get_by_label("Title").fill("A CTO or a coach?")
    staff.get_by_role("button", name=re.compile("^Copy")).click()
    second = re.sub(r"guide/(\d+)/.*", r"guide/\1/", staff.url)
    staff.goto(f"{second}publish/")
    expect(staff.get_by_text("The front page becomes a list of 2 guides")).to_be_visible()
    staff.get_by_label("What changed, and why").fill("The second guide.")
    staff.get_by_role("button", name="Publish as edition 1").click()
    visitor = new_visitor()

    on_the_landing(visitor, "A CTO or a coach?")
    visitor.get_by_role("link", name=re.compile("coach|Start", re.IGNORECASE)).last.click()

    expect(visitor).to_have_url(re.compile("/cto-or-coach/"))
    staff.goto(second)
    staff.get_by_role("link", name=re.compile("^Retire it")).click()
    expect(staff.get_by_text("The front page becomes the first page of")).to_be_visible()
    staff.get_by_role("button", name="Retire it").click()
    expect(staff.get_by_text("It is retired")).to_be_visible()
