"""False bookings from many networks, several at once, while real visitors book on the same running site."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from advisor.booking.admission import AT_ONCE_IN_HOUR, AT_ONCE_OF_NETWORK, MAX_OF_NETWORK
from advisor.limits.stamps import stamp_of
from tests.server import RunningSite
from tests.site.client import Answer, OpenForm, ask, new_key, open_form
from tests.site.hosting import add_host, free
from tests.site.walks import CTO

pytestmark = pytest.mark.slow

FALSE, NETWORKS, REAL, AT_ONCE = 240, 24, 8, 8

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When forms were shown that nobody opened: whoever knows the secret key could say so."""


@pytest.fixture
def limited() -> Iterator[RunningSite]:
    """A site with limits and two hosts."""
    with RunningSite(settings_module="tests.site.with_limits") as running:
        add_host(running, "First host")
        add_host(running, "Second host")
        yield running
        assert "Traceback" not in running.log


def book(site: RunningSite, form: OpenForm, email: str, slot: str, network: str) -> Answer:
    """Send the form with an address of its own, from an address of this network."""
    key = new_key()
    filled = form.filled(key=key, stamp=stamp_of(key, now=LONG_AGO), email=email, slot=slot, zone="UTC")
    headers = form.headers() | {"X-Forwarded-For": f"{network}.7"}
    return ask(site, form.path, method="POST", headers=headers, body=urlencode(filled).encode())


def visit_and_book(site: RunningSite, number: int) -> None:
    """A real visitor opens the form, chooses one of the times that are offered, and clicks on the link if asked."""
    email = f"real-{number}@company-{number}.example.com"
    times = free(site)
    answer = book(site, open_form(site, CTO.call), email, times[number % len(times)], f"203.0.{number}")
    assert answer.status == 302, answer.text
    letters = site.database.query('SELECT text FROM delivery_message WHERE "to" = ?', email)
    links = [found for (text,) in letters for found in re.findall(r"/calls/\S+/confirm/", str(text))]
    for link in links:
        button = open_form(site, link)
        sent = ask(site, link, method="POST", headers=button.headers(), body=urlencode(button.hidden).encode())
        assert sent.status == 302, sent.text


def count(site: RunningSite, rows: str, *values: str) -> int:
    ((number,),) = site.database.query(f"SELECT count(*) FROM {rows}", *values)
    return int(number)


def test_real_visitors_book_while_false_bookings_come_in(limited: RunningSite) -> None:
    form, times = open_form(limited, CTO.call), free(limited)

    def false(number: int) -> int:
        network = f"198.18.{number % NETWORKS}"
        slot = times[number % len(times)]
        return book(limited, form, f"false-{number}@bot-{number}.example.com", slot, network).status

    with ThreadPoolExecutor(AT_ONCE) as threads:
        false_ones = [threads.submit(false, number) for number in range(FALSE)]
        for number in range(REAL):
            visit_and_book(limited, number)
        statuses = {one.result() for one in false_ones}

    # Each was taken, waits, or was shown again with a sentence.
    assert statuses <= {200, 302}
    booked = "booking_call JOIN leads_lead ON leads_lead.id = lead_id WHERE email LIKE ?"
    assert count(limited, booked, "real-%") == REAL
    assert count(limited, booked, "false-%") <= AT_ONCE_IN_HOUR
    # The burst may begin in one hour and end in the next.
    assert count(limited, "leads_lead WHERE email LIKE ?", "false-%") <= 2 * AT_ONCE_IN_HOUR
    assert len(free(limited)) > len(times) / 2


def test_of_many_at_once_from_one_network_as_many_are_taken_as_in_a_row(limited: RunningSite) -> None:
    form, times = open_form(limited, CTO.call), free(limited)

    def send(number: int) -> int:
        return book(limited, form, f"one-{number}@{number}.example.com", times[number % len(times)], "198.18.1").status

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = list(threads.map(send, range(MAX_OF_NETWORK + 10)))

    assert statuses.count(302) <= MAX_OF_NETWORK
    assert count(limited, "leads_lead") == AT_ONCE_OF_NETWORK
    assert count(limited, "booking_intake WHERE held_until IS NOT NULL") <= 1
