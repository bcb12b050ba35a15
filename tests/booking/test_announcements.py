"""What visitors and hosts are told, when, and what is taken back."""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

import pytest
import time_machine
import vobject
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from advisor.booking.actions import CallNotChangeableError, NotFreeError, announce_changes, cancel, give_to, move
from advisor.booking.announcements import announce_booking
from advisor.booking.models import Call, CallStatus, Host
from advisor.delivery.models import Message, State
from advisor.leads.models import Lead
from tests.assessment.addresses import call as call_address
from tests.booking.conftest import Book
from tests.booking.hosts import half_hour, make_host, send_due
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
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
        f"call-{call.pk}-0-host-{call.host_id}": NOW,
        f"call-{call.pk}-0-reminder-a-day": half_hour(0) - timedelta(days=1),
        f"call-{call.pk}-0-reminder-an-hour": half_hour(0) - timedelta(hours=1),
        f"call-{call.pk}-0-reminder-host-{call.host_id}": half_hour(0) - timedelta(hours=1),
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
        f"{settings.SITE_URL}/r/{call.lead.result_code}/",
    ):
        assert words in message.text
        assert words.replace("&", "&amp;") in message.html


def test_every_mail_about_a_call_has_a_greeting_and_a_signature(
    host: Host, book: Book, visitor: Client, settings: Settings
) -> None:
    settings.CONTROLLER_NAME = "Example Ltd"
    asked = ask(visitor, **EVERYTHING | {"email": "another@example.com", "slot": "none", "zone": "UTC"})
    call = book(0)
    send_due()
    cancel(call=call, reason="", now=NOW, by="anna")

    for message in Message.objects.all():
        greeted = {"asker@example.com": call.lead.name, "another@example.com": asked.name, host.email: host.name}
        name = greeted.get(message.to, "")
        assert message.text.startswith(f"Hello {name},\n" if name else "Hello,\n"), message.key
        to_visitor = message.to in {"asker@example.com", "another@example.com"}
        signed = "Example Ltd" if to_visitor else f"Advisor, at {settings.SITE_URL}"
        assert message.text.endswith(f"{signed}\n"), message.key
        assert "Kind regards<br>" in message.html


@pytest.mark.parametrize(
    ("by", "to_visitor", "to_host"),
    [
        ("", "You cancelled the call with The host.", "Asker cancelled it. "),
        ("anna", "We had to cancel the call with The host.", "anna cancelled it. "),
    ],
    ids=["visitor", "staff"],
)
def test_both_read_who_cancelled_and_the_visitor_how_to_book_again(
    host: Host, book: Book, visitor: Client, by: str, to_visitor: str, to_host: str
) -> None:
    call = book(0)
    send_due()

    cancel(call=call, reason="", now=NOW, by=by)

    told, released = letter(f"call-{call.pk}-1-visitor"), letter(f"released-{host.pk}-call-{call.pk}-1")
    assert to_visitor in told.text
    assert to_host.replace("Asker", call.lead.name) in released.text
    again = told.text.partition("Book another call:\n")[2].splitlines()[0]
    assert again == settings.SITE_URL + call.lead.call_address
    assert visitor.get(again.removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.usefixtures("host")
def test_the_host_reads_a_briefing_and_never_the_visitors_key(book: Book) -> None:
    call = book(address=call_address(CONTRADICTING))

    message = letter(f"call-{call.pk}-0-host-{call.host_id}")
    reminder = letter(f"call-{call.pk}-0-reminder-host-{call.host_id}")

    assert "Monday, 30 November 2026, 09:00 (Riga, UTC+2)" in message.text
    for words in (
        "Phone: +371 2000 0000",
        "Our releases are slow.",
        "THEY WERE TOLD: HIRE A FRACTIONAL HEAD OF AI",
        "How sure: mixed.",
        "WHAT THEY SAID, AND WHAT THEY RECOGNISED",
        "THREE QUESTIONS TO ASK",
        "Which is true today?",
        "WHAT WOULD TIP IT",
        "Closest alternative:",
        "WHAT THEY READ",
        f"/admin/leads/lead/{call.lead_id}/change/",
    ):
        assert words in message.text
        assert words in reminder.text
    assert call.token not in message.text + message.html + str(message.attachments)


@pytest.mark.usefixtures("host")
def test_the_host_gets_the_answers_of_those_they_compared_with(book: Book) -> None:
    call = book(address=f"{call_address(CONTRADICTING)}&compare=222-QMW-3QF")

    message = letter(f"call-{call.pk}-0-host-{call.host_id}")

    assert f"{settings.SITE_URL}/{GUIDE}/together/?code=222-QMW-3QF&code={call.lead.result_code}" in message.text


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
        for what in (
            "visitor",
            f"host-{call.host_id}",
            "reminder-a-day",
            "reminder-an-hour",
            f"reminder-host-{call.host_id}",
        )
    )


@pytest.mark.usefixtures("host")
def test_a_host_who_lost_a_call_is_told_and_the_new_one_is_invited(host: Host, book: Book) -> None:
    call, another = book(0), make_host("Another host")
    send_due()

    give_to(call=call, host=another, now=NOW)

    released, invited = letter(f"released-{host.pk}-call-{call.pk}-1"), letter(f"call-{call.pk}-1-host-{another.pk}")
    assert (released.to, invited.to) == (host.email, another.email)
    assert "Another host takes this call." in released.text
    assert "METHOD:CANCEL" in released.attachments[0]["content"]
    assert "METHOD:REQUEST" in invited.attachments[0]["content"]


def test_a_cancelled_call_is_told_to_both_and_nothing_else_goes_out(host: Host, book: Book) -> None:
    call = book(0)
    send_due()

    cancel(call=call, reason="We found someone.", now=NOW)

    assert waiting() == [f"call-{call.pk}-1-visitor", f"released-{host.pk}-call-{call.pk}-1"]
    for key in waiting():
        assert "We found someone." in letter(key).text
        assert "METHOD:CANCEL" in letter(key).attachments[0]["content"]


def test_a_host_whose_invitation_never_went_out_is_not_told_that_it_is_off(host: Host, book: Book) -> None:
    call = book(0)

    cancel(call=call, reason="", now=NOW)

    assert waiting() == [f"call-{call.pk}-1-visitor"]


def test_the_first_of_three_hosts_is_told_whatever_became_of_the_call_before_the_mail_went_out(
    host: Host, book: Book
) -> None:
    call, second, third = book(0), make_host("Second host"), make_host("Third host")
    send_due()

    give_to(call=call, host=second, now=NOW)
    give_to(call=call, host=third, now=NOW)
    cancel(call=call, reason="", now=NOW)

    assert waiting() == [f"call-{call.pk}-3-visitor", f"released-{host.pk}-call-{call.pk}-1"]


def test_a_host_who_gets_a_call_back_is_invited_and_not_told_that_it_is_gone(host: Host, book: Book) -> None:
    call, second = book(0), make_host("Second host")
    send_due()

    give_to(call=call, host=second, now=NOW)
    give_to(call=call, host=host, now=NOW)

    due = [message.key for message in send_due() if message.to in {host.email, second.email}]
    assert due == [f"call-{call.pk}-2-host-{host.pk}"]


def test_mail_that_was_tried_may_have_arrived(host: Host, book: Book) -> None:
    call = book(0)
    letter(f"call-{call.pk}-0-host-{call.host_id}").attempt_set.create(
        at=NOW, error="The server hung up after the letter."
    )

    cancel(call=call, reason="", now=NOW)

    assert f"released-{host.pk}-call-{call.pk}-1" in waiting()


def test_a_host_with_another_address_since_the_invitation_is_told_at_the_new_one(host: Host, book: Book) -> None:
    call = book(0)
    send_due()
    before, host.email = Host.objects.get(pk=host.pk), "new@example.com"
    host.save()
    announce_changes(host=host, before=before, now=NOW)
    call = Call.objects.select_related("host", "lead__edition__guide").get(pk=call.pk)

    cancel(call=call, reason="", now=NOW)

    assert letter(f"released-{host.pk}-call-{call.pk}-2").to == "new@example.com"


def test_an_invitation_by_an_older_release_counts(host: Host, book: Book) -> None:
    call, another = book(0), make_host("Another host")
    Message.objects.filter(key=f"call-{call.pk}-0-host-{host.pk}").update(key=f"call-{call.pk}-0-host")
    send_due()

    give_to(call=call, host=another, now=NOW)

    assert f"released-{host.pk}-call-{call.pk}-1" in waiting()


def test_mail_about_an_old_call_may_have_arrived_and_be_deleted_by_now(host: Host, book: Book) -> None:
    call = book(0)
    Call.objects.update(booked_at=NOW - timedelta(days=settings.KEEP_MESSAGES_DAYS, seconds=1))

    cancel(call=call, reason="", now=NOW)

    assert f"released-{host.pk}-call-{call.pk}-1" in waiting()


HISTORIES = 60


def test_whatever_happens_every_calendar_ends_up_with_the_calls_of_its_owner(host: Host, book: Book) -> None:
    """Mail goes out now and then, or not for a long time; who never heard of a call is not told that it is off."""
    hosts = [host, make_host("Second host"), make_host("Third host")]
    first, free = book(0), [half_hour(number) for number in range(6)]
    send_due()
    emails = {one.email for one in hosts}

    for seed in range(HISTORIES):
        chance = Random(seed)
        kept = {email: Calendar() for email in emails}
        Message.objects.all().delete()
        Call.objects.filter(pk=first.pk).update(
            status=CallStatus.BOOKED,
            reason="",
            host=chance.choice(hosts),
            begins_at=free[0],
            ends_at=free[1],
            sequence=0,
        )
        call = Call.objects.select_related("host", "lead__edition__guide").get(pk=first.pk)
        announce_booking(call, now=NOW)
        for step in range(chance.randint(2, 6)):
            now = NOW + timedelta(minutes=step)
            match chance.choice(["give", "give", "move", "send", "cancel" if step > 2 else "send"]):
                case "give":
                    with suppress(CallNotChangeableError, NotFreeError):
                        give_to(call=call, host=chance.choice(hosts), now=now)
                case "move":
                    with suppress(CallNotChangeableError, NotFreeError):
                        move(call=call, begins=chance.choice(free), zone="UTC", now=now)
                case "cancel":
                    with suppress(CallNotChangeableError):
                        cancel(call=call, reason="", now=now)
                case _:
                    receive(kept, send_due(now))
        receive(kept, send_due(NOW + timedelta(minutes=10)))

        call.refresh_from_db()
        owner = {call.host.email} if call.status == CallStatus.BOOKED else set()
        found = {email: calendar.begins for email, calendar in kept.items() if calendar.begins}
        assert found == dict.fromkeys(owner, call.begins_at), f"seed {seed}"


class Calendar:
    """What a calendar program makes of the files that it gets about one call."""

    def __init__(self) -> None:
        self.begins: datetime | None = None
        self.sequence = -1

    def take(self, file: str) -> None:
        """Add, change or remove the call. Fails for news that is older, and for the removal of what is not there."""
        event = vobject.readOne(file).vevent
        assert int(event.sequence.value) > self.sequence
        self.sequence = int(event.sequence.value)
        if event.status.value == "CANCELLED":
            assert self.begins, "A call that this host never had is cancelled."
            self.begins = None
        else:
            self.begins = event.dtstart.value


def receive(calendars: dict[str, Calendar], sent: list[Message]) -> None:
    """Put what was sent to hosts into their calendars."""
    for message in sent:
        if message.to in calendars and message.attachments:
            calendars[message.to].take(message.attachments[0]["content"])


def test_a_reminder_is_right_however_late_it_goes_out(host: Host, book: Book) -> None:
    call = book()

    reminders = Message.objects.filter(key__contains="reminder")

    assert len(reminders) == 3
    for message in reminders:
        assert message.subject.startswith("Reminder: ")
        assert "In a" not in message.subject + message.text
    assert "30 November 2026, 09:00 (Riga, UTC+2)" in letter(f"call-{call.pk}-0-reminder-host-{call.host_id}").subject


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

    text = letter(f"call-{call.pk}-0-host-{call.host_id}").text

    questions = text.partition("THREE QUESTIONS TO ASK")[2].partition("WHAT WOULD TIP IT")[0]
    assert questions.count("\n- ") == 3
    assert questions.count("?") >= 3
