from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from advisor.booking.demo import NoGuideError, exists, make, remove
from advisor.decision.plurals import pluralize
from advisor.delivery.removal_guard import ConfirmationRequiredError


class Command(BaseCommand):
    """``manage.py demo``: safe to run at every start."""

    help = "Makes demonstration data: hosts, leads in every state, calls, steps. --remove takes all of it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove", action="store_true", help="Remove what it made, and what visitors booked with its hosts."
        )
        parser.add_argument(
            "--confirm", type=int, metavar="RECORDS", help="With --remove: so many requests of visitors may go with it."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            try:
                people, visitors = remove(confirmed=options["confirm"])
            except ConfirmationRequiredError as error:
                raise CommandError(str(error)) from None
            self.stdout.write(
                f"Removed the demonstration: {pluralize(people, 'person', 'people')}, all requests and calls, "
                "the hosts."
            )
            if visitors:
                self.stdout.write(f"Removed as well: {visitors} that visitors had booked with these hosts.")
        elif exists():
            self.stdout.write("The demonstration is there already; --remove takes it away.")
        else:
            try:
                make(now=timezone.now())
            except NoGuideError:
                raise CommandError("The first guide is not published; run manage.py seed.") from None
            self.stdout.write("Made the demonstration; “manage.py demo --remove” or “make undemo” takes it away.")
