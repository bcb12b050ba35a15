from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from advisor.operation.backups import BackupError, back_up, remove_old_backups


class Command(BaseCommand):
    """``manage.py backup``: what the worker does every night, now."""

    help = "Writes all that is in the database into a file in BACKUP_FOLDER, while the site runs."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            made = back_up(now)
            remove_old_backups(now)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.path} ({filesizeformat(made.size)})")
