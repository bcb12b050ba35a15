"""The settings of a site from which the lock was taken: it looks and then inserts, with nothing around both.

The negative control of the race: if a hundred who want one slot did not double it here, the test that they do not
double it with the lock would prove nothing.
"""

from contextlib import nullcontext, suppress
from importlib import import_module
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace
from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet

from advisor.settings import *  # noqa: F403
from advisor.settings import INSTALLED_APPS as USUAL

INSTALLED_APPS = [*USUAL, "tests.site.without_lock.WithoutLock"]

DROP_CONSTRAINTS = """
from django.db import connection
from importlib import import_module
undo = import_module("advisor.booking.migrations.0002_no_overlap").UNDO[connection.vendor]
with connection.cursor() as cursor:
    for statement in [*undo, "DROP INDEX call_slot_once"]:
        cursor.execute(statement)
"""
"""What the database itself would refuse is let through."""


class WithoutLock(AppConfig):
    """Takes the lock out of booking, once everything is loaded."""

    name = "tests.site.without_lock"

    def ready(self) -> None:
        actions: Any = import_module("advisor.booking.actions")
        intake: Any = import_module("advisor.booking.intake")
        choose = actions.least_busy_host
        both_have_looked = Barrier(2)

        def hesitate(*args: Any) -> Any:
            # As slow between the look and the insert as a busy machine is now and then: until another has looked, too.
            with suppress(BrokenBarrierError):
                both_have_looked.wait(timeout=5)
            return choose(*args)

        for module in (actions, intake):
            module.transaction = SimpleNamespace(atomic=nullcontext)
        actions.least_busy_host = hesitate
        QuerySet.select_for_update = lambda self, **_: self  # type: ignore[method-assign]
