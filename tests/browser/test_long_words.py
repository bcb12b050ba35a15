"""What people type may be one word of a hundred letters, in any script: no page grows wider, and nothing is hidden."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.staff import log_in, member
from tests.browser.states import fill_in_call, send_call
from tests.browser.steps import heading
from tests.browser.test_accessibility import TOO_WIDE
from tests.server import RunningSite
from tests.site.walks import CTO

pytestmark = [pytest.mark.once, pytest.mark.slow]

WIDTHS = (360, 1280)
WORDS = {
    "Latin": "W" * 120,
    "Han": "龍" * 120,
    "Hebrew": "ש" * 120,
    "piled up": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334" * 12,
}

PLANT = """
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from advisor.booking.models import Call, Host
from advisor.delivery.models import Attempt, Chore, Endpoint, Message
from advisor.leads.actions.sales import note, plan, tag
from advisor.leads.models import EventKind, Export, Lead, Tag
now, long = timezone.now(), "w" * 500
user = User.objects.create(username=long[:150], is_staff=True)
host = Host.objects.create(
    user=user, name=long[:120], email=f"{long[:64]}@{long[:60]}.example.com", zone="Europe/Riga",
    place_details=f"https://meet.example.com/{long[:270]}",
)
leads = list(Lead.objects.order_by("pk"))
for number, lead in enumerate(leads, 1):
    word = Tag.objects.get_or_create(name=lead.name[:40])[0]
    tag(lead=lead, tags=[word], by=user.username, now=now)
    plan(lead=lead, step=lead.name, on=now.date(), by=user.username, now=now)
    note(lead=lead, kind=EventKind.NOTE, words=long, by=user.username, now=now)
    begins = now + timedelta(hours=number)
    call = Call.objects.create(
        host=host, lead=lead, begins_at=begins, ends_at=begins + timedelta(minutes=30), zone="Europe/Riga",
        reason=long[:300], booked_at=now, changed_at=now,
    )
Lead.objects.update(owner=user)
address = f"https://example.com/{long[:470]}"
endpoint = Endpoint.objects.create(name=long[:100], address=address, events=["lead.created"])
Message.objects.update(state="failed", last_error=long)
message = Message.objects.latest("pk")
message.attempt_set.create(at=now, error=long)
chore = Chore.objects.create(name=long[:100], day=now.date(), began_at=now, done_at=now, report=long, last_error=long)
Export.objects.create(by=user.username, format="csv", which=long, began_at=now, seen_at=now, rows=1)
User.objects.filter(username="READER").update(is_superuser=True)
print(json.dumps({
    "lead": leads[0].pk, "other": leads[1].pk, "person": leads[0].person_id, "call": call.pk, "own": call.path,
    "host": host.pk, "endpoint": endpoint.pk, "message": message.pk, "chore": chore.pk, "tag": word.pk,
}))
"""
STAFF_PAGES = (
    "/admin/",
    "/admin/leads/lead/",
    "/admin/leads/lead/?q=" + "w" * 120,
    "/admin/leads/lead/board/",
    "/admin/leads/lead/export/",
    "/admin/leads/lead/{lead}/change/",
    "/admin/leads/lead/{lead}/merge/",
    "/admin/leads/lead/{lead}/merge/?other={other}",
    "/admin/leads/lead/{lead}/delete/",
    "/admin/leads/person/",
    "/admin/leads/person/{person}/change/",
    "/admin/leads/person/{person}/kept/",
    "/admin/leads/person/{person}/delete/",
    "/admin/leads/person/erased/",
    "/admin/leads/salesperson/",
    "/admin/leads/tag/",
    "/admin/leads/tag/{tag}/change/",
    "/admin/leads/tag/{tag}/history/",
    "/admin/booking/call/",
    "/admin/booking/call/?q=" + "w" * 120,
    "/admin/booking/call/week/",
    "/admin/booking/call/{call}/change/",
    "/admin/booking/call/{call}/history/",
    "/admin/booking/host/",
    "/admin/booking/host/{host}/change/",
    "/admin/booking/host/{host}/why/",
    "/admin/booking/host/{host}/calendars/",
    "/admin/delivery/message/",
    "/admin/delivery/message/{message}/change/",
    "/admin/delivery/endpoint/",
    "/admin/delivery/endpoint/{endpoint}/change/",
    "/admin/delivery/chore/",
    "/admin/delivery/chore/{chore}/change/",
    "/admin/insights/",
)
PUBLIC_PAGES = ("{own}", "{own}change/", "{own}cancel/", "/r/?code=" + "W" * 1000, f"{CTO.call}&utm_source={'w' * 120}")


@pytest.fixture(scope="module")
def own_site() -> Iterator[RunningSite]:
    """A site whose leads all have the longest of words."""
    with RunningSite(workers=1) as site:
        yield site
        assert "Traceback" not in site.log


def ask_with(page: Page, site: RunningSite, word: str) -> None:
    """Send the form for a call with one word in every field."""
    page.goto(f"{site.url}{CTO.call}&utm_source={'w' * 120}&utm_campaign={word}")
    texts = dict.fromkeys(["name", "company", "job_title", "availability"], word) | {"message": word * 3}
    fill_in_call(page, email=f"{'w' * 64}@{uuid4().hex}.example.com", **texts)
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")


TEXT_TOO_WIDE = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = new Range();
    while (walker.nextNode()) {
        range.selectNodeContents(walker.currentNode);
        const around = walker.currentNode.parentElement;
        const shown = around.checkVisibility() && !around.closest(".visually-hidden");
        if (shown && [...range.getClientRects()].some(box => box.right > innerWidth + 0.5))
            found.push(around.outerHTML.slice(0, 90));
    }
    return found;
}"""
"""Text that runs out of its element, which itself is no wider than the window."""


def too_wide(page: Page) -> list[str]:
    """What of a page reaches beyond its window; of a table with a bar of its own the bar does not."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("scrollTo(1000, 0)")
        if page.evaluate("[document.documentElement.scrollWidth, scrollX]") != [width, 0]:
            found += [f"{page.url[:90]} at {width}", *page.evaluate(TOO_WIDE)[:5], *page.evaluate(TEXT_TOO_WIDE)[:5]]
    return found


def test_no_page_grows_wider_than_its_window_and_nothing_important_is_hidden(
    new_visitor: NewVisitor, own_site: RunningSite
) -> None:
    asker, found = new_visitor(expected=[404]), []
    for word in WORDS.values():
        ask_with(asker, own_site, word)
    # Django's pages name no icon, and Chromium asks for one.
    staff, reader = new_visitor(expected=[404], may_abort=True), member(own_site, "Sales")
    keys = json.loads(own_site.manage("shell", "--no-imports", "--command", PLANT.replace("READER", reader)))
    log_in(staff, reader, own_site.url)

    for page, addresses in ((asker, PUBLIC_PAGES), (staff, STAFF_PAGES)):
        for address in addresses:
            page.goto(own_site.url + address.format(**keys))
            found += too_wide(page)

    assert found == []
    staff.goto(f"{own_site.url}/admin/leads/lead/")
    for column in ("Who", "Status", "Next step", "Asked"):
        box = staff.get_by_role("columnheader", name=column, exact=True).bounding_box()
        assert box
        assert box["x"] + box["width"] <= WIDTHS[-1]
