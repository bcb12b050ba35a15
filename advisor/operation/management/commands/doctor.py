from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from advisor.decision.plurals import pluralize
from advisor.operation.doctor import Level, examine


class Command(BaseCommand):
    """``manage.py doctor``: exits with status 1 if something is a fault."""

    help = "Looks at everything the site stands on, and says what to do."

    # It runs them itself, and says what they find like everything else.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in examine(timezone.now()):
            faults += finding.level is Level.FAULT
            self.stdout.write(f"{finding.level.value:<8} {finding.subject}: {finding.what}")
            if finding.remedy:
                self.stdout.write(f"         → {finding.remedy}")
        if faults:
            raise CommandError(f"{pluralize(faults, 'fault')} found.")
