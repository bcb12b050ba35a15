import signal
import sys
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from advisor.delivery.housekeeping import Housekeeper, do_chores
from advisor.delivery.models import Channel
from advisor.delivery.worker import REST, Worker


class Command(BaseCommand):
    """``manage.py deliver``: on SIGTERM and SIGINT it finishes the message in hand and ends with exit status 0.

    Killed between sending a message and writing that down, it leaves a message that is sent once more, with the same
    Message-ID, when its lease has run out. A chore that is cut off is begun again an hour after it was begun.
    """

    help = "Sends what is in the outbox and does the chores of each day, for as long as it runs."

    # Some of them ask the database, which may not be there yet. It is waited for.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do what is due and end; exit status 1 if anything failed for good."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Each channel by itself, so that no mail waits for an endpoint that hangs.
        workers = [Worker()] if options["once"] else [Worker(channels=[channel]) for channel in Channel]

        def stop(*_: object) -> None:
            for worker in workers:
                worker.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        if options["once"]:
            self._work_off(workers[0])
            return
        with Housekeeper(), ThreadPoolExecutor(len(workers)) as threads:
            running = [threads.submit(worker.run) for worker in workers]
            # One that ends before it is told to takes the others with it, and whoever started this process notices.
            # Never waited for without an end: of two signals at once another thread may take both, and then nothing
            # wakes this one, in which alone Python answers them.
            while not wait(running, timeout=REST, return_when=FIRST_COMPLETED).done:
                pass
            stop()
        for ended in running:
            ended.result()

    def _work_off(self, worker: Worker) -> None:
        try:
            worker.mind_the_clock()
            worker.work_off()
            do_chores()
            # What the chores wrote.
            worker.work_off()
        except Error as error:
            raise CommandError(f"The database cannot be reached: {type(error).__name__}") from None
        if worker.failed:
            sys.exit(1)
