from hashlib import sha256
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def digest(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Links that were sent go on working; what is stored of them does not open them any more."""
    asked = apps.get_model("mailing", "ResultMail").objects.using(schema_editor.connection.alias)
    for one in asked.only("token"):
        asked.filter(pk=one.pk).update(token=sha256(one.token.encode()).hexdigest())


class Migration(migrations.Migration):
    dependencies = [
        ("mailing", "0001_first"),
    ]

    operations = [
        migrations.AlterField(
            model_name="resultmail",
            name="token",
            field=models.CharField(
                help_text="SHA-256 of the token in the link, which is not kept.", max_length=64, unique=True
            ),
        ),
        migrations.RunPython(digest, migrations.RunPython.noop),
    ]
