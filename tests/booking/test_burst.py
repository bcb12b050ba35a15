"""Four thousand false bookings from four hundred networks, and real visitors among them: all real ones are served, the
calendar stays open to others, and their mail goes out first.

It asks the verbs that the form asks, so that it takes seconds. ``tests/site/test_burst.py`` does less over HTTP, on
both databases.
"""

from collections import Counter
from datetime import datetime, timedelta
from re import search

import pytest
from pytest_django import Settings

from advisor.assessment.visit import Visit, visit_by_code
from advisor.booking.actions import NotFreeError
from advisor.booking.admission import (
    AT_ONCE_IN_HOUR,
    MAX_FURTHER,
    AddressUsedUpError,
    OpenCallError,
    TooManyRequestsError,
)
from advisor.booking.availability import free_times, hosts_for
from advisor.booking.intake import MAX_HOLDS, ask_for_call, confirm
from advisor.booking.models import Call, Intake, IntakeState, digest_of
from advisor.delivery.models import Message, State
from advisor.delivery.outbox import claim
from advisor.leads.models import Lead
from tests.booking.hosts import make_host
from tests.clock import NOW
from tests.leads.asking import EVERYTHING

pytestmark = [pytest.mark.usefixtures("published"), pytest.mark.once]

FALSE, NETWORKS, REAL = 4000, 400, 40
FALSE_BETWEEN = FALSE // REAL
DETAILS = {name: value for name, value in EVERYTHING.items() if name != "consent"}
HOUR_OF_ATTACK = timedelta(minutes=59)


def ask(visit: Visit, email: str, network: str, begins: datetime, now: datetime) -> Lead | None:
    return ask_for_call(
        key=f"key-{email.partition('@')[0]}",
        visit=visit,
        details=DETAILS | {"email": email},
        consent="You may.",
        network=network,
        begins=begins,
        zone="Europe/Riga",
        now=now,
    )


def link_of(email: str) -> str:
    """The token in the mail that asks an address to confirm."""
    found = search(r"/calls/(\S+)/confirm/", Message.objects.get(to=email, about__startswith="intake").text)
    assert found
    return found[1]


@pytest.mark.slow
@pytest.mark.once
def test_real_visitors_are_served_while_thousands_of_false_bookings_come_in(settings: Settings) -> None:
    settings.FORM_LIMITS = True
    visit = visit_by_code("222-QMW-3QF")
    outcome = visit.recommendation.outcome.key
    for name in ("First host", "Second host"):
        make_host(name, hours=(9, 17))

    def offered(now: datetime) -> list[datetime]:
        hosts = list(hosts_for(visit.guide.key, outcome))
        return list(free_times(hosts, now, now, now + timedelta(days=28)))

    before = offered(NOW)
    answers: Counter[str] = Counter()
    for number in range(FALSE):
        now = NOW + HOUR_OF_ATTACK * number / FALSE
        if number % FALSE_BETWEEN == 0:
            serve_somebody_real(visit, number // FALSE_BETWEEN, offered(now), now)
        try:
            lead = ask(
                visit,
                f"false-{number}@bot-{number}.example.com",
                f"198.{18 + number % 2}.{number % NETWORKS // 2}.0/24",
                before[number % len(before)],
                now,
            )
        except (TooManyRequestsError, AddressUsedUpError, OpenCallError, NotFreeError) as refusal:
            answers[type(refusal).__name__] += 1
        else:
            answers["taken" if lead else "waits"] += 1

    assert sum(answers.values()) == FALSE
    real = Call.objects.filter(lead__email__startswith="real")
    assert real.count() == REAL
    # What came through before it was a burst, and times that are held for half an hour.
    assert answers["taken"] <= AT_ONCE_IN_HOUR
    assert answers["waits"] <= NETWORKS + MAX_FURTHER
    assert Call.objects.count() == REAL + answers["taken"]
    after = offered(NOW + HOUR_OF_ATTACK)
    assert len(after) >= len(before) - REAL - AT_ONCE_IN_HOUR - MAX_HOLDS
    later = NOW + timedelta(hours=3)
    assert len(offered(later)) >= len(before) - REAL - AT_ONCE_IN_HOUR - 6
    assert Lead.objects.count() == REAL + answers["taken"]
    # Nobody confirmed them: they are what staff see on one page.
    assert Intake.objects.filter(state=IntakeState.WAITING).count() == answers["waits"]
    goes_out_in_order(NOW + HOUR_OF_ATTACK)


def serve_somebody_real(visit: Visit, number: int, offered: list[datetime], now: datetime) -> None:
    """A visitor from a network of their own books a time of those that are shown, and clicks on the link if asked."""
    email = f"real-{number}@company-{number}.example.com"
    lead = ask(visit, email, f"203.0.{number}.0/24", offered[7 * number % len(offered)], now)
    if lead is None:
        intake = Intake.objects.get(token=digest_of(link_of(email)))
        confirm(intake=intake, now=now + timedelta(minutes=5))


def goes_out_in_order(now: datetime) -> None:
    """By the time that a worker takes mail of the burst, it has taken all that is due to real people."""
    Message.objects.filter(due_at__gt=now).delete()
    while (message := claim(worker="worker", now=now)) and message.rank <= 1:
        pass
    assert message
    left = Message.objects.filter(state=State.WAITING, lease_until=None)
    assert left.exists()
    assert not left.filter(to__startswith="real").exists()
