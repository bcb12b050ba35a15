"""The page of a host's own calendars, on a telephone and on a desk, with every state on it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.scenes import CALENDARS
from tests.browser.staff import log_in, member
from tests.browser.test_accessibility import assert_fits, violations
from tests.server import RunningSite
from tests.site.hosting import add_host

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def site_with_host() -> Iterator[RunningSite]:
    with RunningSite(workers=1) as running:
        add_host(running)
        yield running
        assert "Traceback" not in running.log


@pytest.fixture
def hosted(site_with_host: RunningSite) -> RunningSite:
    """The host's calendars as they are above, whatever became of them in another test."""
    site_with_host.manage("shell", "--no-imports", "--command", CALENDARS)
    return site_with_host


def test_it_fits_and_can_be_read_and_an_address_that_is_refused_stays_typed(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(hosted, "Sales"), hosted.url)
    page.get_by_role("link", name="A calendar of The host").click()
    expect(page.locator("#content")).to_contain_text("no times of this host are offered")
    page.get_by_text("Blocked next").first.click()
    page.get_by_text("Where do I find it?").click()

    found = violations(page, "light") + violations(page, "dark")
    for width in (360, 1280):
        assert_fits(page, width)
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_label("Secret address of your calendar").fill("http://calendar.example.com/basic.ics")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.locator("#id_address_error")).to_contain_text("An address begins with https://.")
    expect(page.get_by_label("Secret address of your calendar")).to_have_value("http://calendar.example.com/basic.ics")
    assert found + violations(page, "light") == []
    assert_fits(page, 360)


def test_a_calendar_is_read_now_and_removed_by_the_keyboard(new_visitor: NewVisitor, hosted: RunningSite) -> None:
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(hosted, "Sales"), hosted.url)
    page.goto(f"{hosted.url}/admin/booking/host/1/calendars/")
    section = page.get_by_role("region").filter(has_text="many-parts")

    section.get_by_role("button", name="Read it now").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("within seconds")
    expect(section).to_contain_text("It is about to be read")
    # A second press within this time belongs to the first.
    page.wait_for_timeout(800)
    section.get_by_role("button", name="Remove").press("Enter")

    expect(page.locator(".messagelist")).to_contain_text("Removed the calendar")
    expect(section).to_have_count(0)
