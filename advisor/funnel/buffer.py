"""Keeps counted steps in memory, and writes them in batches beside the requests, so no page waits for the database.

Only ``kill -9`` loses the steps in the buffer. They are written when Gunicorn stops (see ``server.py``), and stay in
memory while the database is gone.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from threading import Event, Lock, Thread

from django.db import DataError, Error, IntegrityError, close_old_connections

from advisor.funnel.steps import CountKey
from advisor.funnel.sums import write

logger = logging.getLogger(__name__)

WRITE_INTERVAL = 2.0
"""Seconds between two batches. Half a minute would do as well, but ``kill -9`` would then lose more."""

RETRY_INTERVAL = 5.0
"""Seconds until the next try while the database is gone."""

WRITE_AT_ONCE_FROM = 2_000
"""Different rows after which a batch is written at once."""

MAX_ROWS = 20_000
"""Different rows that are kept while the database is gone. Steps that need a further row are dropped."""

STOP_TIMEOUT = 8.0
"""Seconds that a stopping process waits for the current batch. Gunicorn gives its workers more than that."""


class Buffer:
    """Holds the steps of one process that are not in the database yet. Threads share it; a fork starts an empty one.

    If it ``is_automatic``, the first step starts a thread that writes. Otherwise the steps wait for ``flush``.
    """

    def __init__(self, write: Callable[[Mapping[CountKey, int]], None], *, most: int = MAX_ROWS) -> None:
        self.is_automatic = True
        self.most = most
        self._write = write
        self.forget()

    def forget(self) -> None:
        """Start empty and without a thread, as a forked process must."""
        self._lock = Lock()
        self._writing = Lock()
        self._waiting: dict[CountKey, int] = {}
        self._dropped = 0
        self._thread: Thread | None = None
        self._wake = Event()
        self._stopping = False
        self._reachable = True

    def __len__(self) -> int:
        """The number of different rows that wait."""
        return len(self._waiting)

    def put(self, keys: Iterable[CountKey]) -> None:
        """Count these steps. Returns at once."""
        with self._lock:
            for key in keys:
                self._keep(key, 1)
            if self.is_automatic and not self._stopping and self._thread is None:
                self._thread = Thread(target=self._run, name="funnel", daemon=True)
                self._thread.start()
        # While the database is gone, RETRY_INTERVAL applies.
        if self._reachable and len(self._waiting) >= WRITE_AT_ONCE_FROM:
            self._wake.set()

    def flush(self) -> None:
        """Write the waiting steps. If the database fails, they go on waiting, and its error is raised."""
        with self._writing:
            with self._lock:
                batch, self._waiting = self._waiting, {}
            if not batch:
                return
            try:
                self._write(batch)
            except (DataError, IntegrityError):
                # The database would refuse this batch for ever, and everything after it would wait behind it.
                logger.exception("%d counted steps are refused by the database and dropped", sum(batch.values()))
            except BaseException:
                with self._lock:
                    newer, self._waiting = self._waiting, batch
                    for key, number in newer.items():
                        self._keep(key, number)
                raise

    def stop(self) -> None:
        """Write the waiting steps, and start no thread again, because the process is about to end."""
        with self._lock:
            self._stopping, thread = True, self._thread
        self._wake.set()
        if thread:
            thread.join(STOP_TIMEOUT)
            if thread.is_alive():
                logger.error("The database did not answer in time; %d counted steps are lost", self._waiting_steps())
                return
        try:
            self.flush()
        except Error as error:
            logger.error("%d counted steps are lost: %s", self._waiting_steps(), type(error).__name__)
        finally:
            close_old_connections()

    def _run(self) -> None:
        """Write every few seconds until the process stops. The thread runs this."""
        while not self._stopping:
            self._wake.wait(WRITE_INTERVAL if self._reachable else RETRY_INTERVAL)
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
            logger.exception("Counted steps could not be written, because of an unexpected error")
            self._reachable = False
        else:
            if not self._reachable:
                logger.info("Counted steps are written again; %d were dropped meanwhile", self._dropped)
            self._reachable, self._dropped = True, 0
        finally:
            close_old_connections()

    def _keep(self, key: CountKey, number: int) -> None:
        """Let these steps wait, or drop them if too many rows wait already. The caller holds the lock."""
        if key in self._waiting or len(self._waiting) < self.most:
            self._waiting[key] = self._waiting.get(key, 0) + number
            return
        if not self._dropped:
            logger.warning("Too many different steps wait for the database; further ones are not counted")
        self._dropped += number

    def _waiting_steps(self) -> int:
        with self._lock:
            return sum(self._waiting.values())


buffer = Buffer(write)
os.register_at_fork(after_in_child=buffer.forget)
