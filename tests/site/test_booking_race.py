"""A hundred visitors who want one slot at once: one gets it, and ninety-nine are told so and keep what they typed."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import uuid4

import pytest

from tests.server import RunningSite, SqliteDatabase, wait_for
from tests.site.client import Answer, OpenForm, document, new_key, open_form, typed_into
from tests.site.hosting import add_host, free, offered
from tests.site.walks import CTO
from tests.site.without_lock import DROP_CONSTRAINTS

pytestmark = pytest.mark.slow

CONTENDERS = 100
ROUNDS = 2


@pytest.fixture
def hosted() -> Iterator[RunningSite]:
    """A site with one host."""
    with RunningSite() as running:
        add_host(running)
        yield running
        assert "Traceback" not in running.log


@pytest.fixture
def unlocked() -> Iterator[RunningSite]:
    """The same without lock and constraints."""
    with RunningSite(settings_module="tests.site.without_lock") as running:
        running.manage("shell", "--no-imports", "--command", DROP_CONSTRAINTS)
        add_host(running)
        yield running


def contend(site: RunningSite, form: OpenForm, slot: str) -> list[Answer]:
    """What each of a hundred gets who send their own form for one slot at the same moment."""
    barrier = Barrier(CONTENDERS)

    def set_off(number: int) -> Answer:
        email = f"{uuid4()}@example.com"
        barrier.wait()
        return form.send(site, key=new_key(), email=email, slot=slot, zone="UTC", message=f"Message {number}")

    with ThreadPoolExecutor(CONTENDERS) as threads:
        return list(threads.map(set_off, range(CONTENDERS)))


def calls_at(site: RunningSite) -> Counter[object]:
    """How many calls begin at each time."""
    return Counter(begins for (begins,) in site.database.query("SELECT begins_at FROM booking_call"))


def leads_and_mails(site: RunningSite) -> tuple[int, int]:
    """How many leads there are, and about how many of them mails are."""
    ((leads,),) = site.database.query("SELECT count(*) FROM leads_lead")
    ((mails,),) = site.database.query("SELECT count(DISTINCT about) FROM delivery_message")
    return int(leads), int(mails)


def test_of_a_hundred_one_gets_the_slot_and_the_others_keep_what_they_typed(hosted: RunningSite) -> None:
    form = open_form(hosted, CTO.call)

    for slot in free(hosted)[4:][:ROUNDS]:
        answers = contend(hosted, form, slot)

        assert Counter(answer.status for answer in answers) == {302: 1, 200: CONTENDERS - 1}
        for number, answer in enumerate(answers):
            if answer.status == 200:
                assert "just been taken" in answer.text
                assert typed_into(document(answer.text))["message"].strip() == f"Message {number}"
                assert slot not in offered(answer.text)
                assert len(offered(answer.text)) == 6
    assert set(calls_at(hosted).values()) == {1}
    assert len(calls_at(hosted)) == ROUNDS
    assert leads_and_mails(hosted) == (ROUNDS, ROUNDS)


def test_with_two_hosts_two_of_a_hundred_get_it(hosted: RunningSite) -> None:
    add_host(hosted, "Another host")
    form = open_form(hosted, CTO.call)

    answers = contend(hosted, form, free(hosted)[4])

    assert Counter(answer.status for answer in answers) == {302: 2, 200: CONTENDERS - 2}
    assert list(calls_at(hosted).values()) == [2]


def test_without_the_lock_the_race_shows(unlocked: RunningSite) -> None:
    form = open_form(unlocked, CTO.call)

    contend(unlocked, form, free(unlocked)[4])

    assert max(calls_at(unlocked).values()) > 1


def test_a_host_who_stops_while_a_booking_waits_for_them_gets_no_call(hosted: RunningSite) -> None:
    form, slot = open_form(hosted, CTO.call), free(hosted)[4]

    with ThreadPoolExecutor(1) as threads:
        with hosted.database.holding("UPDATE booking_host SET is_active = false") as somebody_waits:
            booking = threads.submit(form.send, hosted, key=new_key(), slot=slot, zone="UTC")
            wait_for(somebody_waits)
        answer = booking.result()

    assert answer.status == 200
    assert "No times are offered any more. Nothing is lost: please send the form" in answer.text
    assert calls_at(hosted) == {}
    assert leads_and_mails(hosted) == (0, 0)


ADD_CALENDAR = """
from datetime import UTC, datetime
from advisor.booking.models import BusyCalendar, Host
from django.utils import timezone
now, later = timezone.now(), datetime(2099, 1, 1, tzinfo=UTC)
BusyCalendar.objects.create(
    host=Host.objects.get(), address="", shown_address="", added_at=now, read_at=now, due_at=later, covers_until=later
)
"""

STORE = """
from advisor.booking.busy.reading import Reading, claim, record_success
from advisor.booking.models import BusyCalendar
from advisor.encryption import encrypted
from django.utils import timezone
now = timezone.now()
BusyCalendar.objects.update(due_at=now, address=encrypted("https://calendar.example.com/"))
claimed = claim(now=now)
busy = {{"spans": [[{begins}, {begins} + 1800]], "unreadable": 0, "error": ""}}
record_success(claimed, Reading(busy, claimed.covers_until), now=now)
"""


def seconds_of(slot: str) -> int:
    return int(datetime.strptime(slot, "%Y-%m-%dT%H:%M%z").timestamp())


def test_a_slot_that_becomes_busy_while_bookings_wait_is_had_by_nobody(hosted: RunningSite) -> None:
    """A reading stores busy times under the lock on the host, which a booking waits for before it looks."""
    hosted.manage("shell", "--no-imports", "--command", ADD_CALENDAR)
    form, slot = open_form(hosted, CTO.call), free(hosted)[4]
    spans = f"UPDATE booking_busycalendar SET spans = '[[{seconds_of(slot)}, {seconds_of(slot) + 60}]]'"
    if not isinstance(hosted.database, SqliteDatabase):
        spans = f"WITH locked AS (UPDATE booking_host SET weight = weight RETURNING id) {spans}"

    with ThreadPoolExecutor(5) as threads:
        with hosted.database.holding(spans) as somebody_waits:
            bookings = [
                threads.submit(form.send, hosted, key=new_key(), email=f"{uuid4()}@example.com", slot=slot, zone="UTC")
                for _ in range(5)
            ]
            wait_for(somebody_waits)
        answers = [booking.result() for booking in bookings]

    assert {answer.status for answer in answers} == {200}
    assert all("just been taken, or is not offered any more" in answer.text for answer in answers)
    assert slot not in offered(answers[0].text)
    assert calls_at(hosted) == {}
    assert leads_and_mails(hosted) == (0, 0)


def test_while_a_booking_holds_the_host_a_reading_waits_for_it(hosted: RunningSite) -> None:
    hosted.manage("shell", "--no-imports", "--command", ADD_CALENDAR)
    form, slot = open_form(hosted, CTO.call), free(hosted)[4]

    with ThreadPoolExecutor(1) as threads:
        with hosted.database.holding("UPDATE booking_host SET weight = weight") as somebody_waits:
            store = STORE.format(begins=seconds_of(slot))
            reading = threads.submit(hosted.manage, "shell", "--no-imports", "--command", store)
            wait_for(somebody_waits)
            assert not reading.done()
        reading.result()
    answer = form.send(hosted, key=new_key(), slot=slot, zone="UTC")

    assert answer.status == 200
    assert calls_at(hosted) == {}


def test_a_slot_that_is_wanted_by_one_who_moves_and_many_who_book_is_had_by_one(hosted: RunningSite) -> None:
    form, times = open_form(hosted, CTO.call), free(hosted)
    form.send(hosted, key=new_key(), email="mover@example.com", slot=times[4], zone="UTC")
    ((token,),) = hosted.database.query("SELECT token FROM booking_call")
    change = open_form(hosted, f"/calls/{token}/change/")
    barrier = Barrier(21)

    def book(number: int) -> int:
        barrier.wait()
        email = f"asker{number}@example.com"
        return form.send(hosted, key=new_key(), email=email, slot=times[8], zone="UTC").status

    def move() -> int:
        barrier.wait()
        return change.send(hosted, slot=times[8], zone="UTC").status

    with ThreadPoolExecutor(21) as threads:
        bookers = [threads.submit(book, number) for number in range(20)]
        statuses = [threads.submit(move).result(), *(future.result() for future in bookers)]

    assert statuses.count(302) == 1
    assert set(calls_at(hosted).values()) == {1}
