"""Requests that wait for a click, and calendars of hosts: every page of it, for visitors and for staff."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watch
from tests.browser.scenes import crowd, site_of
from tests.browser.test_accessibility import assert_fits, violations
from tests.clock import CLOCK

pytestmark = [pytest.mark.slow, pytest.mark.once]


def test_each_page_breaks_no_rule_and_fits_every_screen(browser: Browser) -> None:
    # Pages of staff name no icon, and nobody waits for their pictures.
    watch = Watch(expected=[404], may_abort=True)
    found: dict[str, list[str]] = {}
    with site_of("crowd") as site:
        for scene in crowd(site):
            context = browser.new_context(base_url=site.url)
            context.clock.set_system_time(CLOCK.now())
            watch.over(context)
            page = context.new_page()
            scene.go(page)

            found[scene.name] = violations(page, "light") + violations(page, "dark")
            for width in (320, 360, 1280):
                assert_fits(page, width)
            context.close()

        assert "Traceback" not in site.log
    assert len(found) == 8
    assert {name: broken for name, broken in found.items() if broken} == {}
    assert watch.problems == []
