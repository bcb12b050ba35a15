"""Doing the chores of the day: each once, by one of any number of workers, and again when it did not succeed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import Error, IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone

from advisor.delivery import brake, retention
from advisor.delivery.chores import Registered, registered
from advisor.delivery.clock import doubt
from advisor.delivery.models import Chore
from advisor.delivery.outcome import one_line

logger = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)
"""More than a chore takes. After it, one that failed or that no worker came back from is begun again."""

LOOK_EVERY = 60.0
"""Seconds between two looks at what is due."""

PATIENCE = 10.0
"""Seconds that a chore in hand gets when its worker is to stop; cut off, it is begun again like one that failed."""


def do_chores(clock: Callable[[], datetime] = timezone.now) -> None:
    """Do what is due by now and not done yet today. Raises what the database raises when it cannot be reached.

    While the clock of this process is in doubt no chore is done: a daily mail would tell of the wrong days, and the
    days in between would never be told of. What was due to be removed is held, and what staff confirmed goes.
    """
    now = clock()
    trouble = doubt(now)
    if brake.is_open(retention.JOB, confirmed=True) or (trouble and not brake.is_open(retention.JOB, confirmed=False)):
        _look_after_removals(now)
    if trouble:
        return
    for chore in list(registered.values()):
        if taken := _take(chore, clock()):
            _do(chore, taken, clock)


def _look_after_removals(now: datetime) -> None:
    try:
        logger.info("%s: %s", retention.JOB, retention.daily(now))
    except Error:
        raise
    except Exception:
        # The thread must live on, or no chore would be done until the next start.
        logger.exception("What is to be removed could not be looked after")


def _take(chore: Registered, now: datetime) -> Chore | None:
    """The row of today, if this worker is the one to do it."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    if local.hour < chore.hour:
        return None
    today = Chore.objects.filter(name=chore.name, day=local.date())
    # Asked without a lock first: on SQLite a transaction keeps off everyone else who writes.
    if today.exclude(again_at__lte=now).exists():
        return None
    try:
        with transaction.atomic():
            left = today.select_for_update(skip_locked=True).filter(again_at__lte=now).first()
            if left is None:
                return Chore.objects.create(name=chore.name, day=local.date(), began_at=now, again_at=now + AGAIN)
            left.began_at, left.again_at, left.attempts = now, now + AGAIN, left.attempts + 1
            left.save(update_fields=["began_at", "again_at", "attempts"])
            return left
    except IntegrityError:
        # Another worker was faster.
        return None


def _do(chore: Registered, taken: Chore, clock: Callable[[], datetime]) -> None:
    try:
        report = chore.run(clock())
    except Error as trouble:
        logger.error("%s was not done: %s", chore.name, type(trouble).__name__)
        # PostgreSQL names values in the lines after the first, and this row is kept for good.
        said = str(trouble).partition("\n")[0]
        _record(taken, last_error=one_line(f"{type(trouble).__name__}: {said}"))
    except Exception as surprise:
        logger.exception("%s was not done, for a reason that nobody thought of", chore.name)
        _record(taken, last_error=one_line(f"{type(surprise).__name__}: {surprise}"))
    else:
        logger.info("%s is done", chore.name)
        _record(taken, report=one_line(report), last_error="", done_at=clock(), again_at=None)


def _record(taken: Chore, **fields: object) -> None:
    """That it is done is true whoever took it up by now; what went wrong does not undo it."""
    Chore.objects.filter(pk=taken.pk, done_at__isnull=True).update(**fields)


class Housekeeper:
    """Does the chores in a thread of its own, so that no mail waits for them. A context manager."""

    def __init__(self, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock
        self._stopping = Event()
        # It ends with the process at the latest, whatever a chore is doing.
        self._thread = Thread(target=self._run, name="chores", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                do_chores(self._clock)
            except Error as error:
                logger.error("The chores of the day wait for the database: %s", type(error).__name__)
            close_old_connections()
            self._stopping.wait(LOOK_EVERY)
        connection.close()
