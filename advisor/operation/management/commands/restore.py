from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from advisor.operation.backups import BackupError, backup_at
from advisor.operation.restoring import is_in_use, restore


class Command(BaseCommand):
    """``manage.py restore FILE``: with the processes of the site stopped, and started again afterwards."""

    help = "Puts a backup into the place of what is in the database."

    # Some checks use the database, and there may be no table yet.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="A backup, under the name it was given.")
        parser.add_argument("--identity", type=Path, help="The file with the private key of an encrypted backup.")
        parser.add_argument("--replace", action="store_true", help="Replace what is in a database that is in use.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = backup_at(options["file"].resolve())
            if is_in_use() and not options["replace"]:
                raise BackupError(
                    "The database is in use: it holds people or logins. They go, and what the backup holds comes, with "
                    "--replace; make a backup of what is there first (manage.py backup)."
                )
            for sentence in restore(backup, identity=options["identity"], now=timezone.now()):
                self.stdout.write(sentence)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            "Start the site and its worker now. If the backup is older than a day, manage.py confirm_clock tells the "
            "worker that its clock is right; until then it removes nothing."
        )
