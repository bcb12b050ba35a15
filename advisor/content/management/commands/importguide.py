from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisor.content.drafts import UnwritableError
from advisor.content.portable import MAX_FILE_BYTES, UnreadableFileError, import_guide


class Command(BaseCommand):
    """``manage.py importguide guide.json --key cto-or-coach``."""

    help = "Makes a draft of a guide that was exported, here or elsewhere: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", default="", help="Another key than the one in the file.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                guide = import_guide(file.read(MAX_FILE_BYTES + 1), key=options["key"])
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        except (UnreadableFileError, UnwritableError) as error:
            problems = "\n".join(f"  {problem}" for problem in error.messages)
            raise CommandError(f"Nothing was imported:\n{problems}") from None
        self.stdout.write(f"Imported “{guide}” as the draft {guide.key}.")
