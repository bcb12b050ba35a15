"""Booking a call, changing and cancelling it: by finger, by keyboard, with scripts and without."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import CUT_OFF, log_in, member
from tests.browser.states import fill_in_call
from tests.browser.steps import (
    at_both_widths,
    heading,
    settled,
    summary,
    with_and_without_scripts,
)
from tests.browser.test_accessibility import assert_fits, violations
from tests.server import RunningSite
from tests.site.hosting import add_host
from tests.site.walks import CTO

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hosted() -> Iterator[RunningSite]:
    """A site with a host, beside the one that has none."""
    with RunningSite(workers=1) as running:
        add_host(running)
        yield running
        assert "Traceback" not in running.log


def times(page: Page) -> list[str]:
    """The times that can be seen."""
    return [str(label.get_attribute("value")) for label in page.locator("#times input[type=radio]:visible").all()]


def choose(page: Page, number: int) -> str:
    """Choose the time with this number among those that can be seen and are free yet; its value."""
    field = page.locator("#times input[type=radio]:not([value=none]):visible").nth(number)
    field.check()
    return str(field.get_attribute("value"))


def booked(page: Page, site: RunningSite, number: int) -> str:
    """Book a call; the address of its own page."""
    page.goto(site.url + CTO.call + "&zone=Europe/Riga")
    choose(page, number)
    fill_in_call(page)
    page.get_by_role("button", name="Book the call").click()
    expect(heading(page)).to_have_text("Thank you")
    return str(page.get_by_role("link", name=re.compile("^Your call:")).get_attribute("href"))


@pytest.mark.once
def test_a_time_that_was_chosen_in_another_week_is_there_again_after_a_look_at_another_page(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    page = new_visitor()
    page.goto(hosted.url + CTO.call)
    settled(page)
    page.get_by_role("link", name="Next week").click()
    expect(page.get_by_role("link", name="Previous week")).to_be_visible()
    settled(page)
    slot = choose(page, 3)
    fill_in_call(page)

    page.get_by_role("link", name="Privacy").first.click()
    expect(heading(page)).to_have_text("Privacy")
    page.go_back()

    expect(page.locator(f"#times [value='{slot}']")).to_be_checked()
    expect(page.locator("[name=company]")).to_have_value("Kalns & Bērzs")


@with_and_without_scripts
@at_both_widths
def test_a_call_is_booked_changed_and_cancelled(
    new_visitor: NewVisitor, hosted: RunningSite, width: int, *, scripts: bool
) -> None:
    page = new_visitor(width=width, scripts=scripts)
    email = f"{uuid4()}@example.com"
    page.goto(hosted.url + CTO.call)

    page.get_by_text("Another time zone or clock").click()
    page.get_by_role("combobox", name="Your time zone").select_option("Asia/Tokyo")
    if not scripts:
        page.get_by_role("button", name="Show the times").click()
    expect(page.locator("#times legend")).to_contain_text("Times for Tokyo, UTC+9.")
    settled(page)
    page.get_by_role("link", name="Next week").click()
    expect(page.get_by_role("link", name="Previous week")).to_be_visible()
    settled(page)
    slot = choose(page, 3)
    fill_in_call(page, email=email)
    page.get_by_role("button", name="Book the call").click()
    expect(page.get_by_role("main")).to_contain_text("Your call is booked.")
    expect(page.get_by_role("main")).to_contain_text("(Tokyo, UTC+9)")

    page.get_by_role("link", name=re.compile("^Your call:")).click()
    page.get_by_role("link", name="Change the time").click()
    expect(page.locator("#times input:checked")).to_have_count(0)
    other = choose(page, 1)
    assert other != slot
    page.get_by_role("button", name="Change to this time").click()
    expect(heading(page)).to_have_text("Your intro call")
    page.get_by_role("link", name="Cancel the call").click()
    page.get_by_role("textbox").fill("We found someone.")
    page.get_by_role("button", name="Cancel the call").click()

    expect(page.get_by_role("main")).to_contain_text("This call was cancelled")
    row = hosted.database.query(
        "SELECT call.status, reason, sequence FROM booking_call AS call JOIN leads_lead ON lead_id = leads_lead.id"
        " WHERE email = ?",
        email,
    )
    assert row == [("cancelled", "We found someone.", 2)]


WITHOUT_TEMPORAL = "delete globalThis.Temporal"
"""As in browsers that do not have it yet."""
COUNT_FORMATS = """
    globalThis.formats = 0;
    Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, { apply: (...all) => (formats++, Reflect.apply(...all)) });
"""


@pytest.mark.parametrize("script", ["", WITHOUT_TEMPORAL], ids=["by Temporal", "without Temporal"])
def test_the_zone_of_the_browser_is_found_and_what_is_typed_stays(
    new_visitor: NewVisitor, hosted: RunningSite, script: str
) -> None:
    # Chromium calls it by its older name.
    page = new_visitor(timezone_id="Asia/Kolkata")
    page.add_init_script(script)

    page.goto(hosted.url + CTO.call)
    expect(page.locator("#times legend")).to_contain_text("UTC+5:30")
    settled(page)
    page.locator("[name=name]").fill("Firmas dibinātāja")
    page.get_by_text("Another time zone or clock").click()
    page.get_by_role("combobox", name="Your time zone").select_option("America/New_York")
    expect(page.locator("#times legend")).to_contain_text("New York")
    settled(page)
    page.get_by_role("link", name="Next week").click()
    expect(page.get_by_role("link", name="Previous week")).to_be_visible()

    expect(page.locator("#times legend")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("Firmas dibinātāja")
    assert page.url == hosted.url + CTO.call


def test_where_no_zone_is_asked_for_no_page_loads_what_the_browser_knows_of_dates(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    page = new_visitor()
    page.add_init_script(WITHOUT_TEMPORAL + COUNT_FORMATS)

    formats = []
    for path in ["/", CTO.at("software"), CTO.result, CTO.call]:
        page.goto(hosted.url + path, wait_until="load")
        formats.append(page.evaluate("formats") > 0)

    assert formats == [False, False, False, True]


def test_other_times_that_are_refused_leave_what_is_typed(new_visitor: NewVisitor, hosted: RunningSite) -> None:
    page = new_visitor(expected=[404])
    page.goto(f"{hosted.url}{CTO.call}&zone=Europe/Riga")
    page.locator("[name=name]").fill("Firmas dibinātāja")
    page.route(re.compile("week="), lambda route: route.fulfill(status=404, body="<p>Nothing"), times=1)

    page.get_by_role("link", name="Next week").click()
    expect(page.locator("#times .says")).to_have_text("This was not taken. Nothing is lost: please try again.")
    expect(page.locator("[name=name]")).to_have_value("Firmas dibinātāja")
    page.get_by_role("link", name="Next week").click()

    expect(page.get_by_role("link", name="Previous week")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Firmas dibinātāja")


def test_a_time_is_chosen_by_keyboard_alone(new_visitor: NewVisitor, hosted: RunningSite) -> None:
    page = new_visitor()
    page.goto(f"{hosted.url}{CTO.call}&zone=Europe/Riga")
    second = page.locator("#times details.of-day").nth(1)

    second.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")

    chosen = page.locator("#times input:checked")
    expect(chosen).to_be_focused()
    group = page.get_by_role("group", name=re.compile(r"^\w+, \d+ \w+, (morning|afternoon|evening)$"))
    expect(group.get_by_role("radio", checked=True)).to_have_accessible_name(re.compile(r"^\d+:\d\d( [ap]m)?$"))
    page.locator("[name=name]").fill("Firmas dibinātāja")
    page.keyboard.press("Enter")
    expect(summary(page)).to_be_focused()
    expect(page.locator("#times input:checked")).to_have_value(str(chosen.get_attribute("value")))


def test_who_is_late_keeps_everything_and_is_offered_the_nearest_times(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    late, early = new_visitor(width=360), new_visitor()
    late.goto(f"{hosted.url}{CTO.call}&zone=Europe/Riga")
    slot = choose(late, 6)
    fill_in_call(late, message="Where do we begin?")
    booked(early, hosted, 6)

    late.get_by_role("button", name="Book the call").click()

    expect(summary(late)).to_be_focused()
    expect(summary(late)).to_contain_text("just been taken")
    assert len(times(late)) == 7
    assert slot not in times(late)
    expect(late.locator("[name=message]")).to_have_value("Where do we begin?")
    expect(late.locator("[name=consent]")).to_be_checked()
    assert violations(late, "light") + violations(late, "dark") == []
    assert_fits(late, 360)


@pytest.mark.parametrize("page_of_call", ["", "change/", "cancel/"])
def test_the_pages_of_a_call_break_no_rule_and_fit_every_screen(
    new_visitor: NewVisitor, hosted: RunningSite, page_of_call: str
) -> None:
    page = new_visitor()
    address = booked(page, hosted, 5)
    page.goto(hosted.url + address + page_of_call)

    found = violations(page, "light") + violations(page, "dark")

    assert found == []
    for width in (320, 360, 1280):
        assert_fits(page, width)


def test_the_call_page_with_times_breaks_no_rule_and_fits_every_screen(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    page = new_visitor()
    page.goto(f"{hosted.url}{CTO.call}&zone=Europe/Riga")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")

    found = violations(page, "light") + violations(page, "dark")

    assert found == []
    for width in (320, 360, 1280):
        assert_fits(page, width)


def test_sales_finds_the_call_in_the_week_and_says_what_came_of_it(
    new_visitor: NewVisitor, hosted: RunningSite
) -> None:
    visitor = new_visitor()
    booked(visitor, hosted, 4)
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(hosted, "Sales"), hosted.url)
    found = []

    page.goto(f"{hosted.url}/admin/booking/call/")
    assert not page.evaluate(CUT_OFF)
    page.get_by_role("link", name="The next seven days", exact=True).click()
    found += violations(page, "light") + violations(page, "dark")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#content-main .module li").filter(has_not_text="Cancelled").get_by_role("link").first.click()
    page.get_by_label("Status").select_option("held")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#content")).to_contain_text("It has not begun yet.")
    page.goto(f"{hosted.url}/admin/booking/host/1/why/")
    found += violations(page, "light")
    page.get_by_label("Day").fill("2020-01-01")
    page.get_by_label("Time").fill("09:00")
    page.get_by_role("button", name="Ask").click()

    expect(page.locator("#content").get_by_role("status")).to_contain_text("It is over.")
    assert found == []
