"""Steps wait in memory and are written in batches beside the requests, so that no page waits for the database.

What is in the buffer is lost when its process is killed with -9, and with nothing else: it is written when Gunicorn
stops (see ``server.py``), and kept while the database is gone.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from threading import Event, Lock, Thread

from django.db import DataError, Error, IntegrityError, close_old_connections

from advisor.funnel.steps import Key
from advisor.funnel.writing import write

logger = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two batches; half a minute would do as well, and lose more at a kill."""

RETRY_EVERY = 5.0
"""Seconds until the next try while the database is gone."""

WAKE_AT = 2_000
"""Different rows after which a batch is written at once."""

MOST = 20_000
"""Different rows that are kept while the database is gone; steps that would need another are dropped."""

PATIENCE = 8.0
"""Seconds that a process which stops waits for a batch that is being written: less than Gunicorn gives its workers."""


class Buffer:
    """The steps of one process that are not in the database yet. Threads may share it, and a fork begins its own.

    ``is_automatic`` starts a thread with the first step that comes; without it they wait for ``flush``.
    """

    def __init__(self, write: Callable[[Mapping[Key, int]], None], *, most: int = MOST) -> None:
        self.is_automatic = True
        self.most = most
        self._write = write
        self.forget()

    def forget(self) -> None:
        """Be empty and alone: what a process that was forked begins with."""
        self._lock = Lock()
        self._writing = Lock()
        self._waiting: dict[Key, int] = {}
        self._dropped = 0
        self._thread: Thread | None = None
        self._wake = Event()
        self._stopping = False
        self._reachable = True

    def __len__(self) -> int:
        """The different rows that wait."""
        return len(self._waiting)

    def put(self, keys: Iterable[Key]) -> None:
        """Count these; returns at once."""
        with self._lock:
            for key in keys:
                if key in self._waiting or len(self._waiting) < self.most:
                    self._waiting[key] = self._waiting.get(key, 0) + 1
                else:
                    self._drop(1)
            if self.is_automatic and not self._stopping and self._thread is None:
                self._thread = Thread(target=self._run, name="funnel", daemon=True)
                self._thread.start()
        # While the database is gone there is a rest between two tries.
        if self._reachable and len(self._waiting) >= WAKE_AT:
            self._wake.set()

    def flush(self) -> None:
        """Write what waits. What cannot be written now goes on waiting, and the error is raised."""
        with self._writing:
            with self._lock:
                batch, self._waiting = self._waiting, {}
            if not batch:
                return
            try:
                self._write(batch)
            except (DataError, IntegrityError):
                # It would be refused for ever, and everything after it would wait behind it.
                logger.exception("%d counted steps are refused by the database and dropped", sum(batch.values()))
            except BaseException:
                self._take_back(batch)
                raise

    def stop(self) -> None:
        """Write what waits and start no thread any more: the process is about to end."""
        with self._lock:
            self._stopping, thread = True, self._thread
        self._wake.set()
        if thread:
            thread.join(PATIENCE)
            if thread.is_alive():
                logger.error("The database did not answer in time; %d counted steps are lost", self._number())
                return
        try:
            self.flush()
        except Error as error:
            logger.error("%d counted steps are lost: %s", self._number(), type(error).__name__)
        finally:
            close_old_connections()

    def _run(self) -> None:
        """The thread: write every few seconds until the process stops."""
        while not self._stopping:
            self._wake.wait(EVERY if self._reachable else RETRY_EVERY)
            self._wake.clear()
            if not self._stopping:
                self._try()

    def _try(self) -> None:
        try:
            self.flush()
        except Error as error:
            if self._reachable:
                logger.warning("Counted steps wait for the database: %s", type(error).__name__)
            self._reachable = False
        except Exception:
            # The thread must live on, or nothing would be counted until the next restart.
            logger.exception("Counted steps could not be written, for a reason that nobody thought of")
            self._reachable = False
        else:
            if not self._reachable:
                logger.info("Counted steps are written again; %d were dropped meanwhile", self._dropped)
            self._reachable, self._dropped = True, 0
        finally:
            close_old_connections()

    def _take_back(self, batch: dict[Key, int]) -> None:
        with self._lock:
            newer, self._waiting = self._waiting, batch
            for key, number in newer.items():
                if key in batch or len(batch) < self.most:
                    batch[key] = batch.get(key, 0) + number
                else:
                    self._drop(number)

    def _drop(self, number: int) -> None:
        """Say so the first time. The lock is held."""
        if not self._dropped:
            logger.warning("Too many different steps wait for the database; further ones are not counted")
        self._dropped += number

    def _number(self) -> int:
        with self._lock:
            return sum(self._waiting.values())


buffer = Buffer(write)
os.register_at_fork(after_in_child=buffer.forget)
