"""A visitor's own call: what its page shows and lets happen, and to whom."""

import logging
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from advisor.booking.actions import cancel, move
from advisor.booking.models import Call, CallStatus, Host, Place
from advisor.delivery.models import Message
from advisor.logs import without_personal_data
from tests.assessment.reading import FRAGMENT, Page, read, read_sent
from tests.assessment.soundness import flaws
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host, value
from tests.booking.test_call_page import offered
from tests.clock import NOW
from tests.conftest import GUIDE, new_client
from tests.leads.asking import EVERYTHING

pytestmark = pytest.mark.usefixtures("host")

PAGES = ["", "change/", "cancel/"]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
@pytest.mark.parametrize("page", PAGES)
def test_its_pages_are_sound_and_private(visitor: Client, book: Book, page: str, headers: dict[str, str]) -> None:
    call = book()

    answer = visitor.get(call.path + page, headers=headers)

    assert answer.status_code == 200
    assert flaws(Page(answer)) == []
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert 'rel="canonical"' not in answer.content.decode()


def test_it_shows_no_more_than_is_needed(visitor: Client, book: Book) -> None:
    call = book()

    page = read(new_client(), call.path)

    assert "Monday, 30 November 2026, 02:00 (New York, UTC−5)" in page.text("main")
    assert "The host" in page.text("main")
    assert "This call was changed" not in page.text("main")
    kept_quiet = ("name", "email", "company", "phone", "message")
    assert not [name for name in kept_quiet if EVERYTHING[name] in page.html]


def test_its_calendar_file_can_be_fetched(visitor: Client, book: Book) -> None:
    call = book()

    answer = visitor.get(read(visitor, call.path).link("Add to your calendar"))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"METHOD:PUBLISH" in answer.content
    assert str(call.uid).encode() in answer.content


@pytest.mark.parametrize("page", [*PAGES, "intro-call.ics"])
def test_to_look_changes_nothing(visitor: Client, book: Book, page: str) -> None:
    call = book()
    before = Call.objects.values().get()

    for client in (visitor, new_client()):
        client.get(call.path + page)
        client.head(call.path + page)

    assert Call.objects.values().get() == before


def test_another_time_is_chosen_and_the_host_stays(visitor: Client, host: Host, book: Book) -> None:
    make_host("Another host", weight=50)
    call = book()
    host_before = call.host
    page = read(visitor, read(visitor, call.path).link("Change the time"))
    assert value(half_hour(1)) in offered(page)

    after = read_sent(visitor, page.form.send(visitor, {"slot": value(half_hour(4))}))

    call.refresh_from_db()
    assert (call.begins_at, call.host, call.sequence) == (half_hour(4), host_before, 1)
    assert "04:00 (New York, UTC−5)" in after.text("main")
    assert after.text("p[@class='lead']").startswith("This call was changed.")


def test_another_host_takes_it_where_the_first_is_not_free(host: Host, visitor: Client, book: Book) -> None:
    call = book(0)
    another = make_host("Another host", hours=(14, 15))
    page = read(visitor, f"{call.path}change/")

    page.form.send(visitor, {"slot": value(half_hour(10))})

    call.refresh_from_db()
    assert (call.begins_at, call.host) == (half_hour(10), another)


def test_the_time_that_it_has_is_not_offered(visitor: Client, book: Book) -> None:
    call = book(1)
    page = read(visitor, f"{call.path}change/")
    book(3, email="second@example.com")

    refused = Page(page.form.send(visitor, {"slot": value(half_hour(3))}), call.path)

    for times in (offered(page), offered(refused)):
        assert value(half_hour(1)) not in times
        assert {value(half_hour(0)), value(half_hour(2))} <= set(times)


def test_the_same_time_again_changes_nothing(visitor: Client, book: Book) -> None:
    call = book(0)

    read(visitor, f"{call.path}change/").form.send(visitor, {"slot": value(half_hour(0))})

    call.refresh_from_db()
    assert call.sequence == 0
    assert "This call was changed" not in read(visitor, call.path).text("main")


def test_a_call_may_move_into_its_own_buffer(host: Host, visitor: Client, book: Book) -> None:
    Host.objects.update(buffer_after=20, daily_limit=1)
    call = book(0)

    read(visitor, f"{call.path}change/").form.send(visitor, {"slot": value(half_hour(1))})

    call.refresh_from_db()
    assert call.begins_at == half_hour(1)


def test_a_time_that_was_taken_meanwhile_is_refused_with_the_nearest(visitor: Client, book: Book) -> None:
    call = book(0)
    page = read(visitor, f"{call.path}change/")
    book(3, email="second@example.com")

    answer = Page(page.form.send(visitor, {"slot": value(half_hour(3))}), call.path)

    call.refresh_from_db()
    assert "just been taken" in answer.errors[0]
    assert value(half_hour(2)) in offered(answer)
    assert flaws(answer) == []
    assert call.begins_at == half_hour(0)


@pytest.mark.parametrize(
    ("slot", "error"),
    [("", "Please choose a time"), ("none", "Please choose a time"), ("tomorrow", "That is not one of the times")],
)
def test_a_change_needs_a_time(visitor: Client, book: Book, slot: str, error: str) -> None:
    call = book(0)

    answer = Page(read(visitor, f"{call.path}change/").form.send(visitor, {"slot": slot}), call.path)

    call.refresh_from_db()
    assert answer.errors[0].startswith(error)
    assert call.begins_at == half_hour(0)


def test_it_is_cancelled_once_with_a_reason(visitor: Client, book: Book) -> None:
    call = book()
    page = read(visitor, read(visitor, call.path).link("Cancel the call"))

    after = read_sent(visitor, page.form.send(visitor, {"reason": "We found someone."}))
    again = page.form.send(visitor, {"reason": "Another reason."})

    call.refresh_from_db()
    assert "This call was cancelled" in after.text("main")
    assert call.host.place_details not in after.text("main")
    assert value(half_hour(0)) in offered(read(visitor, after.link("Book another call")))
    assert again["Location"] == call.path
    assert (call.status, call.reason, call.sequence) == (CallStatus.CANCELLED, "We found someone.", 1)


def test_a_cancelled_call_does_not_come_back_by_an_old_form(visitor: Client, book: Book) -> None:
    call = book()
    change = read(visitor, f"{call.path}change/")
    read(visitor, f"{call.path}cancel/").form.send(visitor)

    answer = change.form.send(visitor, {"slot": value(half_hour(2))})

    call.refresh_from_db()
    assert answer.status_code == HTTPStatus.GONE
    assert (call.status, call.begins_at) == (CallStatus.CANCELLED, half_hour(0))
    assert "Change the time" not in read(visitor, call.path).text("main")
    assert b"STATUS:CANCELLED" in visitor.get(f"{call.path}intro-call.ics").content


def test_a_call_that_has_begun_cannot_be_changed(visitor: Client, book: Book) -> None:
    call = book()
    change, cancel = (read(visitor, call.path + page) for page in ("change/", "cancel/"))

    with time_machine.travel(half_hour(0), tick=False):
        answers = [change.form.send(visitor, {"slot": value(half_hour(9))}), cancel.form.send(visitor)]

    call.refresh_from_db()
    assert [answer["Location"] for answer in answers] == [call.path, call.path]
    assert (call.status, call.begins_at) == (CallStatus.BOOKED, half_hour(0))


def test_who_is_late_for_a_call_finds_where_it_is(visitor: Client, book: Book) -> None:
    call = book()

    with time_machine.travel(half_hour(0) + timedelta(minutes=29), tick=False):
        begun = read(visitor, call.path)
    with time_machine.travel(half_hour(1), tick=False):
        over = read(visitor, call.path)

    assert "This call has begun. It cannot be moved or cancelled any more." in begun.text("main")
    assert call.host.place_details in begun.text("main")
    assert call.host.place_details not in over.text("main")


@pytest.mark.parametrize("page", [*PAGES, "intro-call.ics"])
def test_the_link_in_an_old_mail_says_where_the_new_one_is_and_shows_nothing_of_the_call(
    visitor: Client, book: Book, page: str
) -> None:
    call = book(0)
    moved = move(call=call, begins=half_hour(2), zone="Europe/Riga", now=NOW)
    cancelled = cancel(call=moved, reason="", now=NOW)

    for old in (call.path, moved.path):
        answer = visitor.get(old + page)

        assert answer.status_code == HTTPStatus.GONE
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        text = Page(answer, strict=False).text("main")
        assert "The new one is in our latest e-mail about the call." in text
        assert not [
            word for word in (call.host.name, "30 November", cancelled.token) if word in answer.content.decode()
        ]
    assert visitor.get(cancelled.path).status_code == HTTPStatus.OK
    sent = Message.objects.get(key=f"call-{call.pk}-2-visitor")
    assert cancelled.address in sent.text


def test_the_last_free_time_that_was_taken_is_not_followed_by_an_empty_list_of_times(
    host: Host, visitor: Client, book: Book
) -> None:
    call = book(0)
    page = read(visitor, f"{call.path}change/")
    Host.objects.update(horizon_days=1)

    answer = Page(page.form.send(visitor, {"slot": value(half_hour(3))}), call.path)

    assert offered(answer) == []
    assert "no other one is free just now" in answer.errors[0]
    assert settings.CONTACT_EMAIL in answer.errors[0]
    assert "nearest free times" not in answer.text("main")


def test_a_past_call_says_so_and_its_page_closes_after_a_month(visitor: Client, book: Book) -> None:
    call = book()

    with time_machine.travel(half_hour(2), tick=False):
        over = read(visitor, call.path)
    with time_machine.travel(half_hour(2) + timedelta(days=30), tick=False):
        gone = visitor.get(call.path)

    assert "This call is over." in over.text("main")
    assert gone.status_code == 404
    assert "not kept any longer" in Page(gone).text("main")


def test_a_token_that_was_tampered_with_opens_nothing(visitor: Client, book: Book) -> None:
    call = book()
    other = "A" if call.token[-1] != "A" else "B"

    for token in (call.token[:-1], call.token[:-1] + other, call.token.swapcase(), "x" * 500, "1", str(call.pk)):
        for page in PAGES:
            assert visitor.get(f"/calls/{token}/{page}").status_code == 404
            assert visitor.post(f"/calls/{token}/{page}").status_code in {404, 405}


def test_tokens_are_long_and_of_each_call_its_own(book: Book) -> None:
    tokens = {book(number, email=f"asker{number}@example.com").token for number in range(3)}

    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 32


def test_a_form_of_another_site_changes_nothing(book: Book) -> None:
    call = book()
    strict = Client(enforce_csrf_checks=True)

    answers = [strict.post(f"{call.path}{page}", {"slot": value(half_hour(2))}) for page in ("change/", "cancel/")]

    call.refresh_from_db()
    assert ["Nothing was sent yet" in answer.content.decode() for answer in answers] == [True, True]
    assert (call.status, call.begins_at) == (CallStatus.BOOKED, half_hour(0))


@pytest.mark.parametrize(
    "address",
    ["/calls/{}/change/", "/calls/feed/{}.ics", "https://example.com/preview/{}/software/", "/a-guide/call/thanks/{}/"],
)
def test_no_log_has_the_token(address: str) -> None:
    token = "Zm9yIG9uZSB0ZXN0IG9ubHksIG5vIGtleQ"
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (address.format(token),)})

    assert without_personal_data(record)
    assert token not in record.getMessage()
    assert record.getMessage().startswith("Not Found: ")


def test_the_time_of_a_call_is_told_in_the_zone_that_was_chosen_last(visitor: Client, book: Book) -> None:
    call = book()
    page = read(visitor, f"{call.path}change/?zone=Asia/Tokyo")

    after = read_sent(visitor, page.form.send(visitor, {"slot": value(half_hour(1))}))

    assert "16:30 (Tokyo, UTC+9)" in after.text("main")


def test_without_another_time_it_says_so(visitor: Client, book: Book) -> None:
    call = book()
    Host.objects.update(is_active=False)

    page = read(visitor, f"{call.path}change/")

    assert page.text("h1") == "No other time is offered just now"
    assert call.begins_at > NOW


def test_who_left_no_number_is_offered_no_time_of_a_host_who_rings(visitor: Client, book: Book) -> None:
    call = book(0, phone="")
    make_host("Another host", hours=(14, 15), place=Place.PHONE)

    times = offered(read(visitor, f"{call.path}change/"))

    assert value(half_hour(1)) in times
    assert value(half_hour(10)) not in times


def test_the_thank_you_page_says_what_has_become_of_the_call(visitor: Client, book: Book) -> None:
    call = book(0, key="key-of-the-form")
    address = f"/{GUIDE}/call/thanks/key-of-the-form/"

    booked = visitor.get(address)
    read(visitor, f"{call.path}cancel/").form.send(visitor)
    cancelled = read(visitor, address)
    with time_machine.travel(half_hour(2) + timedelta(days=30), tick=False):
        gone = visitor.get(address)

    assert "Your call is booked." in Page(booked).text("main")
    assert "no-store" in booked["Cache-Control"]
    assert "noindex" in booked["X-Robots-Tag"]
    assert "This call was cancelled" in cancelled.text("main")
    assert call.path not in cancelled.html
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("page", "fields"),
    [("change/", {"slot": value(half_hour(2)), "zone": "Europe/Riga"}), ("cancel/", {"reason": "No time."})],
    ids=["change", "cancel"],
)
def test_one_form_sent_twice_leads_on_and_another_one_does_not(
    visitor: Client, book: Book, page: str, fields: dict[str, str]
) -> None:
    call = book(0)
    old, sent = call.path, fields | {"csrfmiddlewaretoken": "m" * 64}

    first = visitor.post(old + page, sent)
    again = visitor.post(old + page, sent)
    call.refresh_from_db()

    assert first["Location"] == again["Location"] == call.path != old
    assert call.sequence == 1
    for other in (fields, fields | {"csrfmiddlewaretoken": "n" * 64}):
        assert visitor.post(old + page, other).status_code == HTTPStatus.GONE
    assert visitor.get(old + page, {"csrfmiddlewaretoken": "m" * 64}).status_code == HTTPStatus.GONE
