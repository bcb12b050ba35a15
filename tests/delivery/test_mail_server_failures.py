"""Mail servers that refuse, are busy, hang, hang up or are not there: nothing is lost, and nothing stops the worker."""

import logging
from datetime import timedelta
from random import Random
from time import monotonic

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from advisor.delivery.mail import as_mail
from advisor.delivery.models import Attempt, Message, State
from advisor.delivery.outbox import JITTER, RETRY_DELAYS
from advisor.delivery.worker import Worker
from advisor.environment import mailer
from tests.delivery.smtp import Answer, MailServer, accepts, hangs, hangs_up, is_busy, refuses
from tests.delivery.writing import DAY, HOUR, NOON, Clock, send_due, waits, write
from tests.server import free_port

pytestmark = pytest.mark.django_db


def our_lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What was logged, but for the talk of the mail server in this process."""
    return [record for record in caplog.records if record.name.startswith("advisor.delivery")]


def errors() -> list[str]:
    return list(Attempt.objects.order_by("pk").values_list("error", flat=True))


def test_a_recipient_who_is_refused_for_good_is_not_asked_for_again(mail_server: MailServer) -> None:
    mail_server.answer = refuses
    message = write()

    for day in range(3):
        send_due(NOON + day * DAY)

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert mail_server.asked == ["visitor@example.com"]
    assert message.last_error == "550 5.1.1 There is nobody with this address"


def test_a_server_that_is_busy_is_asked_again_after_growing_gaps_and_given_up_after_three_days(
    mail_server: MailServer,
) -> None:
    mail_server.answer = is_busy
    message, clock = write(), Clock()
    worker, gaps = Worker(clock=clock, dice=Random(1)), []

    while message.state == State.WAITING:
        before, clock.now = clock.now, message.due_at
        gaps.append(clock.now - before)
        worker.send_due()
        message.refresh_from_db()

    assert gaps[0] == timedelta()
    for waited, gap in zip(gaps[1:], RETRY_DELAYS, strict=True):
        assert gap * (1 - JITTER) <= waited <= gap * (1 + JITTER)
    assert message.state == State.FAILED
    assert errors() == ["451 4.3.0 Try again later"] * (len(RETRY_DELAYS) + 1)
    assert worker.failed == 1


def test_the_gaps_are_what_the_documents_say() -> None:
    assert list(RETRY_DELAYS) == sorted(RETRY_DELAYS)
    assert sum(RETRY_DELAYS, timedelta()) == timedelta(hours=68, minutes=36, seconds=10)


def test_messages_that_failed_together_are_not_tried_again_together(mail_server: MailServer) -> None:
    mail_server.answer = is_busy
    messages = [write() for _ in range(10)]

    send_due()

    assert len({waits(message) for message in messages}) == 10


@pytest.mark.parametrize("answer", [hangs, hangs_up])
def test_a_server_that_is_silent_or_hangs_up_is_left_soon_and_tried_again(
    mail_server: MailServer, answer: Answer
) -> None:
    mail_server.answer = answer
    message = write()
    start = monotonic()

    send_due()
    took = monotonic() - start
    mail_server.answer = accepts
    send_due(NOON + HOUR)

    message.refresh_from_db()
    assert took < 5
    assert message.state == State.SENT
    assert ["SMTPServerDisconnected" in error for error in errors()] == [True, False]


def test_what_was_accepted_is_sent_even_if_the_server_is_silent_from_then_on(mail_server: MailServer) -> None:
    mail_server.hangs_at_the_end = True
    message = write()

    send_due()

    message.refresh_from_db()
    assert (message.state, errors()) == (State.SENT, [""])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtp://127.0.0.1:{free_port}", "ConnectionRefusedError"),
        ("smtp://192.0.2.1?timeout=1", "PermissionError"),
        ("smtp://nowhere.invalid", "gaierror"),
        ("smtp+ssl://127.0.0.1:{server_port}?timeout=1", "SSL"),
        ("smtp+tls://127.0.0.1:{server_port}?timeout=1", "SMTPNotSupportedError"),
        ("smtp://user:password@127.0.0.1:{server_port}?timeout=1", "SMTP"),
        ("filemail:///dev/null", "InvalidMailer"),
    ],
)
def test_what_is_set_up_wrongly_is_said_in_the_log_and_can_be_mended(settings: Settings, url: str, words: str) -> None:
    message = write()
    with MailServer() as server:
        port = server.url.partition("?")[0].rpartition(":")[2]
        settings.MAILERS = {"default": mailer(url.format(free_port=free_port(), server_port=port))}
        send_due()
        settings.MAILERS = {"default": mailer(server.url)}
        send_due(NOON + HOUR)

    message.refresh_from_db()
    assert words in errors()[0]
    assert "password" not in errors()[0]
    assert message.state == State.SENT


def test_an_error_that_nobody_thought_of_is_recorded_and_does_not_stop_the_worker(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = write(), write(to="other@example.com")

    def mostly_works(message: Message) -> EmailMultiAlternatives:
        return {other.pk: as_mail(message)}[message.pk]

    monkeypatch.setattr("advisor.delivery.mail.as_mail", mostly_works)
    with caplog.at_level(logging.ERROR, "advisor.delivery"):
        send_due()

    broken.refresh_from_db()
    assert mail_server.recipients == ["other@example.com"]
    assert (broken.state, broken.last_error) == (State.WAITING, f"KeyError: {broken.pk}")
    (line,) = [line for line in our_lines(caplog) if line.levelno == logging.ERROR]
    assert (line.args, bool(line.exc_info)) == ((broken.key,), True)


def test_what_the_server_says_is_kept_on_one_line_and_not_without_end(mail_server: MailServer) -> None:
    async def talks(_: object) -> str:
        return "\r\n".join(["451-So much to say", *(f"451-{'word ' * 80}" for _ in range(5)), "451 and so on"])

    mail_server.answer = talks
    message = write()

    send_due()

    message.refresh_from_db()
    assert message.last_error.startswith("451 So much to say word word")
    assert len(message.last_error) == 500
    assert "\n" not in message.last_error


def test_expected_trouble_makes_a_line_in_the_log_without_the_address(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.answer = refuses
    write(key="call-12-confirmation-1")

    with caplog.at_level(logging.INFO, "advisor.delivery"):
        send_due()

    (line,) = our_lines(caplog)
    assert line.getMessage() == "call-12-confirmation-1 failed for good at attempt 1"
    assert line.exc_info is None


def test_a_day_without_mail_loses_nothing_and_sends_everything_once(settings: Settings) -> None:
    clock = Clock()
    worker = Worker(clock=clock, dice=Random(1))
    settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{free_port()}?timeout=1")}
    written: list[Message] = []
    while clock.now < NOON + DAY:
        if len(written) < 20:
            written.append(write(to=f"visitor-{len(written)}@example.com", now=clock.now))
        worker.send_due()
        clock.now += HOUR / 4

    with MailServer() as server:
        settings.MAILERS = {"default": mailer(server.url)}
        while clock.now < NOON + 3 * DAY:
            worker.send_due()
            clock.now += HOUR / 4

    assert sorted(server.recipients) == sorted(message.to for message in written)
    assert {mail["Message-ID"] for mail in server.received} == {message.message_id for message in written}
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


def test_in_tests_mail_stays_in_the_process() -> None:
    write()

    send_due()

    assert [sent.to for sent in mail.outbox] == [["visitor@example.com"]]
