"""The product itself on awkward days: at each of the nine instants of ``make test-times`` a call is booked, changed and
cancelled, and everything that is about days, weeks and months can be read.
"""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from advisor.booking.models import Call, CallStatus
from advisor.leads.models import Lead
from tests.assessment.addresses import call
from tests.assessment.reading import read, read_sent
from tests.booking.hosts import make_host, value
from tests.booking.test_call_page import offered
from tests.clock.instants import INSTANTS
from tests.content.admin_pages import read_admin
from tests.leads.asking import EVERYTHING, post

pytestmark = pytest.mark.usefixtures("published")

LEADS = "/admin/leads/lead/"
QUERIES = ("", "?view=late", "?view=calls", "?sort=priority", "board/")


@pytest.fixture(autouse=True, params=[*INSTANTS.values()], ids=[*INSTANTS])
def instant(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """Whatever the test makes is made then."""
    with time_machine.travel(request.param, tick=False):
        yield request.param


@pytest.mark.parametrize("zone", ["Europe/Riga", "America/New_York", "Pacific/Auckland"])
def test_a_call_is_booked_changed_and_cancelled(
    visitor: Client, superuser: Client, instant: datetime, zone: str
) -> None:
    make_host(zone=zone)
    times = [datetime.fromisoformat(slot) for slot in offered(read(visitor, f"{call()}&zone={zone}"))]

    answer = post(visitor, call(), **EVERYTHING | {"slot": value(times[0]), "zone": zone})
    booked = Call.objects.get()
    week = read_admin(superuser, f"/admin/booking/call/week/?week={times[0].astimezone(ZoneInfo(zone)):%Y-%m-%d}")
    other = datetime.fromisoformat(offered(read(visitor, f"{booked.path}change/"))[0])
    read(visitor, f"{booked.path}change/").form.send(visitor, {"slot": value(other)})
    changed = Call.objects.get()
    after = read_sent(visitor, read(visitor, f"{changed.path}cancel/").form.send(visitor))

    assert answer.status_code == 302
    assert min(times) > instant
    assert {begins.astimezone(ZoneInfo(zone)).hour for begins in times} <= {9, 10, 11}
    assert all(begins.astimezone(ZoneInfo(zone)).weekday() < 5 for begins in times)
    assert (booked.begins_at, changed.begins_at) == (times[0], other)
    assert "Engines Ltd" in week.text("div[@id='content-main']")
    assert Call.objects.get().status == CallStatus.CANCELLED
    assert "cancelled" in after.text("main")


def test_everything_that_is_about_days_can_be_read(superuser: Client, instant: datetime) -> None:
    call_command("demo", stdout=StringIO())

    insights = read_admin(superuser, "/admin/insights/")
    lists = [read_admin(superuser, f"{LEADS}{query}") for query in QUERIES]
    kept = Lead.objects.count()
    call_command("retention", stdout=StringIO())

    assert f"{instant.day} {instant:%B %Y}" in insights.html
    assert [query for query, page in zip(QUERIES, lists, strict=True) if "Demo company" not in page.html] == []
    assert Lead.objects.count() == kept
    assert not Call.objects.filter(status=CallStatus.BOOKED, begins_at__lte=instant).exists()
    assert Call.objects.filter(status=CallStatus.BOOKED, begins_at__gt=instant).exists()
