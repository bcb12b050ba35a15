import sys
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisor.content.documents import UnreadableError, read_edition
from advisor.content.drafts import read_draft
from advisor.content.findings import as_object, find_out, progress_bar, report
from advisor.content.models import Edition, Guide
from advisor.content.publishing import newest_edition
from advisor.content.scenarios import cases_of, cases_of_edition


class Command(BaseCommand):
    """``manage.py prove cto-or-head-of-ai``: exit status 0 when it is finished, the proof holds and scenarios pass.

    These are the ones that the live edition was published with, and with ``--draft`` those of the draft.
    """

    help = "Asks a guide for every possible set of answers and says what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("guide", help="The guide's key.")
        parser.add_argument("--draft", action="store_true", help="The draft instead of the live edition.")
        parser.add_argument("--json", action="store_true", help="One JSON object instead of words.")

    def handle(self, *args: Any, **options: Any) -> None:
        guide = self._guide(options["guide"])
        edition = None if options["draft"] else self._live(guide)
        try:
            document = read_edition(edition) if edition else read_draft(guide)
        except UnreadableError as error:
            raise CommandError(str(error)) from None
        cases = cases_of_edition(edition) if edition else cases_of(guide)
        findings = find_out(document, cases, progress_bar(self.stderr))
        if options["json"]:
            self.stdout.write(msgspec.json.encode(as_object(findings)).decode())
        else:
            self.stdout.write("\n".join(report(findings)))
        if not findings.all_is_well:
            sys.exit(1)

    def _guide(self, key: str) -> Guide:
        try:
            return Guide.objects.get(key=key)
        except Guide.DoesNotExist:
            known = ", ".join(Guide.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"There is no guide “{key}”. Guides: {known}.") from None

    def _live(self, guide: Guide) -> Edition:
        edition = newest_edition(guide)
        if edition is None:
            raise CommandError("Nothing of this guide is published yet; --draft proves the draft.")
        return edition
