from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from advisor.content.actions import PublishBlockedError, StaleDraftError, publish
from advisor.content.documents import UnreadableError, read_edition
from advisor.content.effects import changes_for_people
from advisor.content.models import Edition, Guide
from advisor.content.offering import effect_of_first_edition
from advisor.content.publishing import newest_edition


class Command(BaseCommand):
    """``manage.py publish cto-or-head-of-ai --note "First edition"``."""

    help = "Freezes the draft of a guide as its next edition, which is live from then on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("guide", help="The guide's key.")
        parser.add_argument("--note", default="Published from the command line.", help="What changed, in a sentence.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            guide = Guide.objects.get(key=options["guide"])
            before, front_page = newest_edition(guide), effect_of_first_edition(guide)
            edition = publish(guide=guide, by="command line", note=options["note"], now=timezone.now())
        except Guide.DoesNotExist:
            known = ", ".join(Guide.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"There is no guide “{options['guide']}”. Guides: {known}.") from None
        except PublishBlockedError as error:
            reasons = "\n".join(f"  {blocker.place}: {blocker.message}" for blocker in error.blockers)
            raise CommandError(f"The guide cannot be published:\n{reasons}") from None
        except StaleDraftError as error:
            raise CommandError(f"{error} Nothing was published.") from None
        self.stdout.write(f"Published {edition}.")
        for line in [front_page] if before is None else changes(before, edition):
            self.stdout.write(line)


def changes(before: Edition, edition: Edition) -> Iterator[str]:
    """What an edition changes for which answers, against the one before."""
    try:
        yield from changes_for_people(read_edition(before), read_edition(edition))
    except UnreadableError as error:
        yield str(error)
