from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from advisor.delivery.retention import apply


class Command(BaseCommand):
    """``manage.py retention``: what the worker of the outbox does every night. Safe to be killed and run again."""

    help = "Removes what is kept for longer than /privacy/ promises, and says what that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and leave it.")

    def handle(self, *args: Any, **options: Any) -> None:
        now, dry_run = timezone.now(), options["dry_run"]
        total = 0
        try:
            for period, number in apply(now=now, dry_run=dry_run):
                total += number
                self.stdout.write(
                    f"{number:>8}  {period.of}: kept for {period.length} after {period.since}, "
                    f"which was before {period.ended(now):%-d %B %Y, %H:%M} UTC ({period.setting})"
                )
        except Error as error:
            raise CommandError(f"The database cannot be reached: {type(error).__name__}") from None
        self.stdout.write(
            f"Dry run: nothing was changed. {total} would go." if dry_run else f"{total} were removed for good."
        )
