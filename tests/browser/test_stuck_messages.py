"""Staff find what is stuck, read it and have it sent again, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import CUT_OFF, log_in, member
from tests.browser.test_accessibility import violations
from tests.server import RunningSite

pytestmark = pytest.mark.once

FAILED = """
from django.utils import timezone
from advisor.delivery.actions import send_mail
from advisor.delivery.models import Message
Message.objects.all().delete()
message = send_mail(
    key="call-1-confirmation-1", about="call 1", to="visitor@example.com", subject="Your call is booked",
    text="See you then.", html="", now=timezone.now(),
)
error = "550 5.1.1 There is nobody with this address"
Message.objects.filter(pk=message.pk).update(state="failed", attempts=1, last_error=error)
message.attempt_set.create(at=timezone.now(), error=error)
"""


def test_what_is_stuck_is_found_read_and_sent_again(new_visitor: NewVisitor, site: RunningSite) -> None:
    site.manage("shell", "--no-imports", "--command", FAILED)
    # Django's pages name no icon, and Chromium asks for one.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, member(site, "Sales"))
    content, found = page.locator("#content"), []

    found += violations(page, "light") + violations(page, "dark")
    content.get_by_role("link", name="1 message", exact=True).click()
    assert not page.evaluate(CUT_OFF)
    content.get_by_role("link", name="visitor@example.com").click()
    expect(content).to_contain_text("There is nobody with this address")
    found += violations(page, "light") + violations(page, "dark")
    page.get_by_role("button", name="Send again").click()

    expect(page.locator(".messagelist")).to_contain_text("“Your call is booked” to visitor@example.com goes out")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    expect(content.get_by_role("link", name="1 message", exact=True)).to_have_count(0)
    assert found == []
