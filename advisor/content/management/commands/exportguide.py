from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisor.content.documents import UnreadableError, read_edition
from advisor.content.models import Edition, Guide
from advisor.content.portable import export_draft, write_file


class Command(BaseCommand):
    """``manage.py exportguide cto-or-head-of-ai > guide.json``."""

    help = "Writes a guide as one file: its draft with scenarios, or one of its editions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("guide", help="The guide's key.")
        parser.add_argument("--edition", type=int, help="The number of an edition; the draft without it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            guide = Guide.objects.get(key=options["guide"])
            if options["edition"] is None:
                self.stdout.write(export_draft(guide), ending="")
            else:
                edition = Edition.objects.get(guide=guide, number=options["edition"])
                self.stdout.write(write_file(read_edition(edition), []), ending="")
        except (Guide.DoesNotExist, Edition.DoesNotExist):
            raise CommandError("There is no such guide, or it has no such edition.") from None
        except UnreadableError as error:
            raise CommandError(str(error)) from None
