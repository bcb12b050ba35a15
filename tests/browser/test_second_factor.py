"""Setting up the second factor, and one's sessions, in a browser: on a small screen, by keyboard, without scripts."""

import pytest
from playwright.sync_api import Page, expect

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


def give_passkeys(page: Page) -> None:
    """A device that keeps passkeys, whose owner is there and agrees to everything."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    can = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True, **can}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_logs_in_in_place_of_the_code(new_visitor: NewVisitor) -> None:
    with RunningSite(workers=1, settings_module="tests.accounts.with_second_factor", host="localhost") as site:
        page = new_visitor(width=WIDTH)

        def is_sound() -> None:
            assert [*violations(page, "light"), *violations(page, "dark")] == []
            assert_fits(page, WIDTH)

        def type_password() -> None:
            page.get_by_label("Username").fill(chief(site))
            page.get_by_label("Password").fill(PASSWORD)

        page.goto(f"{site.url}/admin/")
        type_password()
        page.keyboard.press("Enter")
        key = page.locator("#content-main p code").inner_text()
        # A press that comes at once would count as the second half of a double one.
        is_sound()
        page.get_by_label("Code that the app shows").fill(code(key, CLOCK.now()))
        page.keyboard.press("Enter")
        page.get_by_role("link", name="I have kept them").click()
        give_passkeys(page)
        page.get_by_role("link", name="Second factor").click()
        page.get_by_role("link", name="Passkeys").click()
        is_sound()
        page.get_by_label("Name").fill("Telephone")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey was added.")).to_be_visible()
        expect(page.get_by_text("not used yet")).to_be_visible()
        is_sound()
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("status").filter(has_text="on this device already")).to_be_visible()

        page.get_by_role("button", name="Log out").click()
        page.goto(f"{site.url}/admin/")
        is_sound()
        use = page.get_by_role("button", name="Use a passkey in place of the code")
        use.click()
        expect(page).to_have_url(f"{site.url}/admin/login/?next=/admin/")
        type_password()
        use.press("Enter")
        expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
        page.goto(f"{site.url}/admin/second-factor/passkeys/")
        expect(page.get_by_text("last used on")).to_be_visible()
