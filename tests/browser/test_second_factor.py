"""Setting up the second factor, and one's sessions, in a browser: on a small screen, by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.accounts.app import code
from tests.browser.conftest import NewVisitor
from tests.browser.staff import PASSWORD, chief
from tests.browser.test_accessibility import assert_fits, violations
from tests.clock import CLOCK
from tests.server import RunningSite

pytestmark = pytest.mark.once

WIDTH = 360


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_login_to_the_front_page(new_visitor: NewVisitor, *, scripts: bool) -> None:
    with RunningSite(workers=1, settings_module="tests.accounts.with_second_factor") as site:
        page = new_visitor(width=WIDTH, scripts=scripts)

        def is_sound() -> None:
            # axe-core is a script itself.
            assert not scripts or [*violations(page, "light"), *violations(page, "dark")] == []
            assert_fits(page, WIDTH)

        page.goto(f"{site.url}/admin/")
        is_sound()
        page.get_by_label("Username").fill(chief(site))
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
        is_sound()
        key = page.locator("#content-main p code").inner_text()
        page.get_by_label("Code that the app shows").fill(code(key, CLOCK.now()))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        is_sound()
        page.get_by_role("link", name="I have kept them").click()
        page.get_by_role("link", name="Second factor").click()
        expect(page.get_by_text("10 recovery codes left")).to_be_visible()
        is_sound()
        page.get_by_role("link", name="Sessions").click()
        expect(page.get_by_text("(this one)")).to_be_visible()
        is_sound()
