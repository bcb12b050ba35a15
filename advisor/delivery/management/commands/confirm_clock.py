from typing import Any

from django.core.management.base import BaseCommand, CommandError

from advisor.delivery.clock import confirm, current_doubt
from advisor.delivery.removal_guard import COMMAND_LINE


class Command(BaseCommand):
    """``manage.py confirm_clock``: does the same as the button in the admin, after days in which no worker ran."""

    help = "Confirms that the clock of the worker is right if it is in doubt."

    def handle(self, *args: Any, **options: Any) -> None:
        check = current_doubt()
        if check is None or check.doubted_at is None:
            raise CommandError("No clock is in doubt.")
        self.stdout.write(check.doubt)
        if not confirm(shown=check.doubted_at, by=COMMAND_LINE):
            raise CommandError("Set one of the two clocks right: nobody can confirm this.")
        self.stdout.write("It is confirmed: the worker trusts its clock again within a minute.")
