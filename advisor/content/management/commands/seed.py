from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from advisor.content.models import Edition, Guide

FIRST_GUIDE = "cto-or-head-of-ai"


class Command(BaseCommand):
    """``manage.py seed``: safe to run at every start."""

    help = "Loads and publishes the first guide where there is none; changes nothing otherwise."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not Guide.objects.exists():
            call_command("loaddata", FIRST_GUIDE, verbosity=0)
        if Guide.objects.filter(key=FIRST_GUIDE).exists() and not Edition.objects.exists():
            call_command("publish", FIRST_GUIDE, note="The first guide, as it comes.", stdout=self.stdout)
