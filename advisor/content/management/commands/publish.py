from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from advisor.content.actions import MovedError, RefusedError, publish
from advisor.content.models import Guide


class Command(BaseCommand):
    """``manage.py publish cto-or-head-of-ai --note "First edition"``."""

    help = "Freezes the draft of a guide as its next edition, which is live from then on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("guide", help="The guide's key.")
        parser.add_argument("--note", default="Published from the command line.", help="What changed, in a sentence.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            guide = Guide.objects.get(key=options["guide"])
            edition = publish(guide=guide, by="command line", note=options["note"], now=timezone.now())
        except Guide.DoesNotExist:
            known = ", ".join(Guide.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"There is no guide “{options['guide']}”. Guides: {known}.") from None
        except RefusedError as error:
            reasons = "\n".join(f"  {gap.place}: {gap.message}" for gap in error.gaps)
            raise CommandError(f"The guide cannot be published:\n{reasons}") from None
        except MovedError as error:
            raise CommandError(f"{error} Nothing was published.") from None
        self.stdout.write(f"Published {edition}.")
