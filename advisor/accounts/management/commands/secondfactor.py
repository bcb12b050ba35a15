from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from advisor.accounts import second_factor
from advisor.accounts.audit import record
from advisor.accounts.models import Kind


class Command(BaseCommand):
    """``manage.py secondfactor NAME --remove``: lets somebody in again who has lost both the app and the codes."""

    help = "Says which accounts have a second factor, or takes one away so that the next login sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="The user name; without it, all accounts of staff are listed.")
        parser.add_argument("--remove", action="store_true", help="Take the second factor away.")

    def handle(self, *args: Any, name: str | None, remove: bool, **options: Any) -> None:
        accounts = User.objects.filter(is_staff=True, is_active=True).order_by("username")
        if name is not None:
            accounts = User.objects.filter(username=name)
            if not accounts:
                raise CommandError(f"No account is named {name}.")
        elif remove:
            raise CommandError("Say whose: manage.py secondfactor NAME --remove")
        for account in accounts:
            self.stdout.write(f"{account.get_username()}: {self.removed(account) if remove else self.state(account)}")

    def state(self, account: User) -> str:
        if not second_factor.app_of(account):
            return "no second factor"
        return f"an app, recovery codes left: {second_factor.codes_left(account)}"

    def removed(self, account: User) -> str:
        if not second_factor.remove(account):
            return "there was no second factor"
        record(None, Kind.SECOND_FACTOR, account, now=timezone.now(), detail="Removed on the command line.")
        return "removed; the next login sets up a new one"
