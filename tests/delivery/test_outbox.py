"""Writing into the outbox: once, in the transaction of what it tells about, and nothing that would break a header."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from msgspec.structs import replace

from advisor.delivery.actions import send_again, set_aside, withdraw
from advisor.delivery.mail import HeaderError
from advisor.delivery.models import Message, State
from tests.delivery.smtp import MailServer, accepts, is_busy, refuses
from tests.delivery.writing import DAY, HOUR, INVITATION, MINUTE, NOON, SECOND, send_due, write

pytestmark = pytest.mark.django_db


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_what_is_written_waits_and_is_due_at_once() -> None:
    message = write()

    kept = Message.objects.get()
    assert kept == message
    assert (kept.state, kept.attempts, kept.created_at, kept.due_at) == (State.WAITING, 0, NOON, NOON)


def test_the_same_key_is_written_once_and_keeps_what_it_said_first() -> None:
    first = write(key="call-12-confirmation-1", subject="First")

    again = write(key="call-12-confirmation-1", subject="Second", now=NOON + HOUR)

    assert again == first
    assert (again.subject, again.message_id, again.created_at) == ("First", first.message_id, NOON)
    assert Message.objects.count() == 1


def test_a_key_that_exists_leaves_the_transaction_around_it_whole() -> None:
    write(key="call-12-confirmation-1")

    with transaction.atomic():
        write(key="call-12-confirmation-1")
        write(key="call-12-confirmation-2")

    assert Message.objects.count() == 2


def test_what_is_taken_back_with_its_transaction_is_never_sent(mail_server: MailServer) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    send_due()

    assert mail_server.asked == []


@pytest.mark.parametrize(
    "value",
    [
        "one\nBcc: other@example.com",
        "one\r\nBcc: other@example.com",
        "one\n",
        "\n",
        *(f"a{sign}b" for sign in "\r\x00\x0b\x1b\x7f\x85\u2028\u2029\ud800"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("field", ["to", "subject", "reply_to", "filename", "mimetype"])
def test_what_could_make_a_header_of_its_own_is_refused(field: str, value: str) -> None:
    if field in {"filename", "mimetype"}:
        fields: dict[str, Any] = {"attachments": [replace(INVITATION[1], **{field: value})]}
    else:
        fields = {field: value}

    with pytest.raises(HeaderError, match=f"^{field} of call-12 "):
        write(key="call-12", **fields)

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"to": ""},
        {"to": "nobody"},
        {"to": "visitor@example.com, other@example.com"},
        {"to": "The Visitor <visitor@example.com>"},
        {"to": f"visitor@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example"},
        {"reply_to": "nobody"},
        {"subject": ""},
        {"subject": "x" * 401},
        {"text": ""},
        {"key": ""},
        {"key": "x" * 121},
        {"about": "x" * 61},
    ],
    ids=lambda fields: f"{next(iter(fields))} {next(iter(fields.values()))[:30]}",
)
def test_what_is_no_address_too_long_or_missing_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        write(**fields)

    assert refusal.value.message_dict.keys() == fields.keys()
    assert not Message.objects.exists()


def test_what_is_for_later_is_sent_later(mail_server: MailServer) -> None:
    write(due_at=NOON + DAY)

    send_due(NOON + DAY - SECOND)
    early = list(mail_server.asked)
    send_due(NOON + DAY)

    assert (early, mail_server.asked) == ([], ["visitor@example.com"])


def test_what_was_due_first_goes_first(mail_server: MailServer) -> None:
    write(to="third@example.com", due_at=NOON)
    write(to="first@example.com", due_at=NOON - HOUR)
    write(to="second@example.com", due_at=NOON - MINUTE)

    send_due()

    assert mail_server.recipients == ["first@example.com", "second@example.com", "third@example.com"]


@pytest.mark.parametrize(("after", "state"), [(59 * MINUTE, State.SENT), (HOUR, State.EXPIRED), (DAY, State.EXPIRED)])
def test_a_reminder_that_comes_too_late_is_not_sent(mail_server: MailServer, after: Any, state: State) -> None:
    message = write(expires_at=NOON + HOUR)

    send_due(NOON + after)

    assert state_of(message) == state
    assert len(mail_server.asked) == (1 if state == State.SENT else 0)


def test_what_expires_while_the_server_is_down_is_not_sent_when_it_is_back(mail_server: MailServer) -> None:
    message = write(expires_at=NOON + MINUTE)
    mail_server.answer = is_busy
    for after in (0, 30, 60, 120):
        send_due(NOON + after * SECOND)

    assert state_of(message) == State.EXPIRED
    assert mail_server.received == []


def test_what_is_withdrawn_is_not_sent(mail_server: MailServer) -> None:
    mine, other = write(about="call 1"), write(about="call 12", to="other@example.com")

    kept_back = withdraw(about="call 1")
    send_due()

    assert kept_back == 1
    assert (state_of(mine), state_of(other)) == (State.WITHDRAWN, State.SENT)
    assert mail_server.recipients == ["other@example.com"]


def test_some_of_what_is_about_a_thing_can_be_withdrawn() -> None:
    confirmation, reminder = write(key="call-12-confirmation-1"), write(key="call-12-reminder-1")

    kept_back = withdraw(about="call 12", prefix="call-12-reminder-")

    assert kept_back == 1
    assert (state_of(confirmation), state_of(reminder)) == (State.WAITING, State.WITHDRAWN)


def test_what_was_sent_cannot_be_withdrawn(mail_server: MailServer) -> None:
    message = write()
    send_due()

    kept_back = withdraw(about="call 12")

    assert (kept_back, state_of(message)) == (0, State.SENT)


def test_staff_may_set_aside_what_could_not_be_sent_and_nothing_else(mail_server: MailServer) -> None:
    mail_server.answer = refuses
    failed, other = write(), write(due_at=NOON + HOUR)
    send_due()

    first, again = set_aside(message=failed), set_aside(message=failed)

    assert (first, again) == (True, False)
    assert (state_of(failed), state_of(other)) == (State.WITHDRAWN, State.WAITING)


def test_what_failed_can_be_sent_again_and_keeps_its_history(mail_server: MailServer) -> None:
    mail_server.answer = refuses
    message = write()
    send_due()
    mail_server.answer = accepts

    send_again(message=message, now=NOON + DAY)
    send_due(NOON + DAY)

    assert state_of(message) == State.SENT
    assert [attempt.error[:3] for attempt in message.attempt_set.all()] == ["550", ""]
    assert message.attempts == 1


def test_what_was_sent_can_be_sent_again_with_the_same_id(mail_server: MailServer) -> None:
    message = write()
    send_due()

    send_again(message=message, now=NOON + HOUR)
    send_due(NOON + HOUR)

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, NOON + HOUR)
    assert [mail["Message-ID"] for mail in mail_server.received] == [message.message_id] * 2


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_staff_may_send_what_was_not_sent_after_all(mail_server: MailServer, end: str) -> None:
    message = write(expires_at=NOON + HOUR)
    if end == "withdrawn":
        withdraw(about="call 12")
    send_due(NOON + DAY)
    assert state_of(message) == end

    send_again(message=message, now=NOON + DAY)
    send_due(NOON + DAY)

    assert state_of(message) == State.SENT
    assert len(mail_server.received) == 1


def test_what_is_sent_again_gets_all_its_attempts_once_more(mail_server: MailServer) -> None:
    mail_server.answer = is_busy
    message = write()
    for day in range(20):
        send_due(NOON + day * DAY)
    assert state_of(message) == State.FAILED

    send_again(message=message, now=NOON + 30 * DAY)
    send_due(NOON + 30 * DAY)

    message.refresh_from_db()
    assert message.state == State.WAITING
    assert 8 * SECOND <= message.due_at - (NOON + 30 * DAY) <= 12 * SECOND


def test_the_attachments_are_kept_as_values() -> None:
    message = write(attachments=INVITATION)

    kept = Message.objects.get(pk=message.pk).attachments

    assert [part["filename"] for part in kept] == ["", "call.ics"]
    assert [part["alternative"] for part in kept] == [True, False]


def test_nothing_is_read_from_the_clock_of_the_machine(mail_server: MailServer) -> None:
    message = write(now=datetime(2001, 1, 1, tzinfo=NOON.tzinfo))

    send_due(datetime(2001, 1, 1, tzinfo=NOON.tzinfo))

    message.refresh_from_db()
    assert message.sent_at == datetime(2001, 1, 1, tzinfo=NOON.tzinfo)
