"""A calendar of CalDAV with an app password: read from a real Radicale, and what may go wrong with it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from advisor.booking.availability import free_times
from advisor.booking.busy.asking import CREDENTIALS_REFUSED, MOVED_AWAY, OTHER_SERVER
from advisor.booking.busy.expansion import NO_CALDAV, answer
from advisor.booking.busy.reading import KEY_CHANGED, READ_INTERVAL, frequent_job
from advisor.booking.models import BusyCalendar, Host
from advisor.encryption import decrypted, encrypted
from tests.assessment.reading import Form, Page
from tests.booking.calendars_of_hosts import ADDRESS, make_calendar
from tests.booking.conftest import Book
from tests.booking.hosts import NINE_IN_RIGA, half_hour
from tests.booking.radicale import PASSWORD, USER, Radicale, running
from tests.booking.test_calendar_expansion import calendar, order
from tests.clock import NOW
from tests.content.admin_pages import beside, read_admin
from tests.delivery.receiver import Handler, Receiver, resolve_to, says

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
EMPTY = b'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"/>'


@pytest.fixture(autouse=True)
def _servers_are_here(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with running(tmp_path_factory.mktemp("radicale")) as server:
        weekly = "DTSTART:20251124T073000Z\nDTEND:20251124T080000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO"
        server.put("weekly", calendar(f"UID:weekly\n{weekly}"))
        server.put("all-day-off", calendar("UID:off\nDTSTART;VALUE=DATE:20261201\nSUMMARY:Täglich grüßt"))
        server.put("long-ago", calendar("UID:ago\nDTSTART:20200101T090000Z\nDTEND:20200101T100000Z"))
        yield server


def times(number: int) -> str:
    return f"DTSTART:{half_hour(number):%Y%m%dT%H%M%SZ}\nDTEND:{half_hour(number + 1):%Y%m%dT%H%M%SZ}"


def add(host: Host, address: str, password: str = PASSWORD) -> BusyCalendar:
    return make_calendar(host, address=address, user_name=USER, password=encrypted(password), read_at=None, due_at=NOW)


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


def the_calendar() -> BusyCalendar:
    return BusyCalendar.objects.get()


def offered(host: Host, now: datetime = NOW, day: int = 0) -> set[int]:
    since = NINE_IN_RIGA + day * DAY
    free = free_times([Host.objects.get(pk=host.pk)], now, since, since + DAY / 2)
    return {number for number in range(6) if half_hour(number) + day * DAY in free}


def test_the_calendar_of_a_real_server_blocks_times(host: Host, shared: Radicale) -> None:
    add(host, shared.address)

    frequent_job(at(NOW))

    assert the_calendar().last_error == ""
    assert offered(host) == {0, 2, 3, 4, 5}
    assert offered(host, day=1) == set()
    assert offered(host, day=7) == {0, 2, 3, 4, 5}


def test_a_call_that_the_host_took_into_that_calendar_does_not_block_twice(
    host: Host, tmp_path: Path, book: Book
) -> None:
    booked = book(0)
    with running(tmp_path) as server:
        server.put("call", calendar(f"UID:{booked.calendar_uid}\n{times(4)}"))
        server.put("other", calendar(f"UID:other@example.com\n{times(5)}"))
        add(host, server.address)

        frequent_job(at(NOW))

    assert offered(host) == {1, 2, 3, 4}


def test_a_wrong_password_and_a_calendar_that_is_not_there_are_said_in_words(host: Host, shared: Radicale) -> None:
    add(host, shared.address, "wrong")
    frequent_job(at(NOW))
    assert the_calendar().last_error == CREDENTIALS_REFUSED
    BusyCalendar.objects.all().delete()
    add(host, shared.address.replace("calendar", "another"))

    frequent_job(at(NOW))

    assert "Nothing is at its address any more" in the_calendar().last_error


def moves(where: str) -> Callable[[Handler], None]:
    return says(302, b"", Location=where)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(says(207, b"<html>"), NO_CALDAV, id="half a page"),
        pytest.param(says(207, b"<html/>"), NO_CALDAV, id="another document"),
        pytest.param(says(207, calendar()), NO_CALDAV, id="a calendar itself"),
        pytest.param(says(200, calendar()), "It answered 200.", id="a file"),
        pytest.param(moves("http://localhost:1/"), OTHER_SERVER, id="another server"),
        pytest.param(moves("/again/"), MOVED_AWAY, id="round and round"),
        pytest.param(says(500), "It answered 500.", id="out of order"),
    ],
)
def test_what_is_no_answer_of_caldav_is_said_in_words(host: Host, said: Callable[[Handler], None], words: str) -> None:
    with Receiver(said) as server:
        add(host, server.address)

        frequent_job(at(NOW))

    assert the_calendar().last_error == words


def test_an_empty_calendar_is_never_busy_and_is_asked_as_a_whole_each_time(host: Host) -> None:
    with Receiver(says(207, EMPTY, ETag='"one"')) as server:
        add(host, server.address)
        frequent_job(at(NOW))
        frequent_job(at(NOW + READ_INTERVAL))
        requests = server.requests

    assert the_calendar().read_at == NOW + READ_INTERVAL
    assert all("If-None-Match" not in request.headers for request in requests)
    assert b'<c:time-range start="20261125T120000Z" end="2026122' in requests[0].body
    assert offered(host) == {0, 1, 2, 3, 4, 5}


def test_entities_that_grow_without_end_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "{"a" * 1000}">{entities}]><d:multistatus xmlns:d="DAV:">&e11;</d:multistatus>'

    found = answer(bomb.encode(), {**order(), "is_caldav": True})

    assert found["error"] == NO_CALDAV


def test_the_password_is_encrypted_and_encrypted_anew(host: Host, settings: Settings) -> None:
    with Receiver(says(207, EMPTY)) as server:
        add(host, server.address)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key, as long as one has to be"
        frequent_job(at(NOW))
        settings.SECRET_KEY_FALLBACKS = []
        assert decrypted(the_calendar().password) == PASSWORD
        settings.SECRET_KEY = "a third key, and nobody knows the former ones"
        frequent_job(at(NOW + READ_INTERVAL))

    assert the_calendar().last_error == KEY_CHANGED
    assert PASSWORD not in repr(BusyCalendar.objects.values())


def test_sales_adds_a_calendar_of_caldav_and_the_password_is_not_shown_again(
    sales: Client, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, {"calendar.example.com": ["8.8.8.8"]})
    address = f"/admin/booking/host/{host.pk}/calendars/"
    form = Form(read_admin(sales, address).one("form[@id='calendar_form']"), address)

    half = Page(form.send(sales, {"address": ADDRESS, "user_name": USER}), address, strict=False)
    other = Page(form.send(sales, {"address": ADDRESS, "app_password": PASSWORD}), address, strict=False)
    form.send(sales, {"address": ADDRESS, "user_name": USER, "app_password": PASSWORD})

    assert "belongs to this user name" in beside(half, "app_password")
    assert "belongs to this app password" in beside(other, "user_name")
    assert PASSWORD not in other.html
    assert (the_calendar().user_name, decrypted(the_calendar().password)) == (USER, PASSWORD)
    assert PASSWORD not in sales.get(address).content.decode()
