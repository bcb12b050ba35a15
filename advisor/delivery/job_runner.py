"""Runs each daily job once a day, in one of the workers, and again if it failed. Runs frequent jobs in seconds."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import Error, IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from advisor.delivery import removal_guard, retention
from advisor.delivery.attempt_result import short_line
from advisor.delivery.clock import check_clock
from advisor.delivery.daily_jobs import DailyJob, daily_jobs
from advisor.delivery.models import Chore

logger = logging.getLogger(__name__)

RETRY_DELAY = timedelta(hours=1)
"""More than a job takes. Then a job that failed, or whose worker died, starts again."""

POLL_SECONDS = 60.0
"""Seconds between two checks for due jobs."""

FREQUENT_SECONDS = 5.0
"""Seconds between two runs of the frequent jobs."""

STOP_TIMEOUT = 10.0
"""Seconds in which a running job can finish when its worker stops. An interrupted job starts again."""


def run_due_jobs(clock: Callable[[], datetime] = timezone.now) -> None:
    """Run the jobs that are due and not done today. Raises database errors.

    While the clock of this process is in doubt, no job runs: a daily mail would report the wrong days, and never the
    days in between. Retention still runs: it holds the records that are due, and removes what staff have confirmed.
    """
    now = clock()
    trouble = check_clock(now)
    if removal_guard.is_open(retention.JOB, confirmed=True) or (
        trouble and not removal_guard.is_open(retention.JOB, confirmed=False)
    ):
        _run_retention(now)
    if trouble:
        return
    for job in daily_jobs():
        if today := _start(job, clock()):
            _run(job, today, clock)


def run_frequent_jobs(clock: Callable[[], datetime] = timezone.now) -> None:
    """Run each job of FREQUENT_JOBS once. They look for work that is due, and each takes its time from the clock.

    While the clock of this process is in doubt, none runs. Raises database errors.
    """
    if check_clock(clock()):
        return
    for path in settings.FREQUENT_JOBS:
        try:
            import_string(path)(clock)
        except Error:
            raise
        except Exception:
            # The thread must live on, and so must the other jobs.
            logger.exception("%s was not done because of an unexpected error", path)


def _run_retention(now: datetime) -> None:
    try:
        logger.info("%s: %s", retention.JOB, retention.report(now))
    except Error:
        raise
    except Exception:
        # The thread must live on, or no job would run until the next start.
        logger.exception("What is to be removed could not be looked after")


def _start(job: DailyJob, now: datetime) -> Chore | None:
    """Today's row if this worker should run the job, else None."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    if local.hour < job.hour:
        return None
    today = Chore.objects.filter(name=job.name, day=local.date())
    # First without a lock: on SQLite a transaction blocks every other writer.
    if today.exclude(again_at__lte=now).exists():
        return None
    try:
        with transaction.atomic():
            pending = today.select_for_update(skip_locked=True).filter(again_at__lte=now).first()
            if pending is None:
                return Chore.objects.create(name=job.name, day=local.date(), began_at=now, again_at=now + RETRY_DELAY)
            pending.began_at, pending.again_at, pending.attempts = now, now + RETRY_DELAY, pending.attempts + 1
            pending.save(update_fields=["began_at", "again_at", "attempts"])
            return pending
    except IntegrityError:
        # Another worker was faster.
        return None


def _run(job: DailyJob, today: Chore, clock: Callable[[], datetime]) -> None:
    try:
        report = job.run(clock())
    except Error as error:
        logger.error("%s was not done: %s", job.name, type(error).__name__)
        # PostgreSQL names values after the first line, and this row is never removed.
        first_line = str(error).partition("\n")[0]
        _record_result(today, last_error=short_line(f"{type(error).__name__}: {first_line}"))
    except Exception as error:
        logger.exception("%s was not done because of an unexpected error", job.name)
        _record_result(today, last_error=short_line(f"{type(error).__name__}: {error}"))
    else:
        logger.info("%s is done", job.name)
        _record_result(today, report=short_line(report), last_error="", done_at=clock(), again_at=None)


def _record_result(today: Chore, **fields: object) -> None:
    """Record a result. A job that is done stays done, even if another worker ran it again and failed."""
    Chore.objects.filter(pk=today.pk, done_at__isnull=True).update(**fields)


class JobRunner:
    """A context manager that runs the daily jobs, or others, in a separate thread, so that no mail waits for them."""

    def __init__(
        self,
        *,
        run: Callable[[Callable[[], datetime]], None] | None = None,
        seconds: float = POLL_SECONDS,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._run_jobs = run or run_due_jobs
        self._seconds, self._clock = seconds, clock
        self._stopping = Event()
        # A daemon, so that no job keeps the process alive.
        self._thread = Thread(target=self._run, name=self._run_jobs.__name__, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._run_jobs(self._clock)
            except Error as error:
                logger.error("The jobs wait for the database: %s", type(error).__name__)
            close_old_connections()
            self._stopping.wait(self._seconds)
        connection.close()
