import signal
import sys
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from advisor.delivery.job_runner import FREQUENT_SECONDS, JobRunner, run_due_jobs, run_frequent_jobs
from advisor.delivery.models import Channel
from advisor.delivery.worker import IDLE_SECONDS, Worker


class Command(BaseCommand):
    """``manage.py deliver``: on SIGTERM and SIGINT it finishes its current message and exits with status 0.

    If it is killed after it sends a message and before it records that, the message is sent again when the lease ends,
    with the same Message-ID. A daily job that is interrupted starts again an hour after its start.
    """

    help = "Sends the messages of the outbox and runs the jobs of the worker until it is stopped."

    # Some checks use the database, which may not be up yet. The worker waits for it.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do what is due and exit, with status 1 if a message failed for good."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # One worker for each channel, so that no mail waits for an endpoint that hangs.
        workers = [Worker()] if options["once"] else [Worker(channels=[channel]) for channel in Channel]

        def stop(*_: object) -> None:
            for worker in workers:
                worker.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        if options["once"]:
            self._send_due(workers[0])
            return
        frequent = JobRunner(run=run_frequent_jobs, seconds=FREQUENT_SECONDS)
        with JobRunner(), frequent, ThreadPoolExecutor(len(workers)) as threads:
            running = [threads.submit(worker.run) for worker in workers]
            # If one worker ends early, the others stop too, so that the supervisor of the process notices.
            # The timeout matters: two signals at once may both reach another thread, which does not wake this one, and
            # Python runs signal handlers only in this one.
            while not wait(running, timeout=IDLE_SECONDS, return_when=FIRST_COMPLETED).done:
                pass
            stop()
        for ended in running:
            ended.result()

    def _send_due(self, worker: Worker) -> None:
        try:
            worker.check_clock_now()
            worker.send_due()
            run_due_jobs()
            run_frequent_jobs()
            # The messages of the jobs.
            worker.send_due()
        except Error as error:
            raise CommandError(f"The database cannot be reached: {type(error).__name__}") from None
        if worker.failed:
            sys.exit(1)
