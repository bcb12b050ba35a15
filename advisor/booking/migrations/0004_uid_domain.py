"""Calls keep the domain that is part of their name in calendars.

SQLite rebuilds the table and loses its triggers, so they are made anew. PostgreSQL keeps its constraint.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.booking.models.call import mail_domain

no_overlap = import_module("advisor.booking.migrations.0002_no_overlap")


def make_triggers(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        no_overlap.forbid(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("booking", "0003_groups")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, make_triggers),
        migrations.AddField(
            "call", "uid_domain", models.CharField(db_default="", default=mail_domain, editable=False, max_length=255)
        ),
        migrations.RunPython(make_triggers, migrations.RunPython.noop),
    ]
