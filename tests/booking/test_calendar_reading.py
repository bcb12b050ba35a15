"""The worker reads the calendars of hosts, from real servers on this machine, and says why if it cannot."""

import gzip
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from pytest_django import Settings

from advisor.booking.availability import free_times
from advisor.booking.busy import reading
from advisor.booking.busy.asking import MOVED_AWAY, fetch
from advisor.booking.busy.reading import (
    CLAIM_LENGTH,
    KEY_CHANGED,
    READ_INTERVAL,
    RETRY_DELAYS,
    claim,
    frequent_job,
    read,
)
from advisor.booking.models import BusyCalendar, Host, WhenStale
from advisor.delivery.job_runner import run_frequent_jobs
from advisor.delivery.models import ClockCheck, Message
from advisor.delivery.webhooks import http_client
from advisor.delivery.webhooks.http_client import GET_TOO_SLOW, PACKED, TOO_LARGE, Answer
from advisor.encryption import decrypted
from tests.booking.calendars_of_hosts import make_calendar
from tests.booking.conftest import Book
from tests.booking.hosts import NINE_IN_RIGA, half_hour
from tests.booking.test_calendar_expansion import calendar
from tests.clock import NOW
from tests.delivery.receiver import Handler, Receiver, resolve_to, says

pytestmark = pytest.mark.django_db

SOON = 0.3
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _servers_are_here(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


@pytest.fixture
def server() -> Iterator[Receiver]:
    with Receiver(says(200, busy_at(1))) as receiver:
        yield receiver


def event_at(number: int, uid: str = "") -> str:
    """An event in a half hour of that Monday."""
    lines = f"DTSTART:{half_hour(number):%Y%m%dT%H%M%SZ}\nDTEND:{half_hour(number + 1):%Y%m%dT%H%M%SZ}"
    return f"UID:{uid}\n{lines}" if uid else lines


def busy_at(*numbers: int) -> bytes:
    return calendar(*map(event_at, numbers))


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


def add(host: Host, server: Receiver, **fields: object) -> BusyCalendar:
    """A calendar that was just added and is due."""
    return make_calendar(host, address=server.address, **{"read_at": None, "due_at": NOW} | fields)  # type: ignore[arg-type]


def offered(host: Host, now: datetime = NOW) -> set[int]:
    free = free_times([Host.objects.get(pk=host.pk)], now, NINE_IN_RIGA, NINE_IN_RIGA + DAY / 2)
    return {number for number in range(6) if half_hour(number) in free}


def the_calendar() -> BusyCalendar:
    return BusyCalendar.objects.get()


def test_a_calendar_that_was_added_is_read_by_the_worker_and_blocks_times(host: Host, server: Receiver) -> None:
    add(host, server)

    call_command("deliver", "--once")

    assert offered(host) == {0, 2, 3, 4, 5}
    found = the_calendar()
    assert (found.read_at, found.due_at, found.failures) == (NOW, NOW + READ_INTERVAL, 0)
    assert found.covers_until is not None
    assert found.covers_until > NOW + (host.horizon_days + 1) * DAY
    assert server.requests[0].path == "/hooks/advisor?source=test"
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


def test_it_is_asked_again_only_for_what_is_new(host: Host, server: Receiver) -> None:
    add(host, server)
    server.answer = says(200, busy_at(1), ETag='"one"', Last_Modified="Fri, 27 Nov 2026 11:00:00 GMT")
    frequent_job(at(NOW))
    server.answer = says(304)

    frequent_job(at(NOW + READ_INTERVAL - timedelta(seconds=1)))
    assert len(server.requests) == 1
    frequent_job(at(NOW + READ_INTERVAL))

    asked = server.requests[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"one"', "Fri, 27 Nov 2026 11:00:00 GMT")
    assert the_calendar().read_at == NOW + READ_INTERVAL
    assert the_calendar().last_error == ""
    assert offered(host, NOW + READ_INTERVAL) == {0, 2, 3, 4, 5}


def test_it_is_asked_for_everything_when_the_horizon_has_moved_on_or_was_moved(host: Host, server: Receiver) -> None:
    add(host, server)
    server.answer = says(200, busy_at(1), ETag='"one"')
    frequent_job(at(NOW))

    frequent_job(at(NOW + 2 * DAY))
    assert "If-None-Match" not in server.requests[1].headers
    Host.objects.update(horizon_days=60)
    frequent_job(at(NOW + 2 * DAY + READ_INTERVAL))

    assert "If-None-Match" not in server.requests[2].headers
    covers = the_calendar().covers_until
    assert covers is not None
    assert covers > NOW + 62 * DAY


def test_a_new_version_replaces_what_was_known(host: Host, server: Receiver) -> None:
    add(host, server)
    frequent_job(at(NOW))
    server.answer = says(200, busy_at(2, 3))

    frequent_job(at(NOW + READ_INTERVAL))

    assert offered(host, NOW + READ_INTERVAL) == {0, 1, 4, 5}


def test_an_event_that_is_a_call_of_this_site_does_not_block_and_others_do(
    host: Host, server: Receiver, book: Book
) -> None:
    booked = book(0)
    server.answer = says(200, calendar(event_at(3, booked.calendar_uid), event_at(4, "another@example.com")))
    add(host, server)

    frequent_job(at(NOW))

    assert offered(host) == {1, 2, 3, 5}


def test_events_that_the_host_declined_do_not_block(host: Host, server: Receiver) -> None:
    declined = f"{event_at(1)}\nATTENDEE;PARTSTAT=DECLINED:MAILTO:{host.email.upper()}"
    server.answer = says(200, calendar(declined))
    add(host, server)

    frequent_job(at(NOW))

    assert offered(host) == {0, 1, 2, 3, 4, 5}


def test_redirects_are_followed_and_not_for_ever(host: Host, server: Receiver) -> None:
    def moves_once(handler: Handler) -> None:
        says(302, b"", Location="/elsewhere")(handler) if "hooks" in handler.path else says(200, busy_at(5))(handler)

    server.answer = moves_once
    add(host, server)
    frequent_job(at(NOW))
    assert offered(host) == {0, 1, 2, 3, 4}

    server.answer = says(301, b"", Location="/hooks/again")
    frequent_job(at(NOW + READ_INTERVAL))

    assert the_calendar().last_error == MOVED_AWAY
    assert len(server.requests) == 2 + 6


def hangs_up(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + busy_at(1))


TROUBLES: dict[str, tuple[Callable[[Receiver], Callable[[Handler], None]], str]] = {
    "asks for a password": (lambda _: says(401), "It asks for a password."),
    "forbids it": (lambda _: says(403), "does not let this site read it"),
    "was renewed": (lambda _: says(404), "Nothing is at its address any more"),
    "is gone": (lambda _: says(410), "Nothing is at its address any more"),
    "is out of order": (lambda _: says(503), "It answered 503."),
    "says that nothing is new, unasked": (lambda _: says(304), "It answered 304."),
    "points nowhere": (lambda _: says(302), "It answered 302."),
    "points to nonsense": (lambda _: says(302, b"", Location="http://[::1"), "It points to something that is not"),
    "points elsewhere": (lambda _: says(302, b"", Location="ftp://example.com/"), "An address begins with https://."),
    "is a page to log in": (lambda _: says(200, b"<title>Log in</title>"), "is not a calendar"),
    "ends in the middle": (lambda _: says(200, busy_at(1)[:-20]), "ends in the middle"),
    "hangs up": (lambda _: hangs_up, "IncompleteRead"),
    "hangs": (lambda server: server.hangs, GET_TOO_SLOW),
    "drips": (lambda server: server.drips, GET_TOO_SLOW),
    "drips its body": (lambda server: server.drips_its_body, GET_TOO_SLOW),
    "is larger than anything": (lambda server: server.sends_a_gigabyte, TOO_LARGE),
    "is compressed": (lambda _: says(200, gzip.compress(busy_at(1)), Content_Encoding="gzip"), PACKED),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_is_the_matter_is_said_in_words_and_what_was_known_holds(
    host: Host, server: Receiver, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    add(host, server)
    frequent_job(at(NOW))
    answer, words = TROUBLES[trouble]
    server.answer = answer(server)
    monkeypatch.setattr(http_client, "GET_TIMEOUT", SOON if words == GET_TOO_SLOW else 30.0)
    start, later = monotonic(), NOW + READ_INTERVAL

    frequent_job(at(later))

    found = the_calendar()
    assert words in found.last_error
    assert "hooks" not in found.last_error
    assert (found.failures, found.failing_since, found.read_at) == (1, later, NOW)
    assert found.due_at == later + RETRY_DELAYS[0]
    assert offered(host, later) == {0, 2, 3, 4, 5}
    assert monotonic() - start < 10


def test_what_is_larger_than_the_bound_is_not_read_to_its_end(host: Host, server: Receiver) -> None:
    server.answer = server.sends_a_gigabyte
    add(host, server)

    frequent_job(at(NOW))

    assert the_calendar().last_error == TOO_LARGE
    assert server.sent < 2 * http_client.MAX_GET_SIZE


def test_a_file_that_is_not_understood_in_time_is_an_error(
    host: Host, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer = says(200, calendar("DTSTART:19000101T000000Z\nDTEND:19000101T000001Z\nRRULE:FREQ=SECONDLY"))
    monkeypatch.setattr(reading, "MAX_WAIT", 1.0)
    add(host, server)

    frequent_job(at(NOW))

    assert the_calendar().last_error == reading.NOT_UNDERSTOOD


def test_failures_in_a_row_are_tried_again_after_longer_and_longer(host: Host, server: Receiver) -> None:
    server.answer = says(500)
    add(host, server)
    now, delays = NOW, []

    for _ in range(6):
        frequent_job(at(now))
        delays.append(the_calendar().due_at - now)
        now = the_calendar().due_at

    assert delays == [*RETRY_DELAYS, RETRY_DELAYS[-1], RETRY_DELAYS[-1]]
    server.answer = says(200, busy_at(1))
    frequent_job(at(now))
    assert (the_calendar().failures, the_calendar().failing_since, the_calendar().last_error) == (0, None, "")


def test_what_is_over_is_not_kept_although_the_calendar_cannot_be_read(host: Host, server: Receiver) -> None:
    server.answer = says(500)
    make_calendar(host, [(NOW - 3 * DAY, NOW - 2 * DAY), (NOW, NOW + DAY)], address=server.address, due_at=NOW)

    frequent_job(at(NOW))

    assert the_calendar().periods == [(NOW, NOW + DAY)]


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "64:ff9b::a00:1", "192.168.1.1"]
)
def test_a_name_that_points_into_our_own_network_is_refused_at_every_attempt(
    host: Host, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = False
    asked = resolve_to(monkeypatch, {"calendar.example.com": [address]})
    make_calendar(host, read_at=None, due_at=NOW)

    frequent_job(at(NOW))

    assert "is not a public address of the internet" in the_calendar().last_error
    # Once for each attempt, so a name that changes in between gains nothing.
    assert asked == ["calendar.example.com"]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://169.254.169.254/latest/", "is not a public address"),
        ("http://calendar.example.com/", "begins with https://"),
        ("https://inside.example.com/", "is not a public address"),
        ("https://calendar.example.com:22/", "port 443 or 8443"),
        ("https://user:password@calendar.example.com/", "no user and no password"),
        ("file:///etc/passwd", "begins with https://"),
    ],
)
def test_a_redirect_is_checked_like_an_address_that_was_typed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, location: str, words: str
) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = False
    resolve_to(monkeypatch, {"calendar.example.com": ["8.8.8.8"], "inside.example.com": ["10.1.2.3"]})
    reached = []

    def redirects(*given: object, **_: object) -> Answer:
        reached.append(given)
        return Answer(302, {"location": location}, b"")

    monkeypatch.setattr(http_client, "get", redirects)

    with pytest.raises(ValueError, match=words):
        fetch("https://calendar.example.com/basic.ics", {})
    assert len(reached) == 1


def test_of_two_workers_one_reads_a_calendar_and_a_lost_one_does_not_hold_it_for_ever(
    host: Host, server: Receiver
) -> None:
    add(host, server)

    first = claim(now=NOW)
    assert first is not None
    assert claim(now=NOW + timedelta(minutes=1)) is None
    second = claim(now=NOW + CLAIM_LENGTH)
    assert second is not None
    server.answer = says(200, busy_at(4))
    read(second, now=NOW + CLAIM_LENGTH)
    server.answer = says(200, busy_at(0))
    read(first, now=NOW + CLAIM_LENGTH)

    assert offered(host, NOW + CLAIM_LENGTH) == {0, 1, 2, 3, 5}


def test_a_calendar_that_is_removed_while_it_is_read_stays_removed(host: Host, server: Receiver) -> None:
    add(host, server)
    claimed = claim(now=NOW)
    assert claimed is not None
    BusyCalendar.objects.all().delete()

    read(claimed, now=NOW)
    server.answer = says(500)
    read(claimed, now=NOW)

    assert not BusyCalendar.objects.exists()


def test_after_the_key_was_changed_the_address_is_stored_with_the_new_one(
    host: Host, server: Receiver, settings: Settings
) -> None:
    add(host, server)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, as long as one has to be", [settings.SECRET_KEY]

    frequent_job(at(NOW))
    settings.SECRET_KEY_FALLBACKS = []

    assert decrypted(the_calendar().address) == server.address
    assert server.address not in the_calendar().address


def test_an_address_of_which_the_key_is_lost_says_what_to_do(host: Host, server: Receiver, settings: Settings) -> None:
    add(host, server)
    settings.SECRET_KEY = "another key, as long as one has to be"

    frequent_job(at(NOW))

    assert the_calendar().last_error == KEY_CHANGED
    assert server.requests == []


def test_hosts_who_take_no_calls_are_left_alone_and_closed_accounts_forgotten(host: Host, server: Receiver) -> None:
    add(host, server)
    frequent_job(at(NOW))
    Host.objects.update(is_active=False)

    frequent_job(at(NOW + READ_INTERVAL))
    assert len(server.requests) == 1
    assert the_calendar().spans
    get_user_model().objects.update(is_active=False)
    frequent_job(at(NOW + READ_INTERVAL))

    assert (the_calendar().spans, the_calendar().read_at) == ([], None)
    assert len(server.requests) == 1


def test_host_and_sales_are_told_once_when_it_could_not_be_read_for_too_long(host: Host, server: Receiver) -> None:
    add(host, server, stale_after_hours=2)
    frequent_job(at(NOW))
    server.answer = says(404)

    for minutes in range(10, 240, 10):
        frequent_job(at(NOW + timedelta(minutes=minutes)))

    mails = Message.objects.order_by("to")
    assert {mail.to for mail in mails} == {host.email, "hello@example.com"}
    assert len(mails) == 2
    for mail in mails:
        assert mail.created_at == NOW + timedelta(hours=2)
        assert mail.subject == "A calendar of The host cannot be read"
        for words in (
            "could not be read for 2 hours",
            "Friday, 27 November 2026, 14:00 (Riga, UTC+2)",
            "Nothing is at its address any more",
            "no times of this host are offered",
            f"/admin/booking/host/{host.pk}/calendars/",
        ):
            assert words in mail.text
        assert "hooks" not in mail.text + mail.html


def test_they_are_told_again_when_it_was_read_in_between(host: Host, server: Receiver) -> None:
    add(host, server, stale_after_hours=1, when_stale=WhenStale.EVERYTHING)
    server.answer = says(500)
    frequent_job(at(NOW))
    frequent_job(at(NOW + timedelta(hours=1)))
    assert Message.objects.count() == 2
    assert "It was never read." in Message.objects.all()[0].text
    assert "all hours of this host are offered" in Message.objects.all()[0].text
    server.answer = says(200, busy_at(1))
    frequent_job(at(NOW + timedelta(hours=2)))
    server.answer = says(500)

    for hours in (3, 4, 5):
        frequent_job(at(NOW + timedelta(hours=hours)))

    assert Message.objects.count() == 4


def test_after_days_without_a_worker_it_is_read_before_anybody_is_told(host: Host, server: Receiver) -> None:
    add(host, server)
    frequent_job(at(NOW))

    frequent_job(at(NOW + 5 * DAY))

    assert not Message.objects.exists()
    assert the_calendar().read_at == NOW + 5 * DAY


def test_while_the_clock_is_in_doubt_nothing_is_read(host: Host, server: Receiver) -> None:
    add(host, server)
    ClockCheck.objects.create(pk=1, trusted_at=NOW)

    run_frequent_jobs(at(NOW + 400 * DAY))
    assert server.requests == []
    run_frequent_jobs(at(NOW))

    assert len(server.requests) == 1


def test_a_job_that_fails_unexpectedly_stops_no_other(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.FREQUENT_JOBS = [f"{__name__}.fails", f"{__name__}.works"]
    done.clear()

    run_frequent_jobs(at(NOW))

    assert done == [NOW]
    assert "unexpected error" in caplog.text


done: list[datetime] = []


def fails(_: Callable[[], datetime]) -> None:
    raise RuntimeError


def works(clock: Callable[[], datetime]) -> None:
    done.append(clock())


def test_answers_that_are_too_long_to_be_kept_are_not_sent_back(host: Host, server: Receiver) -> None:
    server.answer = says(200, busy_at(1), ETag=f'"{"a" * 600}"')
    add(host, server)

    frequent_job(at(NOW))
    frequent_job(at(NOW + READ_INTERVAL))

    assert "If-None-Match" not in server.requests[1].headers
