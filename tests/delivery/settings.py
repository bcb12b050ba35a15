"""Settings of real workers. A database server does not hear of the time that tests state, so nobody asks it there."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig

from advisor.settings import *  # noqa: F403
from advisor.settings import INSTALLED_APPS as USUAL

INSTALLED_APPS = [*USUAL, "tests.delivery.settings.WithoutDatabaseClock"]


class WithoutDatabaseClock(AppConfig):
    """The worker believes what was written last."""

    name = "tests.delivery.settings"
    label = "without_database_clock"

    def ready(self) -> None:
        clock: Any = import_module("advisor.delivery.clock")
        clock.database_clock = lambda: None
