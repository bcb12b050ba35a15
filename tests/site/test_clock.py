"""A served site, what is run beside it and its log have the clock that a test gives them."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tests.clock import NOW, RunningClock
from tests.server import RunningSite
from tests.site.client import ask
from tests.site.walks import CTO

LEAP_DAY = datetime(2028, 2, 29, 23, 58, tzinfo=UTC)
ASK = "from django.utils import timezone; print(timezone.now().isoformat())"
SOON = timedelta(hours=2)


def test_the_server_and_every_command_have_one_clock() -> None:
    with RunningSite(workers=1, clock=RunningClock(LEAP_DAY)) as site:
        served = parsedate_to_datetime(ask(site, CTO.call).headers["Date"])
        beside = datetime.fromisoformat(site.manage("shell", "--no-imports", "--command", ASK).strip())
        assert site.clock
        shown = site.clock.now()

    assert LEAP_DAY <= served <= beside <= shown <= LEAP_DAY + SOON


def test_nobody_has_to_ask_for_it(site: RunningSite) -> None:
    served = parsedate_to_datetime(ask(site, CTO.call).headers["Date"])

    assert NOW <= served <= NOW + SOON
