"""Hosts and calls in the admin: what staff set up, see, and say of a call, and what they may not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from advisor.booking.actions import close, give_to
from advisor.booking.models import Call, CallStatus, Host, Place
from advisor.delivery.models import Message, State
from tests.assessment.reading import Form, Page
from tests.booking.conftest import Book
from tests.booking.hosts import MONDAY, half_hour, make_host
from tests.clock import NOW
from tests.conftest import member_of, new_client
from tests.content.admin_pages import admin_address, admin_list, beside, read_admin, save_in_admin
from tests.leads.test_admin import rows, shown

AFTER = half_hour(0) + timedelta(hours=1)


def why(client: Client, host: Host, day: str, time: str) -> str:
    """What staff are told about a time."""
    return read_admin(client, f"/admin/booking/host/{host.pk}/why/?day={day}&time={time}").text("p[@role='status']")


def log_in(client: Client) -> None:
    """On another day: the session of the day before has ended."""
    client.force_login(get_user_model().objects.get(username="chief"))


def test_sales_sets_up_a_host_with_hours(sales: Client, published: object) -> None:
    user = get_user_model().objects.create(username="new-host", is_staff=True)
    inlines = {
        f"{name}-{field}": value
        for name, total in (("windows", "1"), ("exceptions", "1"))
        for field, value in (("TOTAL_FORMS", total), ("INITIAL_FORMS", "0"))
    }
    hours = {"windows-0-weekday": "0", "windows-0-begins": "09:00", "windows-0-ends": "12:00"}
    off = {"exceptions-0-first_day": "2026-12-24", "exceptions-0-last_day": "2026-12-26"}

    answer = sales.post(
        "/admin/booking/host/add/",
        {
            **inlines,
            **hours,
            **off,
            "user": str(user.pk),
            "name": "The new host",
            "email": "new-host@example.com",
            "is_active": "on",
            "zone": "Pacific/Chatham",
            "place": "video",
            "place_details": "https://meet.example.com/new",
            "takes_every_outcome": "on",
            "weight": "1",
            "notice": "2",
            "notice_unit": "working-days",
            "horizon_days": "28",
            "buffer_before": "5",
            "buffer_after": "10",
            "daily_limit": "3",
        },
    )

    assert answer.status_code == 302, Page(answer, strict=False).texts("ul[@class='errorlist']")
    host = Host.objects.get()
    assert (host.zone, host.windows.count(), host.exceptions.count()) == ("Pacific/Chatham", 1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weight": "0"}, "weight"),
        ({"horizon_days": "0"}, "horizon_days"),
        ({"notice": "1001"}, "notice"),
        ({"email": "nonsense"}, "email"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    superuser: Client, host: Host, changes: dict[str, str], field: str
) -> None:
    page = save_in_admin(superuser, host, changes)

    assert beside(page, field)


def test_who_opens_a_lead_before_its_call_sees_where_and_when_to_join_it(sales: Client, host: Host, book: Book) -> None:
    call = book(0)

    for address in (admin_address(call.lead), admin_address(call)):
        page = read_admin(sales, address)
        assert page.all(f"a[@href='{host.place_details}']")
        assert "09:00" in page.text("*[@id='content-main']")
    assert "07:00 UTC, 09:00 Europe/Riga, with The host" in read_admin(sales, admin_address(call.lead)).text(
        "dl[@class='facts']"
    )


def test_of_a_call_that_is_over_the_lead_says_what_became_of_it(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    close(call=call, status=CallStatus.NO_SHOW, reason="", agreed="", now=AFTER)

    page = read_admin(sales, admin_address(call.lead))

    assert "with The host: Nobody came" in page.text("dl[@class='facts']")
    assert not page.all(f"a[@href='{host.place_details}']")


def test_mail_that_was_refused_is_named_on_the_page_of_the_call(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    refused = Message.objects.get(key=f"call-{call.pk}-0-visitor")
    assert "did not arrive: None" in " ".join(read_admin(sales, admin_address(call)).text("main").split())
    Message.objects.filter(pk=refused.pk).update(state=State.FAILED, last_error="550 No such mailbox")

    page = read_admin(sales, admin_address(call))

    assert "to asker@example.com: 550 No such mailbox" in page.text("ul[@class='errorlist']")
    assert page.all(f"a[@href='/admin/delivery/message/{refused.pk}/change/']")
    assert page.all(f"a[@href='/admin/booking/call/correct/{call.lead_id}/']")


def test_who_has_a_call_ahead_is_told_that_the_host_is_met_elsewhere(superuser: Client, host: Host, book: Book) -> None:
    call = book()
    Message.objects.filter(due_at=NOW).update(state=State.SENT, sent_at=NOW)
    room = "https://meet.example.com/another-room"

    page = save_in_admin(superuser, host, {"place_details": room})

    call.refresh_from_db()
    told = Message.objects.get(key=f"call-{call.pk}-1-visitor")
    assert call.sequence == 1
    assert "One call lies ahead: those concerned get mail" in page.html
    for text in (told.text, told.html):
        assert text.index(room) < text.index("Before, it was to be here:") < text.index(host.place_details)
    assert room in told.attachments[0]["content"].replace("\r\n ", "")
    assert Message.objects.filter(state=State.WAITING, text__contains=room).count() == 5
    assert not Message.objects.filter(state=State.WAITING).exclude(text__contains=room)


def test_nobody_is_told_of_what_does_not_concern_them(superuser: Client, host: Host, book: Book) -> None:
    call = book()
    with time_machine.travel(AFTER, tick=False):
        log_in(superuser)
        save_in_admin(superuser, host, {"place_details": "https://meet.example.com/another-room"})
    save_in_admin(superuser, host, {"weight": "2"})

    call.refresh_from_db()
    assert call.sequence == 0


def test_a_host_does_not_take_to_the_telephone_with_calls_ahead_that_have_no_number(
    superuser: Client, host: Host, book: Book
) -> None:
    call = book(phone="")

    page = save_in_admin(superuser, host, {"place": Place.PHONE})

    host.refresh_from_db()
    assert "People who left no number have calls ahead: 1." in beside(page, "place")
    assert str(call) in beside(page, "place")
    assert host.place == Place.VIDEO


def test_a_host_with_calls_ahead_cannot_stop_and_the_calls_are_named(superuser: Client, host: Host, book: Book) -> None:
    book()

    page = save_in_admin(superuser, host, {"is_active": None})

    host.refresh_from_db()
    assert "to be given to another host or cancelled first: Call on 30 November 2026, 07:00 UTC" in beside(
        page, "is_active"
    )
    assert host.is_active


def test_a_host_whose_calls_are_given_away_stops(superuser: Client, host: Host, book: Book) -> None:
    give_to(call=book(), host=make_host("Another host"), now=NOW)

    save_in_admin(superuser, host, {"is_active": None})

    host.refresh_from_db()
    assert not host.is_active


def test_a_host_whose_account_is_no_longer_of_staff_can_still_be_switched_off(superuser: Client, host: Host) -> None:
    get_user_model().objects.filter(pk=host.user_id).update(is_staff=False)

    save_in_admin(superuser, host, {"is_active": None})

    host.refresh_from_db()
    assert not host.is_active


def test_a_host_who_held_calls_is_not_deleted(superuser: Client, host: Host, book: Book) -> None:
    other = make_host("Another host")
    call = book()
    idle = other if call.host == host else host

    assert superuser.get(admin_address(call.host, "delete")).status_code == 403
    assert superuser.get(admin_address(idle, "delete")).status_code == 200


def test_the_calendar_of_a_host_gets_another_address(superuser: Client, host: Host) -> None:
    before = host.feed_token
    assert before in read_admin(superuser, admin_address(host)).html

    superuser.post(admin_list(Host), {"action": "give_new_feed_address", "_selected_action": [host.pk]})

    host.refresh_from_db()
    assert host.feed_token != before


def test_staff_are_told_by_the_rules_themselves_why_a_time_is_not_offered(
    superuser: Client, host: Host, book: Book
) -> None:
    book(0)

    assert "There is a call at that time." in why(superuser, host, "2026-11-30", "09:00")
    assert "It is offered." in why(superuser, host, "2026-11-30", "10:00")
    assert "It is over." in why(superuser, host, "2026-11-26", "09:00")
    assert "in between" in why(superuser, host, "2026-11-30", "10:10")
    Host.objects.update(is_active=False)
    assert "not active" in why(superuser, host, "2026-11-30", "10:00")


def test_a_time_that_the_clock_shows_twice_is_answered_twice(superuser: Client, host: Host) -> None:
    page = read_admin(superuser, f"/admin/booking/host/{host.pk}/why/?day=2027-10-31&time=03:30")

    answers = page.texts("p[@role='status']")
    assert ["UTC+3" in answers[0], "UTC+2" in answers[1]] == [True, True]


@pytest.mark.parametrize("query", ["", "?day=&time=", "?day=tomorrow&time=soon", "?day=2026-11-30"])
def test_a_question_that_is_none_gets_the_form(superuser: Client, host: Host, query: str) -> None:
    page = read_admin(superuser, f"/admin/booking/host/{host.pk}/why/{query}")

    assert page.all("input[@type='time']")
    assert not page.all("p[@role='status']")


@pytest.mark.parametrize("now", [NOW, NOW + timedelta(days=1, hours=8), MONDAY - timedelta(minutes=2)])
def test_seven_days_begin_today_so_that_what_comes_next_is_there(host: Host, book: Book, now: datetime) -> None:
    book(0)

    with time_machine.travel(now, tick=False):
        page = read_admin(member_of("Sales"), "/admin/booking/call/week/")

    days, today = page.texts("div[@class='module']/h2"), now.astimezone(ZoneInfo(host.zone))
    assert days[0] == f"{today:%A, %-d %B %Y}"
    assert days[6] == f"{today + timedelta(days=6):%A, %-d %B %Y}"
    assert "The Asker" in page.text("div[@class='module']/ul/li")


def test_the_days_before_are_one_link_away_and_today_another(superuser: Client, host: Host, book: Book) -> None:
    book(0)
    week, later = "/admin/booking/call/week/", MONDAY + timedelta(days=3)

    with time_machine.travel(later, tick=False):
        log_in(superuser)
        today = read_admin(superuser, week)
        before = read_admin(superuser, week + link(today, "The seven days before"))
        back = read_admin(superuser, week + link(before, "From today"))

    assert "The Asker" not in today.text("div[@id='content-main']")
    assert "The Asker" in before.text("div[@id='content-main']")
    assert back.texts("h1") == today.texts("h1") == ["Calls from 3 December to 9 December 2026"]
    assert not link(today, "From today")


def link(page: Page, words: str) -> str:
    """Where the link with these words goes; "" where there is none."""
    return next((a.attrib["href"] for a in page.all("a") if "".join(a.itertext()).strip() == words), "")


def test_upcoming_calls_are_listed_with_the_next_one_first(superuser: Client, host: Host, book: Book) -> None:
    late, early = book(3), book(1, email="second@example.com")

    upcoming, everything = (
        rows(read_admin(superuser, f"{admin_list(Call)}{query}")) for query in ("?when=upcoming", "")
    )

    assert ["10:30" in row for row in upcoming] == [False, True]
    assert ["10:30" in row for row in everything] == [True, False]
    assert late.begins_at > early.begins_at


def test_the_week_shows_each_call_on_its_day(superuser: Client, host: Host, book: Book) -> None:
    book(0)

    page = read_admin(superuser, "/admin/booking/call/week/?week=2026-11-30")

    monday = page.all("div[@class='module']")[0]
    words = " ".join("".join(monday.itertext()).split())
    assert words == "Monday, 30 November 2026 09:00 The Asker, Engines Ltd with The host"


def test_the_week_is_told_by_one_clock_that_whoever_looks_can_know(sales: Client, host: Host, book: Book) -> None:
    call = book(0)
    far = make_host("Far away", zone="Asia/Tokyo")
    get_user_model().objects.filter(pk=far.user_id).update(is_superuser=True)
    host_there = new_client()
    host_there.force_login(get_user_model().objects.get(pk=far.user_id))

    def told(client: Client, query: str = "") -> tuple[str, str]:
        page = read_admin(client, f"/admin/booking/call/week/?week=2026-11-30{query}")
        return page.texts("div[@id='content-main']/p")[0], page.text("div[@class='module']/ul/li")[:5]

    assert told(sales) == ("Times are those of UTC.", "07:00")
    assert told(sales, f"&host={call.host.pk}") == ("Times are those of Riga, UTC+2.", "09:00")
    assert told(host_there) == ("Times are those of Tokyo, UTC+9.", "16:00")


@pytest.mark.parametrize("query", ["", "?week=9999-12-31", "?week=0001-01-01", "?week=x&host=x", "?host=99"])
def test_the_week_is_always_some_week(superuser: Client, host: Host, query: str) -> None:
    page = read_admin(superuser, f"/admin/booking/call/week/{query}")

    assert len(page.all("div[@class='module']")) == 7


def test_the_week_of_one_host_leaves_out_the_others(superuser: Client, host: Host, book: Book) -> None:
    other = make_host("Another host")
    call = book(0)
    idle = other if call.host == host else host

    page = read_admin(superuser, f"/admin/booking/call/week/?week={MONDAY:%Y-%m-%d}&host={idle.pk}")

    assert "The Asker" not in page.text("div[@id='content-main']")


def test_the_list_tells_upcoming_from_past(superuser: Client, host: Host, book: Book) -> None:
    book(0)

    upcoming, past = (rows(read_admin(superuser, f"{admin_list(Call)}?when={when}")) for when in ("upcoming", "past"))

    assert "Mon 30 Nov 2026, 09:00 RigaThe Asker, Engines LtdThe hostBookedHire a fractional CTO" in upcoming[0]
    assert past == []


def test_a_call_is_cancelled_with_a_reason_that_the_visitor_reads(superuser: Client, host: Host, book: Book) -> None:
    call = book()

    refused = save_in_admin(superuser, call, {"status": "cancelled"})
    save_in_admin(superuser, call, {"status": "cancelled", "reason": "The host is ill."})

    call.refresh_from_db()
    assert "Please say why" in beside(refused, "reason")
    assert call.status == CallStatus.CANCELLED
    assert "The host is ill." in Message.objects.get(key=f"call-{call.pk}-1-visitor").text


def test_a_call_is_given_to_another_host(superuser: Client, host: Host, book: Book) -> None:
    call, other = book(), make_host("Another host")

    save_in_admin(superuser, call, {"host": str(other.pk)})

    call.refresh_from_db()
    assert call.host == other
    assert Message.objects.filter(key=f"call-{call.pk}-1-host-{other.pk}", to=other.email).exists()


def test_a_host_with_another_call_at_the_time_is_refused(superuser: Client, host: Host, book: Book) -> None:
    make_host("Another host")
    call, other = book(0), book(0, email="second@example.com")

    page = save_in_admin(superuser, call, {"host": str(other.host.pk)})

    assert "has another call at this time" in beside(page, "host")


def test_afterwards_it_is_said_what_came_of_it(superuser: Client, host: Host, book: Book) -> None:
    call = book()

    early = save_in_admin(superuser, call, {"status": "held"})
    with time_machine.travel(AFTER, tick=False):
        log_in(superuser)
        save_in_admin(superuser, call, {"status": "held", "agreed": "both-roles"})

    call.refresh_from_db()
    assert "It has not begun yet." in beside(early, "status")
    assert (call.status, call.agreed) == (CallStatus.HELD, "both-roles")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "no-show", "agreed": "both-roles"}, "agreed"),
        ({"status": "held", "agreed": "burns"}, "agreed"),
        ({"status": "cancelled", "reason": "Too late."}, "status"),
        ({"status": "revived"}, "status"),
    ],
)
def test_what_cannot_have_been_is_refused(
    superuser: Client, host: Host, book: Book, changes: dict[str, str], field: str
) -> None:
    call = book()

    with time_machine.travel(AFTER, tick=False):
        log_in(superuser)
        page = save_in_admin(superuser, call, changes)

    call.refresh_from_db()
    assert beside(page, field)
    assert call.status == CallStatus.BOOKED


def test_a_cancelled_call_does_not_come_back(superuser: Client, host: Host, book: Book) -> None:
    call = book()
    save_in_admin(superuser, call, {"status": "cancelled", "reason": "The host is ill."})

    page = save_in_admin(superuser, call, {"status": "booked"})

    assert "A call does not come back" in beside(page, "status")


def test_a_call_is_shown_in_both_zones(superuser: Client, host: Host, book: Book) -> None:
    page = read_admin(superuser, admin_address(book()))

    assert "09:00 (Riga, UTC+2)" in shown(page, "when")
    assert "02:00 (New York, UTC−5)" in shown(page, "for_the_visitor")


def test_the_page_of_a_call_opens_with_the_briefing(superuser: Client, host: Host, book: Book) -> None:
    briefing = shown(read_admin(superuser, admin_address(book())), "briefing")

    for words in (
        "Hire a fractional CTO",
        "How sure: clear.",
        "Three questions to ask",
        "What they read",
        "Closest alternative:",
    ):
        assert words in briefing


@pytest.mark.parametrize("group", ["editor", "publisher"])
def test_who_edits_content_sees_no_calls(request: pytest.FixtureRequest, host: Host, book: Book, group: str) -> None:
    client, call = request.getfixturevalue(group), book()

    for address in (
        admin_list(Call),
        admin_address(call),
        admin_list(Host),
        admin_address(host),
        "/admin/booking/call/week/",
        f"/admin/booking/host/{host.pk}/why/",
    ):
        assert client.get(address).status_code == 403, address


def test_owners_see_calls_and_change_nothing(owner: Client, host: Host, book: Book) -> None:
    call = book()

    for address in (admin_list(Call), admin_address(call), "/admin/booking/call/week/", admin_address(host)):
        assert owner.get(address).status_code == 200
    answers = [
        owner.post(admin_address(call), {"status": "cancelled", "reason": "No."}),
        owner.post(admin_address(host), {"name": "Mine"}),
        owner.post(admin_list(Host), {"action": "give_new_feed_address", "_selected_action": [host.pk]}),
    ]

    call.refresh_from_db()
    assert [answer.status_code for answer in answers[:2]] == [403, 403]
    assert call.status == CallStatus.BOOKED
    assert Host.objects.get().feed_token == host.feed_token
    assert call.begins_at > NOW


def test_without_a_login_there_is_nothing_to_see(visitor: Client, host: Host) -> None:
    for address in (admin_list(Call), "/admin/booking/call/week/", f"/admin/booking/host/{host.pk}/why/"):
        assert visitor.get(address)["Location"].startswith("/admin/login/")


def test_a_page_that_was_opened_before_a_change_takes_nothing_back(superuser: Client, host: Host, book: Book) -> None:
    call, other = book(0), make_host("Another host")
    page = read_admin(superuser, admin_address(call))
    give_to(call=call, host=other, now=NOW)

    Form(page.one("form[@id='call_form']"), admin_address(call)).send(superuser)

    call.refresh_from_db()
    assert (call.host, call.sequence) == (other, 1)


def test_a_reason_without_a_fate_is_refused_and_not_lost_in_silence(superuser: Client, host: Host, book: Book) -> None:
    page = save_in_admin(superuser, book(0), {"reason": "The host may be late."})

    assert "nothing has become of it" in beside(page, "reason")


def test_hosts_who_cannot_take_a_call_are_not_offered_for_it(superuser: Client, host: Host, book: Book) -> None:
    call = book(0, phone="")
    idle, ringing = make_host("An idle host", is_active=False), make_host("A ringing host", place=Place.PHONE)

    page = save_in_admin(superuser, call, {"host": str(ringing.pk)})

    offered = {option.get("value") for option in page.all("select[@name='host']/option")}
    assert "calls by phone, and the visitor left no number" in beside(page, "host")
    assert str(idle.pk) not in offered


def test_a_time_that_the_clock_skips_is_said_to_be_skipped(superuser: Client, host: Host) -> None:
    assert "The clock skips this time" in why(superuser, host, "2027-03-28", "03:30")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_refused(superuser: Client, host: Host, day: str) -> None:
    page = read_admin(superuser, f"/admin/booking/host/{host.pk}/why/?day={day}&time=00:00")

    assert "Name a day of this century." in page.text("div[@id='content-main']")
