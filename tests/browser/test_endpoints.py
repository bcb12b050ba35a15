"""The endpoints of webhooks in a browser: nothing that axe would mend, and buttons that do what they say."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.test_accessibility import violations
from tests.server import RunningSite

pytestmark = pytest.mark.once

FAILED = """
from django.contrib.auth.models import User
from django.utils import timezone
from advisor.delivery.models import Endpoint, EventType, Message
from advisor.delivery.webhooks.actions import tell_endpoints
User.objects.filter(username="sales").update(is_superuser=True)
endpoint = Endpoint.objects.create(name="CRM", address="https://8.8.8.8/hooks", events=["lead.created"])
tell_endpoints(event=EventType.LEAD_CREATED, key="lead-7-created", about="lead 7", data=dict, now=timezone.now())
message = Message.objects.get(endpoint=endpoint)
Message.objects.filter(pk=message.pk).update(state="failed", attempts=1, last_error="It answered 500.")
message.attempt_set.create(
    at=timezone.now(), error="It answered 500.", request="POST https://8.8.8.8/…", status=500, answer="server: x"
)
"""
REMOVED = """
from django.contrib.auth.models import User
from advisor.delivery.models import Endpoint, Message
User.objects.filter(username="sales").update(is_superuser=False)
Message.objects.exclude(endpoint=None).delete()
Endpoint.objects.all().delete()
"""


def test_an_endpoint_is_switched_off_and_what_failed_is_read(new_visitor: NewVisitor, site: RunningSite) -> None:
    name = member(site, "Sales")
    site.manage("shell", "--no-imports", "--command", FAILED)
    # Django's pages name no icon, and Chromium asks for one.
    page = new_visitor(expected=[404], may_abort=True)
    log_in(page, name)
    content, found = page.locator("#content"), []

    content.get_by_role("link", name="Endpoints").click()
    found += violations(page, "light")
    content.get_by_role("link", name="CRM", exact=True).click()
    found += violations(page, "light") + violations(page, "dark")
    page.get_by_role("button", name="Switch off").click()
    expect(content).to_contain_text("Switched off by sales.")
    content.get_by_role("link", name="1 message").click()
    page.locator("#result_list").get_by_role("link", name="CRM", exact=True).click()
    content.get_by_text("Request and answer").click()
    expect(content).to_contain_text("POST https://8.8.8.8/…")
    found += violations(page, "light") + violations(page, "dark")

    site.manage("shell", "--no-imports", "--command", REMOVED)
    assert found == []
