"""The buffer: nothing is lost while the database is gone, memory stays bounded, and pages notice none of it."""

import logging
import os
from collections import Counter
from collections.abc import Mapping
from datetime import date
from threading import Event, Thread

import pytest
from django.db import DataError, OperationalError
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.funnel import buffer as module
from advisor.funnel.buffer import Buffer, buffer
from advisor.funnel.steps import CountKey
from tests.assessment.addresses import LANDING
from tests.conftest import database_down
from tests.funnel.walking import Browser, counted

pytestmark = pytest.mark.django_db


def key(source: str = "") -> CountKey:
    return CountKey("guide", "landing", date(2026, 11, 27), 1, "", "", source, "own")


class Writer:
    """Stands for the database."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.written: Counter[CountKey] = Counter()
        self.called = Event()

    def __call__(self, counts: Mapping[CountKey, int]) -> None:
        self.called.set()
        if self.error:
            raise self.error
        self.written.update(counts)


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
def own(writer: Writer) -> Buffer:
    """A buffer that waits to be flushed."""
    made = Buffer(writer, most=3)
    made.is_automatic = False
    return made


def test_what_cannot_be_written_goes_on_waiting(own: Buffer, writer: Writer) -> None:
    own.put([key("a"), key("a")])
    writer.error = OperationalError()
    with pytest.raises(OperationalError):
        own.flush()
    own.put([key("a"), key("b")])

    writer.error = None
    own.flush()

    assert writer.written == {key("a"): 3, key("b"): 1}
    assert len(own) == 0


def test_what_would_need_more_room_than_there_is_is_dropped_and_said_once(
    own: Buffer, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    own.put([key(source) for source in "abcdeabcde"])
    own.flush()

    assert writer.written == {key("a"): 2, key("b"): 2, key("c"): 2}
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_room_is_bounded_when_a_batch_comes_back_as_well(own: Buffer, writer: Writer) -> None:
    def interrupted(counts: Mapping[CountKey, int]) -> None:
        own.put([key("a"), key("d"), key("e")])
        raise OperationalError

    own.put([key("a"), key("b"), key("c")])
    own._write = interrupted
    with pytest.raises(OperationalError):
        own.flush()

    own._write = writer
    own.flush()

    assert writer.written == {key("a"): 2, key("b"): 1, key("c"): 1}


def test_what_the_database_refuses_for_ever_does_not_hold_up_the_rest(
    own: Buffer, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    own.put([key("a")])
    writer.error = DataError()
    own.flush()
    own.put([key("b")])

    writer.error = None
    own.flush()

    assert writer.written == {key("b"): 1}
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_threads_share_it_and_lose_nothing(writer: Writer) -> None:
    own = Buffer(writer)
    own.is_automatic = False

    def put_many() -> None:
        for _ in range(2000):
            own.put([key("a"), key("b")])

    threads = [Thread(target=put_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        own.flush()

    own.flush()

    assert writer.written == {key("a"): 8000, key("b"): 8000}


def test_a_thread_begins_with_the_first_step_and_writes_what_waits(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_INTERVAL", 0.01)
    own = Buffer(writer)
    assert own._thread is None

    own.put([key()])

    assert writer.called.wait(5)
    own.stop()
    assert writer.written == {key(): 1}


def test_who_stops_it_waits_for_what_is_being_written_and_writes_the_rest(writer: Writer) -> None:
    own = Buffer(writer)
    own.put([key("a")])
    own.put([key("b")])

    own.stop()
    own.put([key("c")])

    assert writer.written == {key("a"): 1, key("b"): 1}


def test_who_stops_it_without_a_database_is_told_what_is_lost(
    own: Buffer, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    own.put([key("a"), key("a")])
    writer.error = OperationalError()

    own.stop()

    assert [record.getMessage() for record in caplog.records] == ["2 counted steps are lost: OperationalError"]


def test_trouble_is_said_once_and_so_is_its_end(own: Buffer, writer: Writer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    writer.error = OperationalError()
    for _ in range(3):
        own.put([key()])
        own._try()

    writer.error = None
    own._try()
    own._try()

    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.INFO]
    assert writer.written == {key(): 3}


def test_a_surprise_does_not_end_the_thread(own: Buffer, writer: Writer) -> None:
    own.put([key()])
    writer.error = RuntimeError()
    own._try()

    writer.error = None
    own._try()

    assert writer.written == {key(): 1}


def test_a_process_that_is_forked_begins_with_nothing() -> None:
    buffer.put([key()])

    with buffer._lock:
        child = os.fork()
        if not child:
            # The lock that was held by whoever forked is another one here.
            empty = len(buffer) == 0 and buffer._lock.acquire(blocking=False)
            os._exit(0 if empty else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(buffer) == 1


def test_pages_go_on_and_are_counted_while_the_database_is_gone(visitor: Client, published: LoadedEdition) -> None:
    browser = Browser(visitor)
    with database_down():
        during = browser.open(LANDING)
        with pytest.raises(OperationalError):
            buffer.flush()

    assert during.status_code == 200
    assert counted() == Counter([("landing", "", "")])
