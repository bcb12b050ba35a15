from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from advisor.assessment.keeping import Period
from advisor.delivery import brake, retention
from advisor.delivery.brake import BY, HeldError


class Command(BaseCommand):
    """``manage.py retention``: what the worker of the outbox does every night. Safe to be killed and run again."""

    help = "Removes what is kept for longer than /privacy/ promises, and says what that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and leave it.")
        parser.add_argument(
            "--confirm", type=int, metavar="RECORDS", help="Remove what is held, if it is still so many records."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, dry_run, number = timezone.now(), options["dry_run"], options["confirm"]
        total = 0
        try:
            if number and not brake.confirm_number(job=retention.JOB, number=number, by=BY, now=now):
                raise CommandError(f"No removal of {number} records is held. Run manage.py retention --dry-run.")
            for period, count, chosen_at in self._planned(now) if dry_run else self._removed(now):
                total += count
                self.stdout.write(
                    f"{count:>8}  {period.of}: kept for {period.length} after {period.since}, "
                    f"which was before {period.ended(chosen_at):%-d %B %Y, %H:%M} UTC ({period.setting})"
                )
        except HeldError as error:
            raise CommandError(error.in_words("manage.py retention")) from None
        except Error as error:
            raise CommandError(f"The database cannot be reached: {type(error).__name__}") from None
        self.stdout.write(
            f"Dry run: nothing was changed. {total} would go." if dry_run else f"{total} were removed for good."
        )

    def _planned(self, now: datetime) -> Iterator[tuple[Period, int, datetime]]:
        return ((period, removal.number, now) for period, removal in retention.planned(now=now))

    def _removed(self, now: datetime) -> Iterator[tuple[Period, int, datetime]]:
        chosen_at = brake.chosen_at(retention.JOB, now)
        return ((period, number, chosen_at) for period, number in retention.apply(now=now))
