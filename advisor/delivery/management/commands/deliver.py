import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from advisor.delivery.housekeeping import Housekeeper, do_chores
from advisor.delivery.worker import Worker


class Command(BaseCommand):
    """``manage.py deliver``: on SIGTERM and SIGINT it finishes the message in hand and ends with exit status 0.

    Killed between sending a message and writing that down, it leaves a message that is sent once more, with the same
    Message-ID, when its lease has run out. A chore that is cut off is begun again an hour after it was begun.
    """

    help = "Sends what is in the outbox and does the chores of each day, for as long as it runs."
    # They open a database of SQLite, and the worker waits for one that is away.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do what is due and end; exit status 1 if anything failed for good."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        if not options["once"]:
            with Housekeeper():
                worker.run()
            return
        try:
            worker.work_off()
            do_chores()
            # What the chores wrote.
            worker.work_off()
        except Error as error:
            raise CommandError(f"The database cannot be reached: {type(error).__name__}") from None
        if worker.failed:
            sys.exit(1)
