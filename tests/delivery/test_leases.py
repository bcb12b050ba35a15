"""Who has a message in hand: one worker at a time, until it is done or its lease has run out."""

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest

from advisor.delivery.actions import send_again, withdraw
from advisor.delivery.attempt_result import AttemptResult
from advisor.delivery.models import Message, State
from advisor.delivery.outbox import LEASE_LENGTH, RETRY_DELAYS, WORKER_LOST, claim, record_attempt
from advisor.delivery.worker import Worker
from advisor.environment import TIMEOUTS
from tests.conftest import database_down
from tests.delivery.smtp import MailServer, is_busy
from tests.delivery.writing import DAY, HOUR, NOON, SECOND, Clock, send_due, write

pytestmark = pytest.mark.django_db

ACCEPTED = AttemptResult(milliseconds=5)
BUSY = AttemptResult(error="451 Try again later")
REFUSED = AttemptResult(error="550 Nobody", is_final=True)


def recorded(message: Message, worker: str, result: AttemptResult, now: datetime = NOON) -> Message:
    """The message after a worker wrote down what came of it."""
    record_attempt(message=message, worker=worker, result=result, now=now, dice=Random(1))
    return Message.objects.get(pk=message.pk)


def test_what_one_worker_has_in_hand_no_other_gets() -> None:
    first, second = write(), write()

    claimed = [claim(worker=worker, now=NOON) for worker in ("one", "two", "three")]

    assert claimed == [first, second, None]


def test_a_lease_is_longer_than_the_slowest_attempt() -> None:
    answers = 11

    assert timedelta(seconds=answers * max(TIMEOUTS.values())) < LEASE_LENGTH


def test_what_a_dead_worker_had_in_hand_is_taken_up_when_its_lease_has_run_out() -> None:
    message = write()
    claim(worker="dead", now=NOON)

    early, later = claim(worker="next", now=NOON + LEASE_LENGTH - SECOND), claim(worker="next", now=NOON + LEASE_LENGTH)

    assert (early, later) == (None, message)
    message.refresh_from_db()
    assert (message.leased_by, message.attempts, message.last_error) == ("next", 2, WORKER_LOST)
    assert [attempt.error for attempt in message.attempt_set.all()] == [WORKER_LOST]


def test_a_message_that_no_worker_comes_back_from_is_given_up() -> None:
    message, now = write(), NOON
    while claim(worker="dead", now=now):
        now += LEASE_LENGTH

    message.refresh_from_db()
    assert (message.state, message.last_error, message.leased_by) == (State.FAILED, WORKER_LOST, "")
    assert message.attempts == message.attempt_set.count() == len(RETRY_DELAYS) + 1


@pytest.mark.parametrize("result", [BUSY, REFUSED])
def test_a_failure_that_is_late_leaves_the_message_to_who_has_it_by_then(result: AttemptResult) -> None:
    message = write()
    claim(worker="late", now=NOON)
    claim(worker="next", now=NOON + LEASE_LENGTH)

    kept = recorded(message, "late", result, NOON + LEASE_LENGTH + SECOND)

    assert (kept.state, kept.leased_by, kept.due_at) == (State.WAITING, "next", NOON)
    assert kept.attempt_set.filter(error=result.error).exists()


def test_that_it_was_accepted_is_true_however_late_it_is_known() -> None:
    message = write()
    claim(worker="late", now=NOON)
    claim(worker="next", now=NOON + LEASE_LENGTH)

    accepted = recorded(message, "late", ACCEPTED, NOON + LEASE_LENGTH + SECOND)
    kept = recorded(message, "next", REFUSED, NOON + LEASE_LENGTH + 2 * SECOND)

    assert (accepted.state, kept.state) == (State.SENT, State.SENT)
    assert claim(worker="third", now=NOON + DAY) is None


@pytest.mark.parametrize(("result", "state"), [(ACCEPTED, State.SENT), (BUSY, State.WITHDRAWN)])
def test_what_is_withdrawn_while_it_is_in_hand_is_not_tried_again(result: AttemptResult, state: State) -> None:
    message = write()
    claim(worker="one", now=NOON)

    withdraw(about="call 12")
    kept = recorded(message, "one", result)

    assert kept.state == state
    assert claim(worker="two", now=NOON + DAY) is None


def test_what_is_sent_again_while_it_is_in_hand_stays_there() -> None:
    message = write()
    claim(worker="one", now=NOON)

    send_again(message=message, now=NOON)
    taken = claim(worker="two", now=NOON + SECOND)
    kept = recorded(message, "one", BUSY)

    assert taken is None
    assert kept.state == State.WAITING
    assert kept.due_at - NOON <= 12 * SECOND


def test_what_was_erased_while_it_was_in_hand_stays_erased() -> None:
    message = write()
    claim(worker="one", now=NOON)
    Message.objects.filter(pk=message.pk).delete()

    has_failed = record_attempt(message=message, worker="one", result=REFUSED, now=NOON, dice=Random(1))

    assert not has_failed
    assert not Message.objects.exists()


def test_a_clock_that_is_set_back_sends_nothing_twice(mail_server: MailServer) -> None:
    write(to="sent@example.com")
    send_due(NOON)
    write(to="in-hand@example.com")
    claim(worker="one", now=NOON)

    for hours in (24, 1, 0):
        send_due(NOON - hours * HOUR)

    assert mail_server.recipients == ["sent@example.com"]


def test_a_clock_that_is_set_back_while_a_message_is_in_hand_loses_nothing(mail_server: MailServer) -> None:
    clock = Clock()

    async def sets_the_clock_back(_: object) -> str:
        clock.now = NOON - HOUR
        return "250 OK"

    mail_server.answer = sets_the_clock_back
    message = write()

    Worker(clock=clock).send_due()

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, NOON - HOUR)


def test_a_clock_that_is_set_back_only_delays_what_is_to_be_tried_again(mail_server: MailServer) -> None:
    mail_server.answer = is_busy
    write()
    send_due(NOON)

    for hours in (24, 1, 0):
        send_due(NOON - hours * HOUR)
    asked_meanwhile = len(mail_server.asked)
    send_due(NOON + HOUR)

    assert (asked_meanwhile, len(mail_server.asked)) == (1, 2)


@pytest.mark.parametrize("where", ["", "delivery_attempt"], ids=["gone", "gone when it is to be written down"])
def test_a_worker_waits_for_the_database_and_sends_once(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    message, rests = write(), count(1)

    def rest(_: float) -> None:
        if next(rests) < 3:
            return
        outage.close()
        if Message.objects.get().state == State.SENT:
            worker.stop()

    worker = Worker(clock=Clock(), rest=rest)
    with ExitStack() as outage, caplog.at_level(logging.INFO, "advisor.delivery"):
        outage.enter_context(database_down(only=where))
        worker.run()

    message.refresh_from_db()
    lines = [record.getMessage() for record in caplog.records if "database" in record.getMessage()]
    assert message.state == State.SENT
    assert len(mail_server.received) == 1
    assert lines == ["The outbox waits for the database: OperationalError", "The database is back"]


def test_a_worker_that_is_stopped_before_the_database_is_back_says_what_it_could_not_write_down(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    write(key="call-12-confirmation-1")
    worker = Worker(clock=Clock(), rest=lambda _: worker.stop())

    with database_down(only="delivery_attempt"):
        worker.run()

    assert "call-12-confirmation-1 was attempted, and the database is down, so this is not recorded" in caplog.text
    assert len(mail_server.received) == 1
