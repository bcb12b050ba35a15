from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from advisor.data_policy import RetentionRule
from advisor.delivery import removal_guard, retention
from advisor.delivery.removal_guard import COMMAND_LINE, HeldError


class Command(BaseCommand):
    """``manage.py retention``: does what the worker does every night. It can be killed and run again."""

    help = "Removes records that are older than /privacy/ promises, and lists them."

    def add_arguments(self, parser: CommandParser) -> None:
        one_of = parser.add_mutually_exclusive_group()
        one_of.add_argument("--dry-run", action="store_true", help="List the records and remove nothing.")
        one_of.add_argument(
            "--confirm", type=int, metavar="RECORDS", help="Remove the held records if there are still this many."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, dry_run, number = timezone.now(), options["dry_run"], options["confirm"]
        total = 0
        try:
            if number and not removal_guard.confirm_number(job=retention.JOB, number=number, by=COMMAND_LINE, now=now):
                raise CommandError(f"No removal of {number} records is held. Run manage.py retention --dry-run.")
            for rule, count, selection_time in self._plan(now) if dry_run else self._apply(now):
                total += count
                self.stdout.write(
                    f"{count:>8}  {rule.records}: kept for {rule.days_as_text} after {rule.since}, "
                    f"which was before {rule.cutoff(selection_time):%-d %B %Y, %H:%M} UTC ({rule.setting})"
                )
        except HeldError as error:
            raise CommandError(error.in_words("manage.py retention")) from None
        except Error as error:
            raise CommandError(f"The database cannot be reached: {type(error).__name__}") from None
        self.stdout.write(
            f"Dry run: nothing was changed. {total} would go." if dry_run else f"{total} were removed for good."
        )

    def _plan(self, now: datetime) -> Iterator[tuple[RetentionRule, int, datetime]]:
        return ((rule, removal.number, now) for rule, removal in retention.plan(now=now))

    def _apply(self, now: datetime) -> Iterator[tuple[RetentionRule, int, datetime]]:
        selection_time = removal_guard.selection_time(retention.JOB, now)
        return ((rule, number, selection_time) for rule, number in retention.apply(now=now))
