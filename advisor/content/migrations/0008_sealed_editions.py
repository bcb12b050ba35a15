"""Seals of editions, by which a row that was published is known, and what the nightly comparison finds wrong.

The editions that are there are sealed as they are. The triggers that freeze them are away meanwhile.
"""

import json
from datetime import UTC
from hashlib import sha256
from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FROZEN = import_module("advisor.content.migrations.0002_frozen_editions")


def seal(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    editions = apps.get_model("content", "Edition").objects.using(schema_editor.connection.alias)
    FROZEN.thaw(apps, schema_editor)
    for edition in editions.select_related("guide").defer("document"):
        published_at = edition.published_at.astimezone(UTC).isoformat(timespec="microseconds")
        written = [
            edition.guide.key,
            edition.number,
            edition.checksum,
            published_at,
            edition.published_by,
            edition.note,
        ]
        editions.filter(pk=edition.pk).update(seal=sha256(json.dumps(written).encode()).hexdigest())
    FROZEN.freeze(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_words_beside_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="seal",
            field=models.CharField(
                help_text="SHA-256 of everything that publishing wrote: a row without it, or with another's, is not live.",
                max_length=64,
                null=True,
            ),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.CreateModel(
            name="EditionFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(help_text="In words, for staff.")),
                ("found_at", models.DateTimeField(help_text="When it was found last.")),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fault", to="content.edition"
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
    ]
