"""The page of a host's own calendars, and where else staff read that a host is busy by them."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from advisor.booking.actions import HostIsBusyError, give_to
from advisor.booking.busy.actions import MAX_CALENDARS, as_https
from advisor.booking.busy.status import ago, in_words
from advisor.booking.handover import hand_over_calls
from advisor.booking.models import BusyCalendar, Call, Host, WhenStale
from advisor.encryption import decrypted
from tests.assessment.reading import Changes, Form, Page, Response
from tests.booking.calendars_of_hosts import ADDRESS, make_calendar
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host
from tests.clock import NOW
from tests.conftest import new_client
from tests.content.admin_pages import admin_address, beside, read_admin, save_in_admin
from tests.content.refusing import said
from tests.delivery.receiver import resolve_to

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of which tests say where they point to."""
    resolve_to(monkeypatch, {"calendar.example.com": ["8.8.8.8"], "inside.example.com": ["10.0.0.1"]})


def page_of(host: Host) -> str:
    return f"/admin/booking/host/{host.pk}/calendars/"


def add(client: Client, host: Host, changes: Changes) -> Response:
    page = read_admin(client, page_of(host))
    return Form(page.one("form[@id='calendar_form']"), page_of(host)).send(client, changes)


def press(client: Client, calendar: BusyCalendar, button: str, **fields: str) -> Response:
    policy = {"stale_after_hours": "24", "when_stale": "nothing"} | fields
    named = {f"calendar-{calendar.pk}-{name}": value for name, value in policy.items()}
    return client.post(page_of(calendar.host), {"do": button, "calendar": str(calendar.pk), **named})


def words_on(client: Client, host: Host) -> str:
    return read_admin(client, page_of(host)).text("div[@id='content-main']")


def the_calendar() -> BusyCalendar:
    return BusyCalendar.objects.get()


def test_sales_adds_a_calendar_and_its_address_is_never_shown_again(sales: Client, host: Host) -> None:
    answer = add(sales, host, {"address": f" {ADDRESS} ", "stale_after_hours": "12", "when_stale": "everything"})

    page = read_admin(sales, answer["Location"])
    calendar = the_calendar()
    assert decrypted(calendar.address) == ADDRESS
    assert (calendar.stale_after_hours, calendar.when_stale) == (12, WhenStale.EVERYTHING)
    assert (calendar.added_at, calendar.due_at) == (NOW, NOW)
    assert "Added the calendar at calendar.example.com/…" in page.html
    assert "It was not read yet, and blocks nothing until then" in page.html
    assert "0123456789abcdef" not in page.html + LogEntry.objects.latest("pk").change_message
    assert "0123456789abcdef" not in repr(BusyCalendar.objects.values())


def test_an_address_as_programs_write_it_is_taken_for_https(sales: Client, host: Host) -> None:
    add(sales, host, {"address": ADDRESS.replace("https://", "webcal://")})

    assert decrypted(the_calendar().address) == ADDRESS
    assert as_https("WEBCALS://a.example.com/") == "https://a.example.com/"
    assert as_https("webcal") == "webcal"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Please fill in “Secret address of your calendar”."),
        ("my calendar", "An address has no spaces"),
        ("http://calendar.example.com/basic.ics", "An address begins with https://."),
        ("webcal://inside.example.com/basic.ics", "is not a public address of the internet"),
        ("https://127.0.0.1/basic.ics", "is not a public address of the internet"),
        ("https://calendar.example.com:5232/basic.ics", "port 443 or 8443"),
        ("https://me:secret@calendar.example.com/", "no user and no password"),
        ("https://calendar.example.com/" + "a" * 2000, "at most 2000 characters"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_beside_the_field_and_stays_typed(
    sales: Client, host: Host, address: str, words: str
) -> None:
    answer = add(sales, host, {"address": address, "stale_after_hours": "36", "when_stale": "everything"})

    page = Page(answer, page_of(host), strict=False)
    typed = dict(Form(page.one("form[@id='calendar_form']"), page_of(host)).pairs())
    assert answer.status_code == 200
    assert words in beside(page, "address")
    assert (typed["address"], typed["stale_after_hours"], typed["when_stale"]) == (address, "36", "everything")
    assert page.title.startswith("Error: ")
    assert not BusyCalendar.objects.exists()


@pytest.mark.parametrize("hours", ["0", "169", "", "soon"])
def test_hours_out_of_bounds_are_refused(sales: Client, host: Host, hours: str) -> None:
    calendar = make_calendar(host)

    added = add(sales, host, {"address": ADDRESS, "stale_after_hours": hours})
    changed = press(sales, calendar, "save", stale_after_hours=hours, when_stale="everything")

    assert "errorlist" in added.content.decode()
    page = Page(changed, page_of(host), strict=False)
    assert beside(page, f"calendar-{calendar.pk}-stale_after_hours")
    assert the_calendar().when_stale == WhenStale.NOTHING


def test_a_calendar_is_added_once_and_there_is_a_bound(sales: Client, host: Host) -> None:
    add(sales, host, {"address": ADDRESS})
    again = add(sales, host, {"address": ADDRESS})
    assert "This calendar is here already." in again.content.decode()
    form = Form(read_admin(sales, page_of(host)).one("form[@id='calendar_form']"), page_of(host))

    for number in range(MAX_CALENDARS - 1):
        form.send(sales, {"address": f"{ADDRESS}?{number}"})
    one_more = form.send(sales, {"address": f"{ADDRESS}?more"})

    assert "A host can have 5 calendars. Remove one first." in one_more.content.decode()
    assert BusyCalendar.objects.count() == MAX_CALENDARS
    assert "A host can have 5 calendars." in words_on(sales, host)
    assert "calendar_form" not in sales.get(page_of(host)).content.decode()


def test_the_page_says_how_old_it_is_what_is_wrong_and_what_is_blocked(sales: Client, host: Host) -> None:
    busy = [
        (half_hour(number) + day * DAY, half_hour(number + 1) + day * DAY) for day in range(12) for number in (0, 2)
    ]
    make_calendar(
        host,
        [(NOW - 2 * HOUR, NOW - HOUR), *busy],
        read_at=NOW - 3 * HOUR,
        failures=2,
        failing_since=NOW - 2 * HOUR,
        last_error="It answered 503.",
        unreadable_events=2,
    )

    words = words_on(sales, host)

    for sentence in (
        "Read 3 hours ago, on Friday, 27 November 2026, 11:00 (Riga, UTC+2).",
        "Reading it has failed since Friday, 27 November 2026, 12:00 (Riga, UTC+2) (2 attempts).",
        "The last error: It answered 503.",
        "In it 2 events could not be read",
        "Mon 30 Nov, 09:00–09:30",
        "and 4 more",
        "Titles, places and people are dropped",
    ):
        assert sentence in words
    assert "Fri 27 Nov" not in words
    assert "too long ago" not in words


@pytest.mark.parametrize(
    ("when_stale", "words", "blocks"),
    [
        (WhenStale.NOTHING, "too long ago, so no times of this host are offered", True),
        (WhenStale.EVERYTHING, "too long ago, so all hours of this host are offered", False),
    ],
)
def test_the_page_says_what_a_stale_calendar_means(
    sales: Client,
    host: Host,
    when_stale: WhenStale,
    words: str,
    blocks: bool,  # noqa: FBT001
) -> None:
    make_calendar(
        host,
        [(half_hour(0), half_hour(1))],
        read_at=NOW - DAY,
        when_stale=when_stale,
        failures=9,
        failing_since=NOW - DAY,
        last_error="It answered 404.",
    )

    page = words_on(sales, host)

    assert words in page
    assert ("Mon 30 Nov, 09:00–09:30" in page) == blocks
    assert "1 cannot be read" in read_admin(sales, admin_address(host)).html


def test_it_is_read_now_when_a_button_says_so_and_as_a_whole(sales: Client, host: Host) -> None:
    calendar = make_calendar(host, etag='"one"', last_modified="Fri, 27 Nov 2026 11:00:00 GMT")

    answer = press(sales, calendar, "read")

    found = the_calendar()
    assert (found.due_at, found.etag, found.last_modified) == (NOW, "", "")
    page = read_admin(sales, answer["Location"])
    assert "The worker reads the calendar at calendar.example.com/… within seconds." in page.html
    assert "It is about to be read" in page.html


@pytest.mark.parametrize(
    ("changes", "is_read_anew"),
    [
        ({"zone": "Asia/Tokyo"}, True),
        ({"email": "new@example.com"}, True),
        ({"horizon_days": "90"}, True),
        ({"buffer_after": "10"}, False),
    ],
)
def test_calendars_are_read_anew_when_what_they_are_read_by_has_changed(
    superuser: Client,
    host: Host,
    changes: Changes,
    is_read_anew: bool,  # noqa: FBT001
) -> None:
    make_calendar(host, etag='"one"')

    save_in_admin(superuser, host, changes)

    assert (the_calendar().due_at == NOW) == is_read_anew
    assert (the_calendar().etag == "") == is_read_anew


def test_it_is_not_read_while_the_host_takes_no_calls(sales: Client, host: Host) -> None:
    make_calendar(host)
    Host.objects.update(is_active=False)

    assert "It is not read while this host takes no calls." in words_on(sales, host)


def test_what_happens_when_it_is_too_old_is_changed_and_nothing_else(sales: Client, host: Host) -> None:
    calendar = make_calendar(host, [(half_hour(0), half_hour(1))])

    press(sales, calendar, "save", stale_after_hours="48", when_stale="everything")

    found = the_calendar()
    assert (found.stale_after_hours, found.when_stale) == (48, WhenStale.EVERYTHING)
    assert (found.spans, found.due_at) == (calendar.spans, calendar.due_at)


def test_it_is_removed_with_all_that_was_kept_of_it(sales: Client, host: Host) -> None:
    calendar = make_calendar(host)

    press(sales, calendar, "remove")
    again = press(sales, calendar, "remove")

    assert not BusyCalendar.objects.exists()
    assert "This calendar was removed meanwhile." in read_admin(sales, again["Location"]).html


def test_a_calendar_of_another_host_cannot_be_reached_over_ones_own_page(host: Host) -> None:
    other = make_calendar(make_host("Another host"))
    client = new_client()
    client.force_login(host.user)

    client.post(page_of(host), {"do": "remove", "calendar": str(other.pk)})

    assert BusyCalendar.objects.filter(pk=other.pk).exists()


def test_hosts_look_after_their_own_calendars_and_nobody_elses(host: Host) -> None:
    other = make_host("Another host")
    client = new_client()
    client.force_login(host.user)

    assert page_of(host) in read_admin(client, "/admin/").html
    assert add(client, host, {"address": ADDRESS}).status_code == 302
    assert client.get(page_of(other)).status_code == 403
    assert client.post(page_of(other), {"do": "add", "address": ADDRESS}).status_code == 403
    assert page_of(other) not in read_admin(client, "/admin/").html


def test_owners_read_no_calendars_and_nothing_is_there_without_a_login(
    owner: Client, visitor: Client, host: Host
) -> None:
    assert owner.get(page_of(host)).status_code == 403
    assert page_of(host) not in owner.get(admin_address(host)).content.decode()
    assert visitor.get(page_of(host))["Location"].startswith("/admin/login/")
    assert owner.get("/admin/booking/host/999999/calendars/").status_code == 404


def test_a_form_that_was_refused_is_shown_again_and_nothing_is_done(host: Host) -> None:
    client = Client(enforce_csrf_checks=True)
    user = get_user_model().objects.create(username="chief", is_staff=True, is_superuser=True)
    client.force_login(user)

    answer = client.post(page_of(host), {"do": "add", "address": ADDRESS, "stale_after_hours": "5"})

    page = Page(answer, page_of(host), strict=False)
    assert said(answer).startswith("Nothing was")
    assert dict(Form(page.one("form[@id='calendar_form']"), page_of(host)).pairs())["address"] == ADDRESS
    assert not BusyCalendar.objects.exists()


def test_the_front_page_says_which_calendars_cannot_be_read(sales: Client, owner: Client, host: Host) -> None:
    make_calendar(host, read_at=NOW - DAY, failures=9, failing_since=NOW - DAY, last_error="It answered 404.")

    for client in (sales, owner):
        assert "A calendar of The host" in read_admin(client, "/admin/").html
    assert page_of(host) in read_admin(sales, "/admin/").html
    assert page_of(host) not in read_admin(owner, "/admin/").html
    BusyCalendar.objects.update(read_at=NOW)
    assert "A calendar of The host" not in read_admin(sales, "/admin/").html


def test_why_a_time_is_not_offered_names_the_calendar(sales: Client, host: Host) -> None:
    make_calendar(host, [(half_hour(1), half_hour(2))])

    page = read_admin(sales, f"/admin/booking/host/{host.pk}/why/?day=2026-11-30&time=09:30")

    assert page.text("p[@role='status']").endswith("Busy in the host’s calendar.")


def test_a_call_is_given_to_a_busy_host_only_if_staff_say_so(superuser: Client, host: Host, book: Book) -> None:
    booked, other = book(0), make_host("Another host")
    make_calendar(other, [booked.period])

    refused = save_in_admin(superuser, booked, {"host": str(other.pk)})
    assert "Another host is busy then by their own calendar" in beside(refused, "host")
    assert Call.objects.get().host == host
    save_in_admin(superuser, booked, {"host": str(other.pk), "although_busy": "on"})

    assert Call.objects.get().host == other


def test_handing_over_leaves_a_call_where_the_other_host_is_busy(host: Host, book: Book) -> None:
    booked, other = book(0), make_host("Another host")
    make_calendar(other, [booked.period])

    number, refusals = hand_over_calls(user=host.user, to=other, by="chief", now=NOW)

    assert number == 0
    assert "Another host is busy then by their own calendar" in refusals[0]
    with pytest.raises(HostIsBusyError):
        give_to(call=booked, host=other, now=NOW)


def test_a_stale_calendar_does_not_keep_staff_from_giving_a_call(host: Host, book: Book) -> None:
    booked, other = book(0), make_host("Another host")
    make_calendar(other, read_at=NOW - 2 * DAY)

    assert give_to(call=booked, host=other, now=NOW).host == other


def test_the_page_costs_the_same_queries_for_one_calendar_and_for_five(
    superuser: Client, host: Host, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_calendar(host)
    superuser.get(page_of(host))

    with django_assert_num_queries(4):
        superuser.get(page_of(host))
    for _ in range(4):
        make_calendar(host)
    with django_assert_num_queries(4):
        superuser.get(page_of(host))


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_ages_in_words(age: timedelta, words: str) -> None:
    assert ago(age) == words


def test_busy_times_over_midnight_name_both_days(host: Host) -> None:
    calendar = make_calendar(host, [(half_hour(0), half_hour(0) + DAY)])

    zone = host.schedule.zone
    assert in_words(calendar.periods[0], zone) == "Mon 30 Nov, 09:00 – Tue 1 Dec, 09:00"
