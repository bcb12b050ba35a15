"""Real workers, on a database and a mail server of their own: together, killed, stopped, and without their database."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from advisor.delivery.models import Channel
from tests.delivery.receiver import Receiver
from tests.delivery.smtp import MailServer, is_busy, refuses
from tests.delivery.workers import let_leases_run_out, running, start_worker, stop, write, write_webhook
from tests.environment import NO_MAIL
from tests.server import Database, new_database, wait_for

DONE = "SELECT count(*) FROM delivery_message WHERE state = 'sent'"
LEASED = "SELECT count(*) FROM delivery_message WHERE leased_by <> ''"
ATTEMPTS = "SELECT count(*) FROM delivery_attempt WHERE error = ''"


@pytest.fixture
def database() -> Iterator[Database]:
    made = new_database(seeded=False)
    yield made
    made.drop()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def count(database: Database, query: str = DONE) -> int:
    found: int = database.query(query)[0][0]
    return found


def test_two_workers_send_fifty_messages_once_each(database: Database, log: Path) -> None:
    write(database, 50)
    with MailServer() as server:
        workers = [start_worker(database, server.url, log) for _ in range(2)]
        with running(*workers):
            wait_for(lambda: count(database) == 50, seconds=60)
            statuses = [stop(worker) for worker in workers]

    by_address = Counter(server.recipients)
    names = database.query("SELECT DISTINCT leased_by FROM delivery_message")
    assert by_address == {f"visitor-{number}@example.com": 1 for number in range(50)}
    assert count(database, ATTEMPTS) == 50
    assert names == [("",)]
    assert statuses == [0, 0]
    assert "Traceback" not in log.read_text()


def test_a_worker_killed_between_sending_and_recording_causes_one_more_mail_with_the_same_id(
    database: Database, log: Path
) -> None:
    write(database, 1)
    workers: list[subprocess.Popen[bytes]] = []

    def kill_the_first() -> None:
        os.kill(workers[0].pid, signal.SIGKILL)

    with MailServer(on_mail=kill_the_first) as server:
        workers.append(start_worker(database, server.url, log))
        with running(*workers):
            killed = workers[0].wait(timeout=30)
    sent_by_the_first = len(server.received)

    with MailServer() as second:
        early = start_worker(database, second.url, log, "--once").wait(timeout=30)
        sent_early = len(second.received)
        let_leases_run_out(database)
        late = start_worker(database, second.url, log, "--once").wait(timeout=30)
        again = start_worker(database, second.url, log, "--once").wait(timeout=30)

    assert (killed, early, late, again) == (-signal.SIGKILL, 0, 0, 0)
    assert (sent_by_the_first, sent_early, len(second.received)) == (1, 0, 1)
    assert server.received[0]["Message-ID"] == second.received[0]["Message-ID"]
    assert count(database) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_in_hand_and_leaves_the_rest(
    database: Database, log: Path, number: signal.Signals
) -> None:
    write(database, 100)
    workers: list[subprocess.Popen[bytes]] = []

    with MailServer(on_mail=lambda: workers[0].send_signal(number)) as server:
        workers.append(start_worker(database, server.url, log))
        with running(*workers):
            status = workers[0].wait(timeout=30)

    assert status == 0
    # Another thread is told, which may take as long as a few mails.
    assert 1 <= len(server.received) < 50
    assert count(database) == len(server.received)
    assert database.query("SELECT count(*) FROM delivery_message WHERE leased_by <> ''") == [(0,)]
    assert "has stopped" in log.read_text()


def test_an_idle_worker_stops_at_once(database: Database, log: Path) -> None:
    worker = start_worker(database, NO_MAIL, log)
    with running(worker):
        wait_for(lambda: "sends the messages of the outbox" in log.read_text(), seconds=30)

        status = stop(worker)

    assert status == 0


def is_ready(log: Path) -> bool:
    return log.read_text().count("sends the messages of the outbox") == len(Channel)


def test_a_worker_that_is_asked_twice_at_once_stops(database: Database, tmp_path: Path) -> None:
    """As by Ctrl-C under ``make run``: the terminal says SIGINT, and the shell SIGTERM.

    Both wait until the process goes on, whose threads then take them in any order: four of them, as each may be lucky.
    """
    logs = [tmp_path / f"log-{number}" for number in range(4)]
    workers = [start_worker(database, NO_MAIL, log) for log in logs]
    with running(*workers):
        for log in logs:
            wait_for(partial(is_ready, log), seconds=60)
        for worker in workers:
            for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
                worker.send_signal(number)

        statuses = [worker.wait(timeout=60) for worker in workers]

    assert statuses == [0, 0, 0, 0]


def test_a_worker_goes_on_when_its_database_is_back(database: Database, log: Path) -> None:
    with MailServer() as server:
        worker = start_worker(database, server.url, log)
        with running(worker):
            wait_for(lambda: "sends the messages of the outbox" in log.read_text(), seconds=30)
            database.take_away()
            wait_for(lambda: "outbox waits for the database" in log.read_text(), seconds=30)

            database.bring_back()
            write(database, 3)
            wait_for(lambda: count(database) == 3, seconds=30)
            status = stop(worker)

    lines = log.read_text().splitlines()
    assert status == 0
    assert len(server.received) == 3
    # Each channel says once that it waits, if it looked meanwhile, and that it goes on, if it did before the end.
    waiting, back = (len([line for line in lines if words in line]) for words in ("outbox waits", "database is back"))
    assert 1 <= back <= waiting <= len(Channel)
    assert "Traceback" not in log.read_text()


def test_no_mail_waits_for_an_endpoint_that_hangs_and_a_stop_waits_for_the_endpoint(
    database: Database, log: Path
) -> None:
    with MailServer() as server, Receiver() as receiver:
        receiver.answer = receiver.hangs
        write_webhook(database, receiver.address)
        worker = start_worker(database, server.url, log, WEBHOOKS_MAY_BE_LOCAL="on")
        with running(worker):
            wait_for(lambda: receiver.requests, seconds=30)
            write(database, 1)
            wait_for(lambda: server.received, seconds=30)
            waits = count(
                database, "SELECT count(*) FROM delivery_message WHERE channel = 'webhook' AND leased_by <> ''"
            )
            worker.send_signal(signal.SIGTERM)
            receiver.is_over.set()
            status = worker.wait(timeout=60)

    assert (waits, status, count(database, LEASED)) == (1, 0, 0)


def test_a_message_written_while_the_worker_rests_goes_out_within_seconds(database: Database, log: Path) -> None:
    with MailServer() as server:
        worker = start_worker(database, server.url, log)
        with running(worker):
            wait_for(lambda: "sends the messages of the outbox" in log.read_text(), seconds=30)

            write(database, 1)
            wait_for(lambda: server.received, seconds=30)


@pytest.mark.parametrize(("answer", "status"), [(None, 0), (is_busy, 0), (refuses, 1)], ids=["sent", "busy", "refused"])
def test_once_says_by_its_exit_status_whether_anything_failed_for_good(
    database: Database, log: Path, answer: object, status: int
) -> None:
    write(database, 2)
    with MailServer() as server:
        if answer:
            server.answer = answer  # type: ignore[assignment]

        found = start_worker(database, server.url, log, "--once").wait(timeout=30)

    assert found == status
    assert len(server.asked) == 2


def test_once_says_that_the_database_is_gone(database: Database, log: Path) -> None:
    database.take_away()

    status = start_worker(database, NO_MAIL, log, "--once").wait(timeout=30)

    database.bring_back()
    assert status == 1
    assert "The database cannot be reached: OperationalError" in log.read_text()
    assert "Traceback" not in log.read_text()
