"""What visitors and hosts are told, when, and what is taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from advisor.booking.actions import cancel, give_to, move
from advisor.booking.models import Host
from advisor.delivery.models import Message, State
from advisor.leads.models import Lead
from tests.assessment.addresses import call as call_address
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host
from tests.clock import NOW
from tests.conftest import ANSWERS
from tests.leads.asking import EVERYTHING, ask

CONTRADICTING = "software=no&signal=no-ai-component&signal=messy-stack&ai=yes&signal=ai-is-the-product&both=ai"


def letter(key: str) -> Message:
    return Message.objects.get(key=key)


def waiting() -> list[str]:
    """The keys of what is still going to be sent."""
    return sorted(Message.objects.filter(state=State.WAITING).values_list("key", flat=True))


@pytest.mark.usefixtures("host")
def test_a_booking_tells_both_and_reminds_both(book: Book) -> None:
    call = book()

    due = {message.key: message.due_at for message in Message.objects.all()}
    assert due == {
        f"call-{call.pk}-0-visitor": NOW,
        f"call-{call.pk}-0-host": NOW,
        f"call-{call.pk}-0-reminder-a-day": half_hour(0) - timedelta(days=1),
        f"call-{call.pk}-0-reminder-an-hour": half_hour(0) - timedelta(hours=1),
        f"call-{call.pk}-0-reminder-host": half_hour(0) - timedelta(hours=1),
    }
    expires = {message.key: message.expires_at for message in Message.objects.filter(key__contains="reminder")}
    assert expires[f"call-{call.pk}-0-reminder-a-day"] == half_hour(0) - timedelta(hours=1)
    assert expires[f"call-{call.pk}-0-reminder-an-hour"] == half_hour(0)


@pytest.mark.parametrize(("ahead", "reminders"), [(timedelta(hours=5), 2), (timedelta(minutes=50), 0)])
def test_who_books_inside_the_time_of_a_reminder_gets_none(
    host: Host, book: Book, ahead: timedelta, reminders: int
) -> None:
    with time_machine.travel(half_hour(0) - ahead, tick=False):
        book()

    assert Message.objects.filter(key__contains="reminder").count() == reminders


@pytest.mark.usefixtures("host")
def test_the_visitor_reads_what_was_decided_when_it_is_and_how_to_change_it(book: Book) -> None:
    call = book()

    message = letter(f"call-{call.pk}-0-visitor")

    assert message.to == "asker@example.com"
    assert message.reply_to == "the-host@example.com"
    assert "Monday, 30 November 2026, 02:00 (New York, UTC−5)" in message.subject
    for words in (
        "With: The host",
        "https://meet.example.com/room",
        f"{settings.SITE_URL}{call.path}",
        "Hire a fractional CTO",
        call.lead.result_code,
        f"{settings.SITE_URL}{call.lead.result_address}",
    ):
        assert words in message.text
        assert words.replace("&", "&amp;") in message.html


@pytest.mark.usefixtures("host")
def test_the_host_reads_a_briefing_and_never_the_visitors_key(book: Book) -> None:
    call = book(address=call_address(CONTRADICTING))

    message = letter(f"call-{call.pk}-0-host")
    reminder = letter(f"call-{call.pk}-0-reminder-host")

    assert "Monday, 30 November 2026, 09:00 (Riga, UTC+2)" in message.text
    for words in (
        "Phone: +371 2000 0000",
        "Our releases are slow.",
        "THEY WERE TOLD: HIRE A FRACTIONAL HEAD OF AI",
        "How sure: mixed.",
        "TO CLEAR UP",
        "Which of the two is true today?",
        "THREE QUESTIONS TO ASK",
        "WHAT WOULD TIP IT",
        "Next in line is",
        f"/admin/leads/lead/{call.lead_id}/change/",
    ):
        assert words in message.text
        assert words in reminder.text
    assert call.token not in message.text + message.html + str(message.attachments)


@pytest.mark.usefixtures("published")
def test_a_request_without_a_time_is_confirmed_and_passed_on(visitor: Client) -> None:
    lead = ask(visitor, **EVERYTHING)

    confirmed, note = letter(f"lead-{lead.pk}-visitor"), letter(f"lead-{lead.pk}-host")

    assert (confirmed.to, confirmed.reply_to) == ("asker@example.com", settings.CONTACT_EMAIL)
    assert lead.result_code in confirmed.text
    assert (note.to, note.reply_to) == (settings.CONTACT_EMAIL, "asker@example.com")
    assert "When it suits them: Tuesday mornings, Riga" in note.text
    assert "THREE QUESTIONS TO ASK" in note.text


@pytest.mark.usefixtures("host")
def test_a_moved_call_is_told_anew_and_the_old_reminders_are_withdrawn(book: Book) -> None:
    call = book(0)

    move(call=call, begins=half_hour(3), zone="Europe/Riga", now=NOW)

    message = letter(f"call-{call.pk}-1-visitor")
    assert "10:30 (Riga, UTC+2)" in message.subject
    assert "Before, it was Monday, 30 November 2026, 09:00 (Riga, UTC+2)." in message.text
    assert waiting() == sorted(
        f"call-{call.pk}-1-{what}"
        for what in ("visitor", "host", "reminder-a-day", "reminder-an-hour", "reminder-host")
    )


@pytest.mark.usefixtures("host")
def test_a_host_who_lost_a_call_is_told_and_the_new_one_is_invited(host: Host, book: Book) -> None:
    call, another = book(0), make_host("Another host")

    give_to(call=call, host=another, now=NOW)

    released, invited = letter(f"call-{call.pk}-1-released-{host.pk}"), letter(f"call-{call.pk}-1-host")
    assert (released.to, invited.to) == (host.email, another.email)
    assert "Another host takes this call." in released.text
    assert "METHOD:CANCEL" in released.attachments[0]["content"]
    assert "METHOD:REQUEST" in invited.attachments[0]["content"]


def test_a_cancelled_call_is_told_to_both_and_nothing_else_goes_out(host: Host, book: Book) -> None:
    call = book(0)

    cancel(call=call, reason="We found someone.", now=NOW)

    assert waiting() == [f"call-{call.pk}-1-released-{host.pk}", f"call-{call.pk}-1-visitor"]
    for key in waiting():
        assert "We found someone." in letter(key).text
        assert "METHOD:CANCEL" in letter(key).attachments[0]["content"]


def test_nobody_can_write_headers(host: Host, book: Book) -> None:
    Host.objects.update(name="The host\nBcc: everyone@example.com")

    call = book()

    for message in Message.objects.filter(about=call.lead.topic):
        assert "\n" not in message.subject + message.to + message.reply_to


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", ["A\r\nBcc: everyone@example.com", "A\nTo: b@example.com", "A\x00B"])
def test_a_name_that_would_be_a_header_is_refused_by_the_form(visitor: Client, name: str) -> None:
    answer = visitor.post(call_address(), EVERYTHING | {"name": name, "key": "key-of-the-form"})

    assert answer.status_code == 200
    assert not Lead.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("outcome", ANSWERS)
def test_every_briefing_has_three_questions(host: Host, book: Book, outcome: str) -> None:
    call = book(address=call_address(ANSWERS[outcome]))

    text = letter(f"call-{call.pk}-0-host").text

    questions = text.partition("THREE QUESTIONS TO ASK")[2].partition("WHAT WOULD TIP IT")[0]
    assert questions.count("\n- ") == 3
    assert questions.count("?") >= 3
